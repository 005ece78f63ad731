"""The turn of a school year: classes go up with their load and groups, pupils follow, leavers leave; the old year is
closed once its terms are. Doing it again does only what is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from ejd.audit import trail
from ejd.bulk import in_parts, insert_many
from ejd.db import Session, one_at_a_time
from ejd.office import new_year_load
from ejd.office.moving_up import ClassMove, Turning, fault_of, goes_to
from ejd.office.queries_new_year import Waiting, Years, waiting_pupils
from ejd.plans.services import copy_plan
from ejd.refusal import Refused
from ejd.roster.belonging import ONE_DAY, lasting
from ejd.roster.classes import found_class
from ejd.roster.models import ClassTeacher, Course, CourseMember, Employment, Enrolment, SchoolClass, TeachingAssignment
from ejd.school.models import SchoolYear, TermScheme
from ejd.school.queries import terms_of
from ejd.school.services import open_year
from ejd.school.year_plan import TermPlan, usual_terms
from ejd.words import long_date

GRADUATED = "окончание обучения"
TURN = "turning the school year"
A_YEAR = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Turned:
    """What the turn of a year made: classes, journals, pupils placed, pupils who leave, groups."""

    classes: int
    journals: int
    placed: int
    left: int
    groups: int


def open_next(session: Session, *, actor_id: int | None, old: SchoolYear, starts_on: date, ends_on: date,
              now: datetime) -> SchoolYear:
    """Open the year that follows: usual quarters, half-years and holidays, and trimesters where the school has them,
    on the same weekdays as this year."""
    if starts_on <= old.ends_on:
        raise Refused("Новый год начинается после того, как кончится прежний", field="starts_on")
    terms = usual_terms(starts_on, ends_on)
    before = [term for term in terms_of(session, old.id) if term.scheme == TermScheme.TRIMESTERS]
    if before:
        terms[TermScheme.TRIMESTERS] = [
            TermPlan(term.number, term.name, starts_on if term is before[0] else term.starts_on + A_YEAR,
                     ends_on if term is before[-1] else term.ends_on + A_YEAR) for term in before]
    return open_year(session, actor_id=actor_id, starts_on=starts_on, ends_on=ends_on, terms=terms, now=now)


def turn_year(session: Session, *, actor_id: int | None, turning: Turning, now: datetime) -> Turned:
    """Take the school into the next year, in one transaction; until it begins the school goes on with the old one."""
    one_at_a_time(session, TURN)
    years = Years(session.get_one(SchoolYear, turning.from_year_id), session.get_one(SchoolYear, turning.to_year_id))
    _refuse_turning(years, turning)
    new = _new_of(years)
    classes, founded = _classes(session, new, turning.classes, actor_id, now)
    _class_teachers(session, new, turning.classes, classes, actor_id, now)
    journals = new_year_load.copy_load(session, actor_id=actor_id, years=years, now=now, to={
        move.class_id: classes[move.to] for move in turning.classes if move.load and move.to})
    placed, left = _pupils(session, years, turning, classes, actor_id, now)
    groups = new_year_load.copy_groups(session, actor_id=actor_id, years=years, now=now) if turning.groups else 0
    new_year_load.copy_members(session, actor_id=actor_id, years=years, now=now)
    _end_old(session, years)
    done = Turned(founded, journals, placed, left, groups)
    trail.record(session, now=now, actor_id=actor_id, verb="year.turned", subject_id=new.id, classes=founded,
                 journals=journals, placed=placed, left=left, groups=groups)
    return done


def copy_plans(session: Session, *, actor_id: int | None, pairs: Iterable[tuple[int, int]], now: datetime) -> int:
    """Give journals of the new year the lesson plans of the old one; how many."""
    copied = 0
    for from_course_id, to_course_id in pairs:
        copy_plan(session, actor_id=actor_id, from_course_id=from_course_id, to_course_id=to_course_id, now=now)
        copied += 1
    return copied


def _new_of(years: Years) -> SchoolYear:
    if years.new is None or years.new.starts_on <= years.old.ends_on:
        raise Refused("Сначала откройте следующий учебный год")
    return years.new


def _refuse_turning(years: Years, turning: Turning) -> None:
    new = _new_of(years)
    if fault := fault_of(turning.classes):
        raise Refused(fault[1], field=f"class-{fault[0]}")
    if not years.old.ends_on <= turning.leavers_on < new.starts_on:
        raise Refused(f"Последний день выпускников – с {long_date(years.old.ends_on)} по "
                      f"{long_date(new.starts_on - ONE_DAY)}", field="leavers_on")


def _classes(session: Session, new: SchoolYear, moves: Sequence[ClassMove], actor_id: int | None,
             now: datetime) -> tuple[dict[tuple[int, str], int], int]:
    """The classes of the new year by name, and how many of them were opened just now."""
    standing = {(one.grade, one.letter): one for one in session.scalars(
        select(SchoolClass).filter_by(year_id=new.id))}
    before = {one.id: one for one in session.scalars(
        select(SchoolClass).where(SchoolClass.id.in_([move.class_id for move in moves])))}
    founded = 0
    for move in moves:
        if move.to is None:
            continue
        if move.to not in standing:
            old = before[move.class_id]
            standing[move.to] = found_class(
                session, actor_id=actor_id, year_id=new.id, grade=move.to[0], letter=move.to[1], now=now,
                days_per_week=old.days_per_week, bell_schedule_id=old.bell_schedule_id,
                term_scheme=old.term_scheme if old.term_scheme == "trimesters" else None)
            founded += 1
        if standing[move.to].follows_id is None:
            standing[move.to].follows_id = move.class_id
    session.flush()
    return {name: one.id for name, one in standing.items()}, founded


def _class_teachers(session: Session, new: SchoolYear, moves: Sequence[ClassMove],
                    classes: Mapping[tuple[int, str], int], actor_id: int | None, now: datetime) -> None:
    """Class teachers who go up with their class, if they go on working; never in place of somebody named already."""
    named = set(session.scalars(select(ClassTeacher.class_id).where(ClassTeacher.class_id.in_(classes.values()))))
    staff = set(session.scalars(select(Employment.person_id).where(lasting(Employment, new.starts_on))))
    leads = {row.class_id: row.teacher_id for row in session.scalars(select(ClassTeacher).where(
        ClassTeacher.class_id.in_([move.class_id for move in moves]), ClassTeacher.to_on.is_(None)))}
    rows: list[dict[str, Any]] = []
    for move in moves:
        teacher_id = leads.get(move.class_id)
        if move.to and move.teacher and teacher_id in staff and classes[move.to] not in named:
            named.add(classes[move.to])
            rows.append({"class_id": classes[move.to], "teacher_id": teacher_id, "from_on": new.starts_on})
    insert_many(session, ClassTeacher, rows)
    trail.record_many(session, now=now, actor_id=actor_id, verb="class_teacher.appointed", acts=(
        (row["class_id"], {"before": None, "after": row["teacher_id"], "from_on": new.starts_on}) for row in rows))


def _pupils(session: Session, years: Years, turning: Turning, classes: Mapping[tuple[int, str], int],
            actor_id: int | None, now: datetime) -> tuple[int, int]:
    """Each pupil's enrolment ends on the eve of the new year, or with the last day of leavers; the new one begins."""
    new, moves = _new_of(years), {move.class_id: move for move in turning.classes}
    placed: list[tuple[Waiting, int]] = []
    left: list[Waiting] = []
    for pupil in waiting_pupils(session, years):
        if pupil.class_id not in moves:
            continue
        name = goes_to(moves[pupil.class_id], turning.pupils.get(pupil.pupil_id))
        if name is None:
            left.append(pupil)
        elif name in classes:
            placed.append((pupil, classes[name]))
        else:
            raise Refused(f"{pupil.name}: класса {name[0]}{name[1]} в новом году нет, выберите другой",
                          field=f"pupil-{pupil.pupil_id}")
    eve = new.starts_on - ONE_DAY
    _end_enrolments(session, [pupil.enrolment_id for pupil, _ in placed], to_on=eve)
    _end_enrolments(session, [pupil.enrolment_id for pupil in left], to_on=turning.leavers_on, leave_reason=GRADUATED)
    insert_many(session, Enrolment, [{"pupil_id": pupil.pupil_id, "class_id": class_id, "from_on": new.starts_on}
                                     for pupil, class_id in placed])
    trail.record_many(session, now=now, actor_id=actor_id, verb="pupil.moved", acts=(
        (pupil.pupil_id, {"from_class": pupil.class_id, "to_class": class_id, "on": new.starts_on})
        for pupil, class_id in placed))
    trail.record_many(session, now=now, actor_id=actor_id, verb="pupil.left", acts=(
        (pupil.pupil_id, {"class_id": pupil.class_id, "last_day": turning.leavers_on, "enrolment": pupil.enrolment_id})
        for pupil in left))
    return len(placed), len(left)


def _end_enrolments(session: Session, ids: Collection[int], **values: Any) -> None:
    for part in in_parts(sorted(ids)):
        session.execute(update(Enrolment).where(Enrolment.id.in_(part)).values(**values)
                        .execution_options(synchronize_session=False))
    session.expire_all()


def _end_old(session: Session, years: Years) -> None:
    """Groups, load and class teachers of the old year end on the eve of the new one; until then late marks are put."""
    eve = _new_of(years).starts_on - ONE_DAY
    courses = select(Course.id).where(Course.year_id == years.old.id)
    classes = select(SchoolClass.id).where(SchoolClass.year_id == years.old.id)
    for table, owner in ((CourseMember, CourseMember.course_id.in_(courses)),
                         (TeachingAssignment, TeachingAssignment.course_id.in_(courses)),
                         (ClassTeacher, ClassTeacher.class_id.in_(classes))):
        session.execute(update(table).where(owner, table.to_on.is_(None)).values(to_on=eve)
                        .execution_options(synchronize_session=False))
    session.expire_all()
