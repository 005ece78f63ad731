"""What the deputy head of the demo school remarked on journals: answered, closed, and one that waits for an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.remarks.models import JournalRemark
from ejd.remarks.services import NewRemark, answer_remark, close_remark, make_remark
from ejd.roster.models import TeachingAssignment
from ejd.schedule.models import Lesson, LessonState

ONE_DAY, SEVEN_DAYS = timedelta(days=1), timedelta(days=7)


def deputy_remarks(session: Session, *, deputy: int, teacher: int, late: int, now: datetime) -> None:
    """On a lesson of the demo's teacher; on pages of the one who is always late, answered once and closed once."""
    today = clock.local(now).date()
    lesson = session.scalars(
        select(Lesson).where(Lesson.teacher_id == teacher, Lesson.day < today - SEVEN_DAYS,
                             Lesson.state == LessonState.PLANNED.value)
        .order_by(Lesson.day.desc(), Lesson.number).limit(1)).one()
    make_remark(session, remark=NewRemark(
        "Домашнее задание записано без номеров: допишите, что решать.", deputy, now - ONE_DAY, "demo-remark-1",
        lesson_id=lesson.id, due_on=today + ONE_DAY))
    first, second = session.scalars(
        select(TeachingAssignment.course_id).where(TeachingAssignment.teacher_id == late)
        .order_by(TeachingAssignment.course_id).limit(2)).all()
    done = _answered(session, first, "Отметки за самостоятельную внесены через две недели.",
                     "Внесла все, впредь – в день урока.", deputy, late, now - timedelta(days=20))
    close_remark(session, actor_id=deputy, remark_id=done.id, version=done.version, now=now - timedelta(days=17))
    _answered(session, second, "Мало отметок: опросите тех, у кого одна или ни одной.",
              "Провела опрос, отметки внесены.", deputy, late, now - timedelta(days=6))


def _answered(session: Session, course_id: int, text: str, answer: str, deputy: int, teacher: int, at: datetime
              ) -> JournalRemark:
    day = clock.local(at).date()
    remark = make_remark(session, remark=NewRemark(
        text, deputy, at, f"demo-remark-{course_id}", course_id=course_id, first=day - timedelta(days=20), last=day,
        due_on=day + SEVEN_DAYS))
    return answer_remark(session, actor_id=teacher, remark_id=remark.id, version=remark.version, text=answer,
                         now=at + ONE_DAY)
