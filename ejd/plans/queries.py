"""Reading plans: one journal's with what lessons took of it, what a lesson is offered, and many plans in figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, and_, bindparam, case, exists, func, or_, select, true

from ejd.db import Session
from ejd.plans.models import LessonTopic, Plan, PlanTopic
from ejd.plans.progress import Progress, Step, next_step, passed_hours
from ejd.roster.models import Course, Person, SchoolClass, Subject, TeachingAssignment
from ejd.schedule.models import Lesson, LessonState


class TakenBy(NamedTuple):
    """A lesson that took a topic."""

    id: int
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic of a plan, and the lessons that took it."""

    id: int
    position: int
    section: str
    title: str
    hours: int
    homework: str
    kind_id: int | None
    dropped: bool
    lessons: list[TakenBy] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return Step(self.id, self.hours, len(self.lessons))


@dataclass(frozen=True, slots=True)
class PlanOfCourse:
    """A journal's plan: its topics in order, those that were dropped after lessons took them, and the figures."""

    id: int
    version: int
    topics: list[TopicRow]
    dropped: list[TopicRow]
    progress: Progress

    def topic(self, topic_id: int) -> TopicRow | None:
        return next((topic for topic in [*self.topics, *self.dropped] if topic.id == topic_id), None)

    def next_after(self, lesson: TakenBy | None = None) -> TopicRow | None:
        """The topic to give at a lesson, or after all that were given."""
        key = (lesson.day, lesson.number) if lesson else (date.max, 0)
        before = [(one.day, one.number, topic.position, topic.id) for topic in self.topics for one in topic.lessons
                  if (one.day, one.number) < key]
        found = next_step([topic.step for topic in self.topics], max(before)[3] if before else None)
        return None if found is None else self.topic(found)

    @property
    def upcoming(self) -> TopicRow | None:
        return self.next_after()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the plan says to a lesson: what it took, and what comes next."""

    plan: PlanOfCourse
    lesson: TakenBy

    @property
    def taken(self) -> list[TopicRow]:
        return [topic for topic in [*self.plan.topics, *self.plan.dropped]
                if any(one.id == self.lesson.id for one in topic.lessons)]

    @property
    def next(self) -> TopicRow | None:
        return self.plan.next_after(self.lesson)

    def hour_of(self, topic: TopicRow) -> int:
        """Which of a topic's hours this lesson is, or would be: 2 of «2 из 3»."""
        before = [one for one in topic.lessons if (one.day, one.number) < (self.lesson.day, self.lesson.number)]
        return len(before) + 1


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A journal in the list of plans; `progress` has no planned hours where there is no plan."""

    course_id: int
    class_id: int | None
    subject_id: int
    teacher_id: int | None
    class_name: str
    subject: str
    subgroup: int
    teacher: str
    version: int | None  # of the plan, None without one
    progress: Progress


def plan_of(session: Session, *, course_id: int, today: date) -> PlanOfCourse | None:
    """The plan of a journal. One statement."""
    rows = session.execute(_PLAN, {"course_id": course_id, "today": today}).all()
    if not rows:
        return None
    topics: dict[int, TopicRow] = {}
    for row in rows:
        if row.topic_id is None:
            continue
        topic = topics.get(row.topic_id)
        if topic is None:
            topic = topics[row.topic_id] = TopicRow(row.topic_id, row.position, row.section, row.title, row.hours,
                                                    row.homework, row.kind_id, row.dropped)
        if row.lesson_id is not None:
            topic.lessons.append(TakenBy(row.lesson_id, row.day, row.number))
    active = [topic for topic in topics.values() if not topic.dropped]
    first = rows[0]
    progress = Progress(planned=sum(topic.hours for topic in active), lessons=first.lessons or 0, due=first.due or 0,
                        held=first.held or 0, passed=passed_hours([topic.step for topic in active]))
    return PlanOfCourse(first.id, first.version, active, [topic for topic in topics.values() if topic.dropped],
                        progress)


def offer_for(session: Session, lesson: Lesson, *, today: date) -> Offer | None:
    """What the plan offers a lesson; None where the journal has no plan. One statement."""
    plan = plan_of(session, course_id=lesson.course_id, today=today)
    return Offer(plan, TakenBy(lesson.id, lesson.day, lesson.number)) if plan and (plan.topics or plan.dropped) else None


def _counts(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Lessons of journals: all that are given, those due by now, those held. A lesson of today counts once it took a
    topic, so that nobody is behind before the day is over."""
    today: Any = bindparam("today", type_=Date)
    reached = or_(Lesson.day < today, and_(Lesson.day == today, exists().where(LessonTopic.lesson_id == Lesson.id)))
    given = Lesson.state == LessonState.PLANNED.value
    meant = Lesson.state.in_([LessonState.PLANNED.value, LessonState.CANCELLED.value])
    return select(*columns, func.sum(case((given, 1), else_=0)).label("lessons"),
                  func.sum(case((and_(meant, reached), 1), else_=0)).label("due"),
                  func.sum(case((and_(given, reached), 1), else_=0)).label("held"))


def _plan() -> Select[*tuple[Any, ...]]:
    course_id: Any = bindparam("course_id", type_=Integer)
    counts = _counts().where(Lesson.course_id == course_id).subquery()
    return (select(Plan.id, Plan.version, PlanTopic.id.label("topic_id"), PlanTopic.position, PlanTopic.section,
                   PlanTopic.title, PlanTopic.hours, PlanTopic.homework, PlanTopic.kind_id, PlanTopic.dropped,
                   Lesson.id.label("lesson_id"), Lesson.day, Lesson.number, counts)
            .select_from(Plan).join(counts, true())
            .outerjoin(PlanTopic, PlanTopic.plan_id == Plan.id)
            .outerjoin(LessonTopic, LessonTopic.topic_id == PlanTopic.id)
            .outerjoin(Lesson, and_(Lesson.id == LessonTopic.lesson_id, Lesson.state == LessonState.PLANNED.value))
            .where(Plan.course_id == course_id)
            .order_by(PlanTopic.position, PlanTopic.id, Lesson.day, Lesson.number))


_PLAN = _plan()
