"""Journals of the next year made after those of this one: load, subgroups and groups, with who teaches and who is in
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session
from ejd.office.queries_new_year import COPIED_GROUPS, Years
from ejd.roster.belonging import held, lasting
from ejd.roster.customs import expects_homework, usual_marking_scheme
from ejd.roster.models import (
    Course,
    CourseMember,
    Employment,
    Enrolment,
    SchemeOfTerm,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.school.models import SchoolYear, Term

KEPT = ("subject_id", "subgroup", "name", "half_hours", "kind", "term_scheme", "bell_schedule_id")
Row = dict[str, Any]


def copy_load(session: Session, *, actor_id: int | None, years: Years, to: Mapping[int, int], now: datetime) -> int:
    """The journals of each class in the class that follows it, where it has none of the subject yet; how many."""
    new = _new(years)
    standing = {(course.class_id, course.subject_id) for course in session.scalars(
        select(Course).where(Course.class_id.in_(set(to.values()))))}
    subjects = {row.id: row.name for row in session.execute(select(Subject.id, Subject.name))}
    grades = {row.id: row.grade for row in session.execute(select(SchoolClass.id, SchoolClass.grade))}
    rows: list[Row] = []
    sources: list[Course] = []
    claimed: dict[tuple[int, int], int] = {}  # of two ninth classes joined, the first gives the tenth its load
    for course in session.scalars(select(Course).where(
            Course.class_id.in_(to.keys()), Course.retired_on.is_(None)).order_by(Course.class_id, Course.id)):
        assert course.class_id is not None
        target = to[course.class_id]
        place = target, course.subject_id
        if place in standing or claimed.setdefault(place, course.class_id) != course.class_id:
            continue
        rows.append({**{name: getattr(course, name) for name in KEPT}, "year_id": new.id, "class_id": target,
                     **_marked(course, grades[course.class_id], grades[target], subjects[course.subject_id])})
        sources.append(course)
    _write(session, actor_id, years, sources, rows, now)
    return len(rows)


def copy_groups(session: Session, *, actor_id: int | None, years: Years, now: datetime) -> int:
    """Groups over several classes that are not there yet; teaching at home ends with its year. How many."""
    new = _new(years)
    standing = {(course.name, course.subject_id) for course in session.scalars(
        select(Course).where(Course.year_id == new.id, Course.class_id.is_(None)))}
    sources = [course for course in session.scalars(select(Course).where(
        Course.year_id == years.old.id, Course.class_id.is_(None), Course.kind.in_(COPIED_GROUPS),
        Course.retired_on.is_(None)).order_by(Course.id)) if (course.name, course.subject_id) not in standing]
    rows = [{**{name: getattr(course, name) for name in KEPT}, "year_id": new.id, "class_id": None,
             "scheme": course.scheme, "homework_expected": course.homework_expected} for course in sources]
    _write(session, actor_id, years, sources, rows, now)
    return len(rows)


def copy_members(session: Session, *, actor_id: int | None, years: Years, now: datetime) -> int:
    """Who is in a subgroup or group is in the one that follows it, when the pupil's class is; how many. Nobody who is
    in a group of the subject already is put into another."""
    new = _new(years)
    targets = _targets(session, new)
    placed = {row.pupil_id: row.class_id for row in session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.year_id == new.id))}
    taken = {(row.pupil_id, row.class_id, row.subject_id, row.name) for row in session.execute(
        select(CourseMember.pupil_id, Course.class_id, Course.subject_id, Course.name)
        .join(Course, Course.id == CourseMember.course_id).where(Course.year_id == new.id))}
    rows: list[Row] = []
    for pupil_id, in_class, subject_id, subgroup, name in session.execute(
            select(CourseMember.pupil_id, Course.class_id, Course.subject_id, Course.subgroup, Course.name)
            .join(Course, Course.id == CourseMember.course_id)
            .where(Course.year_id == years.old.id, held(CourseMember, years.old.ends_on))
            .order_by(CourseMember.id)):
        class_id = placed.get(pupil_id)
        wanted = class_id if in_class is not None else None
        course_id = targets.get((wanted, subject_id, subgroup, name))
        if class_id is None or course_id is None or (pupil_id, wanted, subject_id, name) in taken:
            continue
        taken.add((pupil_id, wanted, subject_id, name))
        rows.append({"course_id": course_id, "pupil_id": pupil_id, "from_on": new.starts_on})
    insert_many(session, CourseMember, rows)
    trail.record_many(session, now=now, actor_id=actor_id, verb="subgroup.joined", acts=(
        (row["course_id"], {"pupil": row["pupil_id"], "from_on": new.starts_on}) for row in rows))
    return len(rows)


def _targets(session: Session, new: SchoolYear) -> dict[tuple[int | None, int, int, str], int]:
    """The new year's subgroups and groups by class, subject, number and name."""
    return {(course.class_id, course.subject_id, course.subgroup, course.name): course.id
            for course in session.scalars(select(Course).where(Course.year_id == new.id, Course.retired_on.is_(None)))
            if course.is_group}


def _new(years: Years) -> SchoolYear:
    assert years.new is not None
    return years.new


def _marked(course: Course, before: int, after: int, subject: str) -> Row:
    """How the journal is marked a year later: as now, but where it was as usual in its grade, as usual in the next."""
    scheme = course.scheme if course.scheme != usual_marking_scheme(before, subject) else usual_marking_scheme(
        after, subject)
    homework = course.homework_expected if course.homework_expected != expects_homework(before, subject) else (
        expects_homework(after, subject))
    return {"scheme": scheme, "homework_expected": homework}


def _write(session: Session, actor_id: int | None, years: Years, sources: Sequence[Course], rows: Sequence[Row],
           now: datetime) -> None:
    """Open the journals, with the teachers of those they are made after if they go on working, and the schemes of
    their terms."""
    if not rows:
        return
    start = _new(years).starts_on
    ids = session.scalars(insert(Course).returning(Course.id, sort_by_parameter_order=True), rows).all()
    after = dict(zip([course.id for course in sources], ids, strict=True))
    teachers = _teachers(session, years.old, start)
    insert_many(session, TeachingAssignment, [
        {"course_id": new_id, "teacher_id": teachers.get(old_id), "from_on": start}
        for old_id, new_id in after.items()])
    _copy_schemes(session, years, after)
    trail.record_many(session, now=now, actor_id=actor_id, verb="course.opened", acts=(
        (course_id, {name: row[name] for name in ("class_id", "subject_id", "subgroup", "half_hours")})
        for course_id, row in zip(ids, rows, strict=True)))
    trail.record_many(session, now=now, actor_id=actor_id, verb="teacher.assigned", acts=(
        (new_id, {"before": None, "after": teachers[old_id], "from_on": start})
        for old_id, new_id in after.items() if teachers.get(old_id) is not None))


def _teachers(session: Session, old: SchoolYear, start: date) -> dict[int, int | None]:
    """Who teaches each journal of the old year at its end, and will work in the new one."""
    staff = set(session.scalars(select(Employment.person_id).where(lasting(Employment, start))))
    rows = session.execute(
        select(TeachingAssignment.course_id, TeachingAssignment.teacher_id)
        .join(Course, Course.id == TeachingAssignment.course_id)
        .where(Course.year_id == old.id, held(TeachingAssignment, old.ends_on)))
    return {course_id: teacher_id for course_id, teacher_id in rows if teacher_id in staff}


def _copy_schemes(session: Session, years: Years, after: Mapping[int, int]) -> None:
    """R14 by term: the term of the same scheme and number."""
    terms = {(term.scheme, term.number): term.id for term in session.scalars(
        select(Term).filter_by(year_id=_new(years).id))}
    rows = [{"course_id": after[course_id], "term_id": terms[kind, number], "scheme": scheme}
            for course_id, scheme, kind, number in session.execute(
                select(SchemeOfTerm.course_id, SchemeOfTerm.scheme, Term.scheme, Term.number)
                .join(Term, Term.id == SchemeOfTerm.term_id).where(Term.year_id == years.old.id))
            if course_id in after and (kind, number) in terms]
    insert_many(session, SchemeOfTerm, rows)
