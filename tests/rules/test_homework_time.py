"""R17: how long a day's homework may take by grade, and what the tasks of a day come to."""

from __future__ import annotations

import pytest

from ejd.journal.homework_time import TaskTime, limit_of, load_of
from ejd.school.catalogue import DEFINITIONS

USUAL = DEFINITIONS["homework.minutes"].default


@pytest.mark.parametrize(("grade", "minutes"), [
    (1, None), (2, 90), (3, 90), (4, 120), (5, 120), (6, 150), (8, 150), (9, 210), (11, 210),
    (None, None),  # a group over several classes
    (12, None)])
def test_the_norm_of_a_grade(grade, minutes):
    assert limit_of(USUAL, grade) == minutes


def test_a_school_may_ask_for_less():
    assert limit_of([[1, 0], [11, 60]], 7) == 60


ALGEBRA, HISTORY = TaskTime("Алгебра", 0, 40), TaskTime("История", 0, 30)
ENGLISH_1, ENGLISH_2 = TaskTime("Английский язык", 1, 20), TaskTime("Английский язык", 2, 35)


@pytest.mark.parametrize(("tasks", "minutes", "over"), [
    ([], 0, 0),
    ([ALGEBRA], 40, 0),
    ([ALGEBRA, HISTORY], 70, 0),
    ([ALGEBRA, ALGEBRA], 80, 0),  # set at two lessons for one day
    ([ENGLISH_1, ENGLISH_2], 35, 0),  # subgroups work side by side: the longer one
    ([ENGLISH_1, ENGLISH_1, ENGLISH_2], 40, 0),
    ([TaskTime("Музыка", 0, None), HISTORY], 30, 0),
    ([ALGEBRA, HISTORY, TaskTime("Химия", 0, 50)], 120, 0),  # the norm itself is allowed
    ([ALGEBRA, HISTORY, TaskTime("Химия", 0, 51)], 121, 1),
])
def test_what_a_day_comes_to(tasks, minutes, over):
    load = load_of(tasks, 120)
    assert (load.minutes, load.over) == (minutes, over)


def test_a_class_without_a_norm_is_never_over_it():
    assert load_of([TaskTime("Алгебра", 0, 500)], None).over == 0


def test_the_list_by_subject_names_the_longest_first_and_what_nobody_said():
    load = load_of([HISTORY, ALGEBRA, TaskTime("Музыка", 0, None), TaskTime("ИЗО", 0, None)], 150)
    assert load.told == "1\u00a0ч\u00a010\u00a0мин из 2\u00a0ч\u00a030\u00a0мин"
    assert load.by_subject.replace("\u00a0", " ") == (
        "Из них: алгебра – 40 мин, история – 30 мин. Время не указано: ИЗО, музыка.")
