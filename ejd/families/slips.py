"""Slips with marks to paste into paper diaries, of a whole class and any span of days (R53).

Where every guardian of a pupil has refused the electronic service there is none: they are told exactly once a week, by
the weekly sheet (R21).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select

from ejd import clock, words
from ejd.db import Session
from ejd.diary.queries import Reading, given_at
from ejd.families.models import ServiceForm
from ejd.families.provision import Form
from ejd.families.sheet_facts import marks_of
from ejd.journal.missed import pupils_of
from ejd.names import fold
from ejd.roster.belonging import held
from ejd.roster.models import Guardianship, SchoolClass


@dataclass(frozen=True, slots=True)
class Line:
    subject: str
    day: date
    value: str
    told: str  # what for


@dataclass(frozen=True, slots=True)
class Slip:
    pupil: str
    class_name: str
    first: date
    last: date
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        return f"Отметки за {words.days_from_to(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class Slips:
    slips: Sequence[Slip]
    left_out: Sequence[str]  # pupils told by the weekly sheet alone


def slips_of_class(session: Session, school_class: SchoolClass, *, first: date, last: date, now: datetime) -> Slips:
    """By the alphabet, everybody who was in the class on some day of the span. Three statements."""
    reading = Reading(clock.local(now).date(), now, None, None, {})
    names: dict[int, str] = {}
    for one in pupils_of(session, class_ids=[school_class.id], first=first, last=last):
        names.setdefault(one.pupil_id, one.name)
    silent = _told_once_a_week(session, list(names), reading.today)
    marks: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(marks_of(list(names), first, last)):
        marks[row.pupil_id][row.lesson_id].append(row)
    return Slips([Slip(name, school_class.name, first, last, _lines(marks[pupil_id], reading))
                  for pupil_id, name in names.items() if pupil_id not in silent],
                 [name for pupil_id, name in names.items() if pupil_id in silent])


def _lines(of_lesson: dict[int, list[Any]], reading: Reading) -> list[Line]:
    found = [Line(rows[0].subject, rows[0].lesson_day, given.shown, given.told) for rows in of_lesson.values()
             for given in given_at(rows, lambda row: row.lesson_day, reading)]
    return sorted(found, key=lambda line: (fold(line.subject), line.day))


def _told_once_a_week(session: Session, pupil_ids: Sequence[int], today: date) -> set[int]:
    """The pupils whose guardians have all refused; one limited by a court is not asked (R23)."""
    forms: dict[int, set[str]] = defaultdict(set)
    for pupil_id, form in session.execute(
            select(Guardianship.pupil_id, ServiceForm.form)
            .outerjoin(ServiceForm, and_(ServiceForm.guardian_id == Guardianship.guardian_id,
                                         ServiceForm.pupil_id == Guardianship.pupil_id, held(ServiceForm, today)))
            .where(Guardianship.pupil_id.in_(pupil_ids), held(Guardianship, today))):
        forms[pupil_id].add(form or Form.ELECTRONIC.value)
    return {pupil_id for pupil_id, found in forms.items()
            if found - {Form.LIMITED.value} == {Form.REFUSED.value}}
