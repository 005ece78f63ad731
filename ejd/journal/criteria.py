"""Acts on a work's criteria, where a school wants them: what it is judged by, and the points that a mark stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from ejd.audit import trail
from ejd.bulk import in_parts, insert_many
from ejd.db import Session, table_of
from ejd.journal.models import CriterionScore, Mark, Work, WorkCriterion
from ejd.refusal import Refused


def criteria_of(session: Session, work_id: int) -> Sequence[WorkCriterion]:
    """In their order. One statement."""
    return session.scalars(select(WorkCriterion).filter_by(work_id=work_id)
                           .order_by(WorkCriterion.position, WorkCriterion.id)).all()


def set_criteria(session: Session, *, actor_id: int, work: Work, criteria: Sequence[tuple[str, int]],
                 now: datetime) -> bool:
    """Say what the work, held by the caller, is judged by; whether that changed. Refused once points stand for it."""
    there = criteria_of(session, work.id)
    if [(one.title, one.most) for one in there] == list(criteria):
        return False
    scored = select(func.count()).where(CriterionScore.criterion_id.in_([one.id for one in there]))
    if there and session.scalar(scored):
        raise Refused("По критериям уже стоят баллы: менять их поздно", field="criteria")
    session.execute(delete(WorkCriterion).where(WorkCriterion.work_id == work.id))
    insert_many(session, WorkCriterion, [{"work_id": work.id, "position": position, "title": title, "most": most}
                                         for position, (title, most) in enumerate(criteria)])
    trail.record(session, now=now, actor_id=actor_id, verb="work.criteria_set", subject_id=work.id,
                 most=[most for _, most in criteria])
    return True


def scores_of(session: Session, mark_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Points by mark and criterion."""
    found: dict[int, dict[int, int]] = {}
    for part in in_parts(mark_ids):
        for mark_id, criterion_id, points in session.execute(
                select(CriterionScore.mark_id, CriterionScore.criterion_id, CriterionScore.points)
                .where(CriterionScore.mark_id.in_(part))):
            found.setdefault(mark_id, {})[criterion_id] = points
    return found


def refuse_points(points: Mapping[int, int], standing: Mapping[int, int], criteria: Sequence[WorkCriterion]) -> None:
    """Raise Refused when a criterion has more points than it gives, or has none any more."""
    if standing.keys() - points.keys():
        raise Refused("Баллы не стирают: исправьте их, ноль – тоже балл", field="points")
    for one in criteria:
        if points.get(one.id, 0) > one.most:
            raise Refused(f"«{one.title}»: баллов не больше {one.most}", field="points")


def score(session: Session, *, actor_id: int, points: Mapping[Mark, Mapping[int, int]],
          now: datetime) -> None:
    """Note the points of marks that are put or stand; what is as it was changes nothing."""
    before = scores_of(session, [mark.id for mark in points])
    changed = {mark: wanted for mark, wanted in points.items() if before.get(mark.id, {}) != wanted}
    table = table_of(CriterionScore)
    new = []
    for mark, wanted in changed.items():
        standing = before.get(mark.id, {})
        for criterion_id, number in wanted.items():
            if criterion_id not in standing:
                new.append({"mark_id": mark.id, "criterion_id": criterion_id, "points": number})
            elif standing[criterion_id] != number:
                session.execute(update(table).where(table.c.mark_id == mark.id, table.c.criterion_id == criterion_id)
                                .values(points=number))
    insert_many(session, CriterionScore, new)
    trail.record_many(session, now=now, actor_id=actor_id, verb="mark.scored", acts=[
        (mark.id, {"before": before.get(mark.id, {}), "after": dict(wanted)}) for mark, wanted in changed.items()])
