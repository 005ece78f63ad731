"""The list before the launch: each step with its share, a hundred only of what is complete (R7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ejd.office.launch_steps import NO_ADDRESS, Facts, Step, is_unfinished, lines, when
from ejd.school.launch_days import LaunchDays

TODAY = date(2026, 8, 28)


def launched(marks, homework=None, **grades):
    """Marks and homework on one day unless homework has its own."""
    return LaunchDays(marks, homework or marks, {int(grade[1:]): day for grade, day in grades.items()})


READY = Facts(TODAY, year=True, bells=7, classes=3, pupils=60, journals=30, timetables=1, lessons=200, planned=30,
              people=120, handed=120, papers=5, ready_papers=5, address="https://shkola.ru",
              launch=launched(date(2026, 9, 1)))


def step(which, **said):
    [line] = [one for one in lines(replace(READY, **said)) if one.step is which]
    return line.percent, line.complete, line.said.replace("\u00a0", " ")


def test_a_school_that_is_ready_has_a_hundred_everywhere():
    assert {one.percent for one in lines(READY)} == {100} and all(one.complete for one in lines(READY))


def test_a_school_that_has_begun_with_nothing_is_told_so_at_every_step():
    found = {one.step: one for one in lines(Facts(TODAY, papers=5))}
    assert {step for step, line in found.items() if line.complete} == {Step.FORMS}
    assert found.keys() == set(Step) and found[Step.YEAR].said == "год не открыт, звонков нет"


@pytest.mark.parametrize(("which", "said", "expected"), [
    (Step.YEAR, {"bells": 0}, (50, False, "звонков нет")),
    (Step.LISTS, {"without_guardian": 1}, (98, False, "3 класса, 60 учеников, без представителя 1")),
    (Step.LISTS, {"pupils": 0}, (0, False, "списков ещё нет")),
    (Step.CLASS_TEACHERS, {"without_class_teacher": 1}, (66, False, "2 из 3, без руководителя 1")),
    (Step.LOAD, {"vacancies": 3}, (90, False, "27 из 30, без учителя 3")),
    (Step.TIMETABLE, {"untimed": 15}, (50, False, "15 из 30, без места в расписании 15")),
    (Step.TIMETABLE, {"timetables": 0, "lessons": 0}, (0, False, "расписания ещё нет")),
    (Step.CLASHES, {"timetables": 0, "lessons": 0}, (0, False, "расписания ещё нет")),
    (Step.CLASHES, {"clashing": 1}, (99, False, "в одно время у одного учителя: 1")),
    (Step.CLASHES, {"lessons": 0}, (100, True, "уроков на две недели вперёд нет")),
    (Step.PLANS, {"planned": 1}, (3, False, "1 из 30, без плана 29")),
    (Step.FORMS, {}, (100, True, "все получают услугу в электронном виде")),
    (Step.FORMS, {"on_paper": 4, "unsigned": 1}, (75, False, "на бумаге 4, без заявления 1")),
    (Step.PAPERS, {"ready_papers": 3}, (60, False, "принять или обновить: 2")),
    (Step.ADDRESS, {"address": ""}, (0, False, NO_ADDRESS)),
    (Step.CARDS, {"handed": 119}, (99, False, "119 из 120, не выдано 1")),
    (Step.DAY, {"launch": LaunchDays()}, (0, False, "не назван")),
    (Step.DAY, {"launch": LaunchDays(date(2026, 9, 1))},
     (50, False, "с 1 сентября 2026 года – отметки; домашние задания – день ещё не назван. До первого из них 4 дня")),
])
def test_a_step_that_is_not_done(which, said, expected):
    assert step(which, **said) == expected


@pytest.mark.parametrize(("launch", "told"), [
    (None, "не назван"),
    (date(2026, 8, 29), "29 августа 2026 года, через 1 день"),
    (date(2026, 8, 28), "28 августа 2026 года, сегодня"),
    (date(2026, 8, 27), "27 августа 2026 года, журнал ведётся"),
    ((date(2026, 9, 1), date(2026, 10, 1)),
     "с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания. До первого из них 4 дня"),
    ((date(2026, 8, 1), date(2026, 10, 1)),
     "с 1 августа 2026 года – отметки, с 1 октября 2026 года – домашние задания. Начато не всё"),
    ((date(2026, 8, 1), date(2026, 8, 2)),
     "с 1 августа 2026 года – отметки, со 2 августа 2026 года – домашние задания, журнал ведётся"),
])
def test_the_day_is_told_with_what_is_left_until_then(launch, told):
    days = launched(*launch) if isinstance(launch, tuple) else launched(launch)
    assert when(days, TODAY).replace("\u00a0", " ") == told


@pytest.mark.parametrize(("launch", "known", "expected"), [
    (None, [(0, 3)], True),
    (date(2026, 8, 29), [(0, 3)], True),
    (date(2026, 8, 28), [(0, 3)], False),
    (date(2026, 8, 1), [(0, 3), (1, 30)], True),
    (date(2026, 8, 1), [(0, 0)], True),
    ((date(2026, 8, 1), date(2026, 9, 1)), [(0, 3)], True),
])
def test_the_head_page_leads_there_until_all_is_done_and_begun(launch, known, expected):
    days = launched(*launch) if isinstance(launch, tuple) else launched(launch)
    assert is_unfinished(known, launch=days, today=TODAY) is expected
