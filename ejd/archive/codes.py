"""What the codes of an export mean, in words, by table and column (R54)."""

from __future__ import annotations

from collections.abc import Mapping

from ejd.access import POSITION_NAMES
from ejd.audit.leaving import TOLD
from ejd.audit.wording import SENTENCES
from ejd.families.provision import FORM_NAMES, PAPER_NAMES
from ejd.families.wording import LETTER_NAMES
from ejd.importing.recognising import KIND_NAMES
from ejd.privacy.grounds import BASIS_NAMES
from ejd.privacy.headings import CODES as IN_EVERY_TABLE
from ejd.school.year_plan import TERM_WORDS

SCHEMES = {"five_point": "пятибалльная", "pass_fail": "зачёт", "markless": "без отметок"}
Words = Mapping[str, str]

CODES: dict[str, Words] = {
    "attendance.code": IN_EVERY_TABLE["code"],
    "audit_record.verb": SENTENCES,
    "bulk_export.kind": {kind.value: told[0] for kind, told in TOLD.items()},
    "course.kind": {"lessons": "уроки", "elective": "факультатив", "home": "обучение на дому одного ученика",
                    "activity": "внеурочная деятельность"},
    "course.scheme": SCHEMES,
    "course.term_scheme": TERM_WORDS,
    "employment.position": {position.value: name for position, name in POSITION_NAMES.items()},
    "excuse.code": IN_EVERY_TABLE["code"],
    "excuse.state": {code: IN_EVERY_TABLE["state"][code]
                     for code in ("announced", "accepted", "declined", "withdrawn")},
    "expectation.awaiting": IN_EVERY_TABLE["awaiting"],
    "lesson.state": {"planned": "по расписанию; после конца – проведён", "cancelled": "отменён", "moved": "перенесён"},
    "letter.kind": {kind.value: name for kind, name in LETTER_NAMES.items()},
    "mark_correction.what": IN_EVERY_TABLE["what"],
    "news_address.often": IN_EVERY_TABLE["often"],
    "news_address.items_often": IN_EVERY_TABLE["items_often"],
    "news_address.topics": {code: IN_EVERY_TABLE["topics"][code]
                            for code in ("marks", "missing", "homework", "notes")},
    "note.kind": {"remark": "замечание в дневнике", "notice": "сообщение"},
    "processing_basis.kind": {basis.value: name for basis, name in BASIS_NAMES.items()},
    "remembered_mapping.kind": {kind.value: name for kind, name in KIND_NAMES.items()},
    "scheme_of_term.scheme": SCHEMES,
    "school_class.term_scheme": TERM_WORDS,
    "service_form.form": {form.value: name for form, name in FORM_NAMES.items()},
    "service_paper.kind": {kind.value: name for kind, name in PAPER_NAMES.items()},
    "term.scheme": TERM_WORDS,
    "term_mark.period": IN_EVERY_TABLE["period"],
    "weekly_sheet.form": {form.value: name for form, name in FORM_NAMES.items()},
    "weekly_sheet.handed_to": IN_EVERY_TABLE["handed_to"],
}
NOTHING: Words = {}


def codes_of(table: str, column: str) -> Words:
    """The codes that may stand in a column, each in words; nothing where it holds no codes."""
    return CODES.get(f"{table}.{column}", NOTHING)
