"""The school's year, days off and bells: the same again changes nothing, what has begun is never lost."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import func, select

from ejd.audit.models import AuditRecord
from ejd.refusal import Refused
from ejd.roster.classes import found_class, remove_class
from ejd.school import services
from ejd.school.models import Bell, DayOff, Term
from ejd.school.queries import calendar_of, current_year, year_ahead
from ejd.school.services import Changes
from ejd.school.year_plan import BellPlan, DayOffPlan, TermPlan
from tests.world import BELLS, NOW

AUTUMN = DayOffPlan("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1))
UNITY = DayOffPlan("День народного единства", date(2026, 11, 4), date(2026, 11, 4), holidays=False)
ENDED = DayOffPlan("Карантин", date(2026, 9, 7), date(2026, 9, 8))


@pytest.fixture
def year_id(school) -> int:
    return school.school_class("7А").year_id


def acts(school):
    return school.session.scalar(select(func.count()).select_from(AuditRecord))


def put(school, year_id, *rows):
    return services.put_days_off(school.session, actor_id=school.olga.id, year_id=year_id, rows=rows, now=NOW)


def test_days_off_of_a_file_leave_those_of_single_classes(school, year_id):
    """A list of holidays for the whole school says nothing of a quarantine of 7А."""
    services.put_day_off(school.session, actor_id=school.olga.id, year_id=year_id, now=NOW, row=DayOffPlan(
        "Карантин", date(2026, 9, 28), date(2026, 10, 2), False, 7, 7, school.school_class("7А").id))
    put(school, year_id, AUTUMN, UNITY)
    assert set(school.session.scalars(select(DayOff.name))) == {"Карантин", AUTUMN.name, UNITY.name}


def test_a_class_with_a_day_off_of_its_own_is_not_taken_away(school, year_id):
    founded = found_class(school.session, actor_id=school.olga.id, year_id=year_id, grade=5, letter="Ю", now=NOW)
    services.put_day_off(school.session, actor_id=school.olga.id, year_id=year_id, now=NOW, row=DayOffPlan(
        "Карантин", date(2026, 9, 28), date(2026, 10, 2), False, 5, 5, founded.id))
    with pytest.raises(Refused, match="свои выходные"):
        remove_class(school.session, actor_id=school.olga.id, class_id=founded.id, now=NOW)


def days_off(school):
    return [(row.name, row.starts_on, row.ends_on) for row in school.session.scalars(
        select(DayOff).order_by(DayOff.starts_on))]


def open_year(school, starts_on, ends_on, **kw):
    return services.open_year(school.session, actor_id=school.olga.id, starts_on=starts_on, ends_on=ends_on, now=NOW,
                              **kw)


def test_days_off_become_those_that_are_named(school, year_id):
    assert put(school, year_id, AUTUMN, UNITY) == Changes(added=1)
    assert not put(school, year_id, UNITY, AUTUMN)  # in any order
    moved = DayOffPlan("осенние  каникулы", date(2026, 10, 26), date(2026, 11, 3))
    assert put(school, year_id, moved) == Changes(changed=1, removed=1)
    assert days_off(school) == [("осенние каникулы", date(2026, 10, 26), date(2026, 11, 3))]


def test_days_off_that_have_begun_are_not_removed(school, year_id):
    put(school, year_id, AUTUMN, ENDED)
    assert put(school, year_id, AUTUMN) == Changes()
    assert [name for name, *_ in days_off(school)] == ["Карантин", "Осенние каникулы"]


def test_overlapping_holidays_save_none(school, year_id):
    with pytest.raises(Refused, match="пересекаются"):
        put(school, year_id, AUTUMN, DayOffPlan("Ещё", date(2026, 11, 1), date(2026, 11, 8)))
    assert len(days_off(school)) == 1


def test_the_same_year_again_changes_nothing(school, year_id):
    before = acts(school)
    assert open_year(school, date(2026, 9, 1), date(2027, 5, 26)).id == year_id
    assert acts(school) == before


def test_a_new_year_is_prefilled(school, year_id):
    year = open_year(school, date(2027, 9, 1), date(2028, 5, 26))
    assert year.name == "2027/2028"
    calendar = calendar_of(school.session, year.id)
    assert [len(calendar.terms_by(scheme)) for scheme in ("quarters", "half_years", "trimesters")] == [4, 2, 0]
    assert [closure.name for closure in calendar.closures][:2] == ["Осенние каникулы", "День народного единства"]


@pytest.mark.parametrize(("starts_on", "ends_on"), [
    (date(2027, 5, 1), date(2028, 4, 26)), (date(2025, 9, 1), date(2026, 9, 1))])
def test_years_do_not_overlap(school, year_id, starts_on, ends_on):
    with pytest.raises(Refused, match="пересекаются с учебным годом 2026/2027"):
        open_year(school, starts_on, ends_on)


def test_moving_a_year_moves_the_terms_at_its_edges(school, year_id):
    open_year(school, date(2026, 9, 2), date(2027, 5, 28))
    assert school.session.scalars(select(Term.starts_on).filter_by(number=1)).all() == [date(2026, 9, 2)] * 2
    assert school.session.scalars(select(Term.ends_on).filter_by(name="IV четверть")).one() == date(2027, 5, 28)


@pytest.mark.parametrize(("today", "name"), [
    (date(2026, 8, 1), "2026/2027"), (date(2027, 5, 26), "2026/2027"), (date(2027, 8, 31), "2026/2027"),
    (date(2027, 9, 1), "2027/2028"), (date(2030, 1, 1), "2027/2028")])
def test_the_year_of_a_day(school, year_id, today, name):
    open_year(school, date(2027, 9, 1), date(2028, 5, 26))
    found = current_year(school.session, today)
    assert found is not None and found.name == name


@pytest.mark.parametrize(("today", "name"), [
    (date(2026, 8, 1), "2026/2027"), (date(2027, 5, 26), "2026/2027"), (date(2027, 5, 27), "2027/2028"),
    (date(2030, 1, 1), "2027/2028")])
def test_what_is_prepared_in_summer_is_for_the_year_to_come(school, year_id, today, name):
    open_year(school, date(2027, 9, 1), date(2028, 5, 26))
    found = year_ahead(school.session, today)
    assert found is not None and found.name == name


def test_a_term_less_goes(school, year_id):
    first = TermPlan(1, "I полугодие", date(2026, 9, 1), date(2026, 12, 30))
    changes = services.put_terms(school.session, actor_id=school.olga.id, year_id=year_id, scheme="half_years",
                                 terms=[first], now=NOW)
    assert changes == Changes(removed=1)


def bells(*numbers):
    return [BellPlan(n, time(*BELLS[n - 1]), time(BELLS[n - 1][0] + 1, 0)) for n in numbers]


def test_bells_become_those_that_are_named(school, year_id):
    def put_bells(plans, name="Начальная школа"):
        return services.put_bells(school.session, actor_id=school.olga.id, name=name, bells=plans, now=NOW)

    schedule = put_bells(bells(1, 3, 5))
    before = acts(school)
    assert put_bells(bells(5, 3, 1), " Начальная  школа ").id == schedule.id and acts(school) == before
    put_bells(bells(1))
    assert school.session.scalars(select(Bell.number).filter_by(schedule_id=schedule.id)).all() == [1]


@pytest.mark.parametrize(("name", "plans", "sentence"), [
    (" ", bells(1), "Назовите расписание звонков"), ("З" * 61, bells(1), "не длиннее 60"),
    ("Вторая смена", [], "хотя бы одного")])
def test_what_cannot_be_bells(school, year_id, name, plans, sentence):
    with pytest.raises(Refused, match=sentence):
        services.put_bells(school.session, actor_id=school.olga.id, name=name, bells=plans, now=NOW)


