"""Kinds of work («виды работ»): those every school begins with, and what a school changes in them. Codes stay, and no
kind is deleted: it is offered no more. Their own terms (R2) are the setting `limits`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

from ejd.audit import trail
from ejd.db import Session, table_of
from ejd.journal.models import WorkKind
from ejd.journal.wording import key_of, one_line
from ejd.names import fold
from ejd.refusal import Refused, Stale

# code, name, short name, weight, expected of the whole class (R4), counted in timeliness (R1)
KINDS = (
    ("oral", "Ответ на уроке", "отв", 1, False, True),
    ("written", "Самостоятельная работа", "с/р", 1, True, True),
    ("test", "Контрольная работа", "к/р", 2, True, True),
    ("dictation", "Диктант", "дикт", 2, True, True),
    ("essay", "Сочинение, изложение", "соч", 2, True, True),
    ("practical", "Лабораторная, практическая работа", "л/р", 1, True, True),
    ("project", "Проект", "пр", 2, True, True),
    ("homework", "Домашняя работа", "д/з", 1, False, True),
    ("transfer", "Из справки", "спр", 1, False, False),
)


def prefill_kinds(session: Session) -> None:
    """Add the kinds that are not there yet; a school's own changes stay."""
    there = set(session.scalars(select(WorkKind.code)))
    rows = [{"code": code, "name": name, "short_name": short, "weight": weight, "declared": declared,
             "in_timeliness": timely, "position": position}
            for position, (code, name, short, weight, declared, timely) in enumerate(KINDS) if code not in there]
    if rows:
        session.execute(insert(table_of(WorkKind)), rows)


def limited_kinds(session: Session) -> list[tuple[str, str]]:
    """Code and name of the kinds for which a school may set its own term (R2), in order. One statement."""
    return [(code, name) for code, name in session.execute(
        select(WorkKind.code, WorkKind.name).filter_by(in_timeliness=True).order_by(WorkKind.position))]


def kinds_offered(session: Session) -> list[tuple[int, str, str]]:
    """Id, name and short name of the kinds in use, in order: what a plan may name for a topic. One statement."""
    return [(kind_id, name, short) for kind_id, name, short in session.execute(
        select(WorkKind.id, WorkKind.name, WorkKind.short_name).filter_by(retired=False)
        .order_by(WorkKind.position, WorkKind.id))]


@dataclass(frozen=True, slots=True)
class KindSaid:
    """What a school says of a kind; `place` is its number in the list, from 1."""

    name: str
    short_name: str
    weight: int
    declared: bool
    retired: bool
    place: int

    @property
    def state(self) -> str:
        """All of it as one word, so that a form tells what it has shown."""
        return "|".join(str(value) for value in asdict(self).values())


def kinds_of_school(session: Session) -> list[tuple[WorkKind, KindSaid]]:
    """Every kind in order. One statement."""
    kinds = session.scalars(select(WorkKind).order_by(WorkKind.position, WorkKind.id)
                            .execution_options(populate_existing=True))
    return [(kind, KindSaid(kind.name, kind.short_name, kind.weight, kind.declared, kind.retired, place))
            for place, kind in enumerate(kinds, 1)]


def add_kind(session: Session, *, actor_id: int, said: KindSaid, key: str, now: datetime) -> WorkKind:
    """A kind of the school's own; the same key again answers as the first time."""
    code = f"own.{key_of(key)}"[:20]
    kinds = kinds_of_school(session)
    if there := next((kind for kind, _ in kinds if kind.code == code), None):
        return there
    said = _lawful(said, kinds)
    kind = WorkKind(code=code, name=said.name, short_name=said.short_name, weight=said.weight, declared=said.declared,
                    position=len(kinds), retired=False)
    session.add(kind)
    session.flush()
    _place([one for one, _ in kinds], kind, said.place)
    _refuse_first([*kinds, (kind, said)])
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="work_kind.added", subject_id=kind.id, code=code)
    return kind


def change_kind(session: Session, *, actor_id: int, kind_id: int, said: KindSaid, seen: str, now: datetime) -> WorkKind:
    """Say a kind anew, its place among the others included. What has it already keeps its weight. Raises Stale."""
    kinds = kinds_of_school(session)
    kind, before = next(one for one in kinds if one[0].id == kind_id)
    said = _lawful(said, [one for one in kinds if one[0] is not kind])
    if said == before:
        return kind
    if before.state != seen:
        raise Stale("Этот вид уже изменили", theirs=f"{before.name}, {before.short_name}, вес {before.weight}")
    changed = [name for name, value in asdict(said).items() if value != getattr(before, name)]
    kind.name, kind.short_name, kind.weight = said.name, said.short_name, said.weight
    kind.declared, kind.retired = said.declared, said.retired
    _place([one for one, _ in kinds if one is not kind], kind, said.place)
    _refuse_first(kinds)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="work_kind.changed", subject_id=kind.id, fields=changed)
    return kind


def _lawful(said: KindSaid, others: Sequence[tuple[WorkKind, KindSaid]]) -> KindSaid:
    """As it is kept. Raises Refused."""
    name = one_line(said.name, longest=60, field="name")
    short = one_line(said.short_name, longest=12, field="short_name")
    if not name or not short:
        raise Refused("Назовите вид работы: полностью и коротко, для шапки журнала",
                      field="short_name" if name else "name")
    for other, _ in others:
        if fold(other.name) == fold(name):
            raise Refused("Вид работы с таким названием уже есть", field="name")
        if fold(other.short_name) == fold(short):
            raise Refused(f"Так уже коротко называется «{other.name}»", field="short_name")
    if not 1 <= said.weight <= 20:
        raise Refused("Вес – целое число от 1 до 20", field="weight")
    return KindSaid(name, short, said.weight, said.declared, said.retired, min(max(said.place, 1), len(others) + 1))


def _place(others: Sequence[WorkKind], kind: WorkKind, place: int) -> None:
    for position, one in enumerate([*others[:place - 1], kind, *others[place - 1:]]):
        one.position = position


def _refuse_first(kinds: Sequence[tuple[WorkKind, KindSaid]]) -> None:
    """A mark put by a key is for the first kind: it must be in use, and for a pupil alone."""
    first = min((kind for kind, _ in kinds), key=lambda kind: kind.position)
    if first.retired or first.declared:
        raise Refused("Первым стоит то, за что ставят отметку клавишей: ответ ученика, а не работа всего класса "
                      "и не то, чем больше не пользуются", field="place")
