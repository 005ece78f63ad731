"""Publishing a timetable and remaking lessons: facts are never lost, what has begun is never touched (R6, R7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.journal.models import Homework
from ejd.refusal import Refused
from ejd.roster.models import TeachingAssignment
from ejd.schedule import services
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.schedule.services import SlotPlan
from ejd.school import services as school_services
from ejd.school import settings
from ejd.school.models import Setting
from ejd.school.year_plan import BellPlan, DayOffPlan
from tests.world import BELLS, NOW, TODAY

NEXT_MONDAY = date(2026, 9, 21)


@pytest.fixture
def year_id(school) -> int:
    return school.school_class("7А").year_id


@pytest.fixture
def slots(school) -> list[SlotPlan]:
    """The timetable that hangs on the wall."""
    return [SlotPlan(*row) for row in school.session.execute(
        select(Slot.weekday, Slot.number, Slot.course_id, Slot.room).order_by(Slot.id))]


def publish(school, year_id, slots, valid_from=NEXT_MONDAY, now=NOW, **kw):
    return services.publish_timetable(school.session, actor_id=school.olga.id, year_id=year_id, valid_from=valid_from,
                                      slots=slots, now=now, **kw)


def remake(school, year_id, now=NOW):
    return services.remake_lessons(school.session, actor_id=school.olga.id, year_id=year_id, now=now)


def days_of(school, course, *, after=TODAY, count=3):
    return school.session.scalars(select(Lesson.day).where(Lesson.course_id == course.id, Lesson.day > after)
                                  .order_by(Lesson.day, Lesson.number).limit(count)).all()


def audited(school, verb):
    return school.session.scalar(select(func.count()).select_from(AuditRecord).filter_by(verb=verb))


def wall(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"


def test_lessons_are_made_until_the_end_of_the_year(school, year_id):
    made = remake(school, year_id)
    assert made.added > 0 and made.removed == 0
    last = school.session.scalar(select(func.max(Lesson.day)))
    assert last == date(2027, 5, 26)
    assert not school.session.scalar(select(func.count()).select_from(Lesson).where(
        Lesson.day.between(date(2026, 10, 24), date(2026, 11, 1))))


def test_the_same_again_changes_nothing(school, year_id, slots):
    remake(school, year_id)
    assert audited(school, "lessons.remade") == 1
    assert not remake(school, year_id).anything
    assert not publish(school, year_id, slots).anything
    assert (audited(school, "lessons.remade"), audited(school, "timetable.published")) == (1, 0)
    assert school.session.scalar(select(func.count()).select_from(TimetableVersion)) == 1


def test_a_new_timetable_replaces_only_lessons_of_its_days(school, year_id, slots):
    course = school.course("7А", "Математика")
    remake(school, year_id)
    assert days_of(school, course) == [date(2026, 9, 18), date(2026, 9, 21), date(2026, 9, 22)]
    moved = [replace(slot, weekday=3, number=5) if (slot.course_id, slot.weekday) == (course.id, 1) else slot
             for slot in slots]
    published = publish(school, year_id, moved)
    assert (published.added, published.removed) == (33, 33)  # Wednesdays and Mondays left in the terms
    assert days_of(school, course) == [date(2026, 9, 18), date(2026, 9, 22), date(2026, 9, 23)]
    assert not remake(school, year_id).anything
    former, new = school.session.scalars(select(TimetableVersion).order_by(TimetableVersion.valid_from)).all()
    assert (former.valid_to, new.valid_from, new.valid_to) == (date(2026, 9, 20), NEXT_MONDAY, None)


def test_a_lesson_with_facts_stays_though_no_timetable_wants_it(school, year_id, slots):
    course = school.course("7А", "Математика")
    monday = school.lesson(course, NEXT_MONDAY)
    monday.topic = "Дроби"
    school.session.flush()
    kept = publish(school, year_id, [slot for slot in slots if (slot.course_id, slot.weekday) != (course.id, 1)])
    assert kept.kept == 1
    assert school.session.get(Lesson, monday.id) is not None


def test_homework_due_at_a_removed_lesson_is_due_at_the_next_one(school, year_id, slots):
    course = school.course("7А", "Математика")
    monday, friday = school.lesson(course, NEXT_MONDAY), school.lesson(course, date(2026, 9, 18))
    tuesday = school.lesson(course, date(2026, 9, 22))
    school.session.add(Homework(lesson_id=friday.id, text="№ 1", due_lesson_id=monday.id, published_at=NOW,
                                published_by_id=school.anna.id))
    school.session.flush()
    publish(school, year_id, [slot for slot in slots if (slot.course_id, slot.weekday) != (course.id, 1)])
    assert school.session.scalar(select(Homework.due_lesson_id)) == tuesday.id


@pytest.mark.parametrize(("change", "valid_from", "sentence"), [
    ({"number": 8}, NEXT_MONDAY, "Для урока № 8 нет звонка"),
    ({"weekday": 8}, NEXT_MONDAY, "от понедельника до воскресенья"),
    ({"course_id": 10**6}, NEXT_MONDAY, "журнал другого учебного года"),
    ({"room": "12"}, date(2026, 8, 31), "внутри учебного года: с 1\u00a0сентября\u00a02026 по 26\u00a0мая\u00a02027"),
    ({"room": "12"}, date(2027, 5, 27), "внутри учебного года"),
    ({"room": "12"}, date(2026, 9, 16), "не раньше сегодняшнего дня"),
])
def test_what_cannot_be_a_timetable(school, year_id, slots, change, valid_from, sentence):
    with pytest.raises(Refused, match=sentence):
        publish(school, year_id, [replace(slots[0], **change), *slots[1:]], valid_from)
    assert school.session.scalar(select(func.count()).select_from(TimetableVersion)) == 1


def test_a_course_twice_in_one_place_is_refused(school, year_id, slots):
    with pytest.raises(Refused, match="дважды"):
        publish(school, year_id, [slots[0], *slots])


def test_before_control_begins_a_timetable_may_start_in_the_past(school, year_id, slots):
    """R7: while the school sets up, the first weeks can still be put right."""
    for row in school.session.scalars(select(Setting).where(Setting.key.startswith("launch."))):
        row.value = '"2026-10-01"'
    school.session.flush()
    first_day = date(2026, 9, 1)
    course = school.course("7А", "Математика")
    published = publish(school, year_id, [slot for slot in slots if slot.course_id != course.id], first_day)
    assert published.removed > 0
    assert not school.session.scalar(select(Lesson.id).filter_by(course_id=course.id).limit(1))


def test_two_hands_at_once_do_not_write_over_each_other(school, year_id, slots):
    """What was prepared without a lock is worked out anew when somebody wrote in the meantime."""
    course = school.course("7А", "Математика")
    fewer = [slot for slot in slots if slot.course_id != course.id]
    prepared = services.prepare_timetable(school.session, year_id=year_id, valid_from=NEXT_MONDAY, slots=fewer, now=NOW)
    monday = school.lesson(course, NEXT_MONDAY)
    monday.topic, monday.version = "Дроби", 2
    school.session.flush()
    published = publish(school, year_id, fewer, prepared=prepared)
    assert published.kept == 1 and school.session.get(Lesson, monday.id) is not None


def test_facts_written_between_preparing_and_writing_are_seen(school, year_id, slots):
    """Attendance leaves no trace in the versions of lessons, so facts are asked again."""
    course = school.course("7А", "Математика")
    fewer = [slot for slot in slots if slot.course_id != course.id]
    prepared = services.prepare_timetable(school.session, year_id=year_id, valid_from=NEXT_MONDAY, slots=fewer, now=NOW)
    monday = school.lesson(course, NEXT_MONDAY)
    monday.attendance_at = NOW
    school.session.flush()
    publish(school, year_id, fewer, prepared=prepared)
    assert school.session.get(Lesson, monday.id) is not None


def test_a_day_off_takes_its_lessons_away_and_back(school, year_id):
    remake(school, year_id)
    course = school.course("7А", "Математика")
    day_off = school_services.put_day_off(
        school.session, actor_id=school.olga.id, year_id=year_id, now=NOW,
        row=DayOffPlan("Карантин", NEXT_MONDAY, date(2026, 9, 25)))
    gone = remake(school, year_id)
    assert gone.removed == 15 and days_of(school, course, count=2) == [date(2026, 9, 18), date(2026, 9, 28)]
    school_services.remove_day_off(school.session, actor_id=school.olga.id, day_off=day_off, now=NOW)
    assert remake(school, year_id).added == 15


def test_new_bells_move_lessons_to_come_and_their_deadlines(school, year_id):
    remake(school, year_id)
    later = [BellPlan(number, time(h + 1, m), (datetime(2026, 1, 1, h + 1, m) + timedelta(minutes=40)).time())
             for number, (h, m) in enumerate(BELLS, 1)]
    school_services.put_bells(school.session, actor_id=school.olga.id, name="Основное", bells=later, now=NOW)
    remake(school, year_id)
    course = school.course("7А", "Математика")
    held, to_come = school.lesson(course, date(2026, 9, 15)), school.lesson(course, NEXT_MONDAY)
    assert (wall(held.starts_at), wall(to_come.starts_at)) == ("09:20", "09:30")
    assert wall(to_come.homework_due_at) == "12:00"  # Russian is the last, until 11:00


def test_a_hand_over_renames_only_lessons_from_its_day(school, year_id):
    course = school.course("7А", "Математика")
    row = school.session.scalars(select(TeachingAssignment).filter_by(course_id=course.id)).one()
    row.to_on = date(2026, 9, 27)
    school.session.add(TeachingAssignment(course_id=course.id, teacher_id=school.boris.id, from_on=date(2026, 9, 28)))
    school.session.flush()
    remake(school, year_id)
    assert school.lesson(course, NEXT_MONDAY).teacher_id == school.anna.id
    assert school.lesson(course, date(2026, 9, 28)).teacher_id == school.boris.id


def test_nothing_to_remake_without_a_timetable(school, year_id):
    for version in school.session.scalars(select(TimetableVersion)):
        version.published_at = None
    school.session.flush()
    assert remake(school, year_id) is None


def test_the_homework_rule_holds_from_its_day(school, year_id):
    """R5: a changed rule moves the deadlines from the day on which it comes into force."""
    remake(school, year_id)
    settings.change(school.session, actor_id=school.dina.id, key="homework.deadline", value="lesson_end",
                    valid_from=date(2026, 9, 28), now=NOW)
    moved = services.recompute_homework_deadlines(school.session, from_on=date(2026, 9, 28),
                                                  settings=settings.load(school.session))
    school.session.expire_all()
    course = school.course("7А", "Математика")
    assert moved > 0
    assert wall(school.lesson(course, NEXT_MONDAY).homework_due_at) == "11:00"
    assert wall(school.lesson(course, date(2026, 9, 28)).homework_due_at) == "09:10"
    assert not services.recompute_homework_deadlines(school.session, from_on=date(2026, 9, 28),
                                                     settings=settings.load(school.session))


def test_statements_do_not_grow_with_the_school(school, year_id, slots, at_most):
    with at_most(25):
        publish(school, year_id, slots)
