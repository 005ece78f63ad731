"""Topics and homework (R5, R6); a repeated save is harmless."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.journal.models import Homework
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson, LessonState
from tests.journal import Hand, records


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def maths(school):
    """`maths(10)` is the lesson of 7А on 10 September."""
    return lambda day: school.lesson(school.course("7А", "Матем"), date(2026, 9, day))


def test_a_topic_is_recorded_with_its_moment(school, anna, maths):
    lesson = maths(10)
    anna.writes_topic(lesson, "  Обыкновенные   дроби ", at=clock.at(date(2026, 9, 10), 9))
    anna.writes_topic(lesson, "Обыкновенные дроби", at=clock.at(date(2026, 9, 11), 9))
    assert (lesson.topic, lesson.topic_at) == ("Обыкновенные дроби", clock.at(date(2026, 9, 10), 9))
    assert len(records(school, "topic.recorded")) == 1


def test_a_changed_topic_keeps_when_it_was_first_recorded(anna, maths):
    """R6 is measured by the first record."""
    anna.writes_topic(maths(10), "Дроби", at=clock.at(date(2026, 9, 10), 9))
    anna.writes_topic(maths(10), "Проценты", version=2)
    assert (maths(10).topic, maths(10).topic_at, maths(10).version) == ("Проценты", clock.at(date(2026, 9, 10), 9), 3)


def test_anothers_topic_is_not_overwritten(school, anna, maths):
    Hand(school, school.boris).writes_topic(maths(10), "Дроби", version=1)
    with pytest.raises(Stale) as stale:
        anna.writes_topic(maths(10), "Проценты", version=1)
    assert stale.value.theirs == "Дроби"


def test_topics_that_are_refused(school, session, anna, maths):
    for told, lesson, text in (("Впишите тему", maths(10), "  \n "), ("Слишком длинно", maths(10), "ы" * 501),
                               ("ещё не наступил", maths(18), "Дроби")):
        with pytest.raises(Refused, match=told):
            anna.writes_topic(lesson, text)
    maths(10).state = LessonState.CANCELLED.value
    session.flush()
    with pytest.raises(Refused, match="Урок отменён"):
        anna.writes_topic(maths(10), "Дроби")


def test_homework_is_due_at_the_groups_next_lesson(anna, maths):
    homework = anna.sets(maths(10), "№ 5\r\n№ 6  ", at=clock.at(date(2026, 9, 10), 9))
    assert (homework.text, homework.due_lesson_id, homework.due_on) == ("№ 5\n№ 6", maths(11).id, None)
    assert homework.published_at == clock.at(date(2026, 9, 10), 9)


def test_a_double_lesson_sets_for_the_next_day_it_is_taught(school, session, anna, maths):
    second = Lesson(course_id=maths(10).course_id, day=date(2026, 9, 10), number=2, starts_at=maths(10).ends_at,
                    ends_at=maths(10).ends_at + timedelta(minutes=40), teacher_id=school.anna.id)
    session.add(second)
    session.flush()
    first = session.scalars(select(Lesson).filter_by(course_id=second.course_id, day=second.day, number=1)).one()
    assert anna.sets(first, "№ 5").due_lesson_id == maths(11).id


def test_a_cancelled_lesson_is_no_lesson_to_be_due_at(session, anna, maths):
    maths(11).state = LessonState.CANCELLED.value
    session.flush()
    assert anna.sets(maths(10), "№ 5").due_lesson_id == maths(14).id


def test_homework_can_be_due_at_a_chosen_lesson_or_day(anna, maths):
    assert anna.sets(maths(10), "№ 5", due_lesson_id=maths(15).id).due_lesson_id == maths(15).id
    chosen = anna.sets(maths(10), "№ 5", due_on=date(2026, 9, 20), version=1)
    assert (chosen.due_lesson_id, chosen.due_on) == (None, date(2026, 9, 20))


def test_after_the_last_known_lesson_homework_is_due_in_a_week(school, anna):
    last = school.session.scalars(
        select(Lesson).filter_by(course_id=school.course("7А", "Матем").id).order_by(Lesson.day.desc()).limit(1)).one()
    homework = anna.sets(last, "№ 5")
    assert (homework.due_lesson_id, homework.due_on) == (None, last.day + timedelta(days=7))


def test_nothing_set_is_said_explicitly(school, anna, maths):
    """R5: families read it at the group's next lesson."""
    homework = anna.sets(maths(10), "", not_set=True)
    assert (homework.text, homework.not_set, homework.due_lesson_id) == ("", True, maths(11).id)
    assert records(school, "homework.published") == [f'{{"lesson":{maths(10).id},"not_set":true}}']


def test_homework_that_is_refused(school, session, anna, maths):
    russian = school.lesson(school.course("7А", "Рус"), date(2026, 9, 14))
    for told, lesson, text, more in (
            ("Впишите задание", maths(10), " ", {}),
            ("Либо впишите", maths(10), "№ 5", {"not_set": True}),
            ("Слишком длинно", maths(10), "ы" * 2001, {}),
            ("следующих уроков", maths(10), "№ 5", {"due_lesson_id": maths(8).id}),
            ("следующих уроков", maths(10), "№ 5", {"due_lesson_id": russian.id}),
            ("следующих уроков", maths(10), "№ 5", {"due_lesson_id": 10**30}),
            ("после урока", maths(10), "№ 5", {"due_on": date(2026, 9, 10)}),
            ("после урока", maths(10), "№ 5", {"due_on": date(2027, 9, 10)}),
            ("обновите", maths(10), "№ 5", {"key": "к" * 41})):
        with pytest.raises(Refused, match=told):
            anna.sets(lesson, text, **more)
    maths(10).state = LessonState.CANCELLED.value
    session.flush()
    with pytest.raises(Refused, match="Урок отменён"):
        anna.sets(maths(10), "№ 5")
    assert session.scalar(select(func.count()).select_from(Homework)) == 0


def test_a_change_keeps_when_it_was_published(school, anna, maths):
    first = anna.sets(maths(10), "№ 5", at=clock.at(date(2026, 9, 10), 9))
    changed = anna.sets(maths(10), "№ 6", version=first.version)
    assert (changed.text, changed.version) == ("№ 6", 2)
    assert changed.published_at == clock.at(date(2026, 9, 10), 9)
    assert changed.changed_at == clock.now()
    assert records(school, "homework.changed") == ['{"not_set":false}']


def test_text_after_nothing_set_is_a_new_publication(anna, maths):
    """R5: families had been told that nothing was set."""
    anna.sets(maths(10), "", not_set=True, at=clock.at(date(2026, 9, 10), 9))
    assert anna.sets(maths(10), "№ 6", version=1).published_at == clock.now()


def test_anothers_homework_is_not_overwritten(school, anna, maths):
    Hand(school, school.boris).sets(maths(10), "№ 5")
    for version in (None, 7):
        with pytest.raises(Stale) as stale:
            anna.sets(maths(10), "№ 6", version=version)
        assert stale.value.theirs == "№ 5"


def test_the_same_key_or_text_again_changes_nothing(school, anna, maths):
    anna.sets(maths(10), "№ 5", key="one")
    assert anna.sets(maths(10), "№ 5", key="one").version == 1
    assert anna.sets(maths(10), "№ 5").version == 1
    assert len(records(school, "homework.published")) == 1
