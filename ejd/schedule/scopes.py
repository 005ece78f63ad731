"""Which lessons a person reaches; None when it is not theirs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, bindparam, exists, or_, select

from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Person, TeachingAssignment
from ejd.schedule.models import Lesson

# Built once: it is asked with every mark that is saved.
_assigned = exists().where(
    TeachingAssignment.course_id == Lesson.course_id, TeachingAssignment.teacher_id == bindparam("teacher_id"),
    or_(*(held(TeachingAssignment, day) for day in (Lesson.day, bindparam("today", type_=Date)))))
TAUGHT = select(Lesson).where(Lesson.id == bindparam("lesson_id"),
                              or_(Lesson.teacher_id == bindparam("teacher_id"), _assigned))


def lesson_taught_by(session: Session, *, teacher_id: int, lesson_id: int, today: date) -> Lesson | None:
    """The lesson, when this teacher or substitute gives it (R6, R33), or has its course assigned on the lesson's day
    or today: who takes a course over takes over its open items."""
    return session.scalar(TAUGHT, {"teacher_id": teacher_id, "lesson_id": lesson_id, "today": today})


def lesson_of_course(session: Session, *, course_id: int, lesson_id: int) -> tuple[Lesson, str] | None:
    """A lesson of this journal and who gives it, for whoever may look into the journal. One statement."""
    row = session.execute(select(Lesson, Person).outerjoin(Person, Person.id == Lesson.teacher_id)
                          .where(Lesson.id == lesson_id, Lesson.course_id == course_id)).first()
    return (row[0], row[1].short_name if row[1] else "") if row else None
