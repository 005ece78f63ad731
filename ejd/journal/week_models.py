"""Sums of a week's lessons and homework, which week is counted, and which was touched since."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Model, note_weeks
from ejd.journal.models import Homework
from ejd.schedule.models import Lesson


class LessonSum(Model):
    """How the lessons of one course and teacher stood in a week that is over, and their homework (R5, R6).

    What control begins with, and which courses owe homework, is asked when the sums are read, so no setting makes them
    untrue. `untold` have attendance and no topic, `unattended` no attendance; moved lessons stand at their new place.
    """

    __tablename__ = "lesson_sum"
    __table_args__ = (Index("ix_lesson_sum_day", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]  # the first with lessons in that week, of the whole school
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled: Mapped[int]
    filled: Mapped[int]
    untold: Mapped[int]
    unattended: Mapped[int]
    owed: Mapped[int]  # lessons that owe homework wherever it is set at all; of these:
    on_time: Mapped[int]
    late: Mapped[int]
    not_set: Mapped[int]


class CountedWeek(Model):
    """A week whose sums are written down, and its first and last day with lessons."""

    __tablename__ = "counted_week"

    monday: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[date]
    last: Mapped[date]


class ChangedWeek(Model):
    """A week whose lessons or homework were written to: its sums hold no more until it is counted again. Written by
    triggers (`db.noting_ddl`)."""

    __tablename__ = "changed_week"

    id: Mapped[int] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(index=True)


note_weeks(Lesson)
note_weeks(Homework)
