"""Two hands at once, each with a connection of its own: the second waits, then sees what the first did.

In a database of its own, for here transactions really commit and what was recorded can't be taken out again.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ejd import clock
from ejd.credentials.sessions import actor_of
from ejd.db import begin_as_writer
from ejd.journal import attendance, excuses, homework, lesson_record, marks, sums, works
from ejd.journal.attendance import NewPresence
from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.journal.homework import NewHomework
from ejd.journal.lesson_record import NewTopic
from ejd.journal.marks import NewMark
from ejd.journal.models import Attendance, DailySum, Mark, MarkCorrection
from ejd.journal.works import NewWork
from ejd.plans import services as plans
from ejd.plans.models import Plan, PlanTopic
from ejd.refusal import Refused, Stale
from ejd.results import term_closing
from ejd.school.models import Term
from ejd.school.settings import Settings
from tests.world import NOW, World

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over
SETTINGS = Settings()


class Meeting:
    """Анна and Борис at the lesson of 7А on 10 September, each with a connection."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self._pool = ThreadPoolExecutor(1)
        begin_as_writer(True)
        self.first = Session(engine, expire_on_commit=False)
        world = World(self.first)  # type: ignore[arg-type]
        maths = world.course("7А", "Матем")
        self.anna, self.vitya = world.anna.id, world.vitya.id
        self.lesson, self.next = (world.lesson(maths, date(2026, 9, day)).id for day in (10, 11))
        self.test = world.kind("test").id
        self.first.commit()

    def second(self, act: Callable[[Session], Any]) -> Future[Any]:
        """The other hand does something in a transaction of its own, meanwhile."""

        def run() -> Any:
            begin_as_writer(True)
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                return act(session)

        return self._pool.submit(run)

    def waits(self, second: Future[Any]) -> None:
        with pytest.raises(TimeoutError):
            second.result(timeout=LONG_ENOUGH)

    def mark(self, key: str, **more: Any) -> NewMark:
        given = {"value": "5", "work_id": None, "lesson_id": self.lesson} | more
        return NewMark(pupil_id=self.vitya, key=key, actor_id=self.anna, at=NOW, **given)

    def put(self, mark: NewMark) -> Callable[[Session], Mark]:
        return lambda session: marks.put_mark(session, mark=mark, settings=SETTINGS)

    def correct(self, mark: Mark, value: str, key: str) -> Callable[[Session], Mark]:
        version = mark.version
        return lambda session: marks.correct_mark(session, actor_id=self.anna, mark_id=mark.id, version=version,
                                                  value=value, key=key, now=NOW, settings=SETTINGS)

    def close(self) -> None:
        self.first.close()
        self._pool.shutdown()
        begin_as_writer(False)


@pytest.fixture
def meeting(engine: Any) -> Iterator[Meeting]:
    meeting = Meeting(engine)
    with clock.freeze(NOW):
        yield meeting
    assert sums.recount(meeting.first) == []
    meeting.close()


def count(meeting: Meeting, *where: Any) -> int:
    meeting.first.rollback()
    return meeting.first.scalar(select(func.count()).select_from(Mark).where(*where)) or 0


def test_one_key_saved_twice_at_once_is_one_mark(meeting):
    put = meeting.put(meeting.mark("same"))
    first = put(meeting.first)
    second = meeting.second(put)
    meeting.waits(second)
    meeting.first.commit()
    assert second.result().id == first.id
    assert count(meeting, Mark.key == "same") == 1


def test_one_key_in_two_lessons_at_once_is_one_mark(meeting):
    """The lessons hold nobody up; the key is unique, and the second is told that it is not saved."""
    meeting.put(meeting.mark("astray"))(meeting.first)
    second = meeting.second(meeting.put(meeting.mark("astray", lesson_id=meeting.next)))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Refused, match="обновите"):
        second.result()
    assert count(meeting, Mark.key == "astray") == 1


def test_of_two_re_takes_of_one_mark_at_once_the_second_is_shown_the_first(meeting):
    """R11: one re-take stands for a mark."""
    three = meeting.put(meeting.mark("first-try", value="3"))(meeting.first)
    meeting.first.commit()
    five, four = (meeting.mark(f"again{value}", value=value, retakes_id=three.id) for value in "54")
    meeting.put(five)(meeting.first)
    second = meeting.second(meeting.put(four))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Stale, match="уже пересдали") as stale:
        second.result()
    assert stale.value.theirs == "5" and count(meeting, Mark.retakes_id == three.id) == 1


def test_of_two_hands_at_an_empty_cell_the_second_is_shown_the_first(meeting):
    """engineering.md 7: each page showed no mark there; the second does not stand beside the first."""
    three, four = (meeting.mark(f"empty{value}", value=value, lesson_id=meeting.next, seen=()) for value in "34")
    meeting.put(three)(meeting.first)
    second = meeting.second(meeting.put(four))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Stale) as stale:
        second.result()
    assert stale.value.theirs == "3"
    assert count(meeting, Mark.lesson_id == meeting.next) == 1


def test_of_two_corrections_of_one_version_the_second_is_shown_the_first(meeting):
    mark = meeting.put(meeting.mark("corrected", value="3"))(meeting.first)
    meeting.first.commit()
    four, two = meeting.correct(mark, "4", "k4"), meeting.correct(mark, "2", "k2")
    four(meeting.first)
    second = meeting.second(two)
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Stale) as stale:
        second.result()
    assert stale.value.theirs == "4"
    corrected = select(func.count()).select_from(MarkCorrection).where(MarkCorrection.mark_id == mark.id)
    assert meeting.first.scalar(corrected) == 1


def declared(meeting):
    work = NewWork(meeting.lesson, meeting.test, meeting.anna, NOW)
    [work] = works.declare_works(meeting.first, works=[work], settings=SETTINGS)
    meeting.first.commit()
    return work


def withdraw(meeting, work):
    work_id = work.id
    return lambda session: works.withdraw_work(session, actor_id=meeting.anna, work_id=work_id, version=1, now=NOW)


def test_a_work_is_not_withdrawn_under_a_mark_that_is_being_put(meeting):
    work = declared(meeting)
    meeting.put(meeting.mark("for the work", work_id=work.id))(meeting.first)
    second = meeting.second(withdraw(meeting, work))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Refused, match="стоят отметки"):
        second.result()


def test_no_mark_is_put_for_a_work_that_is_being_withdrawn(meeting):
    work = declared(meeting)
    withdraw(meeting, work)(meeting.first)
    second = meeting.second(meeting.put(meeting.mark("too late", work_id=work.id)))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Refused, match="работы в уроке уже нет"):
        second.result()
    assert count(meeting, Mark.key == "too late") == 0


def test_two_marks_make_one_daily_sum(meeting):
    """Two lessons, marks received on one day by one course: a row that both would make."""
    mark = meeting.mark("sum 1", kind_id=meeting.test, received_on=date(2026, 9, 14), received_reason="принёс")
    meeting.put(mark)(meeting.first)
    second = meeting.second(meeting.put(replace(mark, key="sum 2", lesson_id=meeting.next)))
    meeting.waits(second)
    meeting.first.commit()
    second.result()
    day = select(DailySum.marks).where(DailySum.received_on == date(2026, 9, 14))
    assert meeting.first.scalars(day).all() == [2]


def test_two_letters_for_one_cell(meeting):
    def note(code):
        row = NewPresence(meeting.lesson, meeting.vitya, code, f"letter {code}", meeting.anna, NOW)
        return lambda session: attendance.record_attendance(session, rows=[row], settings=SETTINGS)

    note("н")(meeting.first)
    second = meeting.second(note("б"))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Stale) as stale:
        second.result()
    assert stale.value.theirs == "н"
    assert meeting.first.scalars(select(Attendance.code).filter_by(lesson_id=meeting.lesson)).all() == ["н"]


@pytest.mark.parametrize(("day", "paper_first"), [(date(2026, 9, 14), True), (date(2026, 9, 16), False)])
def test_a_certificate_and_attendance_on_its_way_meet(meeting, day, paper_first):
    """R10: whichever comes first, the lesson has the letter."""
    world = World(meeting.first)
    lesson_id = world.lesson(world.course("7А", "Русский"), day).id
    paper = NewExcuse(meeting.vitya, Span(day, day), "б", f"paper {day}", meeting.anna, NOW, True)
    taken = attendance.Taken(lesson_id, meeting.anna, NOW)

    def bring(session):
        return excuses.record_excuses(session, excuses=[paper])

    def take(session):
        return attendance.take_attendance(session, lessons=[taken], settings=SETTINGS)

    before, after = (bring, take) if paper_first else (take, bring)
    before(meeting.first)
    second = meeting.second(after)
    meeting.waits(second)
    meeting.first.commit()
    second.result()
    assert meeting.first.scalars(select(Attendance.code).filter_by(
        lesson_id=lesson_id, pupil_id=meeting.vitya)).all() == ["б"]


def test_two_hands_set_homework(meeting):
    def publish(words):
        one = NewHomework(meeting.lesson, words, meeting.anna, NOW, f"homework {words}")
        return lambda session: homework.publish_homework(session, homework=[one], settings=SETTINGS)

    publish("№ 5")(meeting.first)
    second = meeting.second(publish("№ 6"))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Stale) as stale:
        second.result()
    assert stale.value.theirs == "№ 5"


WEEK_OVER = clock.at(date(2026, 10, 26), 10)


def close_term(world, class_name):
    """R8: Дина closes the first quarter of a class."""
    class_id = world.school_class(class_name).id
    term_id = world.session.scalars(select(Term.id).filter_by(scheme="quarters", number=1)).one()
    dina = actor_of(world.session, world.dina, clock.local(WEEK_OVER).date())
    return lambda session: term_closing.close_term(session, actor=dina, class_id=class_id, term_id=term_id,
                                                   now=WEEK_OVER)


def test_a_mark_on_its_way_is_in_before_its_term_is_closed(meeting):
    world = World(meeting.first)
    lesson, zoya = world.lesson(world.course("7Б", "Матем"), date(2026, 9, 14)).id, world.zoya.id
    close = close_term(world, "7Б")
    meeting.first.commit()
    late = replace(meeting.mark("on its way", lesson_id=lesson), pupil_id=zoya, at=WEEK_OVER)
    put = meeting.put(late)(meeting.first)
    second = meeting.second(close)
    meeting.waits(second)
    meeting.first.commit()
    assert second.result().id and put.after_closing is False
    with pytest.raises(Refused, match="Закрыто"):
        meeting.put(replace(late, key="after it"))(meeting.first)


def test_a_topic_that_waited_for_the_closing_is_refused(meeting):
    world = World(meeting.first)
    lesson, eva = world.lesson(world.course("1А", "Матем"), date(2026, 9, 14)).id, world.eva.id
    close = close_term(world, "1А")
    meeting.first.commit()
    close(meeting.first)
    second = meeting.second(lambda session: lesson_record.record_topics(
        session, topics=[NewTopic(lesson, "Счёт до ста", eva, WEEK_OVER)]))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Refused, match="Закрыто"):
        second.result()


def plan_of_russian(meeting, *titles):
    """Russian in 7А gets a plan; the lesson of the fourteenth, the plan and its topics by id."""
    world = World(meeting.first)
    course = world.course("7А", "Русский")
    version = meeting.first.scalar(select(Plan.version).filter_by(course_id=course.id))
    plan = plans.fill_plan(meeting.first, actor_id=meeting.anna, course_id=course.id, now=NOW, version=version,
                           topics=[plans.NewTopic(title) for title in titles])
    topics = [topic.id for topic in plans.active_topics(meeting.first, plan.id)]
    lesson = world.lesson(course, date(2026, 9, 14)).id
    meeting.first.commit()
    return lesson, plan, topics


def test_a_topic_dropped_while_a_lesson_takes_it_is_kept_beside_the_plan(meeting):
    lesson, plan, [topic, *_] = plan_of_russian(meeting, "Слово", "Предложение")
    version = plan.version
    plans.take_topics(meeting.first, actor_id=meeting.anna, lesson_id=lesson, topic_ids=[topic], now=NOW)
    second = meeting.second(lambda session: plans.drop_topic(session, actor_id=meeting.anna, topic_id=topic,
                                                             version=version, now=NOW))
    meeting.waits(second)
    meeting.first.commit()
    second.result()
    assert meeting.first.scalar(select(PlanTopic.dropped).filter_by(id=topic)) is True


def test_a_topic_that_goes_before_a_lesson_takes_it_is_refused(meeting):
    lesson, plan, [*_, topic] = plan_of_russian(meeting, "Текст", "Абзац")
    plans.drop_topic(meeting.first, actor_id=meeting.anna, topic_id=topic, version=plan.version, now=NOW)
    second = meeting.second(lambda session: plans.take_topics(session, actor_id=meeting.anna, lesson_id=lesson,
                                                              topic_ids=[topic], now=NOW))
    meeting.waits(second)
    meeting.first.commit()
    with pytest.raises(Refused, match="уже нет"):
        second.result()
