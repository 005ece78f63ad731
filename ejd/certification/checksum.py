"""The checksum of a printed journal: SHA-256 over a canonical text of its facts, ids and values without names, in a
fixed order (engineering 21). Remarks of the administration are about the journal, not in it, and stay out.

A change of how the text is written is a new version: copies of an older one cannot be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from ejd.certification import journal_facts
from ejd.certification.journal_facts import JournalFacts
from ejd.db import Session

VERSION = 1


def canonical_text(session: Session, class_id: int, first: date, last: date) -> str:
    """The canonical text of the journals of a class between two days, as they stand."""
    return text_of(journal_facts.read(session, class_id=class_id, first=first, last=last))


def checksum(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def checksum_of(session: Session, *, class_id: int, first: date, last: date) -> str:
    """The checksum as of now."""
    return checksum(canonical_text(session, class_id, first, last))


def text_of(facts: JournalFacts) -> str:
    """A line a fact: what it is, ids, values; free text as JSON, so that no text can look like another line."""
    lines = [f"journal {VERSION}", f"class {facts.class_id} {facts.first} {facts.last}"]
    lines += [f"course {one.id} {one.subject_id} {one.subgroup} {one.kind}"
              for one in sorted(facts.courses, key=lambda one: one.id)]
    lines += _sorted(f"pupil {one.id} {begins} {ends}" for one in facts.pupils for begins, ends in one.stays)
    lines += _sorted(f"member {course_id} {pupil_id} {begins} {ends}" for course_id, of_one in facts.members.items()
                     for pupil_id, stays in of_one.items() for begins, ends in stays)
    lines += [f"lesson {one.id} {one.course_id} {one.day} {one.number} {one.teacher_id} {one.substitutes_id} "
              f"{one.merged_into_id} {int(one.remote)} {_quoted(one.topic)}" for one in facts.lessons]
    lines += [f"mark {one.id} {one.lesson_id} {one.pupil_id} {one.value} {one.retakes_id} {int(one.after_closing)}"
              for one in facts.marks]
    lines += [f"letter {one.lesson_id} {one.pupil_id} {one.code}" for one in facts.letters]
    lines += [f"homework {one.id} {one.lesson_id} {int(one.named)} {int(one.not_set)} {_quoted(one.text)}"
              for one in facts.homework]
    lines += [f"work {one.id} {one.lesson_id} {_quoted(one.kind)} {_quoted(one.title)}" for one in facts.works]
    lines += [f"exempt {one.course_id} {one.pupil_id} {max(one.from_on, facts.first)} "
              f"{min(one.to_on or facts.last, facts.last)}" for one in facts.exemptions]
    lines += [f"result {one.pupil_id} {one.subject_id} {one.period} {one.term_id} {one.value}"
              for one in facts.results]
    lines += [f"behaviour {one.pupil_id} {one.term_id} {_quoted(one.value)}" for one in facts.behaviour]
    return "\n".join(lines)


def _sorted(lines: Iterable[str]) -> list[str]:
    return sorted(lines)


def _quoted(text: Any) -> str:
    return json.dumps(text, ensure_ascii=False)
