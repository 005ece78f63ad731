"""What of the journal hangs on a lesson: asked by the timetable before it replaces or cancels one, and
by the load before a journal is closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, or_, select, union, update
from sqlalchemy.orm import aliased

from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import sums
from ejd.journal.models import Attendance, Awaiting, Expectation, Homework, Mark, Work
from ejd.journal.sums import Sum
from ejd.plans.models import LessonTopic
from ejd.roster.models import Course
from ejd.schedule.models import Lesson, LessonState


def lessons_with_facts(session: Session, *, year_id: int, from_on: date, to_on: date = date.max) -> set[int]:
    """Lessons of the year from a day on, or of a span, in which a topic, attendance, a mark, a work or homework
    stands, or that are moved or merged (R6). One statement."""
    lessons = select(Lesson.id).join(Course, Course.id == Lesson.course_id).where(
        Course.year_id == year_id, Lesson.day.between(from_on, to_on))
    noted = lessons.where(or_(
        Lesson.topic != "", Lesson.topic_at.is_not(None), Lesson.attendance_at.is_not(None),
        Lesson.state == LessonState.MOVED.value, Lesson.merged_into_id.is_not(None)))
    other = aliased(Lesson)
    stood_for = (lessons.join(other, other_id == Lesson.id) for other_id in (other.moved_to_id, other.merged_into_id))
    hanging = (lessons.join(table, table.lesson_id == Lesson.id) for table in (Mark, Work, Attendance, Homework))
    return set(session.scalars(union(noted, *stood_for, *hanging)))


def last_marked_day(session: Session, *, course_id: int, from_on: date) -> date | None:
    """The last day from `from_on` on on which a mark of the course stands. One statement."""
    return session.scalar(select(func.max(Lesson.day)).join(Mark, Mark.lesson_id == Lesson.id).where(
        Lesson.course_id == course_id, Lesson.day >= from_on, Mark.withdrawn_at.is_(None)))


def held_back_from_cancelling(session: Session, lesson_ids: Collection[int]) -> dict[int, str]:
    """Which of the lessons can't be cancelled, and why: marks stand in them, or are awaited for a declared work
    (R6)."""
    held: dict[int, str] = {}
    for ids in in_parts(sorted(lesson_ids)):
        for lesson_id in session.scalars(
                select(Work.lesson_id).join(Expectation, Expectation.work_id == Work.id).where(
                    Work.lesson_id.in_(ids), Work.withdrawn_at.is_(None),
                    Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))).distinct()):
            held[lesson_id] = "ждут отметок за работу, сначала снимите её"
        for lesson_id in session.scalars(
                select(Mark.lesson_id).where(Mark.lesson_id.in_(ids), Mark.withdrawn_at.is_(None)).distinct()):
            held[lesson_id] = "стоят отметки, сначала перенесите или удалите их"
    return held


def answer_for(session: Session, *, lesson: Lesson, before: int, after: int) -> None:
    """Who really taught the lesson answers for its marks and for what is awaited in it (R6), however late the
    substitution is noted. What was handed to a third person stays theirs."""
    moved: Counter[Sum] = Counter()
    marks = session.scalars(select(Mark).filter_by(lesson_id=lesson.id, responsible_id=before).with_for_update()).all()
    for mark in marks:
        if mark.withdrawn_at is None:
            for person_id, change in ((before, -1), (after, 1)):
                moved[Sum(lesson.course_id, person_id, mark.received_on, mark.kind_id, mark.days_taken,
                          mark.over_limit)] += change
        mark.responsible_id = after
    session.flush()
    sums.add(session, moved)
    session.execute(update(Expectation).where(
        Expectation.work_id.in_(select(Work.id).filter_by(lesson_id=lesson.id)), Expectation.responsible_id == before)
        .values(responsible_id=after, version=Expectation.version + 1).execution_options(synchronize_session=False))


def recorded(session: Session, lesson_ids: Collection[int]) -> set[int]:
    """Those of the lessons in which somebody has written: a topic, attendance, a mark, homework, or what a work expects
    of somebody. One statement for a thousand lessons."""
    found: set[int] = set()
    for ids in in_parts(sorted(lesson_ids)):
        noted = select(Lesson.id).where(Lesson.id.in_(ids), or_(
            Lesson.topic != "", Lesson.topic_at.is_not(None), Lesson.attendance_at.is_not(None)))
        hanging = (select(table.lesson_id).where(table.lesson_id.in_(ids)) for table in (
            Mark, Attendance, Homework, LessonTopic))
        expected = select(Work.lesson_id).join(Expectation, Expectation.work_id == Work.id).where(
            Work.lesson_id.in_(ids))
        found |= set(session.scalars(union(noted, *hanging, expected)))
    return found


def carry_over(session: Session, *, lesson_id: int, to_id: int) -> None:
    """Works announced for a lesson, and the homework due at it, go along to the lesson that stands for it."""
    session.execute(update(Work).where(Work.lesson_id == lesson_id).values(lesson_id=to_id, version=Work.version + 1)
                    .execution_options(synchronize_session=False))
    session.execute(update(Homework).where(Homework.due_lesson_id == lesson_id).values(due_lesson_id=to_id)
                    .execution_options(synchronize_session=False))


def move_due_homework(session: Session, lessons: Collection[tuple[int, int, date]]) -> dict[int, list[int]]:
    """Homework due at lessons that fall out (id, course, day) is due at the group's next lesson on or after that day,
    or just on the day when there is none; what moved, by lesson."""
    going = {lesson_id: (course_id, day) for lesson_id, course_id, day in lessons}
    moved: dict[int, list[int]] = defaultdict(list)
    for ids in in_parts(sorted(going)):
        for homework_id, lesson_id in session.execute(
                select(Homework.id, Homework.due_lesson_id).where(Homework.due_lesson_id.in_(ids))
                .order_by(Homework.id)).all():
            assert lesson_id is not None
            course_id, day = going[lesson_id]
            next_id = _following(session, course_id, day, going)
            session.execute(update(Homework).where(Homework.id == homework_id)
                            .values(due_lesson_id=next_id, due_on=None if next_id else day))
            moved[lesson_id].append(homework_id)
    return moved


def bring_homework_back(session: Session, moved: Mapping[tuple[int, int, date], Collection[int]]) -> None:
    """Homework that moved on when lessons (id, course, day) fell out is due at them again, unless somebody chose
    another lesson for it meanwhile. Asked while they are still out."""
    waits = {lesson: _following(session, lesson[1], lesson[2], {lesson[0]}) for lesson in moved}
    for lesson in sorted(moved, key=lambda lesson: lesson[2], reverse=True):
        lesson_id, _, day = lesson
        next_id = waits[lesson]
        there = Homework.due_lesson_id == next_id if next_id else Homework.due_on == day
        for ids in in_parts(moved[lesson]):
            session.execute(
                update(Homework).where(Homework.id.in_(ids), or_(there, Homework.due_lesson_id.in_(
                    [one[0] for one in moved]))).values(due_lesson_id=lesson_id, due_on=None)
                .execution_options(synchronize_session=False))


def _following(session: Session, course_id: int, day: date, going: Collection[int]) -> int | None:
    """The course's first lesson on or after the day that takes place and isn't among those going."""
    following = session.scalars(select(Lesson.id).where(
        Lesson.course_id == course_id, Lesson.day >= day, Lesson.state == LessonState.PLANNED.value)
        .order_by(Lesson.day, Lesson.number))
    return next((found for found in following if found not in going), None)
