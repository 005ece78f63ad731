"""Acts on marks: put, correct, describe, redate, move, withdraw (R1, R3, R10).

Whose lesson it is was decided by the caller's loader; here the rules of the moment are checked. The first real value
decides timeliness: no later act moves `entered_on`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ejd import clock
from ejd.audit import trail
from ejd.db import Session, table_of
from ejd.journal import deadlines, marking, retakes, sums
from ejd.journal.closed import check_door
from ejd.journal.entering import (
    NO_SUCH_WORK,
    Entering,
    NewMark,
    check_place,
    marks_with_keys,
    refuse,
    sum_of,
    weight_of,
    works_in,
)
from ejd.journal.expectations import Expectations
from ejd.journal.marking import MOVE_REASONS, Received, Refusal
from ejd.journal.models import Mark, MarkCorrection, Work
from ejd.journal.occasions import LessonFacts, Lists, SchoolRules, lock_lessons
from ejd.journal.wording import OLD_PAGE, key_of, one_line
from ejd.refusal import Refused, Stale
from ejd.school.settings import Settings


def put_mark(session: Session, *, mark: NewMark, settings: Settings) -> Mark:
    """Put one mark; the same key again answers as the first time. Raises Refused."""
    [put] = put_marks(session, marks=[mark], settings=settings)
    return put


def put_marks(session: Session, *, marks: Sequence[NewMark], settings: Settings) -> list[Mark]:
    """Put many, all or none, each by the rules for one; the marks in the order given."""
    if not marks:
        return []
    try:
        with session.begin_nested():
            return _put(session, marks, settings)
    except IntegrityError:  # another hand used one of the keys meanwhile
        return _put(session, marks, settings)


def correct_mark(session: Session, *, actor_id: int, mark_id: int, version: int, value: str, key: str, now: datetime,
                 settings: Settings) -> Mark:
    """Put another value in place of the one that stands. Raises Stale when another hand changed the mark."""
    mark, lesson, repeated = _in_hand(session, mark_id, version, key)
    if mark.value == value:
        return mark
    _refuse_other(repeated)
    rules = SchoolRules(session, settings)
    check_place(Lists(session, [lesson], [mark.pupil_id]), rules, lesson, mark.pupil_id, now)
    refuse(marking.refusal_of_value(value, rules.scheme(lesson)))
    change = _Change(session, mark, lesson, actor_id, key, now)
    change.write("corrected", {"value": value}, before=mark.value, after=value)
    change.record("mark.corrected", before=change.before["value"], after=value)
    return mark


def describe_mark(session: Session, *, actor_id: int, mark_id: int, version: int, key: str, now: datetime,
                  settings: Settings, kind_id: int, weight: int, comment: str) -> Mark:
    """Say anew what the mark was given for. The kind of a declared work is changed with the work."""
    mark, lesson, repeated = _in_hand(session, mark_id, version, key)
    rules = SchoolRules(session, settings)
    kind = rules.kind(kind_id, standing=mark.kind_id)
    if mark.work_id is not None and kind.id != mark.kind_id:
        raise Refused("Отметка стоит за работу: вид меняют у самой работы", field="kind_id")
    wanted = {"kind_id": kind.id, "weight": weight_of(weight, usual=mark.weight),
              "comment": one_line(comment, longest=300, field="comment")}
    if all(getattr(mark, name) == value for name, value in wanted.items()):
        return mark
    _refuse_other(repeated)
    _describe(_Change(session, mark, lesson, actor_id, key, now), wanted, rules)
    return mark


def redate_mark(session: Session, *, actor_id: int, mark_id: int, version: int, key: str, now: datetime,
                settings: Settings, received_on: date, reason: str) -> Mark:
    """Name another day on which the mark was received, with the reason (R3). When it was entered stays."""
    mark, lesson, repeated = _in_hand(session, mark_id, version, key)
    received = Received(received_on, one_line(reason, longest=200, field="received_reason"))
    if (mark.received_on, mark.received_reason) == received or repeated and mark.received_on == received.on:
        return mark
    _refuse_other(repeated)
    _refuse_day(received, lesson, mark)
    retakes.refuse_day(session, mark, received.on)
    rules = SchoolRules(session, settings)
    change = _Change(session, mark, lesson, actor_id, key, now)
    values = {"received_on": received.on, "received_reason": received.reason if received.on != lesson.day else "",
              **rules.timeliness(lesson, rules.kinds[mark.kind_id], received.on, mark.entered_on)}
    before, after = mark.received_on.isoformat(), received.on.isoformat()
    change.write("redated", values, before=before, after=after)
    change.record("mark.redated", before=before, after=after)
    return mark


def move_mark(session: Session, *, actor_id: int, mark_id: int, version: int, key: str, now: datetime,
              settings: Settings, reason: str, pupil_id: int | None = None, lesson_id: int | None = None,
              work_id: int | None = None) -> Mark:
    """Move a mark to the right pupil, lesson or work (R3); `reason` is a code of MOVE_REASONS. When it was entered
    stays. In another lesson the mark is for no work unless one of its works is named. Re-takes move together (R11)."""
    mark, lesson, repeated = _in_hand(session, mark_id, version, key, also=lesson_id)
    if reason not in MOVE_REASONS:
        raise Refused("Выберите причину переноса из списка", field="reason")
    target = lesson if lesson_id is None else lock_lessons(session, [lesson_id])[lesson_id]
    to_pupil = mark.pupil_id if pupil_id is None else pupil_id
    work = _work_to_move_to(session, mark, target, work_id)
    place = {"lesson_id": target.id, "pupil_id": to_pupil, "work_id": work.id if work else None}
    if all(getattr(mark, name) == value for name, value in place.items()):
        return mark
    _refuse_other(repeated)
    rules = SchoolRules(session, settings)
    check_door(session, target, at=now, actor_id=actor_id)
    for one in retakes.linked_with(session, mark):
        change = _Change(session, one, lesson, actor_id, key if one is mark else one.last_key, now)
        _move(session, change, target, to_pupil, work, reason, rules)
    return mark


def _move(session: Session, change: _Change, target: LessonFacts, to_pupil: int, work: Work | None, reason: str,
          rules: SchoolRules) -> None:
    mark, lesson = change.mark, change.lesson
    _refuse_move(session, mark, target, to_pupil, rules)
    received = Received(target.day if mark.received_on == lesson.day else mark.received_on, mark.received_reason)
    _refuse_day(received, target, mark)
    kind = rules.kinds[work.kind_id if work else mark.kind_id]
    values = {
        "lesson_id": target.id, "pupil_id": to_pupil, "work_id": work.id if work else None,
        "received_on": received.on, "received_reason": received.reason if received.on != target.day else "",
        "kind_id": kind.id, "weight": work.weight if work and work.id != mark.work_id else mark.weight,
        "responsible_id": mark.responsible_id if target.id == lesson.id else target.teacher_id or change.actor_id,
        **rules.timeliness(target, kind, received.on, mark.entered_on)}
    before = _place(change.before)
    change.write("moved", values, before=before, after=_place(values), reason=reason, to=target)
    _follow_move(session, mark, change.before)
    change.record("mark.moved", before=before, after=_place(values), reason=reason)


def withdraw_mark(session: Session, *, actor_id: int, mark_id: int, version: int, key: str, now: datetime,
                  settings: Settings) -> Mark:
    """Take a mark back; what its work expects is awaited again. Entered anew it is a new entry (R3)."""
    mark, lesson, repeated = _in_hand(session, mark_id, version, key)
    if mark.withdrawn_at is not None:
        return mark
    _refuse_other(repeated)
    retakes.refuse_between(session, mark)
    change = _Change(session, mark, lesson, actor_id, key, now)
    change.write("withdrawn", {"withdrawn_at": now}, before=mark.value, after="")
    expectations = Expectations(session, [mark.work_id] if mark.work_id else [])
    _reopen(session, expectations, mark.work_id, mark.pupil_id)
    expectations.write()
    change.record("mark.withdrawn", before=mark.value)
    return mark


def follow_work(session: Session, *, work: Work, former_weight: int, lesson: LessonFacts, actor_id: int, now: datetime,
                settings: Settings) -> None:
    """The marks of a work take its kind and weight; one whose weight was changed by hand keeps that."""
    rules = SchoolRules(session, settings)
    marks = session.scalars(
        select(Mark).where(Mark.work_id == work.id, Mark.withdrawn_at.is_(None)).order_by(Mark.id).with_for_update()
        .execution_options(populate_existing=True)).all()
    for mark in marks:
        weight = work.weight if mark.weight == former_weight else mark.weight
        wanted = {"kind_id": work.kind_id, "weight": weight, "comment": mark.comment}
        if (mark.kind_id, mark.weight) != (work.kind_id, weight):
            _describe(_Change(session, mark, lesson, actor_id, mark.last_key, now), wanted, rules)


def _put(session: Session, marks: Sequence[NewMark], settings: Settings) -> list[Mark]:
    entering = Entering(session, marks, settings)
    standing = marks_with_keys(session, [mark.key for mark in marks])
    new: dict[str, tuple[NewMark, dict[str, Any]]] = {}
    for mark in marks:
        if mark.key in standing or mark.key in new:
            continue
        try:
            new[mark.key] = mark, entering.row_of(mark)
        except Refused as refused:
            refused.pupil_id = mark.pupil_id
            raise
    if new:
        session.execute(insert(table_of(Mark)), [row for _, row in new.values()])
    standing |= marks_with_keys(session, list(new))
    entering.expectations.write()
    entering.doors.tell()
    sums.add(session, entering.sums)
    trail.record_all(session, [entering.done(mark, standing[key].id, row) for key, (mark, row) in new.items()])
    for mark in marks:
        _refuse_used_key(session, mark, standing[mark.key])
    return [standing[mark.key] for mark in marks]


def _refuse_used_key(session: Session, mark: NewMark, put: Mark) -> None:
    """Raise Refused when the key stands for a mark put by another hand, elsewhere, or with another first value (Stale):
    this one is not saved. What became of the mark since does not matter."""
    wanted = mark.actor_id, mark.lesson_id, mark.pupil_id, mark.value
    if wanted == (put.entered_by_id, put.lesson_id, put.pupil_id, put.value):
        return
    lesson_id, pupil_id, value = put.lesson_id, put.pupil_id, put.value
    changes = select(MarkCorrection.what, MarkCorrection.before).where(MarkCorrection.mark_id == put.id)
    for what, before in session.execute(changes.order_by(MarkCorrection.id.desc())):
        if what == "corrected":
            value = before
        elif what == "moved":
            lesson_id, pupil_id = (int(part) for part in before.split("/")[:2])
    if wanted[:3] != (put.entered_by_id, lesson_id, pupil_id):
        raise Refused(OLD_PAGE)
    if mark.value != value:
        raise Stale("Здесь уже стоит отметка", theirs=put.value) if put.withdrawn_at is None else Refused(OLD_PAGE)


def _in_hand(session: Session, mark_id: int, version: int, key: str, *,
             also: int | None = None) -> tuple[Mark, LessonFacts, bool]:
    """The mark and its lesson, held, and whether this very change was already accepted.

    `also` is another lesson that the act needs, held in the same order. Raises Stale.
    """
    key_of(key)
    lesson_id = session.scalar(select(Mark.lesson_id).where(Mark.id == mark_id))
    if lesson_id is None:
        raise Refused("Этой отметки нет: обновите страницу")
    lessons = lock_lessons(session, [lesson_id] if also is None else [lesson_id, also])
    mark = session.scalars(
        select(Mark).where(Mark.id == mark_id).with_for_update().execution_options(populate_existing=True)).one()
    if mark.last_key == key and mark.version > 1:
        return mark, lessons[lesson_id], True
    if mark.withdrawn_at is not None:
        raise Stale("Отметку уже удалили", theirs="удалена")
    if mark.version != version or mark.lesson_id != lesson_id:
        raise Stale("Отметку уже изменили", theirs=mark.value)
    return mark, lessons[lesson_id], False


def _refuse_other(repeated: bool) -> None:
    """Raise Refused when the key of the latest change comes with another one: this one is not saved."""
    if repeated:
        raise Refused(OLD_PAGE)


class _Change:
    """A change of a mark after its first value: the row, its correction, the sums and the record together."""

    def __init__(self, session: Session, mark: Mark, lesson: LessonFacts, actor_id: int, key: str,
                 now: datetime) -> None:
        self._session, self.mark, self.lesson = session, mark, lesson
        self.actor_id, self._key, self._now = actor_id, key, now
        self._after_closing = check_door(session, lesson, at=now, actor_id=actor_id)
        self.before = {name: getattr(mark, name) for name in (
            "value", "lesson_id", "pupil_id", "work_id", "responsible_id", "received_on", "kind_id", "days_taken",
            "over_limit")}

    def write(self, what: str | None, values: Mapping[str, Any], *, before: str = "", after: str = "",
              reason: str = "", to: LessonFacts | None = None) -> None:
        """Save named columns; `what` None is a change that is no correction of the mark."""
        mark = self.mark
        changes = Counter({sum_of(self.lesson.course_id, self.before): -1})
        for name, value in values.items():
            setattr(mark, name, value)
        mark.version, mark.last_key = mark.version + 1, self._key
        self._session.flush()
        if mark.withdrawn_at is None:
            changes[sum_of((to or self.lesson).course_id, self.before | dict(values))] += 1
        sums.add(self._session, changes)
        if what is not None:
            on = clock.local(self._now).date()
            self._session.execute(insert(table_of(MarkCorrection)).values(
                mark_id=mark.id, what=what, before=before, after=after, reason=reason, corrected_at=self._now,
                corrected_on=on, days_after=deadlines.days_taken(self.before["received_on"], on),
                corrected_by_id=self.actor_id, responsible_id=self.before["responsible_id"],
                after_closing=self._after_closing))

    def record(self, verb: str, **data: Any) -> None:
        trail.record(self._session, now=self._now, actor_id=self.actor_id, verb=verb, subject_id=self.mark.id, **data)


def _describe(change: _Change, wanted: Mapping[str, Any], rules: SchoolRules) -> None:
    mark = change.mark
    fields = [name for name, value in wanted.items() if getattr(mark, name) != value]
    former, kind = rules.kinds[mark.kind_id], rules.kinds[wanted["kind_id"]]
    before, after = f"{former.code} {mark.weight}", f"{kind.code} {wanted['weight']}"
    values = {**wanted, **rules.timeliness(change.lesson, kind, mark.received_on, mark.entered_on)}
    change.write("described" if before != after else None, values, before=before, after=after)
    change.record("mark.described", fields=fields)


def _refuse_day(received: Received, lesson: LessonFacts, mark: Mark) -> None:
    refuse(marking.refusal_of_day(received, lesson_day=lesson.day, entered_on=mark.entered_on,
                                  year=(lesson.year_starts, lesson.year_ends)))


def _work_to_move_to(session: Session, mark: Mark, target: LessonFacts, work_id: int | None) -> Work | None:
    if work_id is None:
        work_id = mark.work_id if target.id == mark.lesson_id else None
    if work_id is None:
        return None
    work = works_in(session, [target.id]).get(work_id)
    if work is None:
        raise Refused(NO_SUCH_WORK, field="work_id")
    return work


def _refuse_move(session: Session, mark: Mark, target: LessonFacts, pupil_id: int, rules: SchoolRules) -> None:
    if target.starts_at > mark.entered_at:
        refuse(Refusal.BEFORE_ITS_LESSON)
    check_place(Lists(session, [target], [pupil_id]), rules, target, pupil_id, mark.entered_at)
    refuse(marking.refusal_of_value(mark.value, rules.scheme(target)))


def _place(values: Mapping[str, Any]) -> str:
    """Where a mark stands, as its history keeps it: lesson, pupil, work."""
    return f"{values['lesson_id']}/{values['pupil_id']}/{values['work_id'] or '-'}"


def _follow_move(session: Session, mark: Mark, before: Mapping[str, Any]) -> None:
    """What was expected where the mark stood is awaited again, and is met where it stands now."""
    expectations = Expectations(session, [work_id for work_id in (before["work_id"], mark.work_id) if work_id])
    _reopen(session, expectations, before["work_id"], before["pupil_id"])
    if met := expectations.of(mark.work_id, mark.pupil_id):
        met.meet()
    expectations.write()


def _reopen(session: Session, expectations: Expectations, work_id: int | None, pupil_id: int) -> None:
    """Await the mark again, unless another one stands for the same work."""
    expected = expectations.of(work_id, pupil_id)
    if expected is None:
        return
    others = select(Mark.id).where(Mark.work_id == work_id, Mark.pupil_id == pupil_id, Mark.withdrawn_at.is_(None))
    if session.scalar(others.limit(1)) is None:
        expected.reopen()
