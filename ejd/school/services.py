"""Acts on the school's time: the year, its terms, days off and bells.

Each compares with what stands and changes only what differs, so that the same import twice changes nothing.
None touches lessons: whoever changes the calendar or bells calls `ejd.schedule.remaking` after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from ejd import clock, names
from ejd.audit import trail
from ejd.db import Session
from ejd.refusal import Refused
from ejd.school import term_facts
from ejd.school.models import Bell, BellSchedule, DayOff, SchoolYear, Term
from ejd.school.year_plan import (
    LONGEST_NAME,
    BellPlan,
    DayOffPlan,
    TermPlan,
    fault_of_bells,
    fault_of_days_off,
    fault_of_terms,
    fault_of_year,
    usual_days_off,
    usual_terms,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an act added, changed and removed; false when nothing differed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def open_year(session: Session, *, actor_id: int | None, starts_on: date, ends_on: date, now: datetime,
              terms: Mapping[str, Sequence[TermPlan]] | None = None,
              days_off: Sequence[DayOffPlan] | None = None) -> SchoolYear:
    """Open the school year («2026/2027» by its first day), or move the dates of the one that is open.

    Terms (by scheme) and days off not given are prefilled for a new year.
    """
    if reason := fault_of_year(starts_on, ends_on):
        raise Refused(reason, field="ends_on")
    name = f"{starts_on.year}/{starts_on.year + 1}"
    year = session.scalar(select(SchoolYear).filter_by(name=name))
    _refuse_overlap(session, name, starts_on, ends_on)
    if year is None:
        year = SchoolYear(name=name, starts_on=starts_on, ends_on=ends_on)
        session.add(year)
        session.flush()
        _note(session, now, actor_id, "year.opened", year.id, starts_on=starts_on, ends_on=ends_on)
        terms = usual_terms(starts_on, ends_on) if terms is None else terms
        days_off = usual_days_off(starts_on, ends_on) if days_off is None else days_off
    elif (year.starts_on, year.ends_on) != (starts_on, ends_on):
        _move_year(session, year, starts_on, ends_on, replaced=set(terms or ()))
        _note(session, now, actor_id, "year.moved", year.id, starts_on=starts_on, ends_on=ends_on)
    for scheme, plans in (terms or {}).items():
        put_terms(session, actor_id=actor_id, year_id=year.id, scheme=scheme, terms=plans, now=now)
    if days_off is not None:
        put_days_off(session, actor_id=actor_id, year_id=year.id, rows=days_off, now=now)
    return year


def put_terms(session: Session, *, actor_id: int | None, year_id: int, scheme: str, terms: Sequence[TermPlan],
              now: datetime) -> Changes:
    """Make `terms` all the terms of one scheme (R15)."""
    if reason := fault_of_terms(scheme, terms, _span(session, year_id)):
        raise Refused(reason, field="terms")
    standing = {term.number: term for term in session.scalars(
        select(Term).filter_by(year_id=year_id, scheme=scheme))}
    wanted = {plan.number: plan for plan in terms}
    _refuse_settled(session, standing, wanted)
    changed = 0
    for number, plan in wanted.items():
        term = standing.get(number) or Term(year_id=year_id, scheme=scheme, number=number)
        if _put(term, name=names.tidy(plan.name), starts_on=plan.starts_on, ends_on=plan.ends_on):
            changed += number in standing
            session.add(term)
            session.flush()
            _note(session, now, actor_id, "term.put", term.id, starts_on=plan.starts_on, ends_on=plan.ends_on)
    gone = [standing[number] for number in sorted(standing.keys() - wanted.keys())]
    for term in gone:
        _note(session, now, actor_id, "term.removed", term.id, starts_on=term.starts_on, ends_on=term.ends_on)
        session.delete(term)
    session.flush()
    return Changes(len(wanted.keys() - standing.keys()), changed, len(gone))


def put_days_off(session: Session, *, actor_id: int | None, year_id: int, rows: Sequence[DayOffPlan],
                 now: datetime) -> Changes:
    """Make `rows` all the holidays and days off of the year but those of single classes; those that have begun are
    never removed."""
    today = clock.local(now).date()
    standing = list(session.scalars(select(DayOff).filter_by(year_id=year_id, class_id=None)
                                    .order_by(DayOff.starts_on, DayOff.id)))
    pairs, new = _pair(standing, [_tidy(row) for row in rows])
    paired = {id(row) for row, _ in pairs}
    gone = [row for row in standing if id(row) not in paired and row.starts_on > today]
    kept = [_plan_of(row) for row in standing if id(row) not in paired and row.starts_on <= today]
    if reason := fault_of_days_off([*kept, *(plan for _, plan in pairs), *new], _span(session, year_id)):
        raise Refused(reason, field="days_off")
    for row in gone:
        _drop_day_off(session, row, actor_id, now)
    changed = sum(_write_day_off(session, row, plan, actor_id, now) for row, plan in pairs)
    for plan in new:
        _write_day_off(session, DayOff(year_id=year_id), plan, actor_id, now)
    return Changes(len(new), changed, len(gone))


def put_day_off(session: Session, *, actor_id: int | None, year_id: int, row: DayOffPlan, now: datetime,
                day_off_id: int | None = None) -> DayOff:
    """Add one day off or span of holidays, or change the one named."""
    standing = list(session.scalars(select(DayOff).filter_by(year_id=year_id)))
    plan = _tidy(row)
    others = [_plan_of(other) for other in standing if other.id != day_off_id]
    if reason := fault_of_days_off([plan, *others], _span(session, year_id)):
        raise Refused(reason, field="starts_on")
    found = next((other for other in standing if other.id == day_off_id), DayOff(year_id=year_id))
    _write_day_off(session, found, plan, actor_id, now)
    return found


def remove_day_off(session: Session, *, actor_id: int | None, day_off: DayOff, now: datetime) -> None:
    """Take away holidays or a day off that have not begun."""
    if day_off.starts_on <= clock.local(now).date():
        raise Refused(f"«{day_off.name}» уже начались или прошли: убрать можно только будущие. "
                      "Последний день можно передвинуть")
    _drop_day_off(session, day_off, actor_id, now)


def put_bells(session: Session, *, actor_id: int | None, name: str, bells: Sequence[BellPlan],
              now: datetime) -> BellSchedule:
    """Make `bells` all the bells of the schedule of that name («Основное»), which is made when it is new."""
    name = names.tidy(name)
    if not name:
        raise Refused("Назовите расписание звонков, например «Основное»", field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Название не длиннее {LONGEST_NAME} знаков", field="name")
    if reason := fault_of_bells(bells):
        raise Refused(reason, field="bells")
    schedule = session.scalar(select(BellSchedule).filter_by(name=name))
    if schedule is None:
        schedule = BellSchedule(name=name)
        session.add(schedule)
        session.flush()
    standing = {bell.number: bell for bell in session.scalars(select(Bell).filter_by(schedule_id=schedule.id))}
    wanted = {plan.number: plan for plan in bells}
    numbers = set(standing.keys() - wanted.keys())
    session.execute(delete(Bell).where(Bell.schedule_id == schedule.id, Bell.number.in_(numbers)))
    for number, plan in wanted.items():
        bell = standing.get(number) or Bell(schedule_id=schedule.id, number=number)
        if _put(bell, starts_at=plan.starts_at, ends_at=plan.ends_at):
            session.add(bell)
            numbers.add(number)
    session.flush()
    if numbers:
        _note(session, now, actor_id, "bells.changed", schedule.id, numbers=sorted(numbers))
    return schedule


def _refuse_settled(session: Session, standing: Mapping[int, Term], wanted: Mapping[int, TermPlan]) -> None:
    """A term that marks or journals hang on stays; one that is closed keeps its dates (R8)."""
    gone = {term.id: term for number, term in standing.items() if number not in wanted}
    if found := term_facts.terms_with_facts(session, gone):
        raise Refused(f"«{gone[min(found)].name}» убрать нельзя: за этот период уже есть отметки или решения",
                      field="terms")
    moved = {term.id: term for number, term in standing.items() if number in wanted
             and (term.starts_on, term.ends_on) != (wanted[number].starts_on, wanted[number].ends_on)}
    if moved and (found := term_facts.closed_terms(session, moved)):
        raise Refused(f"«{moved[min(found)].name}» уже закрыта в журналах: её даты больше не меняются", field="terms")


def _refuse_overlap(session: Session, name: str, starts_on: date, ends_on: date) -> None:
    other = session.scalar(select(SchoolYear).where(
        SchoolYear.name != name, SchoolYear.starts_on <= ends_on, SchoolYear.ends_on >= starts_on))
    if other is not None:
        raise Refused(f"Эти даты пересекаются с учебным годом {other.name}", field="starts_on")


def _move_year(session: Session, year: SchoolYear, starts_on: date, ends_on: date, *, replaced: set[str]) -> None:
    """Move a year's dates; terms that are not being replaced must fit, and those at its edges move along."""
    terms = session.scalars(select(Term).where(Term.year_id == year.id, Term.scheme.not_in(replaced))
                            .order_by(Term.scheme, Term.number)).all()
    for term in terms:
        if term.starts_on == year.starts_on:
            term.starts_on = starts_on
        if term.ends_on == year.ends_on:
            term.ends_on = ends_on
    year.starts_on, year.ends_on = starts_on, ends_on
    for scheme in {term.scheme for term in terms}:
        plans = [TermPlan(t.number, t.name, t.starts_on, t.ends_on) for t in terms if t.scheme == scheme]
        if reason := fault_of_terms(scheme, plans, (starts_on, ends_on)):
            raise Refused(reason, field="ends_on")
    session.flush()


def _span(session: Session, year_id: int) -> tuple[date, date]:
    return session.execute(select(SchoolYear.starts_on, SchoolYear.ends_on).filter_by(id=year_id)).one()


def _pair(standing: Sequence[DayOff], plans: Sequence[DayOffPlan]) -> tuple[list[tuple[DayOff, DayOffPlan]],
                                                                           list[DayOffPlan]]:
    """Which standing row each plan means: an equal one, else the first left of the same name and grades."""
    left, pairs, unequal = list(standing), [], []
    for plan in plans:
        if (equal := next((row for row in left if _plan_of(row) == plan), None)) is None:
            unequal.append(plan)
            continue
        left.remove(equal)
        pairs.append((equal, plan))
    new = []
    for plan in unequal:
        named = next((row for row in left if _identity(_plan_of(row)) == _identity(plan)), None)
        if named is None:
            new.append(plan)
            continue
        left.remove(named)
        pairs.append((named, plan))
    return pairs, new


def _identity(plan: DayOffPlan) -> tuple[str, int, int]:
    return names.fold(plan.name), plan.first_grade, plan.last_grade


def _tidy(plan: DayOffPlan) -> DayOffPlan:
    return DayOffPlan(**{**asdict(plan), "name": names.tidy(plan.name)})


def _plan_of(row: DayOff) -> DayOffPlan:
    return DayOffPlan(row.name, row.starts_on, row.ends_on, row.holidays, row.first_grade, row.last_grade, row.class_id)


def _write_day_off(session: Session, row: DayOff, plan: DayOffPlan, actor_id: int | None, now: datetime) -> bool:
    if not _put(row, **asdict(plan)):
        return False
    session.add(row)
    session.flush()
    _note_day_off(session, "day_off.put", row, actor_id, now)
    return True


def _drop_day_off(session: Session, row: DayOff, actor_id: int | None, now: datetime) -> None:
    _note_day_off(session, "day_off.removed", row, actor_id, now)
    session.delete(row)
    session.flush()


def _note_day_off(session: Session, verb: str, row: DayOff, actor_id: int | None, now: datetime) -> None:
    _note(session, now, actor_id, verb, row.id, starts_on=row.starts_on, ends_on=row.ends_on,
          grades=[row.first_grade, row.last_grade], class_id=row.class_id)


def _put(row: object, **values: object) -> bool:
    """Set only the columns that differ; whether any did."""
    differ = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differ.items():
        setattr(row, name, value)
    return bool(differ)


def _note(session: Session, now: datetime, actor_id: int | None, verb: str, subject_id: int, **data: object) -> None:
    trail.record(session, now=now, actor_id=actor_id, verb=verb, subject_id=subject_id, **data)
