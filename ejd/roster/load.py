"""Acts on teaching load: subjects and their spellings, journals (class or subgroup × subject), who teaches them.

Who is in which subgroup is in `subgroups.py`. Nothing here touches lessons: whoever changes the load calls
`ejd.schedule.remaking` after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session
from ejd.journal import lesson_facts, works
from ejd.names import fold, tidy
from ejd.refusal import Refused
from ejd.roster.belonging import ONE_DAY, lasting, refuse_closed_year
from ejd.roster.classes import refuse_outsider, succeed
from ejd.roster.customs import expects_homework, usual_marking_scheme
from ejd.roster.models import (
    Course,
    CourseMember,
    Employment,
    MarkingScheme,
    SchoolClass,
    Subject,
    SubjectAlias,
    TeachingAssignment,
)
from ejd.words import long_date

LONGEST_NAME = 120
MOST_HALF_HOURS = 80
MOST_SUBGROUPS = 4


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A journal about to be opened. The marking scheme and homework, when not given, are prefilled by law and custom
    (R5, R14); no teacher is a vacancy."""

    class_id: int
    subject_id: int
    subgroup: int = 0
    half_hours: int = 2
    scheme: MarkingScheme | None = None
    homework_expected: bool | None = None
    teacher_id: int | None = None


def known_subjects(session: Session) -> dict[str, int]:
    """The subject of every spelling met so far, folded. Two statements."""
    known = {alias.key: alias.subject_id for alias in session.scalars(select(SubjectAlias))}
    for subject_id, name, short_name in session.execute(select(Subject.id, Subject.name, Subject.short_name)):
        known |= {fold(spelling): subject_id for spelling in (short_name, name) if spelling}
    return known


def ensure_subjects(session: Session, *, actor_id: int | None, names: Sequence[str], now: datetime) -> dict[str, int]:
    """The subject of each name as given; names that no subject or alias knows become new subjects."""
    known = known_subjects(session)
    new = {fold(name): tidy(name) for name in names if fold(name) not in known}
    for name in new.values():
        if not 0 < len(name) <= LONGEST_NAME:
            raise Refused(f"Название предмета – от одной буквы до {LONGEST_NAME} знаков", field="subject")
    if new:
        ids = session.scalars(insert(Subject).returning(Subject.id, sort_by_parameter_order=True),
                              [{"name": name} for name in new.values()]).all()
        known |= dict(zip(new, ids, strict=True))
        trail.record_many(session, now=now, actor_id=actor_id, verb="subject.added", acts=((id, {}) for id in ids))
    return {name: known[fold(name)] for name in names}


def alias_subject(session: Session, *, actor_id: int | None, spelling: str, subject_id: int, now: datetime) -> None:
    """Remember another way in which files spell a subject."""
    key = fold(spelling)[:160]
    alias = session.scalar(select(SubjectAlias).filter_by(key=key))
    if alias is not None and alias.subject_id == subject_id:
        return
    if alias is None:
        alias = SubjectAlias(key=key)
        session.add(alias)
    alias.subject_id = subject_id
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="subject.aliased", subject_id=alias.id, subject=subject_id)


def open_courses(session: Session, *, actor_id: int | None, year_id: int, courses: Sequence[NewCourse], from_on: date,
                 now: datetime) -> list[int]:
    """Open journals and give them their teachers from a day on; their ids in the order given. A retired journal of
    the same class, subject and subgroup is opened again."""
    if not courses:
        return []
    refuse_closed_year(session, year_id, field="from_on")
    rows = _rows(session, year_id, courses, from_on)
    standing = {(course.class_id, course.subject_id, course.subgroup): course for course in session.scalars(
        select(Course).where(Course.class_id.in_({one.class_id for one in courses})))}
    ids: list[int | None] = []
    for one, row in zip(courses, rows, strict=True):
        course = standing.get((one.class_id, one.subject_id, one.subgroup))
        if course is not None and course.retired_on is None:
            raise Refused("Такой журнал в классе уже есть", field="subject_id")
        ids.append(course.id if course else None)
        if course is not None:
            _put(course, {**row, "retired_on": None})
    session.flush()
    new = [row for row, course_id in zip(rows, ids, strict=True) if course_id is None]
    made = iter(session.scalars(insert(Course).returning(Course.id, sort_by_parameter_order=True), new) if new else ())
    opened = [course_id if course_id is not None else next(made) for course_id in ids]
    insert_many(session, TeachingAssignment, [
        {"course_id": course_id, "teacher_id": one.teacher_id, "from_on": from_on}
        for course_id, one in zip(opened, courses, strict=True)])
    _record_opened(session, actor_id, opened, courses, from_on, now)
    return opened


def change_course(session: Session, *, actor_id: int | None, course_id: int, now: datetime,
                  half_hours: int | None = None, scheme: MarkingScheme | None = None,
                  homework_expected: bool | None = None) -> bool:
    """Change what is given of a journal; whether anything differed. Marks that stand keep their scheme (R14)."""
    course = open_course_with_id(session, course_id)
    given = {"half_hours": half_hours, "scheme": scheme and MarkingScheme(scheme).value,
             "homework_expected": homework_expected}
    if half_hours is not None:
        refuse_hours(half_hours)
    fields = _put(course, {name: value for name, value in given.items() if value is not None})
    if fields:
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="course.changed", subject_id=course_id, fields=fields)
    return bool(fields)


def retire_course(session: Session, *, actor_id: int | None, course_id: int, on: date, now: datetime) -> None:
    """Close a journal: that day is the first without it. What was written stays; its teacher and subgroup end."""
    course = open_course_with_id(session, course_id)
    marked = lesson_facts.last_marked_day(session, course_id=course_id, from_on=on)
    if marked:
        raise Refused(f"В журнале есть отметка за {long_date(marked)}: закрыть его можно со следующего дня", field="on")
    course.retired_on = on
    tables: tuple[Any, ...] = (TeachingAssignment, CourseMember)
    for table in tables:
        for row in session.scalars(select(table).where(table.course_id == course_id, lasting(table, on))).all():
            if row.from_on >= on:
                session.delete(row)
            else:
                row.to_on = on - ONE_DAY
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="course.retired", subject_id=course_id, on=on)


def assign_teacher(session: Session, *, actor_id: int | None, course_id: int, teacher_id: int | None, from_on: date,
                   now: datetime) -> bool:
    """Name who teaches a journal from a day on, or make it a vacancy; whether anything differed. What is open goes
    to the new teacher, with seven days before it counts against them (R6)."""
    open_course_with_id(session, course_id)
    if teacher_id is not None:
        refuse_outsider(session, teacher_id, from_on)
    changed = succeed(session, TeachingAssignment, {"course_id": course_id}, teacher_id, from_on)
    if changed.differs:
        trail.record(session, now=now, actor_id=actor_id, verb="teacher.assigned", subject_id=course_id,
                     before=changed.before, after=teacher_id, from_on=from_on)
        if teacher_id is not None:
            works.hand_over(session, actor_id=actor_id, course_id=course_id, from_teacher_id=changed.before,
                            to_teacher_id=teacher_id, on=from_on, now=now)
    return changed.differs


def open_course_with_id(session: Session, course_id: int) -> Course:
    """A journal that goes on."""
    course = session.get(Course, course_id)
    if course is None:
        raise Refused("Такого журнала нет: обновите страницу")
    if course.retired_on is not None:
        raise Refused(f"Журнал закрыт с {long_date(course.retired_on)}")
    refuse_closed_year(session, course.year_id)
    return course


def _rows(session: Session, year_id: int, courses: Sequence[NewCourse], from_on: date) -> list[dict[str, Any]]:
    """The journals as rows, checked, with what was left out prefilled. Three statements."""
    grades = {one.id: one.grade for one in session.scalars(select(SchoolClass).filter_by(year_id=year_id))}
    subjects = {one.id: one.name for one in session.scalars(select(Subject))}
    staff = set(session.scalars(select(Employment.person_id).where(lasting(Employment, from_on))))
    places = {(one.class_id, one.subject_id, one.subgroup) for one in courses}
    if len(places) < len(courses):
        raise Refused("Один и тот же журнал назван дважды", field="subject_id")
    rows = []
    for one in courses:
        if one.class_id not in grades or one.subject_id not in subjects:
            raise Refused("Класса или предмета в этом учебном году нет", field="subject_id")
        if one.teacher_id is not None and one.teacher_id not in staff:
            raise Refused("Этот человек в школе не работает: сначала запишите его должность", field="teacher_id")
        if not 0 <= one.subgroup <= MOST_SUBGROUPS:
            raise Refused(f"Подгруппа – от 1 до {MOST_SUBGROUPS}, 0 – весь класс", field="subgroup")
        refuse_hours(one.half_hours)
        grade, subject = grades[one.class_id], subjects[one.subject_id]
        homework = expects_homework(grade, subject) if one.homework_expected is None else one.homework_expected
        rows.append({"year_id": year_id, "class_id": one.class_id, "subject_id": one.subject_id,
                     "subgroup": one.subgroup, "half_hours": one.half_hours, "homework_expected": homework,
                     "scheme": MarkingScheme(one.scheme or usual_marking_scheme(grade, subject)).value})
    return rows


def _record_opened(session: Session, actor_id: int | None, course_ids: Sequence[int], courses: Sequence[NewCourse],
                   from_on: date, now: datetime) -> None:
    opened = list(zip(course_ids, courses, strict=True))
    trail.record_many(session, now=now, actor_id=actor_id, verb="course.opened", acts=(
        (course_id, {"class_id": one.class_id, "subject_id": one.subject_id, "subgroup": one.subgroup,
                     "half_hours": one.half_hours}) for course_id, one in opened))
    trail.record_many(session, now=now, actor_id=actor_id, verb="teacher.assigned", acts=(
        (course_id, {"before": None, "after": one.teacher_id, "from_on": from_on})
        for course_id, one in opened if one.teacher_id is not None))


def refuse_hours(half_hours: int) -> None:
    """Raise Refused when nobody teaches so much or so little a week."""
    if not 1 <= half_hours <= MOST_HALF_HOURS:
        raise Refused("Часов в неделю – от половины часа до 40", field="hours")


def _put(course: Course, values: dict[str, Any]) -> list[str]:
    """Set only the columns that differ; their names."""
    differ = [name for name, value in values.items() if getattr(course, name) != value]
    for name in differ:
        setattr(course, name, values[name])
    return differ
