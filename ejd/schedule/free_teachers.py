"""Lessons of a day that wait for a teacher, and who could take them: free at that time by the real bells, the same
subject first, then who teaches the class, then whoever has fewer lessons that day (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from ejd.access import Position
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Course, Employment, Person, TeachingAssignment
from ejd.schedule.absences import AbsenceOfTeacher, absences_on
from ejd.schedule.queries import LessonOfDay, lessons_of_day


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody who could stand in: what and whom they teach anyhow."""

    person_id: int
    name: str
    sort_key: str
    subjects: frozenset[int]
    classes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody free at the time of a lesson."""

    person_id: int
    name: str
    same_subject: bool
    same_class: bool
    lessons: int  # on that day

    @property
    def fits(self) -> str:
        """Why this one is named early."""
        return "тот же предмет" if self.same_subject else "ведёт в этом классе" if self.same_class else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lesson without a teacher: its own is away, or there is none. `suggested` is the best one nobody else needs."""

    lesson: LessonOfDay
    reason: str
    candidates: Sequence[Candidate]
    suggested: int | None


@dataclass(frozen=True, slots=True)
class DayOfSubstitutions:
    away: Sequence[AbsenceOfTeacher]
    waiting: Sequence[Waiting]
    changes: Sequence[LessonOfDay]  # taught by somebody else, merged, cancelled, moved, held remotely


def day_of_substitutions(session: Session, day: date) -> DayOfSubstitutions:
    """All that is to settle, and is settled, for a day. Four statements."""
    lessons = lessons_of_day(session, day=day)
    away = absences_on(session, day)
    absent = {one.teacher_id: one.reason for one in away}
    teachers = [one for one in _teachers(session, day) if one.person_id not in absent]
    waiting = [lesson for lesson in lessons
               if not lesson.cancelled and (lesson.teacher_id is None or lesson.teacher_id in absent)]
    return DayOfSubstitutions(
        away, _with_candidates(waiting, lessons, teachers, absent),
        [one for one in lessons if one.cancelled or one.is_substitution or one.remote])


def free_for(lesson: LessonOfDay, lessons: Iterable[LessonOfDay], teachers: Iterable[Teacher]) -> list[Candidate]:
    """Who is free while the lesson goes on, the best first."""
    given: dict[int, list[LessonOfDay]] = defaultdict(list)
    for one in lessons:
        if one.teacher_id is not None and not one.cancelled:
            given[one.teacher_id].append(one)
    found = []
    for teacher in teachers:
        own = given.get(teacher.person_id, [])
        if not any(at_once(one, lesson) for one in own):
            candidate = Candidate(teacher.person_id, teacher.name, lesson.subject_id in teacher.subjects,
                                  lesson.class_id in teacher.classes, len({one.starts_at for one in own}))
            found.append((not candidate.same_subject, not candidate.same_class, candidate.lessons, teacher.sort_key,
                          candidate))
    return [one[-1] for one in sorted(found, key=lambda one: one[:-1])]


def at_once(one: LessonOfDay, other: LessonOfDay) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _with_candidates(waiting: Sequence[LessonOfDay], lessons: Sequence[LessonOfDay], teachers: Sequence[Teacher],
                     absent: Mapping[int, str]) -> list[Waiting]:
    """Each waiting lesson with those free for it; nobody is suggested for two at once."""
    taken: dict[int, list[LessonOfDay]] = defaultdict(list)
    found = []
    for lesson in sorted(waiting, key=lambda lesson: lesson.starts_at):
        candidates = free_for(lesson, lessons, teachers)
        suggested = next((one.person_id for one in candidates if one.fits and not any(
            at_once(other, lesson) for other in taken[one.person_id])), None)
        if suggested is not None:
            taken[suggested].append(lesson)
        why = "вакансия" if lesson.teacher_id is None else absent[lesson.teacher_id] or "отсутствует"
        found.append(Waiting(lesson, why, candidates, suggested))
    return found


def _teachers(session: Session, day: date) -> list[Teacher]:
    """Who works that day and teaches, or is a teacher by position. One statement."""
    works = select(Employment.person_id).where(held(Employment, day))
    teachers = works.where(Employment.position == Position.TEACHER.value)
    subjects: dict[int, set[int]] = defaultdict(set)
    classes: dict[int, set[int]] = defaultdict(set)
    people: dict[int, Person] = {}
    for person, subject_id, class_id in session.execute(
            select(Person, Course.subject_id, Course.class_id)
            .outerjoin(TeachingAssignment, (TeachingAssignment.teacher_id == Person.id) & held(TeachingAssignment, day))
            .outerjoin(Course, Course.id == TeachingAssignment.course_id)
            .where(Person.id.in_(works), or_(TeachingAssignment.id.is_not(None), Person.id.in_(teachers)))):
        people[person.id] = person
        if subject_id is not None:
            subjects[person.id].add(subject_id)
        if class_id is not None:
            classes[person.id].add(class_id)
    return [Teacher(person.id, person.short_name, person.sort_key, frozenset(subjects[person.id]),
                    frozenset(classes[person.id])) for person in people.values()]
