"""A lesson takes its topic from the plan: at one click with the homework, another one, several merged, or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import Homework
from ejd.plans.models import LessonTopic
from ejd.plans.services import NewTopic, active_topics, fill_plan
from ejd.schedule.models import Lesson

TUESDAY, THURSDAY, FRIDAY = date(2026, 9, 15), date(2026, 9, 17), date(2026, 9, 18)
TOPICS = (NewTopic("Натуральные числа", homework="§ 1, № 5"), NewTopic("Делимость", hours=2, homework="§ 2"),
          NewTopic("Дроби"), NewTopic("Проценты", homework="§ 4"))


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def topics(school, maths):
    plan = fill_plan(school.session, actor_id=school.anna.id, course_id=maths.id, topics=TOPICS, now=clock.now())
    return active_topics(school.session, plan.id)


@pytest.fixture
def lesson(school, maths):
    return school.lesson(maths, THURSDAY)


def url(lesson):
    return f"/teacher/lessons/{lesson.id}"


def take(visitor, lesson, topic, *, status=302, **fields):
    """Press the offer's button on the lesson's page."""
    page = visitor.get(url(lesson))
    button = page.select_one(f"#record form button[name=take][value='{topic.id}']")
    assert button is not None, "the topic is not offered"
    form = {field["name"]: field.get("value", "") for field in page.select("#record form input[type=hidden]")}
    texts = {field["name"]: field.text.strip() for field in page.select("#record form textarea")}
    return visitor.post(button["formaction"], {**form, **texts, "topic": "", "take": button["value"], **fields},
                        status=status)


def taken_by(school, lesson):
    return set(school.session.scalars(select(LessonTopic.topic_id).filter_by(lesson_id=lesson.id)))


def homework(school, lesson):
    return school.session.scalar(select(Homework.text).filter_by(lesson_id=lesson.id))


def test_the_next_topic_and_its_homework_are_recorded_at_one_click(as_, school, lesson, topics):
    anna = as_(school.anna)
    assert "Дальше по плану: № 1 «Натуральные числа» Задание: § 1, № 5" in anna.get(url(lesson)).words
    take(anna, lesson, topics[0])
    page = anna.get(url(lesson))
    assert page.select_one("#topic")["value"] == "Натуральные числа"
    assert "По плану: № 1 «Натуральные числа»" in page.words
    assert homework(school, lesson) == "§ 1, № 5" and taken_by(school, lesson) == {topics[0].id}


def test_by_htmx_the_answer_is_the_record_alone(as_, school, lesson, topics):
    anna = as_(school.anna)
    assert anna.get(url(lesson)).select_one("button[name=take]")["hx-post"] == url(lesson) + "/topic"
    section = anna.post(url(lesson) + "/topic", {"take": topics[0].id, "with_homework": "1", "key": "k"}, htmx=True)
    assert section.select_one("section#record #topic")["value"] == "Натуральные числа"
    assert not section.select("#sheet")
    assert "домашнее задание опубликовано" in section.select_one("hx-partial").text


def test_what_is_typed_goes_along_and_the_plan_replaces_no_homework(as_, school, lesson, topics):
    take(as_(school.anna), lesson, topics[0], homework="только № 7")
    assert homework(school, lesson) == "только № 7"
    assert school.session.get(Lesson, lesson.id).topic == "Натуральные числа"


def test_a_topic_of_two_hours_goes_over_two_lessons(as_, school, maths, lesson, topics):
    anna = as_(school.anna)
    tuesday = school.lesson(maths, TUESDAY)
    anna.post(url(tuesday) + "/topic", {"take": topics[1].id, "from": "plan", "key": "k1"})
    assert "№ 2 «Делимость», 2 из 2" in anna.get(url(lesson)).words
    take(anna, lesson, topics[1])
    assert taken_by(school, lesson) == {topics[1].id}
    assert homework(school, lesson) is None, "the plan's task was for the first of its hours"
    friday = anna.get(url(school.lesson(maths, FRIDAY)))
    assert "Дальше по плану: № 3 «Дроби»" in friday.words and not friday.select("button[name=take]")
    assert "Тему записывают в день урока" in friday.words


def test_several_topics_are_merged_into_one_lesson(as_, school, lesson, topics):
    anna = as_(school.anna)
    page = anna.get(url(lesson) + "/topic")
    assert [box["value"] for box in page.select("input[name=take][checked]")] == [str(topics[0].id)]
    anna.post(url(lesson) + "/topic", {"from": "plan", "take": [topics[2].id, topics[3].id], "with_homework": "1",
                                       "key": "k"})
    assert school.session.get(Lesson, lesson.id).topic == "Дроби. Проценты"
    assert taken_by(school, lesson) == {topics[2].id, topics[3].id} and homework(school, lesson) == "§ 4"


def test_the_text_changed_by_hand_keeps_the_link_or_cuts_it(as_, school, lesson, topics):
    anna = as_(school.anna)
    take(anna, lesson, topics[0])
    anna.submit(anna.get(url(lesson)), "#record form", {"topic": "Числа: повторение"})
    assert taken_by(school, lesson) == {topics[0].id}, "ticked unless the teacher says otherwise"
    page = anna.get(url(lesson))
    fields = {field["name"]: field.get("value", "") for field in page.select("#record form input[type=hidden]")}
    anna.post(url(lesson), {**fields, "topic": "Экскурсия", "homework": "§ 1, № 5"})
    assert taken_by(school, lesson) == set() and school.session.get(Lesson, lesson.id).topic == "Экскурсия"


def test_nothing_ticked_leaves_the_plan_and_keeps_the_text(as_, school, lesson, topics):
    anna = as_(school.anna)
    take(anna, lesson, topics[0])
    anna.post(url(lesson) + "/topic", {"from": "plan", "key": "k"})
    assert taken_by(school, lesson) == set()
    assert school.session.get(Lesson, lesson.id).topic == "Натуральные числа"


@pytest.mark.parametrize("sent", [["999999"], ["Дроби"], [""], []])
def test_a_topic_of_no_plan_is_refused(as_, school, lesson, topics, sent):
    page = as_(school.anna).post(url(lesson) + "/topic", {"take": sent, "key": "k"}, status=422)
    assert "Такой темы в плане уже нет" in page.words
    assert taken_by(school, lesson) == set()


def test_before_its_day_a_lesson_takes_nothing(as_, school, maths, topics):
    """R6: the topic is recorded on the day of the lesson."""
    friday = school.lesson(maths, FRIDAY)
    page = as_(school.anna).post(url(friday) + "/topic", {"take": topics[0].id, "from": "plan", "key": "k"}, status=422)
    assert page.select_one("[role=alert]").text
    assert taken_by(school, friday) == set()


def test_a_second_hand_is_shown_and_nothing_is_half_saved(as_, school, lesson, topics):
    anna = as_(school.anna)
    old = anna.get(url(lesson)).select_one("[name=lesson_version]")["value"]
    anna.submit(anna.get(url(lesson)), "#record form", {"topic": "Своя тема"})
    page = anna.post(url(lesson) + "/topic", {"take": topics[0].id, "key": "k", "lesson_version": old,
                                              "with_homework": "1"}, status=409)
    assert "Сейчас там: «Своя тема»" in page.words
    assert taken_by(school, lesson) == set() and homework(school, lesson) is None


def test_a_substitute_takes_topics_and_a_stranger_does_not_learn_of_them(as_, school, lesson, topics):
    """R6, R33: for that lesson only."""
    lesson.teacher_id, lesson.substitutes_id = school.boris.id, school.anna.id
    take(as_(school.boris), lesson, topics[0])
    assert taken_by(school, lesson) == {topics[0].id}
    as_(school.eva).get(url(lesson) + "/topic", status=404)
    as_(school.eva).post(url(lesson) + "/topic", {"take": topics[0].id}, status=404)
    as_(school.dina).get(url(lesson) + "/topic", status=403)


def test_a_cancelled_lesson_takes_nothing(as_, school, lesson, topics):
    lesson.state = "cancelled"
    as_(school.anna).post(url(lesson) + "/topic", {"take": topics[0].id, "from": "plan", "key": "k"}, status=422)
    assert taken_by(school, lesson) == set()


def test_the_lag_is_said_at_the_lesson(as_, school, maths, lesson, topics):
    """Nine lessons were before today, none took a topic: the plan's five hours are behind."""
    held = school.session.scalars(select(Lesson).where(Lesson.course_id == maths.id, Lesson.day < THURSDAY)).all()
    assert len(held) == 9
    assert "отставание от плана 5 часов" in as_(school.anna).get(url(lesson)).words


def test_pages_ask_a_bounded_number_of_statements(as_, school, lesson, maths, topics, at_most):
    anna = as_(school.anna)
    fill_plan(school.session, actor_id=school.anna.id, course_id=maths.id, append=True, version=1, now=clock.now(),
              topics=[NewTopic(f"Тема {number}") for number in range(60)])
    with at_most(8):
        anna.get(url(lesson))
    with at_most(8):
        anna.get(url(lesson) + "/topic")


def test_without_a_plan_the_lesson_is_as_before(as_, school, lesson):
    anna = as_(school.anna)
    assert not anna.get(url(lesson)).select(".plan-offer")
    anna.get(url(lesson) + "/topic", status=422)
    later = url(school.lesson(school.course("7А", "Математика"), THURSDAY + timedelta(days=1)))
    assert not anna.get(later).select(".plan-offer")
