"""The figures of 7А's term, recounted slowly and plainly from the rows of the tables, by the rulebook alone: nothing of
ejd is asked but the models that read the rows. The school keeps to the default settings.

R1 a mark is late from the eighth day; R2 the school's own days; R4 what is awaited and owed; R5 homework an hour after
the last lesson of the day; R10 letters; R11 weighted averages, of a re-take the last counts; R12 thresholds; R13 marks
that are asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ejd.journal import models as journal
from ejd.plans import models as plans
from ejd.results import models as results
from ejd.roster import models as roster
from ejd.schedule import models as schedule
from ejd.school import models as school

WEEK, HOUR, DAY = timedelta(days=7), timedelta(hours=1), timedelta(days=1)
AWAY = "нбу"
DENSITY = ((1, 2), (2, 5))  # weekly hours up to, marks a quarter; above: 7
MOST = 7
THRESHOLDS = (("5", Fraction(9, 2)), ("4", Fraction(7, 2)), ("3", Fraction(5, 2)))
OWN_DAYS = {"oral": (0, False), "written": (3, True), "test": (3, True), "essay": (7, False)}  # days, of school


class Standing(NamedTuple):
    """A pupil in a subject and term."""

    average: Fraction | None
    marks: int
    least: int

    @property
    def suggested(self) -> str:
        if self.average is None:
            return ""
        return next((mark for mark, least in THRESHOLDS if self.average >= least), "2")


class Awaited(NamedTuple):
    """What a declared work expects of one pupil: of the teacher until a day, or of the pupil."""

    lesson: schedule.Lesson
    work: journal.Work
    pupil_id: int
    owed: bool
    due_on: date | None


class Recount:
    """All rows there are, on a day of the first quarter or after it."""

    def __init__(self, session: Session, now: datetime, today: date) -> None:
        self.session, self.now, self.today = session, now, today
        self.read: dict[type[Any], list[Any]] = {}
        [self.school_class] = [one for one in self.all(roster.SchoolClass) if one.name == "7А"]
        [self.term] = [one for one in self.all(school.Term) if one.scheme == "quarters" and one.number == 1]
        self.people = {one.id: one for one in self.all(roster.Person)}
        self.subjects = {one.id: one.name for one in self.all(roster.Subject)}
        self.kinds = {one.id: one for one in self.all(journal.WorkKind)}
        self.courses = sorted((one for one in self.all(roster.Course) if one.class_id == self.school_class.id),
                              key=lambda one: (self.subjects[one.subject_id], one.subgroup))
        self.pupils = sorted((self.people[one.pupil_id] for one in self.all(roster.Enrolment)
                              if one.class_id == self.school_class.id), key=lambda one: one.sort_key)
        self.given = [one for one in self.all(schedule.Lesson) if one.state == "planned"
                      and one.course_id in {course.id for course in self.courses}]
        self.lessons = sorted((one for one in self.given if self.term.starts_on <= one.day <= self.term.ends_on),
                              key=lambda one: (one.day, one.number, one.course_id))
        self.marks = [one for one in self.all(journal.Mark) if one.withdrawn_at is None]
        self.works = [one for one in self.all(journal.Work) if one.withdrawn_at is None]
        self.letters = {(one.lesson_id, one.pupil_id): one.code for one in self.all(journal.Attendance) if one.code}
        self.excused = {(one.lesson_id, one.pupil_id) for one in self.all(journal.Attendance) if one.excuse_id}
        self.homework = {one.lesson_id: one for one in self.all(journal.Homework) if not one.named}
        self.results = {(one.pupil_id, self.subjects[one.subject_id]): one for one in self.all(results.TermMark)
                        if one.term_id == self.term.id}
        self.closed = any(one.term_id == self.term.id for one in self.all(journal.TermClosing))

    def all(self, model: type[Any]) -> list[Any]:
        if model not in self.read:
            self.read[model] = list(self.session.scalars(select(model)))
        return self.read[model]

    # Who and when

    def name(self, pupil_id: int) -> str:
        return f"{self.people[pupil_id].last_name} {self.people[pupil_id].first_name}"

    def members(self, course: roster.Course) -> list[roster.Person]:
        if not course.subgroup:
            return self.pupils
        there = {one.pupil_id for one in self.all(roster.CourseMember) if one.course_id == course.id}
        return [one for one in self.pupils if one.id in there]

    def of_course(self, course: roster.Course) -> list[schedule.Lesson]:
        return [one for one in self.lessons if one.course_id == course.id]

    def lessons_of(self, pupil_id: int) -> list[schedule.Lesson]:
        return [lesson for course in self.courses if pupil_id in {one.id for one in self.members(course)}
                for lesson in self.of_course(course)]

    def over(self, lesson: schedule.Lesson) -> bool:
        return lesson.ends_at <= self.now

    # Marks (R11–R13)

    def marks_at(self, lessons: Iterable[schedule.Lesson], pupil_id: int) -> list[journal.Mark]:
        ids = [one.id for one in lessons]
        return sorted((one for one in self.marks if one.pupil_id == pupil_id and one.lesson_id in ids),
                      key=lambda one: (ids.index(one.lesson_id), one.id))

    def standing(self, pupil_id: int, course: roster.Course) -> Standing:
        lessons = self.of_course(course)
        marks = self.marks_at(lessons, pupil_id)
        counting = [one for one in marks if one.id not in {other.retakes_id for other in marks}]
        figures = [one for one in counting if one.value.isdigit()]
        weights = sum(one.weight for one in figures)
        average = Fraction(sum(int(one.value) * one.weight for one in figures), weights) if weights else None
        begun = sum(one.starts_at <= self.now for one in lessons)
        hours = Fraction(course.half_hours, 2)
        a_quarter = next((many for up_to, many in DENSITY if hours <= up_to), MOST)
        return Standing(average, len(counting), floor(a_quarter * Fraction(begun, len(lessons))))

    def standings(self, pupil_id: int) -> dict[str, Standing]:
        """By subject, of the journals that the pupil is in."""
        return {self.subjects[course.subject_id]: self.standing(pupil_id, course) for course in self.courses
                if pupil_id in {one.id for one in self.members(course)}}

    def shown(self, pupil_id: int, subject: str) -> str:
        """The result that stands, else the suggestion."""
        result = self.results.get((pupil_id, subject))
        return result.value if result and result.value else self.standings(pupil_id)[subject].suggested

    # Attendance (R10)

    def missed(self, pupil_id: int) -> tuple[Counter[str], Counter[str]]:
        """Days and lessons by letter; «о» among the lessons."""
        mine = [one for one in self.lessons_of(pupil_id) if one.day <= self.today]
        lessons = Counter(self.letters[one.id, pupil_id] for one in mine if (one.id, pupil_id) in self.letters)
        days: Counter[str] = Counter()
        for day in sorted({one.day for one in mine}):
            that_day = [self.letters.get((one.id, pupil_id), "") for one in mine if one.day == day]
            if all(letter and letter in AWAY for letter in that_day):
                assert len(set(that_day)) == 1, "which reason stands for a day of several is another test's matter"
                days[that_day[0]] += 1
        return days, lessons

    def letter(self, lesson: schedule.Lesson, pupil_id: int, *, told: bool) -> str:
        """What stands in the lesson's cell; of illness by a certificate only whom it concerns is told (R40)."""
        letter = self.letters.get((lesson.id, pupil_id), "")
        return "у" if letter == "б" and not told and (lesson.id, pupil_id) in self.excused else letter

    # Works (R4)

    def awaited(self) -> Iterator[Awaited]:
        """Of every work of the term whose lesson's attendance was saved; nothing once the term was closed."""
        by_lesson = {one.id: one for one in self.lessons}
        for work in self.works if not self.closed else ():
            lesson = by_lesson[work.lesson_id]
            [course] = [one for one in self.courses if one.id == lesson.course_id]
            for pupil in self.members(course) if lesson.attendance_at else ():
                if any(one.work_id == work.id and one.pupil_id == pupil.id for one in self.marks):
                    continue
                owed = self.letters.get((lesson.id, pupil.id), "-") in AWAY
                yield Awaited(lesson, work, pupil.id, owed, None if owed else lesson.day + WEEK)

    # Homework (R5)

    def homework_due(self, lesson: schedule.Lesson) -> datetime:
        """An hour after the last lesson that any pupil of the group has that day."""
        [course] = [one for one in self.courses if one.id == lesson.course_id]
        return max(other.ends_at for pupil in self.members(course) for other in self.lessons_of(pupil.id)
                   if other.day == lesson.day) + HOUR

    def homework_of(self, lesson: schedule.Lesson) -> str:
        """on-time, late, missing or awaited."""
        found, due = self.homework.get(lesson.id), self.homework_due(lesson)
        if found is None:
            return "missing" if self.now > due else "awaited"
        return "late" if found.published_at > due else "on-time"

    # Timeliness (R1–R3)

    def school_days_after(self, day: date, many: int) -> date:
        off = [(one.starts_on, one.ends_on) for one in self.all(school.DayOff)]
        while many:
            day += DAY
            many -= day.weekday() < 5 and not any(first <= day <= last for first, last in off)
        return day

    def timeliness(self, mark: journal.Mark) -> str:
        """on-time, over-term (within the week, after the school's own days) or late."""
        if mark.entered_on > mark.received_on + WEEK:
            return "late"
        days, of_school = OWN_DAYS.get(self.kinds[mark.kind_id].code, (7, False))
        last = self.school_days_after(mark.received_on, days) if of_school else mark.received_on + days * DAY
        return "over-term" if mark.entered_on > last else "on-time"

    def control(self, mine: Callable[[schedule.Lesson], bool] = lambda lesson: True) -> Counter[str]:
        """The control page's figures over the lessons that are `mine`, from the term's first day until today."""
        lessons = {one.id: one for one in self.lessons if mine(one)}
        marks = [one for one in self.marks if one.lesson_id in lessons and self.kinds[one.kind_id].in_timeliness]
        found = Counter(self.timeliness(one) for one in marks)
        found["entered"] = len(marks)
        found["on-time"] += found["over-term"]
        found["corrected"] = sum(one.what == "corrected" and one.corrected_on > self._received(one.mark_id) + WEEK
                                 for one in self.all(journal.MarkCorrection) if self._lesson_of(one.mark_id) in lessons)
        for one in self.awaited():
            if one.lesson.id in lessons and one.due_on is not None:
                found["overdue" if one.due_on < self.today else "awaited"] += 1
        for lesson in lessons.values():
            if self.over(lesson):
                found["homework-owed"] += 1
                found[f"homework-{self.homework_of(lesson)}"] += 1
                found["homework-not-set"] += lesson.id in self.homework and self.homework[lesson.id].not_set
        return found

    def _received(self, mark_id: int) -> date:
        return next(one.received_on for one in self.all(journal.Mark) if one.id == mark_id)

    def _lesson_of(self, mark_id: int) -> int:
        return next(one.lesson_id for one in self.all(journal.Mark) if one.id == mark_id)

    # The plan

    def plan(self, course: roster.Course) -> dict[str, int]:
        """Hours of the plan beside the lessons of the year; one of today counts once it has a topic of the plan."""
        [plan] = [one for one in self.all(plans.Plan) if one.course_id == course.id]
        topics = sorted((one for one in self.all(plans.PlanTopic) if one.plan_id == plan.id and not one.dropped),
                        key=lambda one: one.position)
        taken = self.all(plans.LessonTopic)
        lessons = [one for one in self.given if one.course_id == course.id]
        by_now = [one for one in lessons if one.day < self.today
                  or one.day == self.today and one.id in {link.lesson_id for link in taken}]
        times = [sum(link.topic_id == topic.id for link in taken) for topic in topics]
        furthest = max((index for index, many in enumerate(times) if many), default=-1)
        passed = sum(topic.hours if index < furthest else min(many, topic.hours)
                     for index, (topic, many) in enumerate(zip(topics, times, strict=True)) if many)
        planned = sum(one.hours for one in topics)
        return {"planned": planned, "lessons": len(lessons), "held": len(by_now), "passed": passed,
                "lag": min(len(by_now), planned) - passed}
