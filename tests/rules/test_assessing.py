"""R16 as tables: one a class a day, a tenth of the lessons, not at the edges of a day, the 18th day after."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.journal.assessing import (
    Against,
    Assessment,
    by_work,
    days_after,
    is_assessment,
    is_one_work,
    next_possible,
    warnings,
)
from ejd.school.calendar import Calendar, Closure

AUTUMN = Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), holidays=True)
UNITY = Closure("День народного единства", date(2026, 11, 4), date(2026, 11, 4), holidays=False)
OF_7 = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), (AUTUMN, UNITY)).of(grade=7, class_id=1)
MATHS, RUSSIAN = 1, 2
NAMES = {MATHS: "Математика", RUSSIAN: "Русский язык"}


def work(day, *, of=1, subject=MATHS, number=3, work_id=0, grade=7, **more):
    """A work of 7А on its third lesson of five, in a subject of 170 lessons a year, unless said otherwise."""
    return Assessment(work_id=work_id, class_id=of, class_name=f"{grade}{'АБ'[of - 1]}", grade=grade,
                      subject_id=subject, subject=NAMES[subject], subgroup=more.pop("subgroup", 0), day=day,
                      number=number, **{"lessons": 170, "half_hours": 10, "first": 1, "last": 5} | more)


def against(new, *others):
    standing = [Assessment(**{**{name: getattr(other, name) for name in other.__slots__}, "work_id": index})
                for index, other in enumerate(others, 1)]
    return [warned.against for warned in warnings(new, standing, OF_7)]


@pytest.mark.parametrize(("minutes", "whole_class", "is_one"), [
    (None, True, False), (29, True, False), (30, True, True), (45, True, True), (45, False, False)])
def test_half_an_hour_of_the_whole_class_is_an_assessment(minutes, whole_class, is_one):
    assert is_assessment(minutes, whole_class=whole_class) is is_one


SEP_17 = date(2026, 9, 17)


@pytest.mark.parametrize(("other", "crossed"), [
    (work(SEP_17, subject=RUSSIAN, number=4), [Against.DAY]),
    (work(SEP_17, subject=RUSSIAN, number=3, subgroup=1), [Against.DAY]),
    (work(date(2026, 9, 18), subject=RUSSIAN), []),
    (work(SEP_17, subject=RUSSIAN, of=2), []),  # another class
    (work(SEP_17, subgroup=2), []),  # the other subgroup: one work
])
def test_one_a_class_a_day(other, crossed):
    assert against(work(SEP_17, subgroup=other.subgroup and 1), other) == crossed


@pytest.mark.parametrize(("works", "lessons", "crossed"), [
    (1, 10, False), (1, 9, True), (2, 20, False), (2, 19, True), (3, 34, False), (4, 34, True)])
def test_a_tenth_of_the_years_lessons(works, lessons, crossed):
    """Works of other weeks far apart, so that nothing else is against them."""
    days = [date(2026, 9, 3), date(2026, 12, 1), date(2027, 2, 2), date(2027, 4, 20)][:works]
    assert against(*(work(day, lessons=lessons) for day in days)) == [Against.SHARE] * crossed


def test_both_subgroups_and_a_series_count_once():
    pair = [work(date(2026, 9, 3), subgroup=1, lessons=10), work(date(2026, 9, 3), subgroup=2, lessons=10)]
    assert against(*pair) == []
    series = [work(date(2026, 9, 3), series="ВПР", lessons=10), work(date(2026, 9, 4), series="ВПР", lessons=10)]
    assert against(*series) == []


@pytest.mark.parametrize(("number", "half_hours", "crossed"), [
    (1, 10, True), (5, 10, True), (2, 10, False), (4, 10, False),
    (1, 2, False), (5, 1, False),  # an hour a week, or half of one
    (1, 3, True)])
def test_not_the_first_nor_the_last_lesson(number, half_hours, crossed):
    assert against(work(SEP_17, number=number, half_hours=half_hours)) == [Against.EDGE] * crossed


@pytest.mark.parametrize(("first", "last", "count"), [
    (date(2026, 9, 1), date(2026, 9, 1), 0), (date(2026, 9, 1), date(2026, 9, 2), 1),
    (date(2026, 9, 1), date(2026, 9, 19), 18),
    (date(2026, 10, 23), date(2026, 11, 2), 1),  # nine days of holidays lie between
    (date(2026, 11, 3), date(2026, 11, 5), 2),  # a day off is a calendar day
])
def test_calendar_days_without_holidays(first, last, count):
    assert days_after(first, last, OF_7) == count


@pytest.mark.parametrize(("day", "possible"), [
    (date(2026, 9, 1), date(2026, 9, 19)), (date(2026, 10, 20), date(2026, 11, 16)),
    (date(2027, 5, 20), date(2027, 6, 7))])
def test_when_the_next_is_possible(day, possible):
    assert next_possible(day, OF_7) == possible


@pytest.mark.parametrize(("other", "crossed"), [
    (work(date(2026, 9, 17)), True),  # the 17th day before
    (work(date(2026, 9, 16)), False),  # the 18th
    (work(date(2026, 10, 21)), True), (work(date(2026, 10, 22)), False),  # after it
    (work(date(2026, 9, 17), of=2), True),  # any class of the parallel
    (work(date(2026, 9, 17), grade=8), False), (work(date(2026, 9, 17), subject=RUSSIAN), False),
    (work(date(2026, 10, 4), of=2), True),  # the same day in the other class
])
def test_the_eighteenth_day_after_in_the_parallel(other, crossed):
    assert against(work(date(2026, 10, 4), number=2), other) == [Against.DISTANCE] * crossed


@pytest.mark.parametrize(("day", "series", "one"), [
    (date(2026, 9, 15), "Входная", True),  # Tuesday to Thursday: the third school day
    (date(2026, 9, 14), "Входная", False),  # the fourth
    (date(2026, 9, 21), "Входная", True),  # Thursday, Friday, Monday
    (date(2026, 9, 16), "Другая", False), (date(2026, 9, 16), "", False)])
def test_a_series_within_three_school_days_is_one_work(day, series, one):
    pair = work(SEP_17, series="Входная"), work(day, of=2, series=series)
    assert is_one_work(*pair, OF_7) is is_one_work(*reversed(pair), OF_7) is one
    assert against(*pair) == [Against.DISTANCE] * (not one)


def test_sentences_name_what_stands_in_the_way():
    other = work(date(2026, 9, 10), of=2, work_id=1)
    [warned] = warnings(work(SEP_17), [other], OF_7)
    assert warned.sentence.startswith("Математика: в 7Б оценочная работа чт, 10\u00a0сентября, следующая в параллели "
                                      "возможна с пн, 28\u00a0сентября.")


def test_the_whole_year_is_warned_of_both_ways():
    works = [work(date(2026, 9, 10), of=2, work_id=1), work(SEP_17, work_id=2), work(date(2026, 12, 1), work_id=3)]
    assert {work_id: [one.against for one in found] for work_id, found in by_work(
        works, {1: OF_7, 2: OF_7}).items()} == {1: [Against.DISTANCE], 2: [Against.DISTANCE]}


def test_a_work_is_not_against_itself():
    standing = work(SEP_17, work_id=5)
    assert warnings(work(date(2026, 9, 18), work_id=5), [standing], OF_7) == []
