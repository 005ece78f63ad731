"""The history of a cell: who put, changed and took back what in it, and when (R3); the withdrawn marks too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.journal import history
from ejd.journal.models import Mark, MarkCorrection, WorkKind
from ejd.roster.models import Person


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    at: datetime
    who: str
    said: str


_BY, _CHANGER = aliased(Person), aliased(Person)
_MARKS = (select(Mark, WorkKind.name.label("kind"), _BY, MarkCorrection, _CHANGER)
          .join(WorkKind, WorkKind.id == Mark.kind_id).join(_BY, _BY.id == Mark.entered_by_id)
          .outerjoin(MarkCorrection, MarkCorrection.mark_id == Mark.id)
          .outerjoin(_CHANGER, _CHANGER.id == MarkCorrection.corrected_by_id)
          .where(Mark.lesson_id == bindparam("lesson_id"), Mark.pupil_id == bindparam("pupil_id"))
          .order_by(Mark.id, MarkCorrection.id))
_OPENED = aliased(AuditRecord)
_LETTERS = (select(AuditRecord.at, AuditRecord.verb, AuditRecord.data, Person,
                   exists().where(_OPENED.verb == "lesson.changed_after_closing", _OPENED.at == AuditRecord.at,
                                  _OPENED.subject_id == AuditRecord.subject_id).label("after_closing"))
            .outerjoin(Person, Person.id == AuditRecord.actor_id)
            .where(AuditRecord.verb.in_(("attendance.recorded", "attendance.excused")),
                   AuditRecord.subject_id == bindparam("lesson_id"),
                   AuditRecord.data.contains(bindparam("of_pupil"), autoescape=False)).order_by(AuditRecord.id))


def history_of_cell(session: Session, *, lesson_id: int, pupil_id: int, kinds: Iterable[WorkKind],
                    reasons: bool = False, reader_id: int = 0) -> Sequence[Event]:
    """Everything that happened in the cell, the latest first; illness only to a reader who may know the `reasons`, or
    who noted it himself (R40). Two statements."""
    names = {kind.code: kind.name for kind in kinds}
    events = _of_marks(session.execute(_MARKS, {"lesson_id": lesson_id, "pupil_id": pupil_id}).all(), names)
    asked = {"lesson_id": lesson_id, "of_pupil": f'"pupil":{pupil_id},'}
    others = False  # whether the letter before came from an excuse or from another hand
    for at, verb, data, person, after_closing in session.execute(_LETTERS, asked):
        told = json.loads(data)
        if told["pupil"] == pupil_id:
            before = history.letter(told["before"], hidden=others and not reasons)
            others = verb.endswith("excused") or person is None or person.id != reader_id
            after = history.letter(told["after"], hidden=others and not reasons)
            events.append(Event(at, _name(person),
                                history.told_apart(history.presence(before, after), after_closing)))
    return sorted(events, key=lambda event: event.at)[::-1]  # of one moment the later act stands first too


def _of_marks(rows: Sequence[Any], kinds: Mapping[str, str]) -> list[Event]:
    first = _first_values(rows)
    events = []
    for row in {row.Mark.id: row for row in rows}.values():
        mark, by = row.Mark, row[2]
        retaken = first.get(mark.retakes_id) if mark.retakes_id else None
        events.append(Event(mark.entered_at, _name(by), history.told_apart(
            history.entered(first[mark.id], kind=row.kind, retaken=retaken), mark.after_closing)))
    events += [Event(change.corrected_at, _name(changer), history.told_apart(history.changed(
        change.what, change.before, change.after, value=mark.value, reason=change.reason, kinds=kinds),
        change.after_closing))
        for mark, _, _, change, changer in rows if change is not None]
    return events


def _first_values(rows: Sequence[Any]) -> dict[int, str]:
    """What each mark was when it was entered: before its first correction."""
    values: dict[int, str] = {}
    for row in rows:
        mark, change = row.Mark, row.MarkCorrection
        if change is not None and change.what == "corrected":
            values.setdefault(mark.id, change.before)
    return {row.Mark.id: values.get(row.Mark.id, row.Mark.value) for row in rows}


def _name(person: Person | None) -> str:
    return person.short_name if person else "программа"
