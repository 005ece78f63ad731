"""Acts on a plan: nothing that lessons took is lost, nothing is overwritten unseen; figures agree with a recount."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.from_plan import take_from_plan
from ejd.plans import services
from ejd.plans.models import LessonTopic, Plan, PlanTopic
from ejd.plans.queries import plan_of, plan_rows, sources_for
from ejd.plans.services import NewTopic, Taken, active_topics, fill_plan, take_many
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from tests.journal import records
from tests.world import TODAY

TUESDAY, THURSDAY = date(2026, 9, 15), date(2026, 9, 17)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def plan(school, maths):
    return fills(school, maths, "Числа", "Дроби", "Проценты", "Углы")


def fills(school, course, *titles, **more):
    return fill_plan(school.session, actor_id=school.anna.id, course_id=course.id, now=clock.now(),
                     topics=[title if isinstance(title, NewTopic) else NewTopic(title) for title in titles], **more)


def titles(school, plan):
    return [topic.title for topic in active_topics(school.session, plan.id)]


def ids(school, plan):
    return [topic.id for topic in active_topics(school.session, plan.id)]


def takes(school, lesson, *topic_ids):
    take_from_plan(school.session, actor_id=school.anna.id, lesson_id=lesson.id, topic_ids=topic_ids, text="Тема",
                   now=clock.now())


def test_a_plan_is_made_in_the_order_given(school, plan):
    assert titles(school, plan) == ["Числа", "Дроби", "Проценты", "Углы"]
    assert [topic.position for topic in active_topics(school.session, plan.id)] == [1, 2, 3, 4]
    assert records(school, "plan.filled") == ['{"source":null,"added":4,"kept":0,"removed":0}']


def test_a_plan_that_stands_is_not_overwritten_unseen(school, maths, plan):
    with pytest.raises(Stale) as stale:
        fills(school, maths, "Другое")
    assert stale.value.theirs == "4\u00a0темы"
    with pytest.raises(Stale):
        fills(school, maths, "Другое", version=plan.version + 1)
    assert titles(school, plan) == ["Числа", "Дроби", "Проценты", "Углы"]


def test_replaced_it_keeps_what_lessons_took(school, maths, plan):
    first, second, *_ = ids(school, plan)
    takes(school, school.lesson(maths, TUESDAY), first)
    takes(school, school.lesson(maths, THURSDAY), second)
    fills(school, maths, NewTopic("числа", 2, homework="§ 1"), "Новое", version=plan.version)
    assert titles(school, plan) == ["числа", "Дроби", "Новое"]
    kept = active_topics(school.session, plan.id)
    assert [kept[0].id, kept[0].hours, kept[0].homework, kept[1].id] == [first, 2, "§ 1", second]


def test_replaced_by_itself_it_keeps_its_order(school, maths, plan):
    """A topic of the same title is the same topic, also where one before it was left out."""
    third = ids(school, plan)[2]
    takes(school, school.lesson(maths, THURSDAY), third)
    fills(school, maths, "Числа", "Дроби", "Проценты", "Углы", version=plan.version)
    assert titles(school, plan) == ["Числа", "Дроби", "Проценты", "Углы"] and ids(school, plan)[2] == third


def test_appended_it_goes_on(school, maths, plan):
    fills(school, maths, "Повторение", version=plan.version, append=True)
    assert titles(school, plan)[-2:] == ["Углы", "Повторение"]


@pytest.mark.parametrize(("topic", "field"), [
    (NewTopic(""), "title"), (NewTopic(" \x00\n"), "title"), (NewTopic("т" * 501), "title"),
    (NewTopic("Т", 0), "hours"), (NewTopic("Т", 100), "hours"), (NewTopic("Т", section="р" * 201), "section"),
    (NewTopic("Т", homework="д" * 2001), "homework")])
def test_what_is_no_topic_is_refused_at_its_field(school, maths, plan, topic, field):
    with pytest.raises(Refused) as refused:
        fills(school, maths, topic, version=plan.version)
    assert refused.value.field == field
    with pytest.raises(Refused):
        fills(school, school.course("7Б", "Математика"))  # no topics at all


def test_topics_are_added_moved_and_changed(school, maths, plan):
    by = {"actor_id": school.anna.id, "now": clock.now()}
    services.add_topic(school.session, course_id=maths.id, topic=NewTopic("Ноль"), position=1, version=1, **by)
    services.change_topic(school.session, topic_id=ids(school, plan)[4], topic=NewTopic("Углы", 3), position=2,
                          version=2, **by)
    assert titles(school, plan) == ["Ноль", "Углы", "Числа", "Дроби", "Проценты"]
    assert records(school, "plan_topic.changed") == ['{"fields":["hours","position"]}']
    assert not services.change_topic(school.session, topic_id=ids(school, plan)[0], topic=NewTopic("Ноль"), position=1,
                                     version=3, **by), "the same again changes nothing"
    with pytest.raises(Stale) as stale:
        services.change_topic(school.session, topic_id=ids(school, plan)[0], topic=NewTopic("Нуль"), position=None,
                              version=2, **by)
    assert stale.value.theirs == "№ 1 «Ноль», 1 ч"


def test_a_topic_that_lessons_took_is_dropped_not_deleted(school, maths, plan):
    first, second, *_ = ids(school, plan)
    takes(school, school.lesson(maths, THURSDAY), first)
    by = {"actor_id": school.anna.id, "now": clock.now()}
    services.drop_topic(school.session, topic_id=first, version=1, **by)
    services.drop_topic(school.session, topic_id=second, version=2, **by)
    assert titles(school, plan) == ["Проценты", "Углы"]
    assert school.session.get(PlanTopic, first).dropped and school.session.get(PlanTopic, second) is None
    services.restore_topic(school.session, topic_id=first, version=3, **by)
    assert titles(school, plan) == ["Числа", "Проценты", "Углы"]


def test_neighbours_are_merged_and_the_plan_is_shorter(school, maths):
    plan = fills(school, maths, NewTopic("Числа", homework="§ 1"), NewTopic("Дроби.", 2, homework="§ 2"), "Проценты",
                 "Углы", "Круг")
    first, second, third, fourth, _ = ids(school, plan)
    saved = services.merge_topics(school.session, actor_id=school.anna.id, plan_id=plan.id, version=1, now=clock.now(),
                                  topic_ids=[first, second, fourth])
    assert saved == 3
    made = active_topics(school.session, plan.id)
    assert [(topic.title, topic.hours, topic.homework) for topic in made] == [
        ("Числа. Дроби. Проценты", 2, "§ 1\n§ 2"), ("Углы. Круг", 1, "")]
    assert school.session.get(PlanTopic, third) is None


def test_what_lessons_took_is_not_merged(school, maths, plan):
    first, *_, last = ids(school, plan)
    takes(school, school.lesson(maths, THURSDAY), first)
    merge = {"actor_id": school.anna.id, "plan_id": plan.id, "version": 1, "now": clock.now()}
    for chosen in ([first], [last], [], [0]):
        with pytest.raises(Refused):
            services.merge_topics(school.session, topic_ids=chosen, **merge)
    assert len(titles(school, plan)) == 4


def test_a_plan_is_copied_and_lives_on_its_own(school, maths, plan):
    other = school.course("7Б", "Математика")
    made = services.copy_plan(school.session, actor_id=school.anna.id, from_course_id=maths.id,
                              to_course_id=other.id, now=clock.now())
    services.drop_topic(school.session, actor_id=school.anna.id, topic_id=ids(school, made)[0], version=1,
                        now=clock.now())
    assert titles(school, made) == ["Дроби", "Проценты", "Углы"] and len(titles(school, plan)) == 4
    with pytest.raises(Refused):
        services.copy_plan(school.session, actor_id=school.anna.id, to_course_id=maths.id, now=clock.now(),
                           from_course_id=school.course("7А", "Русский").id)


def test_whose_plan_can_be_copied(school, maths, plan):
    """Of the same subject and grade: not Russian, not class 1."""
    fills(school, school.course("7А", "Русский"), "Слово")
    fills(school, school.course("1А", "Математика"), "Счёт")
    for_7b = school.course("7Б", "Математика")
    [source] = sources_for(school.session, course_id=for_7b.id, teacher_id=school.anna.id, today=TODAY)
    assert (source.title, source.topics, source.hours, source.mine) == ("7А, Математика", 4, 4, True)
    assert sources_for(school.session, course_id=maths.id, teacher_id=school.anna.id, today=TODAY) == []
    fills(school, school.course("7А", "Иностранный", 1), "Hello")
    [other] = sources_for(school.session, course_id=school.course("7А", "Иностранный", 2).id,
                          teacher_id=school.boris.id, today=TODAY)
    assert (other.teacher, other.mine) == (school.eva.short_name, False)


def test_lessons_take_topics_of_their_own_plan_alone(school, maths, plan):
    other = fills(school, school.course("7Б", "Математика"), "Числа")
    with pytest.raises(Refused):
        takes(school, school.lesson(maths, THURSDAY), ids(school, other)[0])


def test_many_lessons_at_once_are_as_one_by_one(school, maths, plan):
    first, second, *_ = ids(school, plan)
    lessons = [school.lesson(maths, TUESDAY), school.lesson(maths, THURSDAY)]
    take_many(school.session, taken=[Taken(lesson.id, [topic], school.anna.id, clock.now())
                                     for lesson, topic in zip(lessons, (first, second), strict=True)])
    in_bulk = records(school, "lesson.topics_taken")
    for lesson in lessons:
        takes(school, lesson)
    for lesson, topic in zip(lessons, (first, second), strict=True):
        services.take_topics(school.session, actor_id=school.anna.id, lesson_id=lesson.id, topic_ids=[topic],
                             now=clock.now())
    assert records(school, "lesson.topics_taken")[-2:] == in_bulk
    again = len(records(school, "lesson.topics_taken"))
    services.take_topics(school.session, actor_id=school.anna.id, lesson_id=lessons[0].id, topic_ids=[first, first],
                         now=clock.now())
    assert len(records(school, "lesson.topics_taken")) == again, "the same again changes nothing"


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_of_the_list_agree_with_those_of_each_plan(school, seed):
    """R60, plan lag: the same numbers by SQL over the school, by Python over one plan, and by a plain recount."""
    dice = random.Random(seed)
    courses = {name: school.course(*name) for name in (("7А", "Математика"), ("7А", "Русский"), ("7Б", "Математика"))}
    for course in courses.values():
        made = fills(school, course, *(NewTopic(f"Тема {n}", dice.choice((1, 1, 2, 3))) for n in range(8)))
        topics = ids(school, made)
        for lesson in school.session.scalars(select(Lesson).where(Lesson.course_id == course.id, Lesson.day <= TODAY)):
            if dice.random() < 0.2:
                lesson.state = "cancelled"
            elif dice.random() < 0.7:
                takes(school, lesson, *dice.sample(topics, dice.choice((1, 1, 2))))
        services.drop_topic(school.session, actor_id=school.anna.id, topic_id=dice.choice(topics), version=1,
                            now=clock.now())
    year_id = school.school_class("7А").year_id
    rows = {row.course_id: row for row in plan_rows(school.session, year_id=year_id, today=TODAY)}
    for course in courses.values():
        seen = plan_of(school.session, course_id=course.id, today=TODAY)
        assert rows[course.id].progress == seen.progress == recount(school, course)
    assert not rows[school.course("1А", "Математика").id].planned


def recount(school, course):
    from ejd.plans.progress import Progress

    plan = school.session.scalars(select(Plan).filter_by(course_id=course.id)).one()
    topics = active_topics(school.session, plan.id)
    lessons = school.session.scalars(select(Lesson).filter_by(course_id=course.id)).all()
    took = {(link.lesson_id, link.topic_id) for link in school.session.scalars(select(LessonTopic))}
    held = {lesson.id for lesson in lessons if lesson.state == "planned"}
    times = [sum((lesson, topic.id) in took for lesson in held) for topic in topics]
    passed = 0
    for place, topic in enumerate(topics):
        if times[place] and any(times[place + 1:]):
            passed += topic.hours
        else:
            passed += min(times[place], topic.hours)
    reached = [lesson for lesson in lessons if lesson.day < TODAY or (
        lesson.day == TODAY and any(lesson.id == link for link, _ in took))]
    return Progress(planned=sum(topic.hours for topic in topics), lessons=len(held), due=len(reached),
                    held=sum(lesson.id in held for lesson in reached), passed=passed,
                    untold=sum(lesson.day < TODAY and not any(lesson.id == link for link, _ in took)
                               for lesson in lessons if lesson.id in held))
