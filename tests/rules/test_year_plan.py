"""What terms, days off and bells may look like, and how they are prefilled (R15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from ejd.school.calendar import Calendar, Closure, TermDates
from ejd.school.year_plan import (
    BellPlan,
    DayOffPlan,
    MovedDayPlan,
    TermPlan,
    fault_of_bells,
    fault_of_day_off,
    fault_of_days_off,
    fault_of_moved_day,
    fault_of_terms,
    fault_of_year,
    usual_bells,
    usual_days_off,
    usual_terms,
)

YEAR = (date(2026, 9, 1), date(2027, 5, 26))


def term(number, first, last, name="четверть"):
    return TermPlan(number, name, first, last)


FIRST = term(1, date(2026, 9, 1), date(2026, 10, 23), "I четверть")
SECOND = term(2, date(2026, 11, 2), date(2026, 12, 30), "II четверть")


@pytest.mark.parametrize(("starts_on", "ends_on", "fault"), [
    (*YEAR, None),
    (date(2026, 9, 1), date(2026, 9, 1), "Год кончается 1\u00a0сентября\u00a02026, раньше"),
    (date(2026, 9, 1), date(2025, 5, 26), "раньше, чем начинается: 1\u00a0сентября\u00a02026"),
    (date(2026, 9, 1), date(2027, 9, 2), None),  # 366 days
    (date(2026, 9, 1), date(2027, 9, 3), "не бывает длиннее календарного"),
])
def test_dates_of_a_year(starts_on, ends_on, fault):
    said = fault_of_year(starts_on, ends_on)
    assert said is None if fault is None else fault in said


@pytest.mark.parametrize(("scheme", "terms", "fault"), [
    ("quarters", [FIRST, SECOND], None),
    ("quarters", [], None),
    ("weeks", [FIRST], "четвертями, полугодиями или триместрами"),
    ("quarters", [SECOND], "нумеруются по порядку с первого"),
    ("quarters", [SECOND, FIRST], "нумеруются по порядку с первого"),
    ("half_years", [term(n, date(2026, 8 + n, 2), date(2026, 8 + n, 20)) for n in (1, 2, 3)], "не больше 2"),
    ("quarters", [term(1, date(2026, 9, 1), date(2026, 10, 1), " ")], "Назовите период № 1"),
    ("quarters", [term(1, date(2026, 10, 1), date(2026, 9, 1))], "раньше, чем начинается"),
    ("quarters", [term(1, date(2026, 8, 31), date(2026, 10, 1))], "выходит за учебный год"),
    ("quarters", [FIRST, term(2, date(2026, 10, 23), date(2026, 12, 30))],
     "кончается только 23\u00a0октября\u00a02026"),
])
def test_terms(scheme, terms, fault):
    said = fault_of_terms(scheme, terms, YEAR)
    assert said is None if fault is None else fault in said


@pytest.mark.parametrize(("row", "fault"), [
    (DayOffPlan("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1)), None),
    (DayOffPlan("", date(2026, 10, 24), date(2026, 11, 1)), "Назовите"),
    (DayOffPlan("К", date(2026, 10, 24), date(2026, 11, 1), first_grade=5, last_grade=4), "сначала младший"),
    (DayOffPlan("К", date(2026, 10, 24), date(2026, 11, 1), first_grade=0), "от 1 до 11"),
    (DayOffPlan("К", date(2026, 10, 24), date(2026, 11, 1), last_grade=12), "от 1 до 11"),
    (DayOffPlan("К", date(2026, 11, 1), date(2026, 10, 24)), "раньше, чем начинается"),
    (DayOffPlan("К", date(2027, 5, 20), date(2027, 5, 27)), "выходит за учебный год"),
])
def test_a_day_off(row, fault):
    said = fault_of_day_off(row, YEAR)
    assert said is None if fault is None else fault in said


AUTUMN = Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), True)
FIRST_CLASS = Closure("Карантин", date(2026, 9, 12), date(2026, 9, 12), False, 1, 1)
CALENDAR = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), (AUTUMN, FIRST_CLASS), (
    TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),
    TermDates(2, "quarters", 2, "II четверть", date(2026, 11, 2), date(2026, 12, 30))))
PRIMARY_MOVED = MovedDayPlan(date(2026, 9, 19), 5, 1, 4)


@pytest.mark.parametrize(("plan", "sentence"), [
    (MovedDayPlan(date(2026, 9, 26), 5), None),
    (MovedDayPlan(date(2026, 9, 15), 5), None),  # a Tuesday as a Friday
    (MovedDayPlan(date(2026, 9, 26), 6), "и так суббота"),
    (MovedDayPlan(date(2026, 9, 26), 7), "от понедельника до субботы"),
    (MovedDayPlan(date(2026, 9, 26), 0), "от понедельника до субботы"),
    (MovedDayPlan(date(2026, 9, 26), 5, 5, 4), "сначала младший"),
    (MovedDayPlan(date(2026, 9, 26), 5, 0, 4), "от 1 до 11"),
    (MovedDayPlan(date(2026, 8, 29), 5), "вне учебного года"),
    (MovedDayPlan(date(2026, 10, 31), 5), "«Осенние каникулы»"),
    (MovedDayPlan(date(2026, 9, 12), 5), None),  # one grade has a day off: the others move
    (MovedDayPlan(date(2026, 9, 12), 5, 1, 1), "«Карантин»"),
    (MovedDayPlan(date(2027, 1, 9), 5), "не входит ни в один период"),
    (MovedDayPlan(date(2026, 9, 19), 5, 5, 11), None),  # primary school has its own
    (MovedDayPlan(date(2026, 9, 19), 1, 4, 11), "уже есть"),
])
def test_moved_days(plan, sentence):
    fault = fault_of_moved_day(plan, CALENDAR, [PRIMARY_MOVED])
    assert fault is None if sentence is None else sentence in fault


def test_a_day_off_of_one_class_may_lie_beside_anybody_elses():
    ours = DayOffPlan("Карантин", date(2026, 10, 30), date(2026, 11, 3), first_grade=7, last_grade=7, class_id=70)
    theirs = replace(ours, class_id=71)
    school = DayOffPlan("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1))
    assert fault_of_days_off([ours, theirs, school], YEAR) is None
    assert "пересекаются" in fault_of_days_off([ours, replace(ours, name="Ещё")], YEAR)


HOLIDAYS = DayOffPlan("Осенние каникулы", date(2026, 10, 31), date(2026, 11, 8))


@pytest.mark.parametrize(("other", "clash"), [
    (DayOffPlan("День народного единства", date(2026, 11, 4), date(2026, 11, 4), holidays=False), False),
    (DayOffPlan("Ещё каникулы", date(2026, 11, 8), date(2026, 11, 10)), True),
    (DayOffPlan("Ещё каникулы", date(2026, 11, 9), date(2026, 11, 10)), False),
])
def test_holidays_do_not_overlap_but_a_public_day_may_lie_inside(other, clash):
    assert bool(fault_of_days_off([HOLIDAYS, other], YEAR)) is clash


def test_holidays_of_different_grades_may_overlap():
    first = DayOffPlan("А", date(2027, 2, 15), date(2027, 2, 21), last_grade=1)
    others = DayOffPlan("Б", date(2027, 2, 15), date(2027, 2, 21), first_grade=2)
    assert fault_of_days_off([first, others], YEAR) is None


def bell(number, begins, ends):
    return BellPlan(number, time(*begins), time(*ends))


@pytest.mark.parametrize(("bells", "fault"), [
    ([bell(1, (8, 30), (9, 10)), bell(2, (9, 20), (10, 0))], None),
    ([bell(2, (9, 20), (10, 0)), bell(1, (8, 30), (9, 10))], None),  # in any order
    ([bell(0, (7, 30), (8, 10))], None),  # a lesson before the first
    ([bell(1, (8, 30), (9, 10)), bell(2, (9, 10), (9, 50))], None),  # no break is lawful
    ([], "хотя бы одного урока"),
    ([bell(1, (8, 30), (8, 30))], "не позже своего начала"),
    ([bell(15, (8, 30), (9, 10))], "от 0 до 14"),
    ([bell(1, (8, 30), (9, 10)), bell(1, (9, 20), (10, 0))], "указан дважды"),
    ([bell(1, (8, 30), (9, 10)), bell(2, (9, 0), (9, 40))], "Урок 2 начинается в 09:00, а урок 1 кончается только"),
])
def test_bells(bells, fault):
    said = fault_of_bells(bells)
    assert said is None if fault is None else fault in said


def test_usual_bells_are_lawful():
    bells = usual_bells()
    assert fault_of_bells(bells) is None
    assert (bells[0].starts_at, bells[-1].ends_at) == (time(8, 30), time(14, 35))


def test_usual_terms_lie_between_the_usual_holidays():
    terms = usual_terms(*YEAR)
    assert [(t.name, t.starts_on, t.ends_on) for t in terms["quarters"]] == [
        ("I четверть", date(2026, 9, 1), date(2026, 10, 23)),
        ("II четверть", date(2026, 11, 2), date(2026, 12, 30)),
        ("III четверть", date(2027, 1, 11), date(2027, 3, 26)),
        ("IV четверть", date(2027, 4, 5), date(2027, 5, 26))]
    assert [(t.name, t.starts_on, t.ends_on) for t in terms["half_years"]] == [
        ("I полугодие", date(2026, 9, 1), date(2026, 12, 30)),
        ("II полугодие", date(2027, 1, 11), date(2027, 5, 26))]


@pytest.mark.parametrize("year", range(2024, 2034))
def test_what_is_prefilled_is_lawful_whatever_the_year(year):
    span = (date(year, 9, 1), date(year + 1, 5, 26))
    assert fault_of_days_off(usual_days_off(*span), span) is None
    for scheme, terms in usual_terms(*span).items():
        assert terms and fault_of_terms(scheme, terms, span) is None


def test_usual_days_off_name_the_public_days_and_the_holidays_of_class_1():
    rows = {row.name: row for row in usual_days_off(*YEAR)}
    assert rows["День народного единства"].starts_on == date(2026, 11, 4)
    assert (rows["Дополнительные каникулы, 1 классы"].first_grade,
            rows["Дополнительные каникулы, 1 классы"].last_grade) == (1, 1)
    # 1 May 2027 is a Saturday, 9 May a Sunday: the Monday after goes with them (Labour Code, art. 112)
    assert rows["Праздник Весны и Труда"].ends_on == date(2027, 5, 3)
    assert rows["День Победы"].ends_on == date(2027, 5, 10)


def test_a_short_year_gets_only_the_holidays_inside_it():
    span = (date(2026, 9, 1), date(2026, 12, 25))
    assert [row.name for row in usual_days_off(*span)] == ["Осенние каникулы", "День народного единства"]
    assert [t.ends_on for t in usual_terms(*span)["quarters"]] == [date(2026, 10, 23), date(2026, 12, 25)]
