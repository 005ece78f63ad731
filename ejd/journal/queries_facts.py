"""What stands in the cells of a course, as one statement: attendance, marks, what declared works expect, excuses that
wait for attendance to be taken, exemptions.

Illness that another hand wrote, or an excuse tells of, is «у» to whoever may not know the reason (R40).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Row,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    union,
    union_all,
)

from ejd.access import Actor, knows_reasons
from ejd.db import Session, table_of
from ejd.journal.cells import (
    AFTER_CLOSING,
    ANNOUNCED,
    ATTENDANCE,
    COMMENTED,
    EXCUSE,
    EXEMPTION,
    EXPECTATION,
    MARK,
)
from ejd.journal.deadlines import WEEK
from ejd.journal.expecting import Presence
from ejd.journal.models import (
    Attendance,
    Awaiting,
    Excuse,
    ExcuseState,
    Exemption,
    Expectation,
    Mark,
    MarkCorrection,
    Work,
    WorkKind,
)
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseMember, Enrolment
from ejd.schedule.models import Lesson, LessonState

mark, attendance, expectation = table_of(Mark), table_of(Attendance), table_of(Expectation)
exemption, excuse, correction = table_of(Exemption), table_of(Excuse), table_of(MarkCorrection)
work, kind, lesson = table_of(Work), table_of(WorkKind), table_of(Lesson)
NO_DAY = cast(null(), Date)
NO_MARK: tuple[Any, ...] = cast(null(), Integer), literal_column("0")  # whose re-take, what is noted of it


def facts_of(session: Session, *, course_id: int, first: date, last: date, pupil_id: int | None = None,
             reasons: bool = False, reader_id: int = 0) -> Sequence[Row[Any]]:
    """The facts between two days, of everybody or of one pupil, in the order of `cells.Fact`: by kind, then id.
    `reasons`: the reader may know why somebody was away, else knows of the illness that he noted himself (R40)."""
    asked = {"course_id": course_id, "first": first, "last": last, "reasons": reasons, "reader_id": reader_id}
    if pupil_id is None:
        return session.execute(OF_CLASS, asked).all()
    return session.execute(OF_PUPIL, asked | {"pupil_id": pupil_id}).all()


def eyes_of(reader: Actor | None, class_id: int | None) -> dict[str, Any]:
    """What `facts_of` asks about who reads."""
    return {"reasons": knows_reasons(reader, class_id), "reader_id": reader.person_id if reader else 0}


def _facts(of_pupil: bool) -> Any:
    """Built once, and of tables: a thousand rows through mapped classes would cost a page a third of its time."""
    def here(query: Any, pupil: Any) -> Any:
        query = query.where(lesson.c.course_id == bindparam("course_id"), lesson.c.day >= bindparam("first"),
                            lesson.c.day <= bindparam("last"))
        return query.where(pupil == bindparam("pupil_id")) if of_pupil else query

    letters = here(
        select(literal(ATTENDANCE), attendance.c.lesson_id, attendance.c.pupil_id, attendance.c.id,
               attendance.c.version, cast(case((and_(_of_others(), _hidden(attendance)), Presence.EXCUSED.value),
                                                else_=attendance.c.code), String(10)),
               literal(0), literal(0),
               NO_DAY, literal(0), literal(0), NO_DAY, *NO_MARK)
        .join_from(attendance, lesson, lesson.c.id == attendance.c.lesson_id), attendance.c.pupil_id)
    late = and_(kind.c.in_timeliness.is_(True), mark.c.days_taken > WEEK.days)
    marks = here(
        select(literal(MARK), mark.c.lesson_id, mark.c.pupil_id, mark.c.id, mark.c.version,
               cast(mark.c.value, String(10)), mark.c.weight, case((late, mark.c.days_taken), else_=0),
               case((or_(late, mark.c.received_on != lesson.c.day), mark.c.received_on)),
               func.coalesce(mark.c.work_id, 0), mark.c.kind_id, NO_DAY, mark.c.retakes_id,
               case((mark.c.comment != "", COMMENTED), else_=0) + case((_after_closing(), AFTER_CLOSING), else_=0))
        .join_from(mark, lesson, lesson.c.id == mark.c.lesson_id).join(kind, kind.c.id == mark.c.kind_id)
        .where(mark.c.withdrawn_at.is_(None)), mark.c.pupil_id)
    awaited = here(
        select(literal(EXPECTATION), work.c.lesson_id, expectation.c.pupil_id, expectation.c.id,
               expectation.c.version, cast(expectation.c.awaiting, String(10)), literal(0), literal(0),
               case((expectation.c.awaiting == Awaiting.PUPIL.value, expectation.c.hand_in_by),
                    else_=expectation.c.due_on), work.c.id, literal(0), expectation.c.received_on,
               *NO_MARK)
        .join_from(expectation, work, work.c.id == expectation.c.work_id)
        .join(lesson, lesson.c.id == work.c.lesson_id)
        .where(work.c.withdrawn_at.is_(None),
               expectation.c.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))), expectation.c.pupil_id)
    exempt = here(
        select(literal(EXEMPTION), lesson.c.id, exemption.c.pupil_id, exemption.c.id, literal(0),
               cast(null(), String(10)), literal(0), literal(0), NO_DAY, literal(0), literal(0), NO_DAY, *NO_MARK)
        .join_from(exemption, lesson, lesson.c.course_id == exemption.c.course_id)
        .where(held(exemption.c, lesson.c.day), lesson.c.state == LessonState.PLANNED.value), exemption.c.pupil_id)
    return union_all(letters, marks, awaited, here(_excuses(of_pupil), excuse.c.pupil_id), exempt).order_by(
        literal_column("1"), literal_column("4"))


def _after_closing() -> Any:
    """The mark was put or changed under a reopening (R8)."""
    changed = exists().where(correction.c.mark_id == mark.c.id, correction.c.after_closing)
    return or_(mark.c.after_closing, and_(mark.c.version > 1, changed))


def _of_others() -> Any:
    """The letter came from an excuse, or another hand than the reader's wrote it."""
    return or_(attendance.c.excuse_id.is_not(None),
               attendance.c.entered_by_id != bindparam("reader_id", type_=Integer))


def _hidden(letter: Any) -> Any:
    return and_(letter.c.code == Presence.ILL.value, not_(bindparam("reasons", type_=Boolean)))


def _excuses(of_pupil: bool) -> Any:
    """Excuses where attendance has not been taken and nobody has noted anything. In place of the id stands which of
    several comes first."""
    waits = excuse.c.state == ExcuseState.ANNOUNCED.value
    without = excuse.c.code == Presence.ABSENT.value
    noted = exists().where(attendance.c.lesson_id == lesson.c.id, attendance.c.pupil_id == excuse.c.pupil_id)
    query = (
        select(literal(EXCUSE), lesson.c.id, excuse.c.pupil_id, case((waits, 2), (without, 1), else_=0), literal(0),
               cast(case((waits, ANNOUNCED), (_hidden(excuse), Presence.EXCUSED.value), else_=excuse.c.code),
                    String(10)), literal(0), literal(0), NO_DAY, literal(0), literal(0), NO_DAY, *NO_MARK)
        .join_from(excuse, lesson, and_(
            lesson.c.day >= excuse.c.from_on, lesson.c.day <= excuse.c.to_on,
            lesson.c.number >= func.coalesce(excuse.c.first_number, 0),
            lesson.c.number <= func.coalesce(excuse.c.last_number, lesson.c.number)))
        .where(excuse.c.state.in_((ExcuseState.ACCEPTED.value, ExcuseState.ANNOUNCED.value)),
               lesson.c.attendance_at.is_(None), lesson.c.state == LessonState.PLANNED.value, ~noted))
    if of_pupil:
        return query
    course, enrolment, member = table_of(Course), table_of(Enrolment), table_of(CourseMember)
    return query.where(excuse.c.pupil_id.in_(union(
        select(enrolment.c.pupil_id).join(course, course.c.class_id == enrolment.c.class_id)
        .where(course.c.id == bindparam("course_id")),
        select(member.c.pupil_id).where(member.c.course_id == bindparam("course_id")))))


OF_CLASS, OF_PUPIL = _facts(of_pupil=False), _facts(of_pupil=True)
