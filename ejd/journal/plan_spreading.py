"""The topics of a plan that came in during the year, laid out over the lessons already given (R60): first looked at,
then written at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, select

from ejd.db import Session
from ejd.journal.closed import Door, Doors, door_columns
from ejd.journal.lesson_record import NewTopic, record_topics
from ejd.journal.occasions import lock_lessons
from ejd.plans.models import LessonTopic
from ejd.plans.queries import PlanOfCourse, TakenBy
from ejd.plans.services import Taken, take_many
from ejd.roster.models import Course
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Step:
    """A lesson given without a topic of the plan, and the topic whose turn it was. What its record says stays."""

    lesson: TakenBy
    text: str
    version: int
    topic_id: int
    title: str
    position: int


@dataclass(frozen=True, slots=True)
class Spread:
    """All of them in order; `shut` lessons are closed and left out, `beyond` came after the plan's end."""

    steps: Sequence[Step]
    shut: int
    beyond: int

    @property
    def seen(self) -> str:
        """What the page showed, for the form to say."""
        return " ".join(f"{step.lesson.id}.{step.version}-{step.topic_id}" for step in self.steps)


def spread_of(session: Session, plan: PlanOfCourse, *, course_id: int, today: date, now: datetime,
              settings: Settings) -> Spread:
    """How the topics would stand, each lesson as if those before had been told in order. One statement."""
    trial = replace(plan, topics=[replace(topic, lessons=list(topic.lessons)) for topic in plan.topics])
    steps, shut, beyond = [], 0, 0
    for row in session.execute(
            select(Lesson.id, Lesson.day, Lesson.number, Lesson.topic, Lesson.version, *door_columns(Lesson.day))
            .join(Course, Course.id == Lesson.course_id)
            .where(Lesson.course_id == course_id, Lesson.day < today, Lesson.state == LessonState.PLANNED.value,
                   ~exists().where(LessonTopic.lesson_id == Lesson.id)).order_by(Lesson.day, Lesson.number)):
        lesson = TakenBy(row.id, row.day, row.number)
        topic = trial.next_after(lesson)
        if topic is None:
            beyond += 1
            continue
        topic.lessons.append(lesson)
        if Door(row.door_term, row.door_year, row.door_until).why_shut(row.day, settings=settings, at=now):
            shut += 1
        else:
            steps.append(Step(lesson, row.topic, row.version, topic.id, topic.title, topic.position))
    return Spread(steps, shut, beyond)


def take_spread(session: Session, *, actor_id: int, spread: Spread, now: datetime) -> None:
    """Write it: each lesson takes its topic, and says so where its record was empty (R6, R8)."""
    lessons = lock_lessons(session, [step.lesson.id for step in spread.steps])
    doors = Doors(session, lessons.values())
    for lesson in lessons.values():
        doors.check(lesson, at=now, actor_id=actor_id)
    record_topics(session, topics=[NewTopic(step.lesson.id, step.title, actor_id, now, step.version)
                                   for step in spread.steps if not step.text])
    take_many(session, taken=[Taken(step.lesson.id, [step.topic_id], actor_id, now) for step in spread.steps])
    doors.tell()
