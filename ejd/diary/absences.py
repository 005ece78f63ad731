"""What a family reads of absences: days and lessons missed in a term, by reason, and what was announced and answered
(R10, R40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ejd.db import Session
from ejd.diary.queries import place_of
from ejd.journal import missed
from ejd.journal.missed import DayMissed, Missed
from ejd.journal.queries_absences import ExcuseCard, excuses_of_pupil
from ejd.school.calendar import TermDates
from ejd.school.queries import calendar_of


@dataclass(frozen=True, slots=True)
class Absences:
    """One term of a pupil, the terms begun so far to choose from, and the year's announcements."""

    class_name: str
    terms: Sequence[TermDates] = ()
    term: TermDates | None = None
    missed: Missed | None = None
    days: Sequence[DayMissed] = ()
    excuses: Sequence[ExcuseCard] = ()


def absences_of(session: Session, *, pupil_id: int, number: int | None, today: date) -> Absences | None:
    """A term by its number (None: the one that a page opens with); None when there is no such term. Six statements."""
    place = place_of(session, pupil_id=pupil_id, on=today)
    if place is None:
        return Absences("") if number is None else None
    year = calendar_of(session, place.year_id)
    opens_with = year.of(grade=place.grade, scheme=place.term_scheme).term_to_show(today)
    terms = [term for term in year.terms_by(place.term_scheme) if term.starts_on <= today or term is opens_with]
    term = opens_with if number is None else next((term for term in terms if term.number == number), None)
    if term is None:
        return Absences(place.name, terms) if number is None else None
    found, days = missed.of_pupil(session, pupil_id=pupil_id, first=term.starts_on, last=term.ends_on)
    return Absences(place.name, terms, term, found, days,
                    excuses_of_pupil(session, pupil_id=pupil_id, since=year.starts_on, today=today))
