"""Works, marks, attendance, homework, what is expected, what is closed, and the sums that control stands on."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
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
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())  # offered no more


class Work(Model):
    """A work done at a lesson. `whole_class` ones are expected of everybody present (R4).

    An assessment (R16) takes half an hour or more of the whole class; works of one `series` are one.
    """

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
    minutes: Mapped[int | None]
    assessment: Mapped[bool] = mapped_column(default=False, server_default=false())
    series: Mapped[str] = mapped_column(String(60), default="", server_default="")


class WorkCriterion(Model):
    """What a work is judged by, where a school wants criteria: so many points at most."""

    __tablename__ = "work_criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    most: Mapped[int]  # points


class CriterionScore(Model):
    """How many points of a criterion a mark stands for."""

    __tablename__ = "criterion_score"

    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("work_criterion.id"), primary_key=True)
    points: Mapped[int]


class Mark(Model):
    """A mark: what, for what, received when, entered when and by whom.

    `received_on`, `entered_on` and `days_taken` (entered − received, calendar days) are computed once at
    writing, in the school's zone (R1). `key` makes a repeated save harmless, `version` shows a second hand,
    `last_key` is the key of the latest accepted change. A re-take names the mark it was written to mend: both are
    shown, the last counts (R11).
    """

    __tablename__ = "mark"
    __table_args__ = (
        Index("ix_mark_lesson_pupil", "lesson_id", "pupil_id"),
        Index("ix_mark_pupil_received", "pupil_id", "received_on"),
        Index("ix_mark_late", "received_on", "days_taken",
              sqlite_where=text("days_taken > 7"), postgresql_where=text("days_taken > 7")),
        Index("uq_mark_retakes_id", "retakes_id", unique=True,  # one re-take stands for a mark
              sqlite_where=text("retakes_id IS NOT NULL AND withdrawn_at IS NULL"),
              postgresql_where=text("retakes_id IS NOT NULL AND withdrawn_at IS NULL")),
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
    retakes_id: Mapped[int | None] = mapped_column(ForeignKey("mark.id"))
    after_closing: Mapped[bool] = mapped_column(default=False, server_default=false())  # entered by R8's reopening


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
    after_closing: Mapped[bool] = mapped_column(default=False, server_default=false())  # by R8's reopening


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
    excuse_id: Mapped[int | None] = mapped_column(ForeignKey("excuse.id"), index=True)  # whose letter it is


class ExcuseState(StrEnum):
    """A guardian's word waits for the class teacher; a certificate and the office's word are accepted at once."""

    ANNOUNCED = "announced"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Excuse(Model):
    """Why a pupil is away on some days, or from a lesson to another of one day («справка», «заявление»).

    An accepted one fills the lessons of its span with its letter, back in time too. No diagnosis (R40): `word` is what
    the guardian or the office wrote, `answer` what the class teacher answered.
    """

    __tablename__ = "excuse"
    __table_args__ = (
        Index("ix_excuse_pupil", "pupil_id", "from_on"),
        CheckConstraint("code IN ('н','б','у')", name="code"),
        CheckConstraint("from_on <= to_on", name="days"),
        CheckConstraint("state IN ('announced','accepted','declined','withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    first_number: Mapped[int | None]  # of lessons, when only part of one day
    last_number: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(1))
    certificate: Mapped[bool] = mapped_column(default=False)  # a paper was shown
    state: Mapped[str] = mapped_column(String(10))  # ExcuseState
    word: Mapped[str] = mapped_column(String(300), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)
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
        Index("ix_expectation_closed", "received_on",
              sqlite_where=text("awaiting = 'closed'"), postgresql_where=text("awaiting = 'closed'")),
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
    One stands for the class or group; beside it named pupils may have homework of their own (`named`), which no figure
    of R5 counts.
    """

    __tablename__ = "homework"
    __table_args__ = (
        Index("uq_homework_of_class", "lesson_id", unique=True,
              sqlite_where=text("NOT named"), postgresql_where=text("NOT named")),
        Index("ix_homework_lesson", "lesson_id"),
        # Homework without a lesson to be due at: little, and asked with every diary.
        Index("ix_homework_due_on", "due_on",
              sqlite_where=text("due_on IS NOT NULL"), postgresql_where=text("due_on IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    named: Mapped[bool] = mapped_column(default=False, server_default=false())
    text: Mapped[str] = mapped_column(Text, default="")
    not_set: Mapped[bool] = mapped_column(default=False)
    due_lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    due_on: Mapped[date | None]
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_key: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)
    minutes: Mapped[int | None]  # expected (R17)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)  # of named pupils' only


class HomeworkChange(Model):
    """What homework said before it was changed; «не задано» is empty."""

    __tablename__ = "homework_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    homework_id: Mapped[int] = mapped_column(ForeignKey("homework.id"), index=True)
    before: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class HomeworkPupil(Model):
    """One of the pupils whose own the homework is."""

    __tablename__ = "homework_pupil"

    homework_id: Mapped[int] = mapped_column(ForeignKey("homework.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class HomeworkFile(Model):
    """A file attached to homework, under the name it came with."""

    __tablename__ = "homework_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    homework_id: Mapped[int] = mapped_column(ForeignKey("homework.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    name: Mapped[str] = mapped_column(String(200))
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    attached_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class HomeworkDone(Model):
    """A pupil's own tick that the homework is done; nobody judges by it."""

    __tablename__ = "homework_done"

    homework_id: Mapped[int] = mapped_column(ForeignKey("homework.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    done_at: Mapped[datetime] = mapped_column(Instant)


class TermClosing(Model):
    """A term of a class is closed (R8): nothing in its journals changes any more but through a reopening.

    `early` counts as "closed early": before the seventh day after the last lesson, by the director's reason;
    `blocked` is how many expected marks of teachers it cut off, `blocked_works` how many works that pupils owed.
    """

    __tablename__ = "term_closing"
    __table_args__ = (UniqueConstraint("class_id", "term_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), index=True)
    closed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    early: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300), default="")
    blocked: Mapped[int] = mapped_column(default=0)
    blocked_works: Mapped[int] = mapped_column(default=0)


class Reopening(Model):
    """Leave to change what is closed, until a moment, with a reason (R8): one journal, or all of a class."""

    __tablename__ = "reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)  # none: all of the class
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))  # none: whatever the edit window closed
    reason: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # ended before its time
    key: Mapped[str] = mapped_column(String(40), unique=True)


class DailySum(Model):
    """How many marks of one course and kind, received that day, took so many days; kept by the same service
    in the same transaction as the marks, and recounted by tests (`sums.recount`)."""

    __tablename__ = "daily_sum"
    # Covers the control overview of a whole year: the figures come from the index alone.
    __table_args__ = (Index("ix_daily_sum_figures", "responsible_id", "days_taken", "over_limit", "received_on",
                            "kind_id", "course_id", "marks"),
                      Index("ix_daily_sum_course", "course_id", "received_on", "kind_id", "marks"),
                      Index("ix_daily_sum_late", "received_on", "kind_id", "course_id", "responsible_id", "marks",
                            sqlite_where=text("days_taken > 7"), postgresql_where=text("days_taken > 7")))

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    received_on: Mapped[date] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("work_kind.id"), primary_key=True)
    days_taken: Mapped[int] = mapped_column(primary_key=True)
    over_limit: Mapped[bool] = mapped_column(primary_key=True)
    marks: Mapped[int]
