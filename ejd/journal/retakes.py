"""Re-takes («пересдача»): a mark of its own, with its own day, that names the mark it mends; one stands for each, and
a re-take can be re-taken (R11). Withdrawn in the reverse order, so that what counts is never in doubt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select

from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import marking
from ejd.journal.models import Mark
from ejd.refusal import Refused, Stale


class Mended:
    """The marks that a batch of new re-takes is to mend, and the re-takes that they have already. Nothing is asked when
    there are none."""

    def __init__(self, session: Session, mark_ids: Collection[int]) -> None:
        self._marks: dict[int, Mark] = {}
        self._again: dict[int, str] = {}
        for part in in_parts(sorted(set(mark_ids))):
            for mark in session.scalars(select(Mark).where(
                    or_(Mark.id.in_(part), Mark.retakes_id.in_(part)), Mark.withdrawn_at.is_(None))):
                if mark.id in part:
                    self._marks[mark.id] = mark
                if mark.retakes_id is not None and mark.retakes_id in part:
                    self._again[mark.retakes_id] = mark.value

    def by(self, mark_id: int | None, *, lesson_id: int, pupil_id: int) -> Mark | None:
        """The mark that this one mends, from now on mended. Raises Refused, and Stale when it has a re-take already."""
        if mark_id is None:
            return None
        mark = self._marks.get(mark_id)
        if mark is None or (mark.lesson_id, mark.pupil_id) != (lesson_id, pupil_id):
            raise Refused("Отметки, которую пересдают, в клетке уже нет: обновите страницу")
        if mark_id in self._again:
            raise Stale("Эту отметку уже пересдали", theirs=self._again[mark_id])
        self._again[mark_id] = mark.value
        return mark


def refuse_between(session: Session, mark: Mark) -> None:
    """Raise Refused when the mark to be withdrawn is a re-take that was itself re-taken: the first would count again
    beside the last."""
    if mark.retakes_id is None:
        return
    again = select(Mark.id).where(Mark.retakes_id == mark.id, Mark.withdrawn_at.is_(None))
    if session.scalar(again) is not None:
        raise Refused("Эту отметку пересдали ещё раз: сначала удалите последнюю пересдачу")


def refuse_day(session: Session, mark: Mark, received_on: date) -> None:
    """Raise Refused when the day named for a mark would put a re-take before what it mends."""
    if mark.retakes_id is not None:
        first_on = session.scalar(select(Mark.received_on).where(Mark.id == mark.retakes_id))
        if first_on is not None and (reason := marking.refusal_of_retake(received_on, first_on=first_on)):
            raise Refused(reason, field=reason.field)
    again_on = session.scalar(select(Mark.received_on).where(Mark.retakes_id == mark.id, Mark.withdrawn_at.is_(None)))
    if again_on is not None and (reason := marking.refusal_of_retake(again_on, first_on=received_on)):
        raise Refused(reason, field=reason.field)


def linked_with(session: Session, mark: Mark) -> list[Mark]:
    """The mark with what it re-takes and what re-takes it, the first first; held, for they stand in one cell."""
    here = session.scalars(
        select(Mark).where(Mark.lesson_id == mark.lesson_id, Mark.pupil_id == mark.pupil_id,
                           Mark.withdrawn_at.is_(None)).order_by(Mark.id).with_for_update()).all()
    chain = {mark.id}
    for one in [*here, *reversed(here)]:  # a re-take is younger than its mark: once up, once down
        if one.retakes_id in chain or one.id in {other.retakes_id for other in here if other.id in chain}:
            chain.add(one.id)
    return [one for one in here if one.id in chain]
