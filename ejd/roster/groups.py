"""Acts on cross-class groups: lessons, electives, teaching at home, activities; who is in them, from–to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session
from ejd.journal.leaving import Leaving, leave_journals
from ejd.names import tidy
from ejd.refusal import Refused
from ejd.roster.belonging import ONE_DAY, lasting, refuse_closed_year
from ejd.roster.classes import refuse_outsider
from ejd.roster.load import LONGEST_NAME, refuse_hours
from ejd.roster.models import (
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    MarkingScheme,
    Subject,
    TeachingAssignment,
)
from ejd.school.models import BellSchedule, SchoolYear, TermScheme
from ejd.words import long_date


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A journal over several classes about to be opened; no teacher is a vacancy. An activity has neither marks nor
    homework (R5, R14)."""

    name: str
    subject_id: int
    kind: CourseKind = CourseKind.LESSONS
    half_hours: int = 2
    scheme: MarkingScheme = MarkingScheme.FIVE_POINT
    term_scheme: TermScheme = TermScheme.QUARTERS
    bell_schedule_id: int | None = None
    teacher_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """How many came into a group and how many left it."""

    joined: int
    left: int


def open_group(session: Session, *, actor_id: int | None, year_id: int, group: NewGroup, from_on: date,
               now: datetime) -> Course:
    """Open a group's journal and give it its teacher from a day on."""
    name = tidy(group.name)
    _refuse_group(session, year_id, name, group, from_on)
    activity = group.kind == CourseKind.ACTIVITY
    course = Course(
        year_id=year_id, class_id=None, subject_id=group.subject_id, name=name, half_hours=group.half_hours,
        scheme=(MarkingScheme.MARKLESS if activity else group.scheme).value, homework_expected=not activity,
        kind=group.kind.value, term_scheme=group.term_scheme.value, bell_schedule_id=group.bell_schedule_id)
    session.add(course)
    session.flush()
    session.add(TeachingAssignment(course_id=course.id, teacher_id=group.teacher_id, from_on=from_on))
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="group.opened", subject_id=course.id, year_id=year_id,
                 kind=course.kind, subject=course.subject_id, half_hours=course.half_hours)
    if group.teacher_id is not None:
        trail.record(session, now=now, actor_id=actor_id, verb="teacher.assigned", subject_id=course.id, before=None,
                     after=group.teacher_id, from_on=from_on)
    return course


def rename_group(session: Session, *, actor_id: int | None, course_id: int, name: str, bell_schedule_id: int | None,
                 now: datetime) -> bool:
    """Call a group otherwise, or ring it by other bells; whether anything differed."""
    course, name = _group_with_id(session, course_id), tidy(name)
    _refuse_name(session, course.year_id, name, course.subject_id, but=course_id)
    _refuse_bells(session, bell_schedule_id)
    wanted = {"name": name, "bell_schedule_id": bell_schedule_id}
    fields = [field for field, value in wanted.items() if getattr(course, field) != value]
    for field in fields:
        setattr(course, field, wanted[field])
    if fields:
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="course.changed", subject_id=course_id, fields=fields)
    return bool(fields)


def put_members(session: Session, *, actor_id: int | None, course_id: int, class_id: int, pupil_ids: Collection[int],
                from_on: date, now: datetime) -> Moves:
    """Make these all the pupils of the class who are in the group from a day on; those of other classes stay. Who
    entered the class later begins with the class. Who is taught at home leaves the class's journal of the subject."""
    course = _group_with_id(session, course_id)
    year = _year_of(session, course, from_on)
    entered = {row.pupil_id: row.from_on for row in session.execute(
        select(Enrolment.pupil_id, Enrolment.from_on)
        .where(Enrolment.class_id == class_id, lasting(Enrolment, from_on)))}
    if not set(pupil_ids) <= entered.keys():
        raise Refused("Этих учеников в классе нет: обновите страницу")
    standing = session.scalars(select(CourseMember).where(
        CourseMember.course_id == course_id, lasting(CourseMember, from_on))).all()
    here = {row.pupil_id for row in standing if row.to_on is None or row.to_on >= year.ends_on}
    going = [row for row in standing if row.pupil_id in entered and row.pupil_id not in pupil_ids]
    coming = {pupil_id: max(from_on, entered[pupil_id]) for pupil_id in pupil_ids if pupil_id not in here}
    staying = here - {row.pupil_id for row in going}
    if course.kind == CourseKind.HOME and len(staying | coming.keys()) > 1:
        raise Refused("На дому учат одного ученика: для другого откройте ещё один журнал")
    _leave(session, course, going, coming, actor_id, from_on, now)
    for row in standing:  # who comes anew before a stay that was to begin, or to end, later
        if row.pupil_id in coming:
            going.append(row)
    _end(session, going, from_on)
    insert_many(session, CourseMember, [{"course_id": course_id, "pupil_id": pupil_id, "from_on": day}
                                        for pupil_id, day in coming.items()])
    left = [row.pupil_id for row in going if row.pupil_id not in coming]
    trail.record_many(session, now=now, actor_id=actor_id, verb="group.joined", acts=(
        (course_id, {"pupil": pupil_id, "from_on": day}) for pupil_id, day in coming.items()))
    trail.record_many(session, now=now, actor_id=actor_id, verb="group.left", acts=(
        (course_id, {"pupil": pupil_id, "last_day": from_on - ONE_DAY}) for pupil_id in left))
    return Moves(len(coming), len(left))


def _leave(session: Session, course: Course, going: Iterable[CourseMember], coming: dict[int, date],
           actor_id: int | None, from_on: date, now: datetime) -> None:
    """The journals that are left: the group's, and of who will be taught at home the class's of the subject."""
    left = [Leaving(row.pupil_id, course.id, from_on) for row in going]
    if course.kind == CourseKind.HOME and coming:
        kin = session.execute(
            select(Course.id, Enrolment.pupil_id).join(Enrolment, Enrolment.class_id == Course.class_id)
            .where(Course.subject_id == course.subject_id, Enrolment.pupil_id.in_(coming.keys()),
                   lasting(Enrolment, from_on))).all()
        left += [Leaving(pupil_id, kin_id, coming[pupil_id]) for kin_id, pupil_id in kin]
    leave_journals(session, actor_id=actor_id, left=left, field="from_on", now=now)
    if course.kind == CourseKind.HOME and coming:
        subgroups = session.scalars(
            select(CourseMember).join(Course, Course.id == CourseMember.course_id)
            .where(Course.subject_id == course.subject_id, Course.subgroup > 0,
                   CourseMember.pupil_id.in_(coming.keys()), lasting(CourseMember, from_on))).all()
        for row in subgroups:
            _end(session, [row], coming[row.pupil_id])


def _end(session: Session, rows: Iterable[CourseMember], day: date) -> None:
    """End memberships the day before; those that had not begun never were."""
    for row in rows:
        if row.from_on >= day:
            session.delete(row)
        else:
            row.to_on = day - ONE_DAY
    session.flush()


def _group_with_id(session: Session, course_id: int) -> Course:
    """A group that goes on, in one hand at a time."""
    course = session.scalars(select(Course).where(Course.id == course_id).with_for_update(key_share=True)).one_or_none()
    if course is None or course.class_id is not None:
        raise Refused("Такой группы нет: обновите страницу")
    if course.retired_on is not None:
        raise Refused(f"Журнал группы закрыт с {long_date(course.retired_on)}")
    refuse_closed_year(session, course.year_id)
    return course


def _refuse_group(session: Session, year_id: int, name: str, group: NewGroup, from_on: date) -> None:
    if session.get(Subject, group.subject_id) is None:
        raise Refused("Выберите предмет из списка или впишите новый", field="subject")
    _refuse_name(session, year_id, name, group.subject_id)
    refuse_hours(group.half_hours)
    _refuse_bells(session, group.bell_schedule_id)
    year = session.get_one(SchoolYear, year_id)
    refuse_closed_year(session, year_id, field="from_on")
    if not year.starts_on <= from_on <= year.ends_on:
        raise _outside(year)
    if group.teacher_id is not None:
        refuse_outsider(session, group.teacher_id, from_on)


def _refuse_name(session: Session, year_id: int, name: str, subject_id: int, but: int | None = None) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(f"Назовите группу: до {LONGEST_NAME} знаков, например «Физика, группа А»", field="name")
    same = session.scalar(select(Course.id).where(
        Course.year_id == year_id, Course.class_id.is_(None), Course.name == name, Course.subject_id == subject_id,
        Course.retired_on.is_(None), Course.id != (but or 0)))
    if same is not None:
        raise Refused(f"Группа «{name}» по этому предмету уже есть", field="name")


def _refuse_bells(session: Session, schedule_id: int | None) -> None:
    if schedule_id is not None and session.get(BellSchedule, schedule_id) is None:
        raise Refused("Такого расписания звонков нет", field="bell_schedule_id")


def _year_of(session: Session, course: Course, day: date) -> SchoolYear:
    """The school year of the group. Raises Refused when the day is not in it."""
    year = session.get_one(SchoolYear, course.year_id)
    if not year.starts_on <= day <= year.ends_on:
        raise _outside(year)
    return year


def _outside(year: SchoolYear) -> Refused:
    return Refused(f"Укажите день {year.name} учебного года: с {long_date(year.starts_on)} по "
                   f"{long_date(year.ends_on)}", field="from_on")
