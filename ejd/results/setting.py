"""Setting results: one, or many at once, all or none (R10, R12–R14). Whose journal it is was decided by the caller's
loader; here the rules of the moment are checked.

What the program offered and what stood behind it is kept with each result. The first value decides whether it came in
time; every later one is a correction of its own. Locks go class (against its closing, R8), then results.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ejd import clock
from ejd.audit import trail
from ejd.bulk import in_parts
from ejd.db import Session, table_of
from ejd.journal.closed import hold_class, result_door
from ejd.journal.wording import OLD_PAGE, key_of, one_line
from ejd.refusal import Refused, Stale
from ejd.results import offering
from ejd.results.models import Period, TermMark, TermMarkCorrection
from ejd.results.queries import ResultsPage, Row, results_page
from ejd.roster.belonging import held
from ejd.roster.models import Enrolment, Subject
from ejd.school.settings import Settings
from ejd.words import day as in_words

NOTHING_THERE = "пусто"


@dataclass(frozen=True, slots=True)
class NewResult:
    """A result about to be set; an empty value takes it back. `version` is the one seen, 0 where none stood. `reason`
    stands for н/а against R13, by the word of who leads."""

    pupil_id: int
    value: str
    key: str
    version: int
    reason: str = ""


def set_results(session: Session, *, course_id: int, code: str, results: Sequence[NewResult], actor_id: int,
                leads: bool, settings: Settings, now: datetime) -> None:
    """Set results of one journal for the period with that code. Raises Refused, or Stale when another hand was there;
    the same key again answers as the first time."""
    if not results:
        return
    setting = _Setting(session, course_id, code, actor_id, leads, settings, now)
    try:
        with session.begin_nested():
            setting.put(results)
    except IntegrityError:  # another hand set one of them first
        setting.put(results)


class _Setting:
    """One journal and period, in one hand at one moment."""

    def __init__(self, session: Session, course_id: int, code: str, actor_id: int, leads: bool, settings: Settings,
                 now: datetime) -> None:
        self.session, self.course_id, self.code = session, course_id, code
        self.actor_id, self.leads, self.settings, self.now = actor_id, leads, settings, now
        self.today = clock.local(now).date()

    def put(self, results: Sequence[NewResult]) -> None:
        page = self._page([one.pupil_id for one in results])
        rows = {row.pupil_id: row for row in page.rows}
        self.subject_id = self._subject(page)
        self.classes = self._classes(page, rows)
        self.after_closing = self._why_shut(page)
        standing = self._standing(page, rows)
        new: list[dict[str, Any]] = []
        for one in results:
            try:
                self._put(page, rows.get(one.pupil_id), standing.get(one.pupil_id), one, new)
            except Refused as refused:
                refused.pupil_id = one.pupil_id
                raise
        self._write(page, new)

    def _page(self, pupil_ids: Collection[int]) -> ResultsPage:
        page = results_page(self.session, course_id=self.course_id, code=self.code, settings=self.settings,
                            today=self.today, now=self.now, only=set(pupil_ids))
        if page is None:
            raise Refused("Такого периода у журнала нет: обновите страницу")
        if page.begins_on and self.today < page.begins_on:
            raise Refused(f"{page.slot.title}: выставить можно с {in_words(page.begins_on)}")
        return page

    def _subject(self, page: ResultsPage) -> int:
        """The journal's own; the exam and the final mark may be those of another, over several (R12)."""
        if page.slot.period in (Period.TERM, Period.YEAR):
            return page.course.subject_id
        found = self.session.scalar(select(Subject.id).filter_by(name=page.subject))
        if found is None:
            raise Refused(f"Предмета «{page.subject}» в школе нет: завуч исправит настройку итоговых отметок")
        return found

    def _classes(self, page: ResultsPage, pupil_ids: Collection[int]) -> dict[int, int]:
        """The class of each pupil at the end of the period, or today."""
        day = min(self.today, page.slot.term.ends_on) if page.slot.term else self.today
        found: dict[int, int] = {}
        for part in in_parts(sorted(pupil_ids)):
            found.update((pupil_id, class_id) for pupil_id, class_id in self.session.execute(
                select(Enrolment.pupil_id, Enrolment.class_id).where(
                    Enrolment.pupil_id.in_(part), held(Enrolment, day)).order_by(Enrolment.id)))
        return found

    def _why_shut(self, page: ResultsPage) -> dict[int, bool]:
        """By class, whether a reopening alone lets the results be set (R8). Raises Refused where it is shut."""
        found = {}
        for class_id in sorted(set(self.classes.values())):
            hold_class(self.session, class_id)
            found[class_id] = result_door(self.session, class_id=class_id, course_id=self.course_id,
                                          term_id=page.slot.term_id, year_id=page.course.year_id, now=self.now)
        return found

    def _standing(self, page: ResultsPage, pupil_ids: Collection[int]) -> dict[int, TermMark]:
        """The results that are there, held until the transaction ends."""
        found: dict[int, TermMark] = {}
        for part in in_parts(sorted(pupil_ids)):
            found |= {one.pupil_id: one for one in self.session.scalars(
                select(TermMark).where(
                    TermMark.pupil_id.in_(part), TermMark.subject_id == self.subject_id,
                    TermMark.year_id == page.course.year_id, TermMark.period == page.slot.period.value,
                    TermMark.term_id.is_(None) if page.slot.term is None else TermMark.term_id == page.slot.term_id)
                .order_by(TermMark.id).with_for_update().execution_options(populate_existing=True))}
        return found

    def _put(self, page: ResultsPage, row: Row | None, stands: TermMark | None, one: NewResult,
             new: list[dict[str, Any]]) -> None:
        """Check one result by every rule, then change it, or note it among the new ones."""
        value = offering.read_value(one.value) or None
        if row is None or not row.here:
            raise Refused("Ученик уже не в этом журнале: отметку ставит учитель, у которого он теперь")
        key_of(one.key)
        if stands is not None and stands.value == value or stands is None and value is None:
            return
        if stands is not None and stands.last_key == one.key:
            raise Refused(OLD_PAGE)
        reason = self._reason(page, row, value, one)
        if (stands.version if stands else 0) != one.version:
            raise Stale("Отметку уже изменили", theirs=(stands.value if stands else None) or NOTHING_THERE)
        grounds = {"value": value, "suggested": row.suggested, "average": str(row.average or ""), "marks": row.marks,
                   "reason": reason, "last_key": one.key}
        if stands is not None:
            self._correct(stands, grounds)
        else:
            class_id = self.classes.get(one.pupil_id)
            new.append({"pupil_id": one.pupil_id, "class_id": class_id, "subject_id": self.subject_id,
                        "course_id": self.course_id, "year_id": page.course.year_id, "period": page.slot.period.value,
                        "term_id": page.slot.term_id, **self._entered(page.due_on, class_id), "version": 1, **grounds})

    def _reason(self, page: ResultsPage, row: Row, value: str | None, one: NewResult) -> str:
        """Raise Refused when the value cannot be set; else why it stands, where that is asked."""
        if value is None:
            return ""
        if sentence := offering.refusal_of_value(value, page.scheme, page.rules):
            raise Refused(sentence)
        if value != offering.NOT_CERTIFIED or page.slot.period is not Period.TERM:
            return ""
        sentence = offering.refusal_of_not_certified(marks=row.marks, held=row.held.held, missed=row.held.missed,
                                                     rules=page.rules)
        if sentence is None:
            return ""
        reason = one_line(one.reason, longest=200, field="reason")
        if self.leads and not reason:
            raise Refused("н/а вопреки правилу ставят с причиной: назовите её", field="reason")
        if not self.leads:
            raise Refused(sentence)
        return reason

    def _entered(self, due: date | None, class_id: int | None) -> dict[str, Any]:
        return {"entered_on": self.today, "entered_at": self.now, "entered_by_id": self.actor_id, "due_on": due,
                "after_closing": self.after_closing.get(class_id or 0, False)}

    def _correct(self, stands: TermMark, grounds: Mapping[str, Any]) -> None:
        """Another value in place of the one that stands. Set anew after it was taken back, it is entered anew."""
        before, after_closing = stands.value, self.after_closing.get(self.classes.get(stands.pupil_id, 0), False)
        for name, value in grounds.items():
            setattr(stands, name, value)
        if before is None:
            for name, value in self._entered(stands.due_on, self.classes.get(stands.pupil_id)).items():
                setattr(stands, name, value)
        stands.version += 1
        self.session.flush()
        change = {"before": before or "", "after": stands.value or ""}
        self.session.execute(insert(table_of(TermMarkCorrection)).values(
            term_mark_id=stands.id, **change, after_closing=after_closing, corrected_at=self.now,
            corrected_on=self.today, corrected_by_id=self.actor_id))
        trail.record(self.session, now=self.now, actor_id=self.actor_id, verb="result.corrected",
                     subject_id=stands.id, **change)

    def _write(self, page: ResultsPage, new: Sequence[Mapping[str, Any]]) -> None:
        if not new:
            return
        self.session.execute(insert(table_of(TermMark)), new)
        standing = self._standing(page, [one["pupil_id"] for one in new])
        trail.record_many(self.session, now=self.now, actor_id=self.actor_id, verb="result.set", acts=[
            (standing[one["pupil_id"]].id, {"pupil": one["pupil_id"], "subject": one["subject_id"],
                                            "period": one["period"], "value": one["value"],
                                            "suggested": one["suggested"]}) for one in new])
