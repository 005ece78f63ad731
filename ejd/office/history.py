"""The search over the record of acts: who did what, when, to whom and to what. It reads; nothing changes the record.

Every way of asking walks an index of its own: by day, by who acted, by verb, or by the rows that a person, a class or
a journal has.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all

from ejd import clock, words
from ejd.access import POSITION_NAMES
from ejd.audit.leaving import TOLD
from ejd.audit.models import AuditRecord
from ejd.audit.wording import ACT, IT, SAID, SENTENCES, Group, about, fields_of
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.families.provision import FORM_NAMES
from ejd.journal.marking import MOVE_REASONS
from ejd.office.history_names import BELONGING, PLAIN, called
from ejd.office.history_scope import (
    NAMING_PERSON,
    OF_CLASS,
    OF_COURSE,
    OF_LESSON,
    OF_LESSONS,
    OF_PERSON,
    Ids,
    Journals,
)
from ejd.results import gaps
from ejd.school.catalogue import DEFINITIONS

MOST_OF_LESSON = 500
NOUN_OF = {"span": "term"}  # a period: a term, or the whole year
NOUNS = PLAIN.keys() | BELONGING.keys()
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Question:
    """Days, both included, and what of the record; None: all of it. `actor_id` acted, `person_id` was acted upon."""

    first: date
    last: date
    group: Group | None = None
    actor_id: int | None = None
    person_id: int | None = None
    class_id: int | None = None
    course_id: int | None = None
    subject_id: int | None = None  # of the class
    lesson_day: date | None = None  # what was done with the lessons of that day


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in words."""

    id: int
    on_day: date
    at: datetime
    who: str
    said: str
    verb: str

    @property
    def place(self) -> str:
        """Where the next page goes on from."""
        return f"{self.on_day.isoformat()}.{self.id}"


def search(session: Session, question: Question, *, most: int, before: tuple[date, int] | None = None
           ) -> tuple[list[Entry], bool]:
    """The latest acts first, and whether there are more. Three statements."""
    places = [_walk(part, question, most + 1, before) for part in _ways(question)]
    if not places:
        return [], False
    found = union_all(*(select(place.c.id) for place in places))
    rows = session.scalars(select(AuditRecord).where(AuditRecord.id.in_(found)).order_by(
        AuditRecord.on_day.desc(), AuditRecord.id.desc()).limit(most + 1)).all()
    shown = rows[:most]
    return [entry for part in in_parts(shown) for entry in _in_words(session, part)], len(rows) > most


def acts_on_lesson(session: Session, lesson_id: int) -> list[Entry]:
    """What was done with a lesson, its works and homework, the latest first; marks and presence stand at their cells.
    Three statements."""
    verbs = SENTENCES.keys() - SAID[Group.ATTENDANCE].keys() | {"attendance.taken"}
    ways = or_(*_rows_of(OF_LESSON, lesson_id, verbs))
    rows = session.scalars(select(AuditRecord).where(ways).order_by(AuditRecord.id.desc()).limit(MOST_OF_LESSON)).all()
    return _in_words(session, rows)


def title_of(session: Session, *, person_ids: Iterable[int], class_id: int | None, course_id: int | None,
             subject_id: int | None = None) -> dict[tuple[str, int], str]:
    """What those who are asked about are called. One statement."""
    return called(session, {"person": set(person_ids), "class": {class_id} if class_id else (),
                            "course": {course_id} if course_id else (), "subject": {subject_id} if subject_id else ()})


def _walk(condition: Condition, question: Question, most: int, before: tuple[date, int] | None) -> Any:
    """The ids of the latest acts of one way, no more than are shown."""
    record, last = AuditRecord, question.last
    conditions = [condition]
    if before is not None:
        last = min(last, before[0])
        conditions.append(or_(record.on_day < before[0], and_(record.on_day == before[0], record.id < before[1])))
    query: Select[Any] = select(record.id).where(record.on_day.between(question.first, last), *conditions)
    if question.actor_id is not None:
        query = query.where(record.actor_id == question.actor_id)
    return query.order_by(record.on_day.desc(), record.id.desc()).limit(most).subquery()


def _ways(question: Question) -> list[Condition]:
    """The question as conditions that an index answers, each by itself."""
    verbs = set(SAID[question.group]) if question.group else set(SENTENCES)
    record = AuditRecord
    if question.person_id is not None:
        return [*_rows_of(OF_PERSON, question.person_id, verbs), *_naming(question.person_id, verbs)]
    journals = Journals(question.course_id, question.class_id, question.subject_id, question.lesson_day)
    if journals.day is not None:
        return _rows_of(OF_LESSONS, journals, verbs)
    if journals.course_id is not None or journals.subject_id is not None:
        return _rows_of(OF_COURSE, journals, verbs)
    if question.class_id is not None:
        return _rows_of(OF_CLASS, question.class_id, verbs)
    if question.group is None:
        return [record.id.is_not(None)]
    if question.actor_id is not None:
        return [record.verb.in_(sorted(verbs))]
    return [record.verb == verb for verb in sorted(verbs)]


def _rows_of(scope: Mapping[str, Ids], key: Any, verbs: Iterable[str]) -> list[Condition]:
    by_noun: dict[str, list[str]] = defaultdict(list)
    for verb in sorted(verbs):
        by_noun[about(verb)].append(verb)
    return [and_(AuditRecord.verb.in_(by_noun[noun]), AuditRecord.subject_id.in_(ids(key)))
            for noun, ids in scope.items() if noun in by_noun]


def _naming(person_id: int, verbs: Iterable[str]) -> list[Condition]:
    """Acts on something else that name the person: presence at a lesson, a place in a group, a guardian's child."""
    ways = []
    for verb in sorted(verbs):
        fields = [name for name, what in fields_of(verb) if what == "person" and name != IT]
        if fields and about(verb) in NAMING_PERSON:
            named = or_(*(AuditRecord.data.contains(f'"{field}":{person_id}{end}', autoescape=True)
                          for field in fields for end in ",}"))
            ways.append(and_(AuditRecord.verb == verb, named,
                             AuditRecord.subject_id.in_(NAMING_PERSON[about(verb)](person_id))))
    return ways


def _in_words(session: Session, rows: Sequence[AuditRecord]) -> list[Entry]:
    acts = [(row, json.loads(row.data) | {IT: row.subject_id, ACT: row.id}) for row in rows]
    ids: dict[str, set[int]] = defaultdict(set)
    for row, data in acts:
        ids["person"] |= {row.actor_id} if row.actor_id else set()
        for name, what in fields_of(row.verb):
            noun = NOUN_OF.get(what, what)
            if noun in NOUNS and isinstance(data.get(name), int):
                ids[noun].add(data[name])
    titles = called(session, ids)
    return [Entry(row.id, row.on_day, row.at, titles.get(("person", row.actor_id or 0), "программа"),
                  _sentence(row.verb, data, titles), row.verb) for row, data in acts]


def _sentence(verb: str, data: Mapping[str, Any], titles: Mapping[tuple[str, int], str]) -> str:
    """The verb's sentence, filled in; a place that nothing is known of is left out."""
    told = ""
    for text, name, what, _ in Formatter().parse(SENTENCES.get(verb, verb)):
        told += text + (_shown(data.get(name), what or "", titles) if name else "")
    return told.rstrip(" :;,")


def _shown(value: Any, what: str, titles: Mapping[tuple[str, int], str]) -> str:
    if what in ENDINGS or what.startswith("why_"):
        return _ending(value, what, titles)
    if what == "span":
        return titles.get(("term", value), "–") if value is not None else "год"
    if what in NOUNS:
        return titles.get((what, value), "–") if value is not None else "–"
    if what == "letter":
        return value or "был"
    if value is None or value == "":
        return "–"
    if what == "day":
        return words.long_date(date.fromisoformat(value))
    if what == "moment":
        return f"{clock.local(datetime.fromisoformat(value)):%d.%m.%Y %H:%M}"
    if what in NAMES_OF_CODES:
        return NAMES_OF_CODES[what].get(value, str(value))
    return str(value)


def _ending(value: Any, what: str, titles: Mapping[tuple[str, int], str]) -> str:
    """What ends a sentence when there is anything to say: until when, why, what was left undone."""
    if what == "until":
        return f" по {words.long_date(date.fromisoformat(value))}" if value else ""
    if what == "gaps":
        lead, told = "оставалось", gaps.in_words(value or {})
    else:
        lead, told = "причина", titles.get((what, value)) or WHY.get(what, {}).get(value, "")
    return f"; {lead}: {told}" if told else ""


ENDINGS = {"until", "gaps"}
WHY: dict[str, Mapping[Any, str]] = {  # reasons that are codes
    "why_moved": MOVE_REASONS,
    "why_erased": {"hand": "стёрты вручную", "due": "срок хранения вышел", "revoked": "основание отозвано",
                   "request": "по запросу человека"},
}
NAMES_OF_CODES: dict[str, Mapping[Any, str]] = {
    "position": {position.value: name.lower() for position, name in POSITION_NAMES.items()},
    "form": {form.value: name for form, name in FORM_NAMES.items()},
    "setting": {key: definition.title for key, definition in DEFINITIONS.items()},
    "leaving": {kind.value: told[0] for kind, told in TOLD.items()},
}
