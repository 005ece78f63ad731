"""What the school's database holds, read as values in a bounded number of statements, for a file to be compared
with. The fingerprint tells whether anything that matters has changed since."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import or_, select

from ejd.access import Position
from ejd.db import Session
from ejd.importing.cell_values import Name
from ejd.importing.records import ClassKey
from ejd.roster.belonging import lasting
from ejd.roster.load import known_subjects
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.schedule import groundwork
from ejd.schedule.groundwork import Version
from ejd.school import queries as school
from ejd.school.calendar import TermDates
from ejd.school.models import SchoolYear
from ejd.school.year_plan import BellPlan, DayOffPlan


@dataclass(frozen=True, slots=True)
class Pupil:
    """Somebody with a birth date. `class_key` is of the year in hand; `enrolled` tells of any year. Whose enrolment has
    an end is in no class any more; `last_day` is that end."""

    id: int
    name: Name
    born: date
    class_key: ClassKey | None
    enrolled: bool
    from_on: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class CourseThere:
    """A journal that goes on."""

    id: int
    class_key: ClassKey
    subject_id: int
    subgroup: int
    half_hours: int
    teacher_id: int | None


@dataclass(frozen=True)
class Standing:
    """The school as it is."""

    year_id: int | None = None
    year_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    classes: dict[ClassKey, int] = field(default_factory=dict)
    days: dict[ClassKey, int] = field(default_factory=dict)  # of school a week
    names: dict[int, Name] = field(default_factory=dict)
    pupils: tuple[Pupil, ...] = ()
    guardians: tuple[tuple[int, int], ...] = ()  # guardian, pupil
    relations: dict[tuple[int, int], str] = field(default_factory=dict)  # the same, and who they are to the child
    positions: dict[int, frozenset[Position]] = field(default_factory=dict)
    leaving: frozenset[int] = frozenset()  # staff whose last day is known
    job_titles: dict[tuple[int, Position], tuple[str, ...]] = field(default_factory=dict)
    class_teachers: dict[int, int] = field(default_factory=dict)  # class → person
    subjects: dict[int, str] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)  # folded → subject
    courses: tuple[CourseThere, ...] = ()
    members: dict[int, frozenset[int]] = field(default_factory=dict)  # course → pupils
    versions: tuple[Version, ...] = ()
    terms: tuple[TermDates, ...] = ()
    days_off: tuple[DayOffPlan, ...] = ()
    bells: tuple[tuple[str, tuple[BellPlan, ...]], ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        told = repr([
            sorted(self.classes.items()), sorted(self.days.items()), self.year_id, self.starts_on, self.ends_on,
            sorted((id, name.key, str(name)) for id, name in self.names.items()), self.pupils,
            sorted(self.relations.items()), sorted(self.job_titles.items()), sorted(self.leaving),
            sorted(self.class_teachers.items()), sorted(self.subjects.items()), sorted(self.spellings.items()),
            self.courses, sorted((id, sorted(pupils)) for id, pupils in self.members.items()), self.versions,
            self.terms, self.days_off, self.bells])
        return hashlib.sha256(told.encode()).hexdigest()


def read(session: Session, *, year_name: str | None, today: date) -> Standing:
    """The school on a day: of the year named, else of the one being prepared. 14 statements, whatever its size."""
    year = _year(session, year_name, today)
    people = {id: (Name(last, first, patronymic), born) for id, last, first, patronymic, born in session.execute(
        select(Person.id, Person.last_name, Person.first_name, Person.patronymic, Person.birth_date)
        .where(Person.erased_at.is_(None)).order_by(Person.id))}
    subjects = {row.id: row.name for row in session.execute(select(Subject.id, Subject.name).order_by(Subject.id))}
    job_titles, staying = _jobs(session, today)
    positions: dict[int, set[Position]] = defaultdict(set)
    for person_id, position in job_titles:
        positions[person_id].add(position)
    relations = {(guardian_id, pupil_id): relation for guardian_id, pupil_id, relation in session.execute(
        select(Guardianship.guardian_id, Guardianship.pupil_id, Guardianship.relation)
        .where(lasting(Guardianship, today)).order_by(Guardianship.id))}
    year_id = year.id if year else None
    weeks = {(grade, letter): (id, days) for id, grade, letter, days in session.execute(
        select(SchoolClass.id, SchoolClass.grade, SchoolClass.letter, SchoolClass.days_per_week)
        .filter_by(year_id=year_id).order_by(SchoolClass.grade, SchoolClass.letter))} if year else {}
    classes = {key: id for key, (id, _) in weeks.items()}
    return Standing(
        year_id=year_id, year_name=year.name if year else "", starts_on=year.starts_on if year else None,
        ends_on=year.ends_on if year else None, classes=classes,
        days={key: days for key, (_, days) in weeks.items()}, names={id: name for id, (name, _) in people.items()},
        pupils=_pupils(session, people, classes, min(today, year.starts_on) if year else today,
                       year.ends_on if year else date.max),
        guardians=tuple(relations), relations=relations,
        positions={id: frozenset(held) for id, held in positions.items()},
        leaving=frozenset(positions.keys() - staying),
        job_titles={key: tuple(titles) for key, titles in job_titles.items()},
        class_teachers={row.class_id: row.teacher_id for row in session.execute(
            select(ClassTeacher.class_id, ClassTeacher.teacher_id).where(_goes_on(ClassTeacher, year)))},
        subjects=subjects, spellings=known_subjects(session), courses=_courses(session, classes, year),
        members=_members(session, year), versions=tuple(groundwork.versions_of(session, year.id)) if year else (),
        terms=tuple(school.terms_of(session, year.id)) if year else (),
        days_off=_days_off(session, year), bells=tuple(
            (schedule.name, tuple(BellPlan(bell.number, bell.starts_at, bell.ends_at) for bell in schedule.bells))
            for schedule in school.bell_schedules(session)))


def _year(session: Session, year_name: str | None, today: date) -> SchoolYear | None:
    if year_name is None:
        return school.year_ahead(session, today)
    return next((year for year in school.years(session) if year.name == year_name), None)


def _jobs(session: Session, today: date) -> tuple[dict[tuple[int, Position], list[str]], set[int]]:
    """How the jobs of each position are worded, and who of the staff has one without an end."""
    job_titles: dict[tuple[int, Position], list[str]] = defaultdict(list)
    staying: set[int] = set()
    for person_id, position, title, to_on in session.execute(
            select(Employment.person_id, Employment.position, Employment.job_title, Employment.to_on)
            .where(lasting(Employment, today)).order_by(Employment.id)):
        job_titles[person_id, Position(position)].append(title)
        if to_on is None:
            staying.add(person_id)
    return job_titles, staying


def _pupils(session: Session, people: dict[int, tuple[Name, date | None]], classes: dict[ClassKey, int],
            since: date, year_ends: date) -> tuple[Pupil, ...]:
    """Once the next year is prepared, whoever stays to the end of this one has an end, and a class of the next."""
    by_id = {class_id: key for key, class_id in classes.items()}
    enrolled: dict[int, ClassKey | None] = {}
    began: dict[int, date] = {}
    ended: dict[int, date] = {}
    for pupil_id, class_id, from_on, to_on in session.execute(
            select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.from_on, Enrolment.to_on)
            .where(lasting(Enrolment, since)).order_by(Enrolment.from_on)):
        if to_on is None or class_id in by_id and to_on >= year_ends:
            enrolled[pupil_id] = by_id.get(class_id) or enrolled.get(pupil_id)
            began.setdefault(pupil_id, from_on)
        else:
            ended[pupil_id] = max(to_on, ended.get(pupil_id, to_on))
    return tuple(Pupil(id, name, born, enrolled.get(id), id in enrolled, began.get(id),
                       None if id in enrolled else ended.get(id))
                 for id, (name, born) in people.items() if born is not None)


def _goes_on(span: Any, year: SchoolYear | None) -> Any:
    """The rows without an end, and those that last to the end of the year."""
    return or_(span.to_on.is_(None), span.to_on >= (year.ends_on if year else date.max))


def _courses(session: Session, classes: dict[ClassKey, int], year: SchoolYear | None) -> tuple[CourseThere, ...]:
    by_id = {class_id: key for key, class_id in classes.items()}
    teachers: dict[int, int | None] = {}
    for course_id, teacher_id in session.execute(
            select(TeachingAssignment.course_id, TeachingAssignment.teacher_id)
            .where(_goes_on(TeachingAssignment, year)).order_by(TeachingAssignment.from_on)):
        teachers[course_id] = teacher_id
    rows: Sequence[Course] = session.scalars(
        select(Course).where(Course.retired_on.is_(None), Course.class_id.is_not(None)).order_by(Course.id)).all()
    return tuple(CourseThere(row.id, by_id[row.class_id], row.subject_id, row.subgroup, row.half_hours,
                             teachers.get(row.id)) for row in rows if row.class_id in by_id)


def _members(session: Session, year: SchoolYear | None) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for course_id, pupil_id in session.execute(
            select(CourseMember.course_id, CourseMember.pupil_id).where(_goes_on(CourseMember, year))):
        found[course_id].add(pupil_id)
    return {course_id: frozenset(pupils) for course_id, pupils in found.items()}


def _days_off(session: Session, year: SchoolYear | None) -> tuple[DayOffPlan, ...]:
    rows = school.days_off_of(session, year.id) if year else ()
    return tuple(DayOffPlan(row.name, row.starts_on, row.ends_on, row.holidays, row.first_grade, row.last_grade)
                 for row in rows if row.class_id is None)
