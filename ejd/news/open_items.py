"""How many own items wait for a member of staff, by kind, as the head pages list them (R62): for the digest, which
names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ejd.access import Actor, Position, Role
from ejd.credentials.sessions import actors_of
from ejd.db import Session
from ejd.families.to_do import NOBODY, ItemKind, class_items
from ejd.journal.queries_today import awaited_of_teachers, open_of_teachers
from ejd.office import to_do
from ejd.remarks.own_items import OwnKind, items_of_teachers
from ejd.remarks.queries import unanswered_by_teacher
from ejd.roster.models import Person
from ejd.school.settings import Settings

ITEM_NAMES = {
    ItemKind.ANNOUNCED: "сообщения об отсутствии без ответа",
    ItemKind.RESULTS: "итоговые отметки класса не выставлены",
    ItemKind.TO_PRINT: "недельные листы к печати",
    ItemKind.TO_HAND: "недельные листы не выданы",
    ItemKind.CARDS: "карточки не выданы",
}
OWN_NAMES = {
    OwnKind.RESULTS: "итоговые отметки ваших журналов не выставлены",
    OwnKind.CLASS_YEAR: "годовые отметки класса не выставлены",
    OwnKind.REMARKS: "замечания по журналам класса без ответа",
    OwnKind.CLOSING: "закрытие периода скоро, классов",
}


LEADERS = {Position.DIRECTOR, Position.DEPUTY}
Counts = list[tuple[str, int]]


def open_items(session: Session, *, person_ids: Collection[int], settings: Settings, today: date, now: datetime
               ) -> Mapping[int, Counts]:
    """By person what waits and how much of it; what does not wait is left out. Eleven statements for some hundred
    people."""
    actors = actors_of(session, session.scalars(select(Person).where(Person.id.in_(person_ids))).all(), today)
    found: dict[int, Counts] = {actor.person_id: [] for actor in actors}
    for items in (_of_teachers(session, [actor for actor in actors if Role.TEACHER in actor.roles], settings, today,
                               now),
                  _of_classes(session, [actor for actor in actors if actor.own_classes], today, now),
                  _of_school(session, [actor for actor in actors if actor.positions & LEADERS], settings, today)):
        for person_id, counts in items.items():
            found[person_id] += [(name, count) for name, count in counts if count]
    return found


def _of_teachers(session: Session, teachers: Collection[Actor], settings: Settings, today: date, now: datetime
                 ) -> Mapping[int, Counts]:
    if not teachers:
        return {}
    ids = [teacher.person_id for teacher in teachers]
    remarks = unanswered_by_teacher(session, ids)
    awaited = awaited_of_teachers(session, teacher_ids=ids, today=today, now=now, settings=settings)
    unfilled = open_of_teachers(session, teacher_ids=ids, before=today, now=now, settings=settings)
    own, _ = items_of_teachers(session, leads={teacher.person_id: teacher.own_classes for teacher in teachers},
                               today=today)
    return {one: [("замечания администрации", remarks.get(one, 0)),
                  ("работы, за которые не выставлены отметки", len(awaited[one])),
                  ("уроки, в которых не всё заполнено", len(unfilled[one])),
                  *_by_kind(OWN_NAMES, ((item.kind, item.count) for item in own[one]))] for one in ids}


def _of_classes(session: Session, leaders: Collection[Actor], today: date, now: datetime) -> Mapping[int, Counts]:
    if not leaders:
        return {}
    class_ids = set().union(*(leader.own_classes for leader in leaders))
    items = class_items(session, reader_id=NOBODY, class_ids=class_ids, today=today, now=now)
    return {leader.person_id: _by_kind(ITEM_NAMES, (
        (item.kind, item.count) for item in items if item.class_id in leader.own_classes)) for leader in leaders}


def _of_school(session: Session, leaders: Collection[Actor], settings: Settings, today: date) -> Mapping[int, Counts]:
    """Asked once, for it is the same for all of them."""
    if not leaders:
        return {}
    tasks = to_do.to_do(to_do.standing(session, today=today), settings.value("launch.marks", on=None))
    return {leader.person_id: [("дела школы на первой странице", len(tasks))] for leader in leaders}


def _by_kind(names: Mapping[Any, str], counted: Iterable[tuple[Any, int]]) -> Counts:
    """The counts of the kinds that have a name here, in its order."""
    found: Counter[Any] = Counter()
    for kind, count in counted:
        found[kind] += count
    return [(name, found[kind]) for kind, name in names.items()]
