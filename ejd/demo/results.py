"""The demo school's results of the first term: most teachers have set them on the eve of the deadline, those with
habits of their own have not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from sqlalchemy import select

from ejd.db import Session
from ejd.results.queries import Row, results_page
from ejd.results.setting import NewResult, set_results
from ejd.roster.models import Course, MarkingScheme, SchoolClass, TeachingAssignment
from ejd.school.models import TermScheme
from ejd.school.settings import Settings

DONE = 0.8  # share of the journals whose results are set
KIND = Fraction(12, 100)  # so little below a threshold many a teacher gives the better mark
BETTER = {"4": "5", "3": "4"}
AFTERNOON = timedelta(hours=20)  # before the demo's noon: the day before, at four


def set_first_term(session: Session, *, settings: Settings, now: datetime, slow: Collection[int]) -> None:
    """Through the same act as a teacher's own; teachers in `slow` set theirs later."""
    dice = Random(23)
    courses = session.execute(
        select(Course.id, TeachingAssignment.teacher_id)
        .join(SchoolClass, SchoolClass.id == Course.class_id)
        .join(TeachingAssignment, TeachingAssignment.course_id == Course.id)
        .where(Course.scheme == MarkingScheme.FIVE_POINT.value, SchoolClass.term_scheme == TermScheme.QUARTERS.value,
               TeachingAssignment.to_on.is_(None))
        .order_by(Course.id)).all()
    for course_id, teacher_id in courses:
        if teacher_id is None or teacher_id in slow or dice.random() >= DONE:
            continue
        at = now - AFTERNOON + timedelta(minutes=dice.randrange(180))
        page = results_page(session, course_id=course_id, code=None, settings=settings, today=at.date(), now=at)
        if page is None:
            continue
        decided = [NewResult(row.pupil_id, value, f"demo-r{course_id}-{row.pupil_id}", 0)
                   for row in page.unset if (value := _decide(row, dice))]
        set_results(session, course_id=course_id, code=page.slot.code, results=decided, actor_id=teacher_id,
                    leads=False, settings=settings, now=at)


def _decide(row: Row, dice: Random) -> str | None:
    """The suggested mark, now and then a better one; who has too few marks waits for more."""
    if row.suggested is None or row.marks < 2 or row.average is None:
        return None
    better = BETTER.get(row.suggested)
    near = better and Fraction(int(better)) - Fraction(1, 2) - row.average <= KIND
    return better if near and dice.random() < 0.6 else row.suggested
