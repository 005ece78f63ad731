"""Works, marks, attendance, expectations, homework, and the sums that the control overview stands on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model, keep_append_only
from ejd.journal.expecting import Awaiting as Awaiting
from ejd.journal.expecting import Presence as Presence


class WorkKind(Model):
    """Kind of work («вид работы»): oral answer, test … Its R2 limit is a dated setting."""

    __tablename__ = "work_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    short_name: Mapped[str] = mapped_column(String(12))
    weight: Mapped[int] = mapped_column(default=1)
    declared: Mapped[bool]  # whether the class is expected to have marks for it (R4)
    in_timeliness: Mapped[bool] = mapped_column(default=True)  # R1: not for «из справки»
    position: Mapped[int]


class Work(Model):
    """A work done at a lesson. `whole_class` ones are expected of everybody present (R4)."""

    __tablename__ = "work"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("work_kind.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    weight: Mapped[int] = mapped_column(default=1)
    whole_class: Mapped[bool] = mapped_column(default=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(Instant)
    key: Mapped[str | None] = mapped_column(String(40), unique=True)  # makes a repeated declaration harmless
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)


class Mark(Model):
    """A mark: what, for what, received when, entered when and by whom.

    `received_on`, `entered_on` and `days_taken` (entered − received, calendar days) are computed once at
    writing, in the school's zone (R1). `key` makes a repeated save harmless, `version` shows a second hand,
    `last_key` is the key of the latest accepted change.
    """

    __tablename__ = "mark"
    __table_args__ = (
        Index("ix_mark_lesson_pupil", "lesson_id", "pupil_id"),
        Index("ix_mark_pupil_received", "pupil_id", "received_on"),
        Index("ix_mark_late", "received_on", "days_taken",
              sqlite_where=text("days_taken > 7"), postgresql_where=text("days_taken > 7")),
        CheckConstraint("value IN ('5','4','3','2','1','зач','незач')", name="value"),
        CheckConstraint("weight BETWEEN 1 AND 20", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("work_kind.id"))
    value: Mapped[str] = mapped_column(String(5))
    weight: Mapped[int] = mapped_column(default=1)
    comment: Mapped[str] = mapped_column(String(300), default="")
    received_on: Mapped[date]
    received_reason: Mapped[str] = mapped_column(String(200), default="")
    entered_on: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who taught the lesson (R6)
    days_taken: Mapped[int]
    over_limit: Mapped[bool] = mapped_column(default=False)  # after the school's own term, within the week (R2)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    last_key: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class MarkCorrection(Model):
    """A change of a mark after its first value (R3); append-only."""

    __tablename__ = "mark_correction"
    __table_args__ = (
        Index("ix_mark_correction_late", "corrected_on",
              sqlite_where=text("days_after > 7"), postgresql_where=text("days_after > 7")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))  # corrected, described (kind or weight), redated, moved, withdrawn
    before: Mapped[str] = mapped_column(String(60))
    after: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(40), default="")  # a code; free text lives in the mark, if kept
    corrected_at: Mapped[datetime] = mapped_column(Instant)
    corrected_on: Mapped[date]
    days_after: Mapped[int]  # corrected_on − received_on as it was before
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


keep_append_only(MarkCorrection)


class Attendance(Model):
    """What a lesson's cell says of a pupil's presence; a cleared cell keeps its row with no code."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("lesson_id", "pupil_id"),
        Index("ix_attendance_pupil", "pupil_id", "lesson_id"),
        CheckConstraint("code IN ('н','б','у','о')", name="code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code: Mapped[str | None] = mapped_column(String(1))  # Presence
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    last_key: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)


class Exemption(Model):
    """«осв»: a pupil is exempt from a course from–to: present, no mark expected, one possible (R10)."""

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Expectation(Model):
    """What one declared work expects of one pupil (R4); rows come when attendance of the lesson was saved.

    `due_on` is the last day on time for the teacher (empty while R1's clock stands), `hand_in_by` the pupil's own
    date for «•». Both stay while a mark stands, to tell what is awaited again when it is withdrawn.
    """

    __tablename__ = "expectation"
    __table_args__ = (
        UniqueConstraint("work_id", "pupil_id"),
        Index("ix_expectation_open", "due_on", "responsible_id",
              sqlite_where=text("awaiting = 'teacher'"), postgresql_where=text("awaiting = 'teacher'")),
        Index("ix_expectation_pupil", "pupil_id", "awaiting"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    awaiting: Mapped[str] = mapped_column(String(10))  # Awaiting
    received_on: Mapped[date]  # the day R1 counts from
    due_on: Mapped[date | None]
    hand_in_by: Mapped[date | None]
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)


class Homework(Model):
    """Homework set at a lesson, or an explicit «не задано» (R5). It is due at `due_lesson_id`,
    or on `due_on` when the next lesson is not known.

    R5 is measured by `published_at`: of the first publication, and of the text when «не задано» stood before it.
    """

    __tablename__ = "homework"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    not_set: Mapped[bool] = mapped_column(default=False)
    due_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    due_on: Mapped[date | None]
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_key: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)


class DailySum(Model):
    """How many marks of one course and kind, received that day, took so many days; kept by the same service
    in the same transaction as the marks, and recounted by tests (`sums.recount`)."""

    __tablename__ = "daily_sum"
    # Covers the control overview of a whole year: the figures come from the index alone.
    __table_args__ = (Index("ix_daily_sum_figures", "responsible_id", "days_taken", "over_limit", "received_on",
                            "kind_id", "course_id", "marks"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    received_on: Mapped[date] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("work_kind.id"), primary_key=True)
    days_taken: Mapped[int] = mapped_column(primary_key=True)
    over_limit: Mapped[bool] = mapped_column(primary_key=True)
    marks: Mapped[int]
