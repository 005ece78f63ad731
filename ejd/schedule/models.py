"""Timetable versions valid from a date, and the lessons made from them as rows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class LessonState(StrEnum):
    """PLANNED becomes held by itself once it has ended (R6); a cancelled lesson, and one moved to another day or
    number (`moved_to_id`), leave every denominator."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    MOVED = "moved"


class TimetableVersion(Model):
    """A whole timetable from a day on; a draft until it is published."""

    __tablename__ = "timetable_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class Slot(Model):
    """A place in the timetable («место в расписании»): weekday 1–7 (ISO), lesson number, course."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("version_id", "weekday", "number", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id"))
    weekday: Mapped[int]
    number: Mapped[int]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    room: Mapped[str] = mapped_column(String(20), default="")


class Lesson(Model):
    """One lesson of one course. `teacher_id` is who teaches it, so a substitute when there is one (R6);
    `substitutes_id` is then the teacher by assignment.

    `homework_due_at` is R5's deadline, computed when lessons are made or change.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("course_id", "day", "number"),
        Index("ix_lesson_day", "day", "course_id"),
        Index("ix_lesson_teacher_day", "teacher_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    day: Mapped[date]
    number: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    substitutes_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=LessonState.PLANNED.value)
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(Text, default="")
    topic_at: Mapped[datetime | None] = mapped_column(Instant)
    attendance_at: Mapped[datetime | None] = mapped_column(Instant)  # first saved; blanks count as present then
    homework_due_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)  # of topic and state
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    # Given together with that lesson, of another subgroup or class, by its teacher; held all the same.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    remote: Mapped[bool] = mapped_column(default=False, server_default=false())


class TeacherAbsence(Model):
    """A teacher is away from–to: the lessons of these days wait for a substitute."""

    __tablename__ = "teacher_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(100), default="")
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class LessonFeed(Model):
    """A private address (iCalendar) of the lessons of a teacher or a pupil; only the hash of its secret is kept."""

    __tablename__ = "lesson_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the owner's own, as a teacher
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
