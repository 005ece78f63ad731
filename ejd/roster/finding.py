"""One search box: pupils, guardians, staff and classes by any part of the name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import aliased

from ejd import names
from ejd.access import POSITION_NAMES, Position
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Employment, Enrolment, Guardianship, Person, SchoolClass
from ejd.school.queries import current_year

MOST = 50
LONGEST = 100  # of what is typed: no name is longer, and SQLite bounds what it compares with


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person and, in words, who they are at school."""

    id: int
    name: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundClass:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought; `more` when there are people beyond the list."""

    classes: Sequence[FoundClass] = ()
    people: Sequence[FoundPerson] = ()
    more: bool = False


def find(session: Session, text: str, *, day: date) -> Found:
    """Everybody whose name has every word of the text in it, those first whose names begin so, and the class that
    it names. Four statements at most."""
    words = names.search_words(text[:LONGEST])
    if not words:
        return Found()
    people = session.scalars(
        select(Person).where(Person.erased_at.is_(None),
                             *(Person.search_key.contains(word, autoescape=True) for word in words))
        .order_by(_nearness(words), Person.sort_key, Person.id).limit(MOST + 1)).all()
    return Found(_classes(session, text, day), described(session, people[:MOST], day=day), len(people) > MOST)


def _nearness(words: Sequence[str]) -> ColumnElement[int]:
    """0 for a name that begins with what was typed, 1 where each word begins a word of it, else 2."""
    typed = f" {' '.join(words)}"
    begun = and_(*(Person.search_key.contains(f" {word}", autoescape=True) for word in words))
    return case((Person.search_key.startswith(typed, autoescape=True), 0), (begun, 1), else_=2)


def namesakes(session: Session, *, last_name: str, first_name: str, patronymic: str, day: date) -> list[FoundPerson]:
    """Everybody who has exactly this name. Four statements at most."""
    people = session.scalars(select(Person).where(
        Person.sort_key == names.sort_key(last_name, first_name, patronymic), Person.erased_at.is_(None))
        .order_by(Person.id)).all()
    return described(session, people, day=day)


def described(session: Session, people: Sequence[Person], *, day: date) -> list[FoundPerson]:
    """People with who they are on a day: «ученик 7А», «мать: Волков Виктор 7А», «учитель». Three statements."""
    ids = [person.id for person in people]
    who: dict[int, list[str]] = defaultdict(list)
    if ids:
        _note_pupils(session, ids, day, who)
        _note_staff(session, ids, day, who)
        _note_guardians(session, ids, day, who)
    return [FoundPerson(person.id, person.full_name, tuple(who[person.id])) for person in people]


def _note_pupils(session: Session, ids: Collection[int], day: date, who: dict[int, list[str]]) -> None:
    rows = session.execute(
        select(Enrolment, SchoolClass).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.pupil_id.in_(ids)).order_by(Enrolment.from_on))
    last = {enrolment.pupil_id: (enrolment, school_class) for enrolment, school_class in rows}
    for pupil_id, (enrolment, school_class) in last.items():
        left = enrolment.to_on is not None and enrolment.to_on < day
        word = "выбыл из" if left else "класс"
        who[pupil_id].append(f"{word} {school_class.name}")


def _note_staff(session: Session, ids: Collection[int], day: date, who: dict[int, list[str]]) -> None:
    for person_id, position, job_title in session.execute(
            select(Employment.person_id, Employment.position, Employment.job_title)
            .where(Employment.person_id.in_(ids), held(Employment, day)).order_by(Employment.id)):
        who[person_id].append(job_title or POSITION_NAMES[Position(position)])


def _note_guardians(session: Session, ids: Collection[int], day: date, who: dict[int, list[str]]) -> None:
    child: Any = aliased(Person)
    rows = session.execute(
        select(Guardianship.guardian_id, Guardianship.relation, child, SchoolClass)
        .join(child, child.id == Guardianship.pupil_id)
        .outerjoin(Enrolment, (Enrolment.pupil_id == child.id) & held(Enrolment, day))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardianship.guardian_id.in_(ids), held(Guardianship, day)).order_by(child.sort_key))
    for guardian_id, relation, pupil, school_class in rows:
        place = f", {school_class.name}" if school_class else ""
        who[guardian_id].append(f"{relation or 'представитель'}: {pupil.last_name} {pupil.first_name}{place}")


def _classes(session: Session, text: str, day: date) -> list[FoundClass]:
    """The class named, or all of a grade."""
    named, grade = names.class_name(text), text.strip()
    year = current_year(session, day) if named or grade.isdecimal() else None
    if year is None:
        return []
    found = session.scalars(select(SchoolClass).filter_by(year_id=year.id).order_by(SchoolClass.letter)).all()
    return [FoundClass(one.id, one.name) for one in found
            if (one.grade, one.letter) == named or str(one.grade) == grade]
