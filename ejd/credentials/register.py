"""The issue register (R31, R32; appendix 6): whose card exists, who received it when, who has signed in. Never a
password. Marks of handing out are taken back by a new fact in the record, never lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.audit import trail
from ejd.bulk import in_parts
from ejd.credentials import holders
from ejd.credentials.holders import Holder, Scope
from ejd.credentials.models import Card
from ejd.credentials.receiving import Custom, Table
from ejd.db import Session
from ejd.documents import tables
from ejd.documents.tables import Column
from ejd.refusal import Refused, Stale
from ejd.roster.models import Person


class Standing(StrEnum):
    """How far a person has come with signing in."""

    NONE = "карточки нет"
    MADE = "не выдана"
    HANDED = "выдана"
    LAPSED = "срок истёк"
    USED = "вход выполнен"
    SHUT = "вход закрыт"


@dataclass(frozen=True, slots=True)
class Held:
    """One person's card: whether it exists, was handed out, was used."""

    person_id: int
    name: str
    login: str
    standing: Standing
    employed: bool
    card_id: int | None = None
    version: int = 0
    made_at: datetime | None = None
    handed_on: date | None = None
    handed_to: str = ""
    handed_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether it exists and is still to be handed out."""
        return self.card_id is not None and self.handed_on is None


@dataclass(frozen=True, slots=True)
class Line:
    """A guardian of a pupil in table 1; `child` where the guardian receives the child's card too."""

    pupil: str
    relation: str
    guardian: Held | None  # none: the pupil has no guardian
    child: Held | None


@dataclass(frozen=True, slots=True)
class Register:
    """Both tables of one class."""

    guardians: Sequence[Line]
    pupils: Sequence[Held]

    @property
    def people(self) -> dict[int, Held]:
        """Everybody in it, once."""
        found = [one for line in self.guardians for one in (line.guardian, line.child) if one]
        return {one.person_id: one for one in (*found, *self.pupils)}

    @property
    def handings(self) -> list[Handing]:
        """What handing out the whole sheet would mean: a child's card goes to the first guardian listed."""
        found: dict[int, Handing] = {}
        for line in self.guardians:
            for one in (line.guardian, line.child):
                if line.guardian and one and one.card_id and one.waits:
                    found.setdefault(one.card_id, Handing(one.card_id, line.guardian.person_id, one.version))
        own = [Handing(one.card_id, one.person_id, one.version) for one in self.pupils if one.card_id and one.waits]
        return [*found.values(), *own]


@dataclass(frozen=True, slots=True)
class Figures:
    """A class in the overview: how many people are to have a card, and how far they are."""

    class_id: int | None
    class_name: str
    grade: int
    people: int
    without: int
    waiting: int
    unused: int
    used: int


@dataclass(frozen=True, slots=True)
class Handing:
    """A card goes into somebody's hands; `version` as it was seen."""

    card_id: int
    to_id: int
    version: int


def register_of(session: Session, *, class_id: int, custom: Custom, today: date, real_now: datetime) -> Register:
    """The register of a class as it stands. Three statements."""
    return register_on(session, class_id=class_id, custom=custom, day=holders.school_day(session, today),
                       real_now=real_now)


def register_on(session: Session, *, class_id: int, custom: Custom, day: date, real_now: datetime) -> Register:
    """The same on a day of the class's year. Two statements."""
    found = holders.families(session, scope=Scope(class_id=class_id), custom=custom, day=day)
    cards = _cards(session, {one.person.id for one in found})
    held = [(one, _held(one, cards.get(one.person.id), real_now)) for one in found]
    lines = [line for _, group in groupby(held, key=lambda pair: pair[0].pupil) for line in _lines(list(group))]
    return Register(lines, [one for holder, one in held if holder.table is Table.PUPILS])


def _lines(of_pupil: Sequence[tuple[Holder, Held]]) -> Iterator[Line]:
    (child, own), guardians = of_pupil[-1], of_pupil[:-1]
    shared = own if child.table is Table.GUARDIANS else None
    for holder, one in guardians:
        yield Line(child.person.full_name, holder.relation, one, shared)
    if not guardians:
        yield Line(child.person.full_name, "", None, None)


def figures(session: Session, *, custom: Custom, today: date, real_now: datetime) -> list[Figures]:
    """Every class of the year. Three statements."""
    return [Figures(
        holder.class_id, holder.class_name, holder.grade, len(people),
        sum(one.standing in {Standing.NONE, Standing.LAPSED} for one in people),
        sum(one.standing is Standing.MADE for one in people),
        sum(one.standing is Standing.HANDED for one in people),
        sum(one.standing is Standing.USED for one in people))
        for holder, people in _by_class(session, custom, today, real_now)]


def signed_in_of_all(session: Session, *, custom: Custom, today: date, real_now: datetime) -> tuple[int, int]:
    """Of the whole school, who stands in the registers of several classes once: how many are to have a card, and how
    many of them have signed in. Three statements."""
    people = {one.person_id: one for _, of_class in _by_class(session, custom, today, real_now) for one in of_class}
    return len(people), sum(one.standing is Standing.USED for one in people.values())


def _by_class(session: Session, custom: Custom, today: date, real_now: datetime) -> Iterator[
        tuple[Holder, list[Held]]]:
    """Everybody of a class once, with one who tells of the class; whom a form closes is to have no card."""
    day = holders.school_day(session, today)
    found = [one for one in holders.families(session, scope=Scope(), custom=custom, day=day) if one.table]
    cards = _cards(session, None)
    for _, group in groupby(found, key=lambda one: one.class_id):
        of_class = list(group)
        known = {one.person.id: _held(one, cards.get(one.person.id), real_now) for one in of_class}.values()
        yield of_class[0], [one for one in known if one.standing is not Standing.SHUT]


def _cards(session: Session, person_ids: set[int] | None) -> dict[int, tuple[Card, str, str]]:
    """The card of each of these people that holds, who received it and who gave it; None: of everybody, in one
    statement."""
    receiver, giver = aliased(Person), aliased(Person)
    query = (select(Card, receiver, giver).outerjoin(receiver, receiver.id == Card.handed_to_id)
             .outerjoin(giver, giver.id == Card.handed_by_id)
             .where(Card.cancelled_at.is_(None)).order_by(Card.id).execution_options(populate_existing=True))
    queries = [query] if person_ids is None else [query.where(Card.person_id.in_(part))
                                                  for part in in_parts(person_ids)]
    rows = (row for one in queries for row in session.execute(one))
    return {card.person_id: (card, who.short_name if who else "", by.short_name if by else "")
            for card, who, by in rows}


def _held(holder: Holder, known: tuple[Card, str, str] | None, real_now: datetime) -> Held:
    card, to, by = known or (None, "", "")
    account = holder.account
    return Held(holder.person.id, holder.person.full_name, account.login if account else "",
                _standing(holder, card, real_now), holder.employed,
                *((card.id, card.version, card.made_at, card.handed_on, to, by) if card else ()))


def _standing(holder: Holder, card: Card | None, real_now: datetime) -> Standing:
    account = holder.account
    if account is not None and account.disabled_at is not None:
        return Standing.SHUT
    if account is not None and account.has_signed_in:
        return Standing.USED
    if card is None and not holders.works(account, real_now):
        return Standing.SHUT if holder.closed else Standing.NONE
    if not holders.works(account, real_now):
        return Standing.LAPSED
    return Standing.HANDED if card is None or card.handed_on else Standing.MADE


def hand_out(session: Session, *, actor_id: int, handings: Iterable[Handing], seen_in: Register, on: date,
             now: datetime) -> int:
    """Note that cards of a register were received, each by whom; how many. What was noted before stays as it was."""
    wanted = {one.card_id: one for one in handings}
    theirs = {one.card_id for one in seen_in.people.values()}
    if not wanted:
        raise Refused("Отметьте, какие карточки выданы", field="form")
    if not wanted.keys() <= theirs or not {one.to_id for one in wanted.values()} <= seen_in.people.keys():
        raise Stale("Ведомость за это время изменилась: проверьте её ещё раз", field="form")
    cards = _lock(session, wanted)
    today = clock.local(now).date()
    for card in cards:
        if not clock.local(card.made_at).date() <= on <= today:
            raise Refused("Карточку выдают не раньше, чем она сделана, и не позже сегодняшнего дня", field="on")
        if card.version != wanted[card.id].version:
            raise Stale("Эту ведомость только что отмечал кто-то другой: проверьте её ещё раз", field="form")
    for card in cards:
        card.handed_on, card.handed_to_id, card.handed_by_id = on, wanted[card.id].to_id, actor_id
        card.version += 1
    session.flush()
    trail.record_many(session, now=now, actor_id=actor_id, verb="card.handed", acts=[
        (card.id, {"person": card.person_id, "to": card.handed_to_id, "on": on}) for card in cards])
    return len(cards)


def take_back(session: Session, *, actor_id: int, card_id: int, version: int, seen_in: Register, now: datetime) -> None:
    """The mark of handing out was a mistake."""
    if card_id not in {one.card_id for one in seen_in.people.values()}:
        raise Refused("Такой карточки в этой ведомости нет: обновите страницу")
    [card] = _lock(session, {card_id: None})
    if card.version != version or card.handed_on is None:
        raise Stale("Эту ведомость только что отмечал кто-то другой: проверьте её ещё раз", field="form")
    card.handed_on = card.handed_to_id = card.handed_by_id = None
    card.version += 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="card.handing_withdrawn", subject_id=card.id,
                 person=card.person_id)


def _lock(session: Session, wanted: Mapping[int, object]) -> list[Card]:
    return list(session.scalars(select(Card).where(Card.id.in_(wanted)).order_by(Card.id).with_for_update()
                                .execution_options(populate_existing=True)))


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives the cards out: position and name, either left to be written by hand."""

    post: str = ""
    name: str = ""

    @property
    def lines(self) -> tuple[str, str]:
        who = f"{self.post or '_' * 26} {self.name or '_' * 46}"
        return (f"Карточки выдал(а) (должность, фамилия, имя, отчество): {who}",
                f"Подпись {'_' * 24}   Дата: «____» {'_' * 18} 20____ года")


def paper(register: Register, table: Table, *, class_name: str, school: str, made_on: date, issuer: Issuer,
          coming: Collection[int] = ()) -> bytes:
    """A table of the register to be signed, as appendix 6 has it, with what is marked as handed out already; `coming`:
    whose cards are made along with it."""
    if table is Table.GUARDIANS:
        title = "Таблица 1. Родители (законные представители)"
        columns = [Column("№", 8, "right"), Column("Ученик", 46), Column("Родитель (законный представитель)", 46),
                   Column("Карточки", 20), Column("Дата", 20), Column("Подпись", 26), Column("Выдал", 24)]
        rows: list[list[tables.Value]] = [
            [number, line.pupil, line.guardian.name if line.guardian else "представителя нет", _which(line, coming),
             *_handed([one for one, _ in _signed(line, coming)], coming)]
            for number, line in enumerate(register.guardians, 1)]
    else:
        title = "Таблица 2. Ученики, которые получают логин и пароль лично"
        columns = [Column("№", 8, "right"), Column("Ученик", 70), Column("Дата", 22), Column("Подпись", 36),
                   Column("Выдал", 28)]
        rows = [[number, one.name, *_handed([one], coming)] for number, one in enumerate(register.pupils, 1)]
    return tables.as_pdf(tables.Table(
        f"Ведомость выдачи логинов и паролей. Класс {class_name}", f"{school}. Приложение № 6. {title}", columns,
        rows, made_on, to_sign=True, below=("", *issuer.lines)))


def _handed(signed: Sequence[Held], coming: Collection[int]) -> list[tables.Value]:
    """When cards were handed out and by whom, around the place to sign: once nothing that is signed for waits."""
    days = [(one.handed_on, one.handed_by) for one in signed if one.handed_on and one.person_id not in coming]
    if not days or len(days) < len(signed):
        return ["", "", ""]
    on, by = max(days)
    return [on, "", by]


def _signed(line: Line, coming: Collection[int]) -> list[tuple[Held, str]]:
    """Which cards a guardian signs for, and whose they are."""
    named = ((line.guardian, "своя"), (line.child, "ребёнка"))
    return [(one, whose) for one, whose in named if one and (one.card_id or one.person_id in coming)]


def _which(line: Line, coming: Collection[int]) -> str:
    return ", ".join(whose for _, whose in _signed(line, coming)) or "–"
