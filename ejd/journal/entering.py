"""New marks on their way into the journal: each checked by the same rules, the rows written together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from ejd import clock
from ejd.audit.trail import Done
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import deadlines, expecting, marking, occasions
from ejd.journal.closed import Doors
from ejd.journal.expectations import Expectations, Expected
from ejd.journal.marking import Occasion, Received, Refusal
from ejd.journal.models import Mark, Work
from ejd.journal.occasions import Kind, LessonFacts
from ejd.journal.retakes import Mended
from ejd.journal.sums import Sum
from ejd.journal.wording import key_of, one_line
from ejd.refusal import Refused, Stale
from ejd.school.settings import Settings

WEIGHTS = range(1, 21)
NO_SUCH_WORK = "Этой работы в уроке уже нет: обновите страницу"


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark about to be put. The kind and weight are the work's, or the kind's usual ones, unless given.

    `key` is made with the form: the same key again answers as the first time. `seen` are the marks that the page showed
    there: another one in the same place is somebody else's, and told; None asks nothing. A re-take names the mark of
    the same cell that it mends, and is for the same (R11).
    """

    lesson_id: int
    pupil_id: int
    value: str
    key: str
    actor_id: int
    at: datetime
    work_id: int | None = None
    kind_id: int | None = None
    weight: int | None = None
    comment: str = ""
    received_on: date | None = None
    received_reason: str = ""
    seen: Collection[int] | None = None
    retakes_id: int | None = None


def refuse(refusal: Refusal | None) -> None:
    """Raise what a rule answered, if it did."""
    if refusal is not None:
        raise Refused(refusal, field=refusal.field)


def works_in(session: Session, lesson_ids: Sequence[int]) -> dict[int, Work]:
    """Works declared for the lessons and not withdrawn, by id."""
    found: dict[int, Work] = {}
    for part in in_parts(sorted(set(lesson_ids))):
        query = select(Work).where(Work.lesson_id.in_(part), Work.withdrawn_at.is_(None))
        found.update((work.id, work) for work in session.scalars(query.execution_options(populate_existing=True)))
    return found


class Entering:
    """One batch of new marks: what the rules need is read once; `row_of` checks a mark and makes its row."""

    def __init__(self, session: Session, marks: Sequence[NewMark], settings: Settings) -> None:
        self._session = session
        self.rules = occasions.SchoolRules(session, settings)
        self.lessons = occasions.lock_lessons(session, [mark.lesson_id for mark in marks])
        self.doors = Doors(session, self.lessons.values())
        self._lists = occasions.Lists(session, self.lessons.values(), [mark.pupil_id for mark in marks])
        self._mended = Mended(session, [mark.retakes_id for mark in marks if mark.retakes_id is not None])
        with_works = sorted({mark.lesson_id for mark in marks
                             if mark.work_id is not None or mark.retakes_id is not None})
        self._works = works_in(session, with_works)
        self._codes = occasions.codes_in(session, with_works)
        self._standing = standing_in(session, [mark for mark in marks if mark.seen is not None])
        self.expectations = Expectations(session, list(self._works))
        self.sums: Counter[Sum] = Counter()

    def row_of(self, mark: NewMark) -> dict[str, Any]:
        """The mark's row, or Refused. Notes besides what it changes in expectations and sums."""
        lesson = self.lessons[mark.lesson_id]
        check_place(self._lists, self.rules, lesson, mark.pupil_id, mark.at)
        after_closing = self.doors.check(lesson, at=mark.at, actor_id=mark.actor_id)
        refuse(marking.refusal_of_value(mark.value, self.rules.scheme(lesson)))
        mended = self._mended.by(mark.retakes_id, lesson_id=mark.lesson_id, pupil_id=mark.pupil_id)
        work = self._work_of(mark, mended)
        kind = self.rules.kinds[mended.kind_id] if mended else self._kind_of(mark, work)
        self._refuse_unseen(mark, work.id if work else kind.id)
        entered_on = clock.local(mark.at).date()
        expected = self.expectations.of(work.id if work else None, mark.pupil_id)
        received = self._received(mark, lesson, work, expected, entered_on, mended)
        refuse(marking.refusal_of_day(received, lesson_day=lesson.day, entered_on=entered_on,
                                      year=(lesson.year_starts, lesson.year_ends)))
        row = {
            "lesson_id": lesson.id, "pupil_id": mark.pupil_id, "work_id": work.id if work else None,
            "kind_id": kind.id, "value": mark.value,
            "weight": weight_of(mark.weight, usual=(mended or work or kind).weight),
            "comment": one_line(mark.comment, longest=300, field="comment"),
            "received_on": received.on, "received_reason": received.reason,
            "entered_on": entered_on, "entered_at": mark.at, "entered_by_id": mark.actor_id,
            "responsible_id": mark.actor_id if mended else (
                answers_for(lesson, mark.actor_id, expected, received.on, entered_on)),
            **self.rules.timeliness(lesson, kind, received.on, entered_on),
            "key": mark.key, "last_key": mark.key, "version": 1, "retakes_id": mark.retakes_id,
            "after_closing": after_closing,
        }
        if expected is not None:
            expected.meet()
        self.sums[sum_of(lesson.course_id, row)] += 1
        return row

    def done(self, mark: NewMark, mark_id: int, row: dict[str, Any]) -> Done:
        more = {"retakes": mark.retakes_id} if mark.retakes_id else {}
        return Done(mark.at, mark.actor_id, "mark.retaken" if more else "mark.entered", mark_id, {
            "lesson": mark.lesson_id, "pupil": mark.pupil_id, "value": mark.value,
            "kind": self.rules.kinds[row["kind_id"]].code, "received_on": row["received_on"], **more})

    def _work_of(self, mark: NewMark, mended: Mark | None) -> Work | None:
        work_id = mended.work_id if mended else mark.work_id
        if work_id is None:
            return None
        work = self._works.get(work_id)
        if work is None or work.lesson_id != mark.lesson_id:
            raise Refused(NO_SUCH_WORK, field="work_id")
        return work

    def _refuse_unseen(self, mark: NewMark, given_for: int) -> None:
        """Raise Stale when a mark stands in the same place that the page did not show."""
        place = mark.lesson_id, mark.pupil_id, mark.work_id is not None, given_for
        for mark_id, value in self._standing.get(place, ()):
            if mark.seen is not None and mark_id not in mark.seen:
                raise Stale("Здесь уже стоит отметка", theirs=value)

    def _kind_of(self, mark: NewMark, work: Work | None) -> Kind:
        if work is not None:
            return self.rules.kinds[work.kind_id]
        return self.rules.usual_kind if mark.kind_id is None else self.rules.kind(mark.kind_id)

    def _received(self, mark: NewMark, lesson: LessonFacts, work: Work | None, expected: Expected | None,
                  entered_on: date, mended: Mark | None) -> Received:
        """The lesson's day, unless another is given, the work was written later (R3, R4), or it is a re-take (R11)."""
        reason = one_line(mark.received_reason, longest=200, field="received_reason")
        if mended:
            again = marking.received_again(mark.received_on, reason, entered_on=entered_on)
            refuse(marking.refusal_of_retake(again.on, first_on=mended.received_on))
            return again
        handed_in_on = expected.handed_in_on(lesson.day) if expected else None
        owed = expected is not None and expected.awaiting == expecting.Awaiting.PUPIL
        away = expecting.is_away(self._codes.get((lesson.id, mark.pupil_id)))
        if work is None or not (away or owed or handed_in_on):
            on = mark.received_on or lesson.day
            return Received(on, reason if on != lesson.day else "")
        attended_on = None
        if mark.received_on is None and handed_in_on is None:
            attended_on = occasions.latest_attended(self._session, lesson, mark.pupil_id, mark.at)
        later = marking.received_later(mark.received_on, reason, handed_in_on=handed_in_on, attended_on=attended_on,
                                       entered_on=entered_on)
        return Received(lesson.day) if mark.received_on == lesson.day else later  # said by the teacher, or found out


def check_place(lists: occasions.Lists, rules: occasions.SchoolRules, lesson: LessonFacts, pupil_id: int,
                at: datetime) -> None:
    """Raise Refused when no mark can stand in this lesson for this pupil at that moment."""
    refuse(marking.refusal_to_mark(Occasion(
        begun=lesson.starts_at <= at, cancelled=lesson.cancelled, member=lists.has(lesson, pupil_id),
        scheme=rules.scheme(lesson))))


def weight_of(given: int | None, *, usual: int) -> int:
    """The weight given, if any, else the usual one. Raises Refused when it is no weight."""
    if given is None:
        return usual
    if given not in WEIGHTS:
        raise Refused("Вес отметки – целое число от 1 до 20", field="weight")
    return given


def answers_for(lesson: LessonFacts, actor_id: int, expected: Expected | None, received_on: date,
                entered_on: date) -> int:
    """Whose mark it is in the figures (R6); in a lesson of a vacancy, of who put it."""
    taught_by = lesson.teacher_id or actor_id
    if expected is None:
        return taught_by
    return expecting.who_answers(
        taught_by=taught_by, open_item_of=expected.responsible_id, due_on=expected.due_on,
        days_late=deadlines.days_late(received_on, entered_on), entered_on=entered_on)


def sum_of(course_id: int, row: dict[str, Any]) -> Sum:
    return Sum(course_id, row["responsible_id"], row["received_on"], row["kind_id"], row["days_taken"],
               row["over_limit"])


_Place = tuple[int, int, bool, int]  # lesson, pupil, whether for a work, the work or the kind


def standing_in(session: Session, marks: Sequence[NewMark]) -> dict[_Place, list[tuple[int, str]]]:
    """Marks that stand in the cells of these, as id and value, by what they are for."""
    found: dict[_Place, list[tuple[int, str]]] = {}
    lesson_ids = sorted({mark.lesson_id for mark in marks})
    for part in in_parts(sorted({mark.pupil_id for mark in marks})):
        rows = session.execute(select(Mark.id, Mark.value, Mark.lesson_id, Mark.pupil_id, Mark.work_id, Mark.kind_id)
                               .where(Mark.lesson_id.in_(lesson_ids), Mark.pupil_id.in_(part),
                                      Mark.withdrawn_at.is_(None)))
        for mark_id, value, lesson_id, pupil_id, work_id, kind_id in rows:
            place = lesson_id, pupil_id, work_id is not None, work_id or kind_id
            found.setdefault(place, []).append((mark_id, value))
    return found


_MARKS = select(Mark).where(Mark.key.in_(bindparam("keys", expanding=True)))


def marks_with_keys(session: Session, keys: Sequence[str]) -> dict[str, Mark]:
    """Marks that are there already under these keys."""
    found: dict[str, Mark] = {}
    for part in in_parts([key_of(key) for key in dict.fromkeys(keys)]):
        found.update((mark.key, mark) for mark in session.scalars(_MARKS, {"keys": part}))
    return found
