"""The history of a journal's results: who set and changed which, when, from what to what (R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.results.models import Period, TermMark, TermMarkCorrection
from ejd.roster.models import Person
from ejd.school.models import Term

PERIODS = {Period.YEAR.value: "год", Period.EXAM.value: "экзамен", Period.FINAL.value: "итоговая"}
NONE = "нет"
MOST = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """One result set or changed."""

    at: datetime
    who: str
    pupil: str
    period: str
    before: str
    after: str
    why: str


def history_of_results(session: Session, course_id: int) -> list[Event]:
    """Every result that was set from the journal, with its changes, the latest first. One statement."""
    pupil, by, changer = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(TermMark, pupil, by, TermMarkCorrection, changer, Term.name)
        .join(pupil, pupil.id == TermMark.pupil_id).join(by, by.id == TermMark.entered_by_id)
        .outerjoin(TermMarkCorrection, TermMarkCorrection.term_mark_id == TermMark.id)
        .outerjoin(changer, changer.id == TermMarkCorrection.corrected_by_id)
        .outerjoin(Term, Term.id == TermMark.term_id)
        .where(TermMark.course_id == course_id).order_by(TermMark.id, TermMarkCorrection.id)).all()
    told: set[int] = set()
    events = []
    for mark, whose, who, change, changed_by, term in rows:
        period = term or PERIODS.get(mark.period, mark.period)
        if mark.id not in told:
            told.add(mark.id)
            value = change.before if change is not None else mark.value
            why = f"предлагалось {mark.suggested}" if mark.suggested and mark.suggested != value else ""
            events.append(Event(mark.entered_at, who.short_name, whose.short_name, period, NONE, value or NONE,
                                "; ".join(filter(None, (mark.reason, why, _apart(mark.after_closing))))))
        if change is not None:
            events.append(Event(change.corrected_at, changed_by.short_name, whose.short_name, period,
                                change.before or NONE, change.after or NONE, _apart(change.after_closing)))
    return sorted(events, key=lambda event: event.at)[::-1][:MOST]


def _apart(after_closing: bool) -> str:
    """What was changed under a reopening says so (R8)."""
    return "после закрытия" if after_closing else ""
