"""How many own items wait for a member of staff, by kind, as the head pages list them (R62): for the digest, which
names nobody."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from ejd.access import Position, Role
from ejd.credentials.sessions import actor_of
from ejd.db import Session
from ejd.families.to_do import ItemKind, class_items
from ejd.journal.queries_today import awaited_marks, open_lessons
from ejd.office import to_do
from ejd.remarks.own_items import OwnKind, own_items
from ejd.remarks.queries import open_for_teacher
from ejd.roster.belonging import person_with_id
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


def open_items(session: Session, *, person_id: int, settings: Settings, today: date, now: datetime
               ) -> list[tuple[str, int]]:
    """What waits and how much of it; what does not wait is left out. Ten statements."""
    actor = actor_of(session, person_with_id(session, person_id), today)
    found: list[tuple[str, int]] = []
    if Role.TEACHER in actor.roles:
        found += [
            ("замечания администрации", len(open_for_teacher(session, person_id, today=today))),
            ("работы, за которые не выставлены отметки", len(awaited_marks(
                session, teacher_id=person_id, today=today, now=now, settings=settings))),
            ("уроки, в которых не всё заполнено", len(open_lessons(
                session, teacher_id=person_id, before=today, now=now, settings=settings)))]
        own: Counter[OwnKind] = Counter()
        for one in own_items(session, teacher_id=person_id, class_ids=actor.own_classes, today=today)[0]:
            own[one.kind] += one.count
        found += [(name, own[kind]) for kind, name in OWN_NAMES.items()]
    if actor.own_classes:
        waiting: Counter[ItemKind] = Counter()
        for item in class_items(session, reader_id=person_id, class_ids=actor.own_classes, today=today, now=now):
            waiting[item.kind] += item.count
        found += [(name, waiting[kind]) for kind, name in ITEM_NAMES.items()]
    if actor.positions & {Position.DIRECTOR, Position.DEPUTY}:
        launched = settings.value("launch.marks", on=None)
        found.append(("дела школы на первой странице",
                      len(to_do.to_do(to_do.standing(session, today=today), launched))))
    return [(name, count) for name, count in found if count]
