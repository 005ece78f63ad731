"""The parents' meeting of a class: its check list with what is done, and the ticks of the class teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select, true

from ejd.audit import trail
from ejd.credentials.holders import custom_of
from ejd.credentials.register import Register, Standing, register_on
from ejd.db import Session
from ejd.families import letters, wording
from ejd.families.meeting_plan import CODES, Facts, Point, Ready, points, ready
from ejd.families.models import MeetingPoint
from ejd.families.provision import Form
from ejd.families.queries import FormRow, forms_of_class
from ejd.families.to_do import NOBODY, ItemKind, class_items
from ejd.families.wording import Known, LetterKind, Text
from ejd.refusal import Refused
from ejd.roster.models import Person, SchoolClass
from ejd.school.models import SchoolYear
from ejd.school.settings import Settings

WITHOUT = {Standing.NONE, Standing.LAPSED}


@dataclass(frozen=True, slots=True)
class Tick:
    """Who has ticked a point off, and when."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """The check list of a class, and how many of each paper its families may need."""

    points: Sequence[Point]
    ready: Mapping[str, Ready]
    ticks: Mapping[str, Tick]
    families: int  # pupils: a memo goes to each family
    annulments: int  # guardians who may take a statement back
    requests: int  # pupils one of whose guardians has refused
    on_paper: bool
    without_cards: int  # whom the class teacher may give one


def day_of(year: SchoolYear, today: date) -> date:
    """The day on which the class is looked at: the nearest of its year."""
    return min(max(today, year.starts_on), year.ends_on)


def meeting_of(session: Session, *, listed: tuple[SchoolClass, SchoolYear], settings: Settings, today: date,
               now: datetime, real_now: datetime) -> Meeting:
    """Seven statements."""
    school_class, day = listed[0], day_of(listed[1], today)
    known = letters.known(session, settings=settings, today=today)
    values = wording.texts(known)
    memo, ticks = _memo_and_ticks(session, school_class.id, values)
    register = register_on(session, class_id=school_class.id, custom=custom_of(settings), day=day, real_now=real_now)
    rows = forms_of_class(session, class_id=school_class.id, day=day)
    sheets = {one.kind: one.count for one in class_items(session, reader_id=NOBODY, class_ids={school_class.id},
                                                         today=today, now=now)}
    facts = _facts(known, memo, register, rows, sheets)
    refused = {row.pupil_id for row in rows if row.form is Form.REFUSED}
    return Meeting(points(values), ready(facts), ticks,
                   families=len({row.pupil_id for row in rows}), annulments=facts.no_internet + facts.refused,
                   requests=len(refused), on_paper=bool(facts.no_internet + facts.refused),
                   without_cards=sum(not one.employed and one.standing in WITHOUT for one in register.people.values()))


def tick(session: Session, *, class_id: int, code: str, done: bool, actor_id: int, today: date, now: datetime) -> None:
    """Tick a point of the plan off, or take the tick back; what is so already stays as it is."""
    if code not in CODES:
        raise Refused("Такого пункта в плане нет: обновите страницу")
    session.execute(select(SchoolClass.id).filter_by(id=class_id).with_for_update())
    row = session.get(MeetingPoint, (class_id, code), populate_existing=True)
    if done == (row is not None):
        return
    if row is None:
        session.add(MeetingPoint(class_id=class_id, point=code, done_on=today, done_by_id=actor_id))
    else:
        session.delete(row)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="meeting.told" if done else "meeting.untold",
                 subject_id=class_id, point=code)


def _memo_and_ticks(session: Session, class_id: int, values: dict[str, str]) -> tuple[Text, dict[str, Tick]]:
    """One statement."""
    memo, always = letters.newest(LetterKind.MEMO), select(literal(1)).subquery()
    rows = session.execute(
        select(memo, MeetingPoint, Person).select_from(always).outerjoin(memo, true())
        .outerjoin(MeetingPoint, MeetingPoint.class_id == class_id)
        .outerjoin(Person, Person.id == MeetingPoint.done_by_id)).all()
    return letters.text_of(LetterKind.MEMO, rows[0][0], values), {
        point.point: Tick(point.done_on, person.short_name) for _, point, person in rows if point}


def _facts(known: Known, memo: Text, register: Register, rows: Sequence[FormRow], sheets: Mapping[ItemKind, int]
           ) -> Facts:
    people = [one for one in register.people.values() if one.standing is not Standing.SHUT]
    on_paper = [row for row in rows if row.form in (Form.PAPER, Form.REFUSED)]
    return Facts(
        address=known.settings["school.address"], launch=known.launch, memo=memo.number, memo_stale=bool(memo.stale),
        people=len(people), without=sum(one.standing in WITHOUT for one in people),
        waiting=sum(one.standing is Standing.MADE for one in people),
        no_internet=sum(row.form is Form.PAPER for row in on_paper),
        refused=sum(row.form is Form.REFUSED for row in on_paper),
        unsigned=sum(row.paper is None for row in on_paper), to_print=sheets.get(ItemKind.TO_PRINT, 0),
        to_hand=sheets.get(ItemKind.TO_HAND, 0))
