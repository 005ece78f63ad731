"""Figures of control against a slow plain recount, over a random half term made by the journal's own acts.

The recount walks rows one by one and asks the pure rules, so that neither sums nor SQL can be wrong unseen (R60).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from itertools import count, cycle, product, takewhile

import pytest
from sqlalchemy import select

from ejd.compliance.lists import listing
from ejd.compliance.metrics import OF_HOMEWORK, OF_LESSONS, By, Figure, figures_of_mark
from ejd.compliance.queries import report_of
from ejd.compliance.scope import Launches, Scope, launches
from ejd.journal import week_sums
from ejd.journal.deadlines import Launch, Timeliness, homework_timeliness, is_controlled, term_of_teacher
from ejd.journal.expecting import Cell, cell_of
from ejd.journal.models import Expectation, Homework, Mark, MarkCorrection, Work, WorkKind
from ejd.roster.members import members_of
from ejd.roster.models import Course, SchoolClass
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings
from tests.half_term import FIRST, LAST, NOW, TODAY, HalfTerm

OF_TIMELINESS = {Timeliness.ON_TIME: Figure.HOMEWORK_ON_TIME, Timeliness.LATE: Figure.HOMEWORK_LATE,
                 Timeliness.MISSING: Figure.HOMEWORK_MISSING, Timeliness.AWAITED: Figure.HOMEWORK_AWAITED}


class Recount:
    """The same figures, row by row."""

    def __init__(self, session, scope: Scope, by: By, starts: Launches) -> None:
        self.session, self.scope, self.by, self.starts = session, scope, by, starts
        self.parts: dict[int, Counter[Figure]] = defaultdict(Counter)
        self.courses = {course.id: course for course in session.scalars(select(Course))}
        self.grades = {row.id: row.grade for row in session.scalars(select(SchoolClass))}
        self.kinds = {kind.id: kind for kind in session.scalars(select(WorkKind))}
        self.lessons = {lesson.id: lesson for lesson in session.scalars(select(Lesson))}
        self._count_marks()
        self._count_expectations()
        self._count_corrections()
        self.journals, self.pupils, self.places = set(), set(), 0
        self._count_lessons()
        if scope.kind_id is None:
            self._count_homework()

    def _takes(self, lesson: Lesson, teacher_id: int | None, kind_id: int | None) -> bool:
        course, scope = self.courses[lesson.course_id], self.scope
        pairs = ((scope.teacher_id, teacher_id), (scope.class_id, course.class_id),
                 (scope.subject_id, course.subject_id))
        timely = kind_id is None or self.kinds[kind_id].in_timeliness
        return timely and scope.kind_id in {None, kind_id} and all(want in {None, got} for want, got in pairs)

    def _part(self, lesson: Lesson, teacher_id: int | None, kind_id: int | None) -> Counter[Figure]:
        course = self.courses[lesson.course_id]
        return self.parts[{By.TEACHER: teacher_id, By.CLASS: course.class_id, By.SUBJECT: course.subject_id,
                           By.KIND: kind_id}[self.by] or 0]

    def _within(self, day: date) -> bool:
        return self.scope.first <= day <= self.scope.last

    def _begins(self, launch: Launch, lesson: Lesson) -> date | None:
        return launch.day_for(self.grades[self.courses[lesson.course_id].class_id])

    def _controlled(self, launch: Launch, lesson: Lesson, day: date) -> bool:
        return is_controlled(day, self._begins(launch, lesson))

    def _count_marks(self) -> None:
        for mark in self.session.scalars(select(Mark).where(Mark.withdrawn_at.is_(None))):
            lesson = self.lessons[mark.lesson_id]
            if self._within(mark.received_on) and self._takes(lesson, mark.responsible_id, mark.kind_id):
                self._part(lesson, mark.responsible_id, mark.kind_id).update(figures_of_mark(
                    days_taken=(mark.entered_on - mark.received_on).days, over_limit=mark.over_limit,
                    controlled=self._controlled(self.starts.marks, lesson, mark.received_on)))

    def _count_expectations(self) -> None:
        for row in self.session.scalars(select(Expectation).filter_by(awaiting="teacher")):
            work = self.session.get(Work, row.work_id)
            lesson = self.lessons[work.lesson_id]
            if (self._within(row.received_on) and self._takes(lesson, row.responsible_id, work.kind_id)
                    and work.withdrawn_at is None and lesson.state == "planned"):
                term = term_of_teacher(row.due_on, row.received_on, self._begins(self.starts.marks, lesson))
                overdue = cell_of(row.awaiting, term, TODAY) is Cell.OVERDUE
                self._part(lesson, row.responsible_id, work.kind_id)[
                    Figure.OVERDUE if overdue else Figure.AWAITED] += 1

    def _count_corrections(self) -> None:
        for fact in self.session.scalars(select(MarkCorrection)):
            mark = self.session.get(Mark, fact.mark_id)
            lesson = self.lessons[mark.lesson_id]
            if (fact.days_after > 7 and self._within(fact.corrected_on)
                    and self._takes(lesson, fact.responsible_id, mark.kind_id)
                    and self._controlled(self.starts.marks, lesson, mark.received_on)):
                self._part(lesson, fact.responsible_id, mark.kind_id)[Figure.CORRECTED] += 1

    def _count_lessons(self) -> None:
        for lesson in self.lessons.values():
            if lesson.state == "moved" or not (self._within(lesson.day) and self._takes_lesson(lesson)):
                continue
            held = lesson.state == "planned" and lesson.ends_at <= NOW
            over = held and lesson.day < TODAY and self._controlled(self.starts.marks, lesson, lesson.day)
            told, attended = lesson.topic_at is not None, lesson.attendance_at is not None
            counted = {
                Figure.LESSONS: True, Figure.LESSONS_CANCELLED: lesson.state == "cancelled",
                Figure.LESSONS_HELD: held, Figure.LESSONS_FILLED: held and told and attended,
                Figure.LESSONS_UNFILLED: over and not (told and attended), Figure.ATTENDED: held and attended,
                Figure.NOT_ATTENDED: over and not attended}
            self._part(lesson, lesson.teacher_id, None).update([figure for figure, yes in counted.items() if yes])
            if held:
                course = self.courses[lesson.course_id]
                pupils = {member.pupil_id for member in members_of(self.session, course, first=min(
                    self.scope.last, TODAY), last=min(self.scope.last, TODAY))}
                self.pupils |= pupils
                if course.scheme != "markless":  # R14
                    self.journals.add(course.id)
                    self.places += len(pupils)

    def _takes_lesson(self, lesson: Lesson) -> bool:
        return self._takes(lesson, lesson.teacher_id, self.scope.kind_id)

    def _count_homework(self) -> None:
        homework = {row.lesson_id: row for row in self.session.scalars(select(Homework))}
        places = {(row.course_id, row.day, row.number): row for row in self.lessons.values() if row.state == "planned"}
        for (course_id, day, number), lesson in places.items():
            if (not self._within(day) or lesson.ends_at > NOW or not self.courses[course_id].homework_expected
                    or (course_id, day, number - 1) in places or not self._takes(lesson, lesson.teacher_id, None)
                    or not self._controlled(self.starts.homework, lesson, day)):
                continue
            row = takewhile(bool, (places.get((course_id, day, after)) for after in count(number)))
            found = next(filter(None, (homework.get(other.id) for other in row)), None)
            said = homework_timeliness(lesson.homework_due_at, found.published_at if found else None, NOW)
            self._part(lesson, lesson.teacher_id, None).update(
                [Figure.HOMEWORK_OWED, OF_TIMELINESS[said]]
                + ([Figure.HOMEWORK_NOT_SET] if found and found.not_set else []))


WHOLE = Scope(FIRST, LAST)
SCOPES = {
    "a month": lambda school: WHOLE,
    "a week": lambda school: Scope(date(2026, 9, 14), date(2026, 9, 20)),
    "a teacher": lambda school: replace(WHOLE, teacher_id=school.anna.id),
    "a class": lambda school: replace(WHOLE, class_id=school.school_class("7Б").id),
    "a subject": lambda school: replace(WHOLE, subject_id=school.course("7А", "Русский").subject_id),
    "a kind": lambda school: replace(WHOLE, kind_id=school.kind("test").id),
    "a teacher in a class": lambda school: replace(WHOLE, teacher_id=school.boris.id,
                                                   class_id=school.school_class("7А").id),
}
LAUNCHES = {
    "from the first day": Launch(FIRST),
    "from the second week": Launch(date(2026, 9, 7)),
    "class 7 later": Launch(date(2026, 9, 7), {7: date(2026, 9, 10)}),
    "class 7 alone": Launch(None, {7: date(2026, 9, 3)}),
    "not yet": Launch(),
}


OUT_OF_SUMS = 2  # the half term whose weeks are counted before control asks; the other is asked row by row


@pytest.fixture(params=[1, OUT_OF_SUMS])
def half_term(school, request):
    HalfTerm(school, request.param).live()
    return school


def test_figures_equal_the_recount(half_term, session, request):
    if request.node.callspec.params["half_term"] == OUT_OF_SUMS:
        for monday in week_sums.waiting(session, TODAY):
            week_sums.count(session, monday, NOW)
        assert len(session.scalars(week_sums.holding(FIRST, LAST)).all()) == 4
    for ((begins, launch), (name, make)), by in zip(product(LAUNCHES.items(), SCOPES.items()), cycle(By), strict=False):
        starts, scope = Launches(launch, launch), make(half_term)
        report = report_of(session, scope=scope, by=by, launches=starts, today=TODAY, now=NOW)
        recount = Recount(session, scope, by, starts)
        expected = {key: +part for key, part in recount.parts.items() if +part}
        total = sum(expected.values(), Counter())
        assert report.total.journals == recount.journals and report.total.pupils == recount.pupils
        assert report.total.places == recount.places, (begins, name, by)
        if by is By.KIND:  # lessons and homework have no kind: they are in the whole alone
            expected = {key: part for key, part in expected.items() if key}
        assert {key: +part.counts for key, part in report.parts.items()} == expected, (begins, name, by)
        assert +report.total.counts == total, (begins, name, by)


def test_every_figure_opens_a_list_of_as_many_rows(half_term, session):
    starts = Launches(Launch(date(2026, 9, 3)), Launch(date(2026, 9, 7)))
    seen = Counter()
    for make in SCOPES.values():
        scope = make(half_term)
        report = report_of(session, scope=scope, by=By.TEACHER, launches=starts, today=TODAY, now=NOW)
        for figure in Figure:
            if scope.kind_id is not None and figure in {*OF_HOMEWORK, *OF_LESSONS}:
                continue
            found = listing(session, figure=figure, scope=scope, launches=starts, today=TODAY, now=NOW, limit=10_000)
            assert found.total == len(found.rows) == report.total[figure], (scope, figure)
            assert all(len(row) == len(found.columns) for row in found.rows)
            seen[figure] += found.total
    seen[Figure.CLOSED_EARLY] += 1  # told in test_closing
    assert set(seen) == set(+seen), f"the dice never made {set(seen) - set(+seen)}"


def test_bars_open_lists_of_as_many_rows(half_term, session):
    starts = Launches(Launch(FIRST), Launch(FIRST))
    report = report_of(session, scope=WHOLE, by=By.CLASS, launches=starts, today=TODAY, now=NOW)
    for days, many in report.total.days.items():
        figure = Figure.LATE if days > 7 else Figure.ON_TIME
        found = listing(session, figure=figure, scope=replace(WHOLE, days_taken=(days, days)), launches=starts,
                        today=TODAY, now=NOW, limit=10_000)
        assert found.total == many, days


def test_the_span_before_is_counted_like_any_other(half_term, session):
    starts = Launches(Launch(FIRST), Launch(FIRST))
    before, scope = Scope(FIRST, date(2026, 9, 13)), Scope(date(2026, 9, 14), LAST)
    for by in By:
        both = report_of(session, scope=scope, by=by, launches=starts, today=TODAY, now=NOW, before=before)
        alone = report_of(session, scope=before, by=by, launches=starts, today=TODAY, now=NOW).total
        assert +both.before.counts == +alone.counts and both.before.density == alone.density
        now_alone = report_of(session, scope=scope, by=by, launches=starts, today=TODAY, now=NOW)
        assert +both.total.counts == +now_alone.total.counts and both.parts.keys() == now_alone.parts.keys()


def test_the_report_asks_four_statements_and_a_list_two(school, session, at_most):
    starts = launches(school_settings.load(session))
    with at_most(4):
        report_of(session, scope=WHOLE, by=By.TEACHER, launches=starts, today=TODAY, now=NOW, before=WHOLE)
    for figure in Figure:
        with at_most(3 if figure is Figure.JOURNALS else 2):
            listing(session, figure=figure, scope=WHOLE, launches=starts, today=TODAY, now=NOW, limit=50)
