"""Bringing lists in: `prepare` reads and compares, `confirm` writes all of what was confirmed in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ejd.access import Actor
from ejd.audit import trail
from ejd.db import Session, one_at_a_time
from ejd.importing import comparing_year, permitted, planning, reading, remembering, standing, writing
from ejd.importing.planning import Correction, Plan
from ejd.importing.preview import Decisions, FileProblem, Findings, Left, Proposal, Question, Section, SheetSeen
from ejd.importing.reading import Unreadable, Upload
from ejd.importing.recognising import Kind, Meaning, Recognised, corrected, lacks, recognise
from ejd.importing.records import Records, Rejection
from ejd.importing.sheets import Sheet
from ejd.importing.standing import Standing
from ejd.refusal import Refused, Stale

MOST_FILES = 20
MOST_REJECTIONS = 2_000
REST_ON_CLASSES = (Kind.LOAD, Kind.SUBGROUPS, Kind.TIMETABLE)
__all__ = ["Correction", "Decisions", "Preview", "Report", "Upload", "confirm", "prepare"]


@dataclass(frozen=True)
class Preview:
    """What would happen. Nothing is written yet."""

    sheets: tuple[SheetSeen, ...]
    problems: tuple[FileProblem, ...]
    findings: Findings
    plan: Plan
    standing: Standing
    records: Records
    decisions: Decisions
    year_name: str | None
    year_begins: int
    today: date
    corrected: tuple[Recognised, ...] = ()
    prepared: writing.Prepared | None = None
    actor: Actor | None = None  # who loads; nobody on the command line

    @property
    def seen(self) -> str:
        """What the database looked like; `confirm` refuses when it has changed since."""
        return self.standing.fingerprint

    @property
    def sections(self) -> list[Section]:
        return [section for section in self.findings.sections if section.anything]

    @property
    def rejections(self) -> list[Rejection]:
        return sorted(self.findings.rejections, key=lambda one: one.place)[:MOST_REJECTIONS]

    @property
    def questions(self) -> list[Question]:
        return self.findings.questions

    @property
    def proposals(self) -> list[Proposal]:
        return self.findings.proposals

    @property
    def left(self) -> list[Left]:
        return [left for section in self.findings.sections for left in section.left]

    @property
    def unanswered(self) -> list[Question]:
        return [question for question in self.questions
                if self.decisions.answers.get(question.key) not in {value for value, _ in question.options}]

    @property
    def nothing(self) -> bool:
        """Whether the school is already as the files say."""
        return not any(section.new or section.changed for section in self.findings.sections) and not (
            self.plan.pupils.left or self.plan.adults.gone or self.plan.load.retired or self.plan.timetable.removed
            or self.plan.timetable.aliases)

    def decided(self, decisions: Decisions) -> Preview:
        """The same files and school under other answers; asks nothing of the database."""
        plan, findings = planning.plan(self.records, self.standing, decisions, today=self.today,
                                       year_begins=self.year_begins, closed=permitted.closed_of(self.actor))
        prepared = self.prepared if plan.timetable.slots == self.plan.timetable.slots else None
        return replace(self, findings=findings, plan=plan, decisions=decisions, prepared=prepared)


@dataclass(frozen=True, slots=True)
class Report:
    """What was written."""

    sections: tuple[Section, ...]
    rejections: tuple[Rejection, ...]
    notes: tuple[str, ...]
    lessons: int = 0
    changed_anything: bool = True


def prepare(session: Session, *, files: Sequence[Upload], today: date, now: datetime,
            corrections: Mapping[int, Correction] | None = None, decisions: Decisions | None = None,
            year: int | None = None, actor: Actor | None = None) -> Preview:
    """Read the files and compare them with the school. Only reads; slow work belongs here, outside any lock."""
    if not files:
        raise Refused("Выберите файлы со списками", field="files")
    if len(files) > MOST_FILES:
        raise Refused(f"За один раз загружается не больше {MOST_FILES} файлов", field="files")
    sheets, problems = _read(files)
    told, said = _recognised(session, sheets, corrections or {})
    seen = _waiting([_seen(number, sheet, one) for number, (sheet, one) in enumerate(zip(sheets, told, strict=True))])
    records = planning.records_of([(sheet, one) for sheet, one, shown in zip(sheets, told, seen, strict=True)
                                   if shown.taken], today)
    begins = year or planning.first_year(today)
    year_name = comparing_year.year_of(records, begins) or (f"{year}/{year + 1}" if year else None)
    there = standing.read(session, year_name=year_name, today=today)
    decisions = decisions or Decisions()
    plan, findings = planning.plan(records, there, decisions, today=today, year_begins=begins,
                                   closed=permitted.closed_of(actor))
    return Preview(tuple(seen), tuple(problems), findings, plan, there, records, decisions, year_name, begins, today,
                   said, writing.prepare_timetable(session, plan, there, now=now), actor)


def confirm(session: Session, *, actor_id: int | None, preview: Preview, decisions: Decisions, now: datetime) -> Report:
    """Write what was confirmed, all or nothing. Stale when the school has changed since the preview."""
    decided = preview if decisions == preview.decisions else preview.decided(decisions)
    if decided.unanswered:
        raise Refused("Ответьте на все вопросы: без ответа загрузить нельзя", field=decided.unanswered[0].key)
    permitted.refuse_raising_oneself(decided.plan, decided.actor)
    one_at_a_time(session, "import")
    if standing.read(session, year_name=preview.year_name, today=preview.today).fingerprint != preview.seen:
        raise Stale("Пока вы смотрели, списки школы изменились. Ниже – что получится теперь: проверьте и подтвердите "
                    "снова")
    remembering.remember(session, decided.corrected)
    if decided.nothing:
        return Report((), tuple(decided.rejections), tuple(decided.findings.notes), changed_anything=False)
    lessons = writing.write(session, decided.plan, decided.standing, actor_id=actor_id, now=now,
                            prepared=decided.prepared)
    left = len(decided.plan.pupils.left) + len(decided.plan.adults.gone)
    trail.record(session, now=now, actor_id=actor_id, verb="import.confirmed", subject_id=None,
                 new=sum(len(section.new) for section in decided.sections),
                 changed=sum(len(section.changed) for section in decided.sections),
                 left=left, rejected=len(decided.findings.rejections))
    return Report(tuple(decided.sections), tuple(decided.rejections), tuple(decided.findings.notes), lessons)


def proposed(preview: Preview) -> Preview:
    """The preview as it is shown first: what is proposed is ticked, questions stay open."""
    accepted = frozenset(proposal.key for proposal in preview.proposals)
    return preview.decided(replace(preview.decisions, accepted=accepted)) if accepted else preview


def accepting(preview: Preview) -> Preview:
    """The command line's --accept-proposed: what is proposed is one person, what is only asked stays apart."""
    preview = proposed(preview)
    while preview.unanswered:  # an answer may raise another question
        answers = {question.key: question.careful for question in preview.questions}
        preview = preview.decided(replace(preview.decisions, answers=preview.decisions.answers | answers))
    return preview


def _read(files: Sequence[Upload]) -> tuple[list[Sheet], list[FileProblem]]:
    sheets: list[Sheet] = []
    problems: list[FileProblem] = []
    for file in files:
        try:
            sheets += reading.read(file)
        except Unreadable as unreadable:
            problems.append(FileProblem(reading.safe_name(file.name), str(unreadable)))
    return sheets, problems


def _recognised(session: Session, sheets: Sequence[Sheet],
                corrections: Mapping[int, Correction]) -> tuple[list[Recognised], tuple[Recognised, ...]]:
    """Each sheet by words and content, then as remembered, then as corrected now; the last apart, to remember."""
    found = remembering.recall(session, [recognise(sheet) for sheet in sheets])
    said = []
    for number, correction in corrections.items():
        if 0 <= number < len(found):
            told = corrected(found[number], correction.kind, correction.columns, remembered=False)
            if (told.kind, told.columns) != (found[number].kind, found[number].columns):
                found[number] = told
                said.append(told)
    return found, tuple(said)


def _seen(number: int, sheet: Sheet, found: Recognised) -> SheetSeen:
    missing = lacks(found, sheet.name)
    problem = None
    if found.kind is Kind.UNKNOWN:
        problem = "Не понятно, что это за список: выберите сами или исправьте заголовки столбцов"
    elif missing:
        problem = f"Не найдены столбцы: {missing}. Укажите их ниже или добавьте в файл"
    samples = tuple("" if meaning is Meaning.FORBIDDEN else _sample(sheet, found.header, index)
                    for index, meaning in enumerate(found.columns))
    return SheetSeen(number, sheet.file, sheet.name, len(sheet.rows) - found.header - 1, found, samples, problem)


def _waiting(seen: list[SheetSeen]) -> list[SheetSeen]:
    """While a list of pupils is not understood, nothing is said about what rests on its classes."""
    unclear = any(one.problem and one.recognised.kind is Kind.PUPILS for one in seen)
    return [replace(one, waits=unclear and one.problem is None and one.recognised.kind in REST_ON_CLASSES)
            for one in seen]


def _sample(sheet: Sheet, header: int, column: int) -> str:
    filled = (value for row in range(header + 1, min(len(sheet.rows), header + 30))
              if (value := sheet.value(row, column)) != "")
    value = next(filled, "")
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value).replace("\n", " ")[:40]
