"""What lessons are made from, read as values: courses with their calendars, bells and teachers, timetables in force,
and the lessons that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.bulk import AT_ONCE
from ejd.db import Session
from ejd.roster.models import Course, CourseMember, Enrolment, SchoolClass, TeachingAssignment
from ejd.schedule.making import CourseFacts, InForce, SlotFacts, Span, Standing
from ejd.schedule.models import Lesson, LessonState, Slot, TimetableVersion
from ejd.school import queries as school
from ejd.school.calendar import Calendar, ClassCalendar

ONE_DAY = timedelta(days=1)
BellTimes = Mapping[int, tuple[time, time]]


@dataclass(frozen=True, slots=True)
class Version:
    """A published timetable: the days on which it is in force (`last` None: until the year's end), its slots."""

    id: int
    first: date
    last: date | None
    slots: tuple[SlotFacts, ...]

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a year's lessons are made from, but for the settings."""

    calendar: Calendar
    courses: Mapping[int, CourseFacts]
    versions: Sequence[Version]
    zone: ZoneInfo


def ground_of(session: Session, year_id: int) -> Ground:
    """Some ten short statements: quick enough for a transaction that writes."""
    calendar = school.calendar_of(session, year_id)
    return Ground(calendar, courses_of(session, calendar), versions_of(session, year_id), clock.zone())


def versions_of(session: Session, year_id: int) -> list[Version]:
    """Every published timetable of the year, by its first day. Two statements."""
    slots: dict[int, list[SlotFacts]] = defaultdict(list)
    for version_id, slot_id, weekday, number, course_id, room in session.execute(
            select(Slot.version_id, Slot.id, Slot.weekday, Slot.number, Slot.course_id, Slot.room)
            .join(TimetableVersion, TimetableVersion.id == Slot.version_id)
            .where(TimetableVersion.year_id == year_id, TimetableVersion.published_at.is_not(None))):
        slots[version_id].append(SlotFacts(slot_id, weekday, number, course_id, room))
    rows = session.execute(
        select(TimetableVersion.id, TimetableVersion.valid_from, TimetableVersion.valid_to)
        .where(TimetableVersion.year_id == year_id, TimetableVersion.published_at.is_not(None))
        .order_by(TimetableVersion.valid_from, TimetableVersion.id))
    return [Version(version_id, first, last, tuple(slots[version_id])) for version_id, first, last in rows]


def in_force(versions: Iterable[Version], *, first: date, last: date) -> list[InForce]:
    """The parts of the span on which each timetable is in force."""
    cut = ((max(first, version.first), min(last, version.last or last), version.slots) for version in versions)
    return [InForce(*part) for part in cut if part[0] <= part[1]]


def courses_of(session: Session, calendar: Calendar) -> dict[int, CourseFacts]:
    """Every course of the year with its calendar, bells and teachers. Five statements."""
    year_id = calendar.year_id
    bells, usual = bells_by_schedule(session)
    classes = {class_id: (calendar.of(grade=grade, days_per_week=days, scheme=scheme, class_id=class_id),
                          bells.get(own, usual))
               for class_id, grade, days, scheme, own in session.execute(
                   select(SchoolClass.id, SchoolClass.grade, SchoolClass.days_per_week, SchoolClass.term_scheme,
                          SchoolClass.bell_schedule_id).where(SchoolClass.year_id == year_id))}
    groups = classes_of_groups(session, year_id)
    taught_by = _spans(session, year_id)
    everybody = calendar.of(grade=None, days_per_week=6)
    found = {}
    for course_id, class_id, retired_on, own in session.execute(
            select(Course.id, Course.class_id, Course.retired_on, Course.bell_schedule_id)
            .where(Course.year_id == year_id)):
        class_ids = frozenset({class_id}) if class_id is not None else frozenset(groups.get(course_id, ()))
        calendars: tuple[ClassCalendar, ...] = tuple(classes[i][0] for i in sorted(class_ids)) or (everybody,)
        times = bells.get(own) or (classes[min(class_ids)][1] if class_ids else usual)
        found[course_id] = CourseFacts(course_id, class_ids, calendars, times, tuple(taught_by.get(course_id, ())),
                                       class_id is None, retired_on)
    return found


def kin_of(courses: Mapping[int, CourseFacts], course_id: int) -> set[int]:
    """The courses whose lessons tell R5's deadlines of each other: those of the same classes, and of classes that a
    group joins to these."""
    classes = set(courses[course_id].class_ids)
    kin = {course_id}
    while more := {course.id for course in courses.values() if course.id not in kin and course.class_ids & classes}:
        kin |= more
        classes |= {class_id for found in more for class_id in courses[found].class_ids}
    return kin


def standing_lessons(session: Session, *, year_id: int, first: date, last: date | None = None,
                     course_ids: Collection[int] | None = None) -> list[Standing]:
    """The year's lessons as rows, from a day on; those of some courses, when these are named. One statement."""
    moved = aliased(Lesson)
    query = (select(Lesson.id, Lesson.course_id, Lesson.day, Lesson.number, Lesson.starts_at, Lesson.ends_at,
                    Lesson.teacher_id, Lesson.substitutes_id, Lesson.slot_id,
                    (Lesson.state != LessonState.PLANNED.value).label("cancelled"), Lesson.homework_due_at,
                    exists().where(moved.moved_to_id == Lesson.id).label("by_hand"))
             .join(Course, Course.id == Lesson.course_id)
             .where(Course.year_id == year_id, Lesson.day >= first))
    if last is not None:
        query = query.where(Lesson.day <= last)
    if course_ids is not None and len(course_ids) <= AT_ONCE:
        query = query.where(Course.id.in_(course_ids))
    rows = [Standing(*row) for row in session.execute(query)]
    return rows if course_ids is None else [row for row in rows if row.course_id in course_ids]


def bells_by_schedule(session: Session) -> tuple[dict[int | None, BellTimes], BellTimes]:
    """Bells by schedule, and those of classes that have none of their own: the first schedule made."""
    found: dict[int | None, BellTimes] = {
        schedule.id: {bell.number: (bell.starts_at, bell.ends_at) for bell in schedule.bells}
        for schedule in school.bell_schedules(session)}
    return found, next(iter(found.values()), {})


def classes_of_groups(session: Session, year_id: int) -> dict[int, set[int]]:
    """The classes whose pupils are in each cross-class group."""
    found: dict[int, set[int]] = defaultdict(set)
    for course_id, class_id in session.execute(
            select(CourseMember.course_id, Enrolment.class_id).distinct()
            .join(Course, Course.id == CourseMember.course_id)
            .join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
            .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
            .where(Course.year_id == year_id, Course.class_id.is_(None), SchoolClass.year_id == year_id)):
        found[course_id].add(class_id)
    return found


def _spans(session: Session, year_id: int) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for course_id, teacher_id, from_on, to_on in session.execute(
            select(TeachingAssignment.course_id, TeachingAssignment.teacher_id, TeachingAssignment.from_on,
                   TeachingAssignment.to_on)
            .join(Course, Course.id == TeachingAssignment.course_id)
            .where(Course.year_id == year_id).order_by(TeachingAssignment.from_on, TeachingAssignment.id)):
        found[course_id].append(Span(teacher_id, from_on, to_on))
    return found


def same_slots(one: Sequence[SlotFacts], other: Sequence[SlotFacts]) -> bool:
    """Whether two timetables hang the same lessons in the same places and rooms."""
    return {slot[1:] for slot in one} == {slot[1:] for slot in other}
