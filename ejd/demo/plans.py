"""The demo school's lesson plans: a topic for each lesson of the year, taken by the lessons that were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from ejd.db import Session
from ejd.demo.filling import taught_lessons
from ejd.demo.lessons import homework_of, topic_of
from ejd.plans.models import Plan, PlanTopic
from ejd.plans.services import NewTopic, Taken, fill_plan, take_many
from ejd.roster.models import Course, Subject, TeachingAssignment
from ejd.schedule.models import Lesson

SECTION = 5  # topics
WITHOUT = 11  # every so manieth journal has no plan yet


def make_plans(session: Session, *, made_at: datetime, now: datetime, careless: Collection[int]) -> None:
    """Plans of all journals but for those of careless teachers and a few others; what lessons said is linked."""
    topics = _fill(session, made_at, careless)
    written = set(session.scalars(select(Lesson.id).where(Lesson.topic_at.is_not(None))))
    given: dict[int, int] = defaultdict(int)
    taken = []
    for lesson in taught_lessons(session, now):
        index = given[lesson.course_id]
        given[lesson.course_id] += 1
        if lesson.id in written and index < len(topics.get(lesson.course_id, ())):
            taken.append(Taken(lesson.id, [topics[lesson.course_id][index]], lesson.teacher_id, lesson.ends_at))
    take_many(session, taken=taken)


def _fill(session: Session, made_at: datetime, careless: Collection[int]) -> dict[int, list[int]]:
    """The plans' topics in order, by journal: as many as the year has lessons."""
    journals = session.execute(
        select(Course.id, Subject.name, TeachingAssignment.teacher_id, func.count(Lesson.id))
        .join(Subject, Subject.id == Course.subject_id).join(Lesson, Lesson.course_id == Course.id)
        .join(TeachingAssignment, TeachingAssignment.course_id == Course.id)
        .where(TeachingAssignment.to_on.is_(None), TeachingAssignment.teacher_id.is_not(None))
        .group_by(Course.id, Subject.name, TeachingAssignment.teacher_id).order_by(Course.id)).all()
    for number, (course_id, subject, teacher_id, lessons) in enumerate(journals):
        if teacher_id not in careless and number % WITHOUT != 3:
            fill_plan(session, actor_id=teacher_id, course_id=course_id, topics=_topics(subject, lessons), now=made_at)
    found: dict[int, list[int]] = defaultdict(list)
    for course_id, topic_id in session.execute(
            select(Plan.course_id, PlanTopic.id).join(PlanTopic, PlanTopic.plan_id == Plan.id)
            .order_by(Plan.course_id, PlanTopic.position)):
        found[course_id].append(topic_id)
    return found


def _topics(subject: str, lessons: int) -> list[NewTopic]:
    return [NewTopic(topic_of(subject, index), homework=homework_of(subject, index),
                     section=f"Раздел {index // SECTION + 1}. {topic_of(subject, index - index % SECTION)}")
            for index in range(lessons)]
