"""Acts on a journal's plan: filling it with topics, changing, moving, merging and dropping them; what lessons took.

A topic that lessons took stays whatever happens to the plan; one that none took is no fact and goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts, insert_many, update_many
from ejd.db import Session
from ejd.journal.wording import lines, one_line
from ejd.names import fold
from ejd.plans.models import LessonTopic, Plan, PlanTopic
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson, LessonState
from ejd.words import counted

LONGEST_TITLE, LONGEST_SECTION, LONGEST_HOMEWORK = 500, 200, 2000
MOST_TOPICS, MOST_HOURS = 500, 99
GONE = "Такой темы в плане уже нет: обновите страницу"


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic about to be written into a plan."""

    title: str
    hours: int = 1
    section: str = ""
    homework: str = ""
    kind_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A lesson took these topics of its journal's plan: one, several merged, or none."""

    lesson_id: int
    topic_ids: Sequence[int]
    actor_id: int
    at: datetime


def fill_plan(session: Session, *, actor_id: int | None, course_id: int, topics: Sequence[NewTopic], now: datetime,
              version: int | None = None, append: bool = False, source_id: int | None = None) -> Plan:
    """Make a journal's plan, or write its topics anew (`append`: add to its end).

    `version` is the plan's as it was seen, None when there was none. What lessons took stays: under its own title it
    takes the hours and homework of the new topic, else it stands before them. `source_id` is the plan copied from.
    """
    plan = _begun(session, course_id, version, actor_id, now)
    new = [_row(topic) for topic in topics]
    if not new:
        raise Refused("В плане нет ни одной темы")
    standing = active_topics(session, plan.id)
    filled = [*(_Place(topic.id) for topic in standing), *(_Place(None, row) for row in new)]
    if not append:
        taken = taken_ids(session, plan.id)
        filled = _written_anew([topic for topic in standing if topic.id in taken], new)
    if len(filled) > MOST_TOPICS:
        raise Refused(f"В плане не больше {MOST_TOPICS} тем")
    kept = {place.id for place in filled if place.id is not None}
    _remove(session, [topic.id for topic in standing if topic.id not in kept])
    update_many(session, PlanTopic, [(place.id, {**(place.values or {}), "position": position})
                                     for position, place in enumerate(filled, 1) if place.id is not None])
    insert_many(session, PlanTopic, [{**(place.values or {}), "plan_id": plan.id, "position": position}
                                     for position, place in enumerate(filled, 1) if place.id is None])
    trail.record(session, now=now, actor_id=actor_id, verb="plan.filled", subject_id=plan.id, source=source_id,
                 added=len(filled) - len(kept), kept=len(kept), removed=len(standing) - len(kept))
    return plan


def copy_plan(session: Session, *, actor_id: int | None, from_course_id: int, to_course_id: int, now: datetime,
              version: int | None = None, append: bool = False) -> Plan:
    """Fill a journal's plan with the topics of another's: a parallel class, the other subgroup, a year before."""
    source = session.scalar(select(Plan).filter_by(course_id=from_course_id))
    if source is None or from_course_id == to_course_id:
        raise Refused("В том журнале плана нет: выберите другой", field="source")
    topics = [NewTopic(topic.title, topic.hours, topic.section, topic.homework, topic.kind_id)
              for topic in active_topics(session, source.id)]
    return fill_plan(session, actor_id=actor_id, course_id=to_course_id, topics=topics, now=now, version=version,
                     append=append, source_id=source.id)


def add_topic(session: Session, *, actor_id: int, course_id: int, topic: NewTopic, position: int | None,
              now: datetime, version: int | None) -> PlanTopic:
    """Put a topic in before the one that stands at this place, at the end without one; begins a plan where there is
    none."""
    plan = _begun(session, course_id, version, actor_id, now)
    standing = active_topics(session, plan.id)
    if len(standing) >= MOST_TOPICS:
        raise Refused(f"В плане не больше {MOST_TOPICS} тем", field="title")
    added = PlanTopic(plan_id=plan.id, position=len(standing) + 1, **_row(topic))
    session.add(added)
    session.flush()
    _put_in_order(session, _with_one_at(standing, added, position))
    trail.record(session, now=now, actor_id=actor_id, verb="plan_topic.added", subject_id=added.id, plan=plan.id)
    return added


def change_topic(session: Session, *, actor_id: int, topic_id: int, topic: NewTopic, position: int | None,
                 now: datetime, version: int) -> bool:
    """Change what a topic says, or its place in the plan; whether anything differed. What lessons wrote stays."""
    standing, others = _topic_of_plan(session, topic_id, version)
    differ = {name: value for name, value in _row(topic).items() if getattr(standing, name) != value}
    for name, value in differ.items():
        setattr(standing, name, value)
    moved = _put_in_order(session, _with_one_at(others, standing, position)) if position is not None else False
    if not differ and not moved:
        return False
    _next_version(session, standing.plan_id)
    trail.record(session, now=now, actor_id=actor_id, verb="plan_topic.changed", subject_id=topic_id,
                 fields=[*differ, *(["position"] if moved else [])])
    return True


def drop_topic(session: Session, *, actor_id: int, topic_id: int, version: int, now: datetime) -> None:
    """Take a topic out of the plan. One that lessons took is kept beside it, with those lessons."""
    topic, others = _topic_of_plan(session, topic_id, version)
    _next_version(session, topic.plan_id)
    trail.record(session, now=now, actor_id=actor_id, verb="plan_topic.dropped", subject_id=topic_id,
                 plan=topic.plan_id)
    if topic_id in taken_ids(session, topic.plan_id):
        topic.dropped = True
    else:
        session.delete(topic)
    session.flush()
    _put_in_order(session, others)


def restore_topic(session: Session, *, actor_id: int, topic_id: int, version: int, now: datetime) -> None:
    """Put a topic back that was dropped after lessons had taken it."""
    topic = session.get(PlanTopic, topic_id)
    if topic is None or not topic.dropped:
        raise Refused(GONE)
    hold_plan(session, topic.plan_id, version)
    standing = active_topics(session, topic.plan_id)
    topic.dropped = False
    session.flush()
    _put_in_order(session, _with_one_at(standing, topic, topic.position))
    _next_version(session, topic.plan_id)
    trail.record(session, now=now, actor_id=actor_id, verb="plan_topic.restored", subject_id=topic_id,
                 plan=topic.plan_id)


def merge_topics(session: Session, *, actor_id: int, plan_id: int, topic_ids: Collection[int], version: int,
                 now: datetime) -> int:
    """Join each of these topics with the one after it: both are given in the time of one, an hour less in all.
    How many hours the plan became shorter by."""
    hold_plan(session, plan_id, version)
    groups = _groups(active_topics(session, plan_id), topic_ids, taken_ids(session, plan_id))
    for first, *rest in groups:
        _join(first, rest)
        _remove(session, [topic.id for topic in rest])
        trail.record(session, now=now, actor_id=actor_id, verb="plan_topic.merged", subject_id=first.id,
                     plan=plan_id, joined=[topic.id for topic in rest])
    session.flush()
    _put_in_order(session, active_topics(session, plan_id))
    _next_version(session, plan_id)
    return sum(len(group) - 1 for group in groups)


def take_topics(session: Session, *, actor_id: int, lesson_id: int, topic_ids: Sequence[int], now: datetime) -> None:
    """Say which topics of the plan a lesson took: exactly these, none cuts its link. The lesson's own topic is
    written by the journal, which locks the lesson first and tells whether it may be changed (R6, R8)."""
    take_many(session, taken=[Taken(lesson_id, topic_ids, actor_id, now)])


def take_many(session: Session, *, taken: Sequence[Taken]) -> None:
    """The same for many lessons. What a lesson says already changes nothing."""
    before, new, acts = _held_lessons(session, taken), [], []
    plan_of = _topics_of_courses(session, {course_id for course_id, _, _ in before.values()})
    for one in taken:
        course_id, day, standing = before[one.lesson_id]
        wanted = list(dict.fromkeys(one.topic_ids))
        if clock.local(one.at).date() < day:
            raise Refused("Тему записывают в день урока", field="topic")
        offered = plan_of[course_id]
        if any(topic_id not in offered or (offered[topic_id] and topic_id not in standing) for topic_id in wanted):
            raise Refused(GONE, field="topic")
        if set(wanted) == set(standing):
            continue
        new += [{"lesson_id": one.lesson_id, "topic_id": topic_id} for topic_id in wanted if topic_id not in standing]
        for topic_id in set(standing) - set(wanted):
            session.execute(delete(LessonTopic).filter_by(lesson_id=one.lesson_id, topic_id=topic_id))
        acts.append(Done(one.at, one.actor_id, "lesson.topics_taken", one.lesson_id,
                         {"before": sorted(standing), "after": sorted(wanted)}))
    insert_many(session, LessonTopic, new)
    trail.record_all(session, acts)


def active_topics(session: Session, plan_id: int) -> list[PlanTopic]:
    """The topics of a plan in order, without those that were dropped. One statement."""
    return list(session.scalars(select(PlanTopic).filter_by(plan_id=plan_id, dropped=False)
                                .order_by(PlanTopic.position, PlanTopic.id)
                                .execution_options(populate_existing=True)))


def taken_ids(session: Session, plan_id: int) -> set[int]:
    """The topics of a plan that lessons took. One statement."""
    return set(session.scalars(select(LessonTopic.topic_id).join(PlanTopic, PlanTopic.id == LessonTopic.topic_id)
                               .where(PlanTopic.plan_id == plan_id)))


def hold_plan(session: Session, plan_id: int, version: int | None) -> Plan:
    """The plan, held against other hands until the transaction ends. Stale when it is not as it was seen."""
    plan = session.scalars(select(Plan).filter_by(id=plan_id).with_for_update(key_share=True)
                           .execution_options(populate_existing=True)).one()
    if version != plan.version:
        topics = len(active_topics(session, plan_id))
        raise Stale("План уже изменили", theirs=counted(topics, "тема", "темы", "тем"))
    return plan


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of the plan being written: a topic that stands (by id), or a new one."""

    id: int | None
    values: dict[str, Any] | None = None


def _begun(session: Session, course_id: int, version: int | None, actor_id: int | None, now: datetime) -> Plan:
    """The journal's plan, held and one version further; a new one where there is none."""
    plan_id = session.scalar(select(Plan.id).filter_by(course_id=course_id))
    if plan_id is not None:
        hold_plan(session, plan_id, version)
        return _next_version(session, plan_id)
    plan = Plan(course_id=course_id, created_at=now, created_by_id=actor_id)
    session.add(plan)
    session.flush()
    return plan


def _next_version(session: Session, plan_id: int) -> Plan:
    plan = session.get_one(Plan, plan_id)
    plan.version += 1
    session.flush()
    return plan


def _row(topic: NewTopic) -> dict[str, Any]:
    """A topic's columns, checked."""
    title = one_line(topic.title, longest=LONGEST_TITLE, field="title")
    if not title:
        raise Refused("Впишите тему", field="title")
    if not 1 <= topic.hours <= MOST_HOURS:
        raise Refused(f"Часов на тему – от 1 до {MOST_HOURS}", field="hours")
    return {"title": title, "hours": topic.hours, "kind_id": topic.kind_id,
            "section": one_line(topic.section, longest=LONGEST_SECTION, field="section"),
            "homework": lines(topic.homework, longest=LONGEST_HOMEWORK, field="homework")}


def _topic_of_plan(session: Session, topic_id: int, version: int) -> tuple[PlanTopic, list[PlanTopic]]:
    """A topic of a plan that is held, and the others in order."""
    plan_id = session.scalar(select(PlanTopic.plan_id).filter_by(id=topic_id, dropped=False))
    if plan_id is None:
        raise Refused(GONE)
    try:
        hold_plan(session, plan_id, version)
    except Stale as stale:
        there = session.get(PlanTopic, topic_id)
        theirs = f"№ {there.position} «{there.title}», {there.hours} ч" if there else stale.theirs
        raise Stale(str(stale), theirs=theirs) from None
    topics = active_topics(session, plan_id)
    found = next((topic for topic in topics if topic.id == topic_id), None)
    if found is None:
        raise Refused(GONE)
    return found, [topic for topic in topics if topic.id != topic_id]


def _written_anew(taken: Sequence[PlanTopic], new: Sequence[dict[str, Any]]) -> list[_Place]:
    """The new topics in their order, those among them that lessons took as the rows they are. When one that was
    taken is not among them, all that were taken stand first."""
    of_title: dict[str, list[PlanTopic]] = {}
    for topic in taken:
        of_title.setdefault(fold(topic.title), []).append(topic)
    places = []
    for values in new:
        same = of_title.get(fold(values["title"]))
        places.append(_Place(same.pop(0).id if same else None, values))
    if not any(of_title.values()):
        return places
    told = {place.id: place for place in places if place.id is not None}
    return [*(told.get(topic.id, _Place(topic.id)) for topic in taken),
            *(place for place in places if place.id is None)]


def _held_lessons(session: Session, taken: Sequence[Taken]) -> dict[int, tuple[int, Any, set[int]]]:
    """Course, day and the topics so far of each lesson, the lessons held. Refused where nothing can be written."""
    found: dict[int, tuple[int, Any, set[int]]] = {}
    ids = sorted({one.lesson_id for one in taken})
    for part in in_parts(ids):
        for lesson_id, course_id, day, state in session.execute(
                select(Lesson.id, Lesson.course_id, Lesson.day, Lesson.state).where(Lesson.id.in_(part))
                .order_by(Lesson.id).with_for_update(of=Lesson, key_share=True)):
            if state != LessonState.PLANNED:
                raise Refused("Урок не состоится: темы у него нет", field="topic")
            found[lesson_id] = (course_id, day, set())
        for lesson_id, topic_id in session.execute(
                select(LessonTopic.lesson_id, LessonTopic.topic_id).where(LessonTopic.lesson_id.in_(part))):
            found[lesson_id][2].add(topic_id)
    if len(found) < len(ids):
        raise Refused("Такого урока нет: обновите страницу")
    return found


def _topics_of_courses(session: Session, course_ids: Collection[int]) -> dict[int, dict[int, bool]]:
    """The topics of each journal's plan, with whether they were dropped; the plans are held, so that no topic goes
    while a lesson takes it."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for part in in_parts(sorted(course_ids)):
        plans = {plan.id: plan.course_id for plan in session.execute(
            select(Plan.id, Plan.course_id).where(Plan.course_id.in_(part)).order_by(Plan.id)
            .with_for_update(key_share=True))}
        for topic_id, plan_id, dropped in session.execute(
                select(PlanTopic.id, PlanTopic.plan_id, PlanTopic.dropped).where(PlanTopic.plan_id.in_(plans))):
            found[plans[plan_id]][topic_id] = dropped
    return found


def _with_one_at(others: Sequence[PlanTopic], topic: PlanTopic, position: int | None) -> list[PlanTopic]:
    at = len(others) if position is None else min(max(position - 1, 0), len(others))
    return [*others[:at], topic, *others[at:]]


def _put_in_order(session: Session, topics: Iterable[PlanTopic]) -> bool:
    """Number the topics from 1; whether any changed its place."""
    moved = False
    for position, topic in enumerate(topics, 1):
        if topic.position != position:
            topic.position, moved = position, True
    session.flush()
    return moved


def _remove(session: Session, topic_ids: Sequence[int]) -> None:
    for part in in_parts(topic_ids):
        session.execute(delete(PlanTopic).where(PlanTopic.id.in_(part)))


def _groups(topics: Sequence[PlanTopic], joined: Collection[int], taken: Collection[int]) -> list[list[PlanTopic]]:
    """Runs of topics that become one each: a chosen topic goes with the one after it."""
    groups: list[list[PlanTopic]] = []
    for topic, following in zip(topics, topics[1:], strict=False):
        if topic.id not in joined:
            continue
        if {topic.id, following.id} & set(taken):
            raise Refused(f"Тему № {topic.position} уже проходили: объединяются темы, до которых ещё не дошли")
        if groups and groups[-1][-1] is topic:
            groups[-1].append(following)
        else:
            groups.append([topic, following])
    if not groups:
        raise Refused("Отметьте темы, которые объединить со следующей")
    return groups


def _join(first: PlanTopic, rest: Sequence[PlanTopic]) -> None:
    group = [first, *rest]
    first.title = one_line(". ".join(topic.title.rstrip(".") for topic in group), longest=LONGEST_TITLE, field="title")
    first.homework = lines("\n".join(topic.homework for topic in group if topic.homework), longest=LONGEST_HOMEWORK,
                           field="homework")
    first.hours = max(sum(topic.hours for topic in group) - len(rest), 1)
    first.kind_id = next((topic.kind_id for topic in group if topic.kind_id is not None), None)
