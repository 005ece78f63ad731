"""Acts on many equal the same acts one by one: rows, record, sums."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.db import table_of
from ejd.journal import attendance, homework, lesson_record, marks, sums
from ejd.journal.attendance import NewPresence, Taken
from ejd.journal.homework import NewHomework
from ejd.journal.lesson_record import NewTopic
from ejd.journal.marks import NewMark
from ejd.journal.models import Attendance, DailySum, Expectation, Homework, Mark
from ejd.refusal import Refused
from ejd.schedule.models import Lesson
from tests.journal import Hand

FIRST, LAST = date(2026, 9, 3), date(2026, 9, 15)
TABLES = (Mark, Attendance, Expectation, Homework, DailySum, AuditRecord)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def lessons(school):
    """Anna's lessons in 7А of a fortnight, a test declared at the first two, attendance of all but the last saved."""
    anna = Hand(school, school.anna)
    lessons = list(school.session.scalars(
        select(Lesson).where(Lesson.course_id == school.course("7А", "Матем").id, Lesson.day.between(FIRST, LAST))
        .order_by(Lesson.day)))
    for lesson in lessons[:2]:
        anna.declares(lesson, "test")
        anna.notes(lesson, school.vitya, "н")
    for lesson in lessons[:-1]:
        anna.takes_attendance(lesson)
    return lessons


def written(session) -> dict[str, list[tuple]]:
    """Everything that the acts write, without the ids that the database gave."""
    return {model.__tablename__: sorted(
        (tuple(str(value) for name, value in row._mapping.items()
               if name != "id" and not (name == "subject_id" and row._mapping.get("verb") == "mark.entered"))
         for row in session.execute(select(table_of(model)))), key=str) for model in TABLES}


def both_ways(session, together: Callable[[], None], apart: Callable[[], None]) -> tuple[dict, dict]:
    """What is written when the acts are done together, and when they are done one by one."""
    results = []
    for way in (together, apart):
        with session.begin_nested() as savepoint:
            way()
            session.flush()
            results.append(written(session))
            assert sums.recount(session) == []
            savepoint.rollback()
        session.expire_all()
    return results[0], results[1]


def test_marks_together_equal_marks_one_by_one(school, session, anna, lessons):
    dice = Random(5)
    works = {lesson.id: work for lesson in lessons for work in session.scalars(
        select(marks.Work).filter_by(lesson_id=lesson.id))}
    pupils = [school.vitya, school.person("Ким", "Софья"), school.person("Белова", "Дарья")]
    put = []
    for number in range(50):
        lesson = dice.choice(lessons)
        work = works.get(lesson.id)
        put.append(NewMark(
            lesson.id, dice.choice(pupils).id, dice.choice("5432"), f"k{number}", school.anna.id,
            clock.at(lesson.day + timedelta(days=dice.randrange(12)), 18, number % 60),
            work_id=work.id if work and dice.random() < 0.7 else None,
            kind_id=dice.choice((None, school.kind("homework").id)), weight=dice.choice((None, 3)),
            comment=dice.choice(("", "у доски"))))
    put += [replace(again, at=again.at + timedelta(minutes=1)) for again in dice.sample(put, 10)]  # the same keys
    settings = anna.settings
    together, apart = both_ways(
        session, lambda: marks.put_marks(session, marks=put, settings=settings),
        lambda: [marks.put_mark(session, mark=mark, settings=settings) for mark in put])
    assert together == apart
    assert len(together["mark"]) == 50


def test_attendance_together_equals_attendance_one_by_one(school, session, anna, lessons):
    rows = [NewPresence(lesson.id, pupil.id, code, f"a{lesson.id}-{pupil.id}", school.anna.id, clock.now())
            for lesson, pupil, code in ((lessons[0], school.person("Ким", "Софья"), "б"),
                                        (lessons[1], school.person("Белова", "Дарья"), "о"),
                                        (lessons[-1], school.vitya, "у"))]
    taken = [Taken(lesson.id, school.anna.id, clock.now()) for lesson in lessons]
    settings = anna.settings

    def together():
        attendance.record_attendance(session, rows=rows, settings=settings)
        attendance.take_attendance(session, lessons=taken, settings=settings)

    def apart():
        for row in rows:
            attendance.record_attendance(session, rows=[row], settings=settings)
        for one in taken:
            attendance.take_attendance(session, lessons=[one], settings=settings)

    done_together, done_apart = both_ways(session, together, apart)
    assert done_together == done_apart
    assert len(done_together["attendance"]) == 5


def test_homework_and_topics_together_equal_one_by_one(school, session, anna, lessons):
    tasks = [NewHomework(lesson.id, "" if index == 2 else f"№ {index}", school.anna.id, clock.now(), f"h{index}",
                         not_set=index == 2) for index, lesson in enumerate(lessons)]
    topics = [NewTopic(lesson.id, f"Тема {lesson.day}", school.anna.id, clock.now()) for lesson in lessons]
    settings = anna.settings

    def together():
        homework.publish_homework(session, homework=tasks, settings=settings)
        lesson_record.record_topics(session, topics=topics)

    def apart():
        for one in tasks:
            homework.publish_homework(session, homework=[one], settings=settings)
        for topic in topics:
            lesson_record.record_topics(session, topics=[topic])

    done_together, done_apart = both_ways(session, together, apart)
    assert done_together == done_apart
    assert len(done_together["homework"]) == len(lessons)


def test_all_or_none(school, session, anna, lessons):
    put = [NewMark(lessons[0].id, school.vitya.id, value, f"k{value}", school.anna.id, clock.now()) for value in "546"]
    before = session.scalar(select(func.count()).select_from(AuditRecord))
    with pytest.raises(Refused, match="Такой отметки нет"):
        marks.put_marks(session, marks=put, settings=anna.settings)
    assert session.scalar(select(func.count()).select_from(Mark)) == 0
    assert session.scalar(select(func.count()).select_from(AuditRecord)) == before


def test_nothing_to_do_is_nothing_done(session, anna):
    assert marks.put_marks(session, marks=[], settings=anna.settings) == []
    assert attendance.record_attendance(session, rows=[], settings=anna.settings) == []
    assert homework.publish_homework(session, homework=[], settings=anna.settings) == []


def test_thirty_marks_take_as_many_statements_as_one(school, session, anna, lessons, at_most):
    pupils = [school.vitya, school.person("Ким", "Софья")]
    put = [NewMark(lesson.id, pupil.id, "5", f"k{lesson.id}-{pupil.id}", school.anna.id, clock.now())
           for lesson in lessons for pupil in pupils]
    settings = anna.settings
    with at_most(12):
        marks.put_marks(session, marks=put, settings=settings)
