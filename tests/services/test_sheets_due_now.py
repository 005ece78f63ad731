"""What can be printed now, as the class's page lists it and as the teacher's first page counts it: right after
holidays, around a term's end, in a Saturday school, for who joined, left or moved in the middle of a week, for
guardians of different forms (R21, R25, R62)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.families import queries_sheets
from ejd.families.to_do import ItemKind, class_items
from ejd.roster.models import Course, Enrolment
from ejd.schedule.models import Lesson
from tests.families import guardian_of, on_paper, print_all
from tests.world import FIRST_DAY

MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)
SATURDAY, NEXT_MONDAY = date(2026, 9, 19), date(2026, 9, 21)


def due_now(school, at: datetime) -> dict[str, list[date]]:
    """The weeks to print, by class; both ways of asking say as many."""
    found = {}
    with clock.freeze(at):
        for name in ("7А", "7Б", "1А"):
            school_class = school.school_class(name)
            listed = queries_sheets.sheets_of_class(school.session, school_class, now=at, today=clock.today()).to_print
            counted = sum(item.count for item in class_items(
                school.session, reader_id=school.anna.id, class_ids=[school_class.id], today=clock.today(), now=at)
                if item.kind is ItemKind.TO_PRINT)
            assert counted == len(listed), name
            if listed:
                found[name] = [one.due.monday for one in listed]
    return found


def place_of(school, pupil) -> Enrolment:
    return school.session.execute(select(Enrolment).filter_by(pupil_id=pupil.id)).scalar_one()


def copied_to(school, class_name: str, day: date) -> Lesson:
    """One more lesson of the class, on a day."""
    like = school.session.scalars(select(Lesson).join(Course, Course.id == Lesson.course_id).where(
        Course.class_id == school.school_class(class_name).id).order_by(Lesson.id)).first()
    ahead = day - like.day
    row = Lesson(**{column.key: getattr(like, column.key) for column in Lesson.__table__.columns if column.key != "id"})
    row.day, row.starts_at, row.ends_at, row.number = day, like.starts_at + ahead, like.ends_at + ahead, 7
    school.session.add(row)
    school.session.flush()
    return row


@pytest.mark.parametrize(("at", "weeks"), [
    (clock.at(FRIDAY, 8), []), (clock.at(FRIDAY, 15), [MONDAY]), (clock.at(date(2026, 9, 20), 12), [MONDAY]),
    (clock.at(NEXT_MONDAY, 8), [MONDAY]), (clock.at(date(2026, 9, 25), 18), [MONDAY, NEXT_MONDAY])])
def test_from_the_end_of_the_weeks_last_lesson_on(school, at, weeks):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    assert due_now(school, at) == ({"7А": weeks} if weeks else {})


def test_a_saturday_school_waits_for_saturday(school):
    school.school_class("7А").days_per_week = 6
    lesson = copied_to(school, "7А", SATURDAY)
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    assert due_now(school, clock.at(FRIDAY, 18)) == {} == due_now(school, lesson.ends_at - timedelta(minutes=1))
    assert due_now(school, lesson.ends_at + timedelta(minutes=1)) == {"7А": [MONDAY]}


@pytest.mark.parametrize("on", [date(2026, 10, 24), date(2026, 10, 28), date(2026, 11, 2)])
def test_the_last_week_before_holidays_waits_in_them_and_after_them(school, on):
    """The I quarter ends on 23 October, the holidays on 1 November; their own week owes nothing."""
    on_paper(school, school.vera, school.vitya, "refused", from_on=date(2026, 10, 19))
    copied_to(school, "7А", date(2026, 10, 23))
    assert due_now(school, clock.at(on, 9)) == {"7А": [date(2026, 10, 19)]}


@pytest.mark.parametrize(("from_on", "to_on", "due"), [
    (date(2026, 9, 16), None, True),  # joined on Wednesday
    (SATURDAY, None, False),  # joined after the lessons
    (FIRST_DAY, date(2026, 9, 16), True),  # left on Wednesday
    (FIRST_DAY, date(2026, 9, 13), False)])
def test_who_joined_or_left_in_the_middle_of_the_week(school, from_on, to_on, due):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    place = place_of(school, school.vitya)
    place.from_on, place.to_on = from_on, to_on
    school.session.flush()
    assert due_now(school, clock.at(NEXT_MONDAY, 9)) == ({"7А": [MONDAY]} if due else {})


@pytest.mark.parametrize("form, due", [("paper", {"7А": [MONDAY]}), ("electronic", {})])
def test_who_left_on_wednesday_is_told_as_on_the_last_day(school, form, due):
    """On paper till Tuesday or Wednesday; what is written after he has gone is not asked."""
    on_paper(school, school.vera, school.vitya, from_on=FIRST_DAY,
             to_on=date(2026, 9, 16) if form == "paper" else date(2026, 9, 15))
    place_of(school, school.vitya).to_on = date(2026, 9, 16)
    found = due_now(school, clock.at(NEXT_MONDAY, 9))
    assert {name: weeks[-1:] for name, weeks in found.items() if weeks[-1] == MONDAY} == due


@pytest.mark.parametrize(("last_day", "where"), [(date(2026, 9, 15), "7Б"), (FRIDAY, "7А")])
def test_who_changed_class_gets_one_sheet_of_the_last_class_that_taught_him(school, last_day, where):
    """7Б has its last lessons of the week on Wednesday."""
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    place_of(school, school.vitya).to_on = last_day
    school.session.add(Enrolment(pupil_id=school.vitya.id, class_id=school.school_class("7Б").id,
                                 from_on=last_day + timedelta(days=1)))
    school.session.flush()
    taught = school.session.scalar(select(func.max(Lesson.day)).join(Course, Course.id == Lesson.course_id).where(
        Course.class_id == school.school_class("7Б").id, Lesson.day.between(MONDAY, FRIDAY)))
    assert date(2026, 9, 15) < taught < FRIDAY
    assert due_now(school, clock.at(NEXT_MONDAY, 9)) == {where: [MONDAY]}


def test_guardians_of_different_forms_each_have_their_own(school):
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.vera, school.vitya, "refused", from_on=MONDAY)
    on_paper(school, school.zakhar, school.vitya, "paper", from_on=MONDAY)
    on_paper(school, school.vera, school.masha, "limited", from_on=MONDAY)
    at = clock.at(NEXT_MONDAY, 9)
    assert due_now(school, at) == {"7А": [MONDAY, MONDAY]}
    with clock.freeze(at):
        print_all(school)
    assert due_now(school, at) == {}


def test_whom_a_court_limits_since_is_not_waited_for(school):
    row = on_paper(school, school.vera, school.vitya, from_on=MONDAY, to_on=date(2026, 9, 20))
    with clock.freeze(clock.at(FRIDAY, 15)):
        print_all(school)
    on_paper(school, school.vera, school.vitya, "limited", from_on=NEXT_MONDAY)
    with clock.freeze(clock.at(NEXT_MONDAY, 9)):
        assert row.to_on and class_items(
            school.session, reader_id=school.anna.id, class_ids=[school.school_class("7А").id], today=clock.today(),
            now=clock.now()) == []
