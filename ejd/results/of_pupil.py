"""A pupil's own results as the family reads them: subjects × terms, year, exam and final mark. Two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, bindparam, literal, select, union_all

from ejd.db import Session
from ejd.names import fold
from ejd.results.models import BehaviourMark, TermMark
from ejd.results.queries import Slot, places_of, slots_of
from ejd.roster.models import Enrolment, SchoolClass, Subject
from ejd.school.calendar import TermDates
from ejd.school.models import SchoolYear, Term

BEHAVIOUR = "Поведение"


@dataclass(frozen=True, slots=True)
class PupilResults:
    """`subjects` have results in some of the `slots`, by their code; the mark for behaviour comes last."""

    class_name: str = ""
    year_name: str = ""
    slots: Sequence[Slot] = ()
    subjects: Sequence[tuple[str, Mapping[str, str]]] = ()
    last: Slot | None = None  # the latest term that has begun

    def standing(self, marked: Mapping[str, str | None]) -> tuple[int, int] | None:
        """How many results of the latest term stand, of how many; None when none or all do. `marked`: the subjects
        that are marked, with their own scheme of terms."""
        if self.last is None or self.last.term is None:
            return None
        scheme = self.last.term.scheme
        there = {subject for subject, values in self.subjects if subject != BEHAVIOUR and values.get(self.last.code)}
        awaited = there | {subject for subject, own in marked.items() if own in (None, scheme)}
        return (len(there), len(awaited)) if 0 < len(there) < len(awaited) else None


def results_of_pupil(session: Session, *, pupil_id: int, today: date) -> PupilResults:
    """Of the year of the pupil's class on the day, or of the last one before it."""
    head = session.execute(_HEAD, {"pupil_id": pupil_id, "today": today}).all()
    if not head:
        return PupilResults()
    school_class, year = head[0].SchoolClass, head[0].SchoolYear
    terms = [TermDates(*row[2:]) for row in head if row.id is not None]
    slots = slots_of([term for term in terms if term.scheme == school_class.term_scheme], school_class.grade)
    place = places_of(slots, terms)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, period, term_id, value in session.execute(_RESULTS, {
            "pupil_id": pupil_id, "year_id": year.id, "class_id": school_class.id}):
        found[subject][place.get(term_id, "") if term_id else period] = value
    filled = {code for values in found.values() for code in values}
    shown = [slot for slot in slots if slot.code in filled or (slot.term and slot.term.starts_on <= today)]
    return PupilResults(school_class.name, year.name, shown, sorted(
        found.items(), key=lambda item: (item[0] == BEHAVIOUR, fold(item[0]))),
        next((slot for slot in reversed(slots) if slot.term and slot.term.starts_on <= today), None))


def _head() -> Any:
    """The class with its year's terms."""
    last = (select(Enrolment.class_id)
            .where(Enrolment.pupil_id == bindparam("pupil_id", type_=Integer),
                   Enrolment.from_on <= bindparam("today", type_=Date))
            .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1).scalar_subquery())
    return (select(SchoolClass, SchoolYear, Term.id, Term.scheme, Term.number, Term.name, Term.starts_on, Term.ends_on)
            .join(SchoolYear, SchoolYear.id == SchoolClass.year_id).outerjoin(Term, Term.year_id == SchoolYear.id)
            .where(SchoolClass.id == last).order_by(Term.scheme, Term.number))


def _results() -> Any:
    pupil_id = bindparam("pupil_id", type_=Integer)
    results = (select(Subject.name, TermMark.period, TermMark.term_id, TermMark.value)
               .join(Subject, Subject.id == TermMark.subject_id)
               .where(TermMark.pupil_id == pupil_id, TermMark.year_id == bindparam("year_id", type_=Integer),
                      TermMark.value.is_not(None)))
    behaviour = (select(literal(BEHAVIOUR), literal("year"), BehaviourMark.term_id, BehaviourMark.value)
                 .where(BehaviourMark.pupil_id == pupil_id, BehaviourMark.value.is_not(None),
                        BehaviourMark.class_id == bindparam("class_id", type_=Integer)))
    return union_all(results, behaviour)


_HEAD, _RESULTS = _head(), _results()
