"""Reading plans: one journal's with what lessons took of it, what a lesson is offered, and many plans in figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.plans.models import LessonTopic, Plan, PlanTopic
from ejd.plans.progress import Progress, Step, next_step, passed_hours
from ejd.roster.belonging import held, unclosed
from ejd.roster.models import Course, Person, SchoolClass, Subject, TeachingAssignment
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear


class TakenBy(NamedTuple):
    """A lesson, as one that took a topic."""

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

    @property
    def ahead(self) -> list[TopicRow]:
        """The topics after the furthest that a lesson took."""
        furthest = max((index for index, topic in enumerate(self.topics) if topic.lessons), default=-1)
        return self.topics[furthest + 1:]


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

    def among(self, given: Collection[str]) -> list[TopicRow]:
        """The topics that a form names, in the plan's order; of dropped ones those that the lesson took."""
        return [topic for topic in self.plan.topics if str(topic.id) in given] + [
            topic for topic in self.taken if topic.dropped and str(topic.id) in given]

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
    planned: bool  # whether there is a plan with topics
    progress: Progress

    @property
    def title(self) -> str:
        return course_title(self.class_name, self.subject, self.subgroup)


@dataclass(frozen=True, slots=True)
class Source:
    """A journal whose plan can be copied: of the same subject and grade."""

    course_id: int
    title: str
    teacher: str
    year: str
    topics: int
    hours: int
    mine: bool


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
                        held=first.held or 0, untold=first.untold or 0,
                        passed=passed_hours([topic.step for topic in active]))
    return PlanOfCourse(first.id, first.version, active, [topic for topic in topics.values() if topic.dropped],
                        progress)


def untold_lessons(session: Session, *, course_id: int, today: date) -> list[TakenBy]:
    """Lessons of a journal that were given without a topic of its plan. One statement."""
    rows = session.execute(
        select(Lesson.id, Lesson.day, Lesson.number)
        .where(Lesson.course_id == course_id, Lesson.day < today, Lesson.state == LessonState.PLANNED.value,
               ~exists().where(LessonTopic.lesson_id == Lesson.id)).order_by(Lesson.day, Lesson.number))
    return [TakenBy(*row) for row in rows]


def plan_rows(session: Session, *, today: date, year_id: int | None = None, teacher_id: int | None = None,
              until: date | None = None) -> list[PlanRow]:
    """The journals of a year, or those of a teacher today, by class and subject, each with its plan in figures: those
    of now, or as they stood when an earlier day, `until`, was over. Two statements."""
    on = min(until or today, today)
    courses = session.execute(_courses(on, year_id, teacher_id)).all()
    ids = [row.id for row in courses]
    mine = select(Course.id).where(Course.year_id == year_id) if year_id is not None else ids
    rows = session.execute(union_all(
        _counts(literal("lessons").label("kind"), Lesson.course_id).where(Lesson.course_id.in_(mine))
        .group_by(Lesson.course_id),
        _sums().where(Plan.course_id.in_(mine))),
        {"today": min(on + timedelta(days=1), today), "until": on if on < today else date.max}).all()
    counts, sums = ({row.course_id: row for row in rows if row.kind == kind} for kind in ("lessons", "plan"))
    found = []
    for row in courses:
        many, hours = counts.get(row.id), sums.get(row.id)
        progress = Progress(planned=int(hours.lessons) if hours else 0, passed=int(hours.due) if hours else 0,
                            lessons=int(many.lessons) if many else 0, due=int(many.due) if many else 0,
                            held=int(many.held) if many else 0, untold=int(many.untold) if many else 0)
        found.append(PlanRow(row.id, row.class_id, row.subject_id, row.teacher_id,
                             f"{row.grade}{row.letter}" if row.grade else row.name, row.subject, row.subgroup,
                             row.Person.short_name if row.Person else "", hours is not None, progress))
    order = {row.id: (row.grade or 99, row.letter or row.name, row.subject, row.subgroup) for row in courses}
    return sorted(found, key=lambda one: order[one.course_id])


def sources_for(session: Session, *, course_id: int, teacher_id: int, today: date) -> list[Source]:
    """Whose plans the journal may copy: of the same subject and grade, the newest year and the teacher's own first.
    One statement."""
    target, of_class = aliased(Course), aliased(SchoolClass)
    mine = TeachingAssignment.teacher_id == teacher_id
    rows = session.execute(
        select(Course.id, Course.name, Course.subgroup, SchoolClass.grade, SchoolClass.letter,
               Subject.name.label("subject"), SchoolYear.name.label("year"), SchoolYear.starts_on, Person,
               func.count(PlanTopic.id).label("topics"), func.sum(PlanTopic.hours).label("hours"), mine.label("mine"))
        .select_from(target).outerjoin(of_class, of_class.id == target.class_id)
        .join(Course, and_(Course.subject_id == target.subject_id, Course.id != target.id))
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .join(Subject, Subject.id == Course.subject_id).join(SchoolYear, SchoolYear.id == Course.year_id)
        .join(Plan, Plan.course_id == Course.id)
        .join(PlanTopic, and_(PlanTopic.plan_id == Plan.id, PlanTopic.dropped.is_(False)))
        .outerjoin(TeachingAssignment, and_(
            TeachingAssignment.course_id == Course.id,
            or_(held(TeachingAssignment, today), TeachingAssignment.to_on == SchoolYear.ends_on)))
        .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
        .where(target.id == course_id,
               or_(of_class.grade.is_(None), SchoolClass.grade.is_(None), SchoolClass.grade == of_class.grade))
        .group_by(Course.id, SchoolClass.id, Subject.id, SchoolYear.id, Person.id, TeachingAssignment.id)).all()
    rows = sorted(rows, key=lambda row: (-row.starts_on.toordinal(), not row.mine, row.grade or 99, row.letter or "",
                                         row.subgroup))
    return [Source(row.id, course_title(f"{row.grade}{row.letter}" if row.grade else row.name, row.subject,
                                        row.subgroup), row.Person.short_name if row.Person else "", row.year,
                   row.topics, row.hours, bool(row.mine)) for row in rows]


def offer_for(session: Session, lesson: Lesson, *, today: date) -> Offer | None:
    """What the plan offers a lesson; None where the journal has no plan. One statement."""
    plan = plan_of(session, course_id=lesson.course_id, today=today)
    if plan is None or not (plan.topics or plan.dropped):
        return None
    return Offer(plan, TakenBy(lesson.id, lesson.day, lesson.number))


def _counts(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Lessons of journals: all that are given, those due by now, those held. A lesson of today counts once it took a
    topic, so that nobody is behind before the day is over."""
    today: Any = bindparam("today", type_=Date)
    told = exists().where(LessonTopic.lesson_id == Lesson.id)
    reached = or_(Lesson.day < today, and_(Lesson.day == today, told))
    given = Lesson.state == LessonState.PLANNED.value
    meant = Lesson.state.in_([LessonState.PLANNED.value, LessonState.CANCELLED.value])
    return select(*columns, func.sum(case((given, 1), else_=0)).label("lessons"),
                  func.sum(case((and_(meant, reached), 1), else_=0)).label("due"),
                  func.sum(case((and_(given, reached), 1), else_=0)).label("held"),
                  func.sum(case((and_(given, Lesson.day < today, ~told), 1), else_=0)).label("untold"))


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


def _courses(today: date, year_id: int | None, teacher_id: int | None) -> Select[*tuple[Any, ...]]:
    query = (select(Course.id, Course.class_id, Course.subject_id, Course.subgroup, Course.name, SchoolClass.grade,
                    SchoolClass.letter, Subject.name.label("subject"), TeachingAssignment.teacher_id, Person)
             .join(Subject, Subject.id == Course.subject_id)
             .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
             .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id,
                                                 held(TeachingAssignment, today)))
             .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
             .where(unclosed(today)))
    if year_id is not None:
        query = query.where(Course.year_id == year_id)
    return query if teacher_id is None else query.where(TeachingAssignment.teacher_id == teacher_id)


def _sums() -> Select[*tuple[Any, ...]]:
    """Hours of every plan, and how many of them were given by a day: `progress.passed_hours` as SQL. Two columns more
    than there are make it fit under `_counts`."""
    until: Any = bindparam("until", type_=Date)
    taken = (select(LessonTopic.topic_id, func.count().label("lessons"))
             .join(Lesson, Lesson.id == LessonTopic.lesson_id)
             .where(Lesson.state == LessonState.PLANNED.value, Lesson.day <= until)
             .group_by(LessonTopic.topic_id).subquery())
    furthest = (select(PlanTopic.plan_id, func.max(PlanTopic.position).label("position"))
                .join(taken, taken.c.topic_id == PlanTopic.id)
                .where(PlanTopic.dropped.is_(False)).group_by(PlanTopic.plan_id).subquery())
    passed = case((taken.c.lessons.is_(None), 0), (PlanTopic.position < furthest.c.position, PlanTopic.hours),
                  (taken.c.lessons < PlanTopic.hours, taken.c.lessons), else_=PlanTopic.hours)
    return (select(literal("plan"), Plan.course_id, func.sum(PlanTopic.hours), func.sum(passed), literal(0), literal(0))
            .join(PlanTopic, and_(PlanTopic.plan_id == Plan.id, PlanTopic.dropped.is_(False)))
            .outerjoin(taken, taken.c.topic_id == PlanTopic.id)
            .outerjoin(furthest, furthest.c.plan_id == Plan.id)
            .group_by(Plan.course_id))

