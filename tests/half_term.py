"""A random half term in the tests' school, made by the journal's own acts: something of every figure of control."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ejd import clock
from ejd.journal import attendance, homework, lesson_record, marks, works
from ejd.journal.models import Homework, Mark, WorkKind
from ejd.roster.members import members_of
from ejd.roster.models import Course
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
NOW = clock.at(date(2026, 9, 29), 10, 30)
TODAY = date(2026, 9, 29)
LATER = ("corrected", "redated", "withdrawn", "described", "left alone", "left alone", "left alone")


class HalfTerm:
    """Teachers put, correct, redate and withdraw marks, declare works and publish homework, as dice fall."""

    def __init__(self, school, seed: int) -> None:
        self.school, self.session, self.dice = school, school.session, random.Random(seed)
        self.settings = school_settings.load(self.session)
        self.kinds = list(self.session.scalars(select(WorkKind)))
        self.deputy = school.dina.id
        self.keys = iter(range(10**6))
        self._make_doubles()
        self.lessons = list(self.session.scalars(
            select(Lesson).where(Lesson.day.between(FIRST, LAST)).order_by(Lesson.id)))
        self.members = {course.id: [member.pupil_id for member in members_of(self.session, course, first=FIRST,
                                                                             last=LAST)]
                        for course in self.session.scalars(select(Course))}

    def live(self) -> None:
        for lesson in self.lessons:
            luck = self.dice.random()
            if luck < 0.1 and lesson.ends_at < NOW - timedelta(hours=1):
                lesson.state = "cancelled"
            elif lesson.ends_at < NOW:
                if luck > 0.9:
                    lesson.teacher_id, lesson.substitutes_id = self.school.eva.id, lesson.teacher_id
                self._teach(lesson)
        self.session.flush()
        for mark in self.session.scalars(select(Mark).order_by(Mark.id)).all():
            self._come_back_to(mark)

    def _make_doubles(self) -> None:
        """Mathematics in 7А on Tuesdays is a double lesson: the second inherits homework (R5)."""
        course = self.school.course("7А", "Математика")
        for lesson in self.session.scalars(select(Lesson).filter_by(course_id=course.id, number=2)).all():
            self.session.add(Lesson(course_id=course.id, day=lesson.day, number=3, teacher_id=lesson.teacher_id,
                                    starts_at=lesson.ends_at, ends_at=lesson.ends_at + timedelta(minutes=40),
                                    homework_due_at=lesson.homework_due_at))
        self.session.flush()

    def _key(self) -> str:
        return f"half-term-{next(self.keys):08}"

    def _after(self, moment: datetime, days: int) -> datetime:
        return min(moment + timedelta(days=days, minutes=self.dice.randrange(90)), NOW)

    def _teach(self, lesson: Lesson) -> None:
        if lesson.teacher_id is None or self.session.get(Course, lesson.course_id).scheme == "markless":
            return
        if self.dice.random() < 0.7 and lesson.ends_at < NOW - timedelta(hours=1):  # the last one is awaited
            self._set_homework(lesson)
        if self.dice.random() < 0.8:
            lesson_record.record_topics(self.session, topics=[lesson_record.NewTopic(
                lesson_id=lesson.id, text="Дроби", actor_id=lesson.teacher_id, at=lesson.ends_at)])
        work_id = self._declare(lesson) if self.dice.random() < 0.3 else None
        for pupil_id in self.members[lesson.course_id]:
            if self.dice.random() < (0.6 if work_id else 0.3):
                self._mark(lesson, pupil_id, work_id)

    def _mark(self, lesson: Lesson, pupil_id: int, work_id: int | None) -> None:
        marks.put_mark(self.session, settings=self.settings, mark=marks.NewMark(
            lesson_id=lesson.id, pupil_id=pupil_id, value=self.dice.choice("5432"), key=self._key(),
            actor_id=lesson.teacher_id, at=self._after(lesson.ends_at, self.dice.choice((0, 0, 1, 3, 5, 7, 8, 9, 20))),
            work_id=work_id, kind_id=None if work_id else self.dice.choice(self.kinds).id))

    def _declare(self, lesson: Lesson) -> int:
        kind = self.dice.choice([kind for kind in self.kinds if kind.declared])
        [work] = works.declare_works(self.session, settings=self.settings, works=[works.NewWork(
            lesson_id=lesson.id, kind_id=kind.id, actor_id=lesson.teacher_id, at=lesson.ends_at)])
        attendance.take_attendance(self.session, settings=self.settings, lessons=[attendance.Taken(
            lesson_id=lesson.id, actor_id=lesson.teacher_id, at=lesson.ends_at)])
        return work.id

    def _set_homework(self, lesson: Lesson) -> None:
        homework.publish_homework(self.session, settings=self.settings, homework=[homework.NewHomework(
            lesson_id=lesson.id, text="§ 5", actor_id=lesson.teacher_id, key=self._key(),
            at=self._after(lesson.ends_at, self.dice.choice((0, 0, 1))))])
        if self.dice.random() < 0.2:
            self.session.scalars(select(Homework).filter_by(lesson_id=lesson.id)).one().not_set = True

    def _come_back_to(self, mark: Mark) -> None:
        what = self.dice.choice(LATER)
        common = {"actor_id": mark.entered_by_id, "mark_id": mark.id, "version": mark.version, "key": self._key(),
                  "settings": self.settings, "now": self._after(mark.entered_at, self.dice.choice((0, 6, 9)))}
        if what == "corrected":
            marks.correct_mark(self.session, value="3" if mark.value != "3" else "4", **common)
        elif what == "withdrawn":
            marks.withdraw_mark(self.session, **common)
        elif what == "redated" and mark.entered_on - mark.received_on >= timedelta(days=2):
            marks.redate_mark(self.session, received_on=mark.received_on + timedelta(days=2), reason="сдана позже",
                              **common)
        elif what == "described" and mark.work_id is None:
            marks.describe_mark(self.session, kind_id=self.kinds[0].id, weight=3, comment="", **common)
