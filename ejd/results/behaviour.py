"""The mark for behaviour of a term and of the year, set by the class teacher on the school's scale; none by default.
It is no mark of a subject and enters no figure of timeliness (R1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.journal.closed import hold_class, result_door
from ejd.journal.wording import OLD_PAGE, key_of
from ejd.refusal import Refused, Stale
from ejd.results.models import BehaviourMark
from ejd.roster.belonging import touching
from ejd.roster.models import Enrolment, Person, SchoolClass
from ejd.school.calendar import TermDates
from ejd.school.queries import terms_of
from ejd.school.settings import Settings

OFF = "off"
SCALES = {OFF: (), "pass": ("зач", "незач"), "three": ("примерное", "удовл.", "неудовл."), "five": ("5", "4", "3", "2")}
NOTHING_THERE = "пусто"
YEAR = 0  # in place of a term's id


@dataclass(frozen=True, slots=True)
class NewBehaviour:
    """A mark about to be set; an empty value takes it back. `version` is the one seen, 0 where none stood."""

    pupil_id: int
    value: str
    key: str
    version: int


@dataclass(frozen=True, slots=True)
class BehaviourRow:
    pupil_id: int
    name: str
    values: dict[int, str]  # by term, the year's by YEAR
    version: int


@dataclass(frozen=True, slots=True)
class BehaviourPage:
    """The class's terms, behind the last one the year, the one that is open, and its pupils."""

    terms: Sequence[TermDates]
    term: TermDates
    scale: Sequence[str]
    rows: Sequence[BehaviourRow]


def scale_on(settings: Settings, day: date) -> tuple[str, ...]:
    """The values of the school's scale; none when behaviour is not marked."""
    return SCALES[settings.value("behaviour", on=day)]


def behaviour_page(session: Session, *, school_class: SchoolClass, term_id: int | None, settings: Settings,
                   today: date) -> BehaviourPage | None:
    """The page of a class, open at a term (None: that of the day); None when there is no such term. Three statements.
    """
    terms = _periods([term for term in terms_of(session, school_class.year_id)
                      if term.scheme == school_class.term_scheme], today)
    term = next((one for one in reversed(terms) if term_id == one.id or (term_id is None and one.id != YEAR)), None)
    if term is None:
        return None
    pupils = session.scalars(
        select(Person).join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id == school_class.id, touching(Enrolment, min(today, term.ends_on), term.ends_on))
        .order_by(Person.sort_key, Person.id)).unique().all()
    marks = {(mark.pupil_id, mark.term_id or YEAR): mark for mark in session.scalars(
        select(BehaviourMark).where(BehaviourMark.class_id == school_class.id))}
    rows = []
    for pupil in pupils:
        stands = marks.get((pupil.id, term.id))
        values = {one.id: mark.value or "" for one in terms if (mark := marks.get((pupil.id, one.id)))}
        rows.append(BehaviourRow(pupil.id, f"{pupil.last_name} {pupil.first_name}", values,
                                 stands.version if stands else 0))
    return BehaviourPage(terms, term, scale_on(settings, min(today, term.ends_on)), rows)


def _periods(terms: Sequence[TermDates], today: date) -> list[TermDates]:
    """The terms begun; once the last one has, the year behind them."""
    begun = [term for term in terms if term.starts_on <= today]
    if not begun or len(begun) < len(terms):
        return begun
    return [*begun, TermDates(YEAR, begun[0].scheme, len(begun) + 1, "Год", begun[0].starts_on, begun[-1].ends_on)]


def set_behaviour(session: Session, *, school_class: SchoolClass, term_id: int, marks: Sequence[NewBehaviour],
                  actor_id: int, settings: Settings, now: datetime) -> None:
    """Set marks of one class in a term, all or none. Raises Refused, or Stale when another hand was there; the same key
    again answers as the first time."""
    page = behaviour_page(session, school_class=school_class, term_id=term_id, settings=settings,
                          today=clock.local(now).date())
    if page is None or not page.scale:
        raise Refused("Поведение в этой школе не оценивают" if page else "Такого периода нет: обновите страницу")
    hold_class(session, school_class.id)
    result_door(session, class_id=school_class.id, course_id=None, term_id=term_id or None,
                year_id=school_class.year_id, now=now)
    known = {row.pupil_id for row in page.rows}
    for one in marks:
        try:
            if one.pupil_id not in known:
                raise Refused("Этого ученика в классе нет: обновите страницу")
            if one.value and one.value not in page.scale:
                raise Refused(f"Поведение оценивают так: {', '.join(page.scale)}")
            _put(session, school_class, term_id, one, actor_id, now)
        except Refused as refused:
            refused.pupil_id = one.pupil_id
            raise


def _put(session: Session, school_class: SchoolClass, term_id: int, one: NewBehaviour, actor_id: int,
         now: datetime) -> None:
    key_of(one.key)
    place = {"pupil_id": one.pupil_id, "class_id": school_class.id, "term_id": term_id or None}
    query = select(BehaviourMark).filter_by(**place).with_for_update().execution_options(populate_existing=True)
    stands = session.scalars(query).first()
    before, value = stands.value if stands else None, one.value or None
    if before == value:
        return
    if stands is not None and stands.last_key == one.key:
        raise Refused(OLD_PAGE)
    if (stands.version if stands else 0) != one.version:
        raise Stale("Отметку уже изменили", theirs=before or NOTHING_THERE)
    try:
        with session.begin_nested():
            if stands is None:
                stands = BehaviourMark(**place, version=0)
                session.add(stands)
            stands.value, stands.last_key, stands.version = value, one.key, stands.version + 1
            stands.entered_at, stands.entered_by_id = now, actor_id
            session.flush()
    except IntegrityError:  # another hand set it first
        raise Stale("Отметку уже изменили", theirs=session.scalars(query).one().value or NOTHING_THERE) from None
    trail.record(session, now=now, actor_id=actor_id, verb="behaviour.set", subject_id=stands.id, pupil=one.pupil_id,
                 class_id=school_class.id, term_id=term_id, before=before or "", after=value or "")
