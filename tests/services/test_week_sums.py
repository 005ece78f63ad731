"""Weekly sums of lessons and homework (R60): believed only while nothing in the week was written to, whoever wrote."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import Engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ejd import clock
from ejd.compliance.metrics import By, Figure
from ejd.compliance.queries import report_of
from ejd.compliance.scope import Launches, Scope
from ejd.db import begin_as_writer, clashed, db, triggers_missing
from ejd.journal import week_sums
from ejd.journal.deadlines import Launch
from ejd.journal.models import Homework
from ejd.journal.week_models import CountedWeek, LessonSum
from ejd.journal.week_sums import read
from ejd.schedule.models import Lesson
from tests.world import NOW, TODAY

MONDAY, SUNDAY = date(2026, 9, 7), date(2026, 9, 13)
BEFORE = date(2026, 8, 31)  # its lessons begin on Tuesday, the first of September
STARTS = Launches(Launch(date(2026, 9, 1)), Launch(date(2026, 9, 1)))


MINUTES = itertools.count()  # so that no two writes say the same


def count(session, today=TODAY, now=NOW):
    for monday in week_sums.waiting(session, today):
        week_sums.count(session, monday, now)


def held(session):
    """The Mondays of weeks whose sums hold."""
    weeks = [read(one) for one in session.scalars(week_sums.holding(date(2026, 8, 1), date(2027, 6, 1)))]
    return {week.first - timedelta(days=week.first.weekday()) for week in weeks}


def figures(session, first=date(2026, 9, 1), last=TODAY, today=TODAY, now=NOW):
    total = report_of(session, scope=Scope(first, last), by=By.CLASS, launches=STARTS, today=today, now=now).total
    return +total.counts


def row_by_row(session, *days):
    """The figures as they are when nothing was ever counted."""
    with session.begin_nested() as step:
        session.execute(delete(CountedWeek))
        found = figures(session, *days)
        step.rollback()
    return found


@pytest.fixture
def counted(session):
    """Two weeks are over on Thursday, 17 September; the lesson of Monday has homework."""
    lesson = lesson_on(session, MONDAY)
    session.add(homework_of(lesson))
    session.flush()
    count(session)
    assert held(session) == {BEFORE, MONDAY}
    return session


def lesson_on(session, day):
    return session.scalars(select(Lesson).where(Lesson.day == day).order_by(Lesson.id)).first()


def homework_of(lesson, **given):
    return Homework(lesson_id=lesson.id, text="§ 1", published_at=lesson.ends_at, published_by_id=lesson.teacher_id,
                    **given)


def another_teacher(session, lesson):
    return session.scalar(select(Lesson.teacher_id).where(Lesson.teacher_id != lesson.teacher_id).limit(1))


WRITES = {
    "a topic": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(topic_at=NOW),
    "attendance": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(attendance_at=NOW),
    "cancelled": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(state="cancelled"),
    "another teacher": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(
        teacher_id=another_teacher(s, lesson)),
    "another deadline": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(
        homework_due_at=lesson.starts_at),
    "another number": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(number=12),
    "another day": lambda s, lesson: update(Lesson).where(Lesson.id == lesson.id).values(day=TODAY, number=12),
    "one lesson more": lambda s, lesson: insert(Lesson).values(
        course_id=lesson.course_id, day=MONDAY, number=12, starts_at=lesson.starts_at, ends_at=lesson.ends_at),
    "homework goes": lambda s, lesson: delete(Homework).where(Homework.lesson_id == lesson.id),
    "homework later": lambda s, lesson: update(Homework).where(Homework.lesson_id == lesson.id).values(
        published_at=NOW),
    "«не задано»": lambda s, lesson: update(Homework).where(Homework.lesson_id == lesson.id).values(not_set=True),
    "homework of another lesson": lambda s, lesson: insert(Homework).values(
        lesson_id=s.scalar(select(func.max(Lesson.id)).where(Lesson.day == MONDAY)), text="§ 2", published_at=NOW,
        published_by_id=lesson.teacher_id),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_whatever_is_written_shows_at_once_and_is_counted_again(counted, write):
    """Bulk statements pass by the services; the sums are untrue all the same."""
    session = counted
    session.execute(write(session, lesson_on(session, MONDAY)))
    assert held(session) == {BEFORE}
    shown = figures(session)
    count(session)
    assert held(session) == {BEFORE, MONDAY} and week_sums.recount(session) == []
    assert figures(session) == shown == row_by_row(session)


def test_a_lesson_that_goes_is_noticed(counted):
    lesson = lesson_on(counted, MONDAY)
    counted.execute(delete(Homework).where(Homework.lesson_id == lesson.id))
    count(counted)
    counted.execute(delete(Lesson).where(Lesson.id == lesson.id))
    assert held(counted) == {BEFORE}


@pytest.mark.parametrize("values", [{"topic": "Дроби"}, {"version": 7}, {"remote": True}], ids=str)
def test_what_no_figure_asks_leaves_the_sums(counted, values):
    counted.execute(update(Lesson).where(Lesson.day == MONDAY).values(values))
    assert held(counted) == {BEFORE, MONDAY}


def test_this_week_is_asked_row_by_row(counted):
    counted.execute(update(Lesson).where(Lesson.day == date(2026, 9, 16)).values(topic_at=NOW, attendance_at=NOW))
    assert held(counted) == {BEFORE, MONDAY} and figures(counted)[Figure.LESSONS_FILLED] > 0


def test_sums_answer_for_whole_weeks_only(counted):
    """A sum that is wrong on purpose shows where sums are asked: of days of a week the lessons are asked."""
    counted.execute(update(LessonSum).where(LessonSum.day == MONDAY).values(cancelled=1000))
    assert week_sums.recount(counted) == [MONDAY]
    of_week, of_days, of_one_day = (figures(counted, *days)[Figure.LESSONS_CANCELLED] for days in (
        (MONDAY, SUNDAY), (MONDAY, date(2026, 9, 10)), (MONDAY, MONDAY)))
    assert of_week > 1000 and of_days == of_one_day == 0
    early = figures(counted, MONDAY, SUNDAY, today=date(2026, 9, 13))
    assert early[Figure.LESSONS_CANCELLED] == 0  # on Sunday the week is not over yet


def test_a_year_that_begins_on_tuesday_has_its_first_week(counted):
    assert read(counted.scalars(week_sums.holding(BEFORE, date(2026, 9, 3))).one()).first == date(2026, 9, 1)
    counted.execute(update(LessonSum).where(LessonSum.day < MONDAY).values(cancelled=1000))
    assert figures(counted, date(2026, 9, 1), date(2026, 9, 4))[Figure.LESSONS_CANCELLED] > 1000


def test_a_week_whose_homework_waits_beyond_it_is_not_counted(session):
    session.execute(update(Lesson).where(Lesson.id == lesson_on(session, MONDAY).id)
                    .values(homework_due_at=NOW + timedelta(days=1)))
    count(session)
    assert held(session) == {BEFORE}


def test_every_trigger_is_there(session):
    assert triggers_missing(session) == set()


@pytest.fixture
def beside(engine):
    """What another hand does, in a thread with a connection of its own. Both weeks are counted before."""
    with clock.freeze(NOW), ThreadPoolExecutor(1) as pool:
        count(db.session)

        def begin(act):
            def run():
                begin_as_writer(True)
                with Session(engine) as session, session.begin():
                    act(session)
            return pool.submit(run)

        yield begin
        assert_exact()


@pytest.fixture
def count_beside(beside):
    """Another process counts the week."""
    app = current_app._get_current_object()

    def run():
        with app.app_context(), clock.freeze(NOW):
            week_sums.count(db.session, MONDAY, NOW)

    with ThreadPoolExecutor(1) as pool:
        yield lambda: pool.submit(run)


def assert_exact():
    """Sums that are believed agree with the lessons, and each lesson is counted once."""
    db.session.rollback()
    assert week_sums.recount(db.session) == []
    week = (MONDAY, SUNDAY)
    assert figures(db.session, *week) == row_by_row(db.session, *week)
    count(db.session)
    assert held(db.session) == {BEFORE, MONDAY} and figures(db.session, *week) == row_by_row(db.session, *week)
    db.session.rollback()


def fill(number):
    """One lesson of the week is filled in."""
    def act(session):
        of_week = select(Lesson.id).where(Lesson.day.between(MONDAY, SUNDAY)).order_by(Lesson.id)
        session.execute(update(Lesson).where(Lesson.id == session.scalars(of_week).all()[number]).values(
            topic_at=NOW + timedelta(minutes=next(MINUTES)), attendance_at=NOW))
    return act


@contextmanager
def just_before(statement, act):
    """`act` once, in the middle of what goes on, right before such a statement."""
    done = []

    def look(_connection, _cursor, sql, *_):
        if sql.startswith(statement) and not done:
            done.append(True)
            act()

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert done


def test_a_write_that_is_under_way_while_the_week_is_counted(count_beside, engine):
    """PostgreSQL counts without it, and does not believe the count once it is there; SQLite waits for it."""
    begin_as_writer(True)
    with Session(engine) as first:
        fill(0)(first)
        counting = count_beside()
        if not waits(engine):
            counting.result(timeout=5)
        first.commit()
    begin_as_writer(False)
    counting.result()
    assert (MONDAY in held(db.session)) == waits(engine)


def test_a_write_that_comes_while_the_week_is_counted(beside, engine):
    """The note of a change that the count has not seen outlives it."""
    fill(1)(db.session)  # so that there is something to count
    db.session.commit()
    writes = []

    def write():
        writes.append(beside(fill(2)))
        if not waits(engine):
            writes[0].result()

    with just_before("INSERT INTO lesson_sum", write):
        week_sums.count(db.session, MONDAY, NOW)
    writes[0].result()
    assert held(db.session) == {BEFORE}


def test_writers_of_one_week_do_not_wait_for_each_other(beside, engine):
    """PostgreSQL: each adds a note of its own. SQLite has one writer anyway."""
    begin_as_writer(True)
    with Session(engine) as first:
        fill(3)(first)
        second = beside(fill(4))
        if not waits(engine):
            second.result(timeout=5)
        first.commit()
    begin_as_writer(False)
    second.result()


def test_two_counts_at_once_write_the_sums_once(count_beside, engine):
    others = []

    def other():
        others.append(count_beside())
        if not waits(engine):
            others[0].result()

    if waits(engine):
        with just_before("DELETE FROM lesson_sum", other):
            week_sums.count(db.session, MONDAY, NOW)
        others[0].result()
    else:
        with just_before("DELETE FROM lesson_sum", other), pytest.raises(DBAPIError) as lost:
            week_sums.count(db.session, MONDAY, NOW)
        assert clashed(lost.value)


def waits(engine):
    """SQLite: whoever writes waits for the writer before."""
    return engine.dialect.name == "sqlite"
