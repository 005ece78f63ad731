"""Term, year, exam and final marks with their history, and the mark for behaviour."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model, keep_append_only


class Period(StrEnum):
    """What a result is for (R15)."""

    TERM = "term"
    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"


class TermMark(Model):
    """A result («итоговая отметка») of a pupil in a subject: of a term, the year, the exam, or the final one.

    One stands for pupil × subject × school year × period (and term), whichever journal of the subject set it. A
    cleared result keeps its row with no value. `suggested` and `average` are what the program offered when it was
    set (R12), `marks` how many marks stood behind it (R13). `due_on` is the last day on time (R1's own deadline).
    """

    __tablename__ = "term_mark"
    __table_args__ = (
        Index("uq_term_mark_term", "pupil_id", "subject_id", "term_id", unique=True,
              sqlite_where=text("term_id IS NOT NULL"), postgresql_where=text("term_id IS NOT NULL")),
        Index("uq_term_mark_year", "pupil_id", "subject_id", "year_id", "period", unique=True,
              sqlite_where=text("term_id IS NULL"), postgresql_where=text("term_id IS NULL")),
        CheckConstraint("value IN ('5','4','3','2','1','зач','незач','осв','н/а')", name="value"),
        CheckConstraint("period IN ('term','year','exam','final')", name="period"),
        CheckConstraint("(period = 'term') = (term_id IS NOT NULL)", name="term"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)  # the pupil's, then
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)  # from which it was set
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    period: Mapped[str] = mapped_column(String(10))  # Period
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"), index=True)
    value: Mapped[str | None] = mapped_column(String(5))
    suggested: Mapped[str | None] = mapped_column(String(5))
    average: Mapped[str] = mapped_column(String(20), default="")  # an exact fraction, «13/3»; empty without marks
    marks: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")  # н/а against R13, by the director's word
    entered_on: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    after_closing: Mapped[bool] = mapped_column(default=False)  # first set under a reopening (R8)
    last_key: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)


class TermMarkCorrection(Model):
    """A change of a result after its first value; append-only."""

    __tablename__ = "term_mark_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    term_mark_id: Mapped[int] = mapped_column(ForeignKey("term_mark.id"), index=True)
    before: Mapped[str] = mapped_column(String(5))  # empty: none stood
    after: Mapped[str] = mapped_column(String(5))
    after_closing: Mapped[bool] = mapped_column(default=False)
    corrected_at: Mapped[datetime] = mapped_column(Instant)
    corrected_on: Mapped[date]
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


keep_append_only(TermMarkCorrection)


class BehaviourMark(Model):
    """The mark for behaviour of a pupil in a term, or in the year (no term), on the school's own scale."""

    __tablename__ = "behaviour_mark"
    __table_args__ = (
        Index("uq_behaviour_mark_term", "pupil_id", "class_id", "term_id", unique=True,
              sqlite_where=text("term_id IS NOT NULL"), postgresql_where=text("term_id IS NOT NULL")),
        Index("uq_behaviour_mark_year", "pupil_id", "class_id", unique=True,
              sqlite_where=text("term_id IS NULL"), postgresql_where=text("term_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    value: Mapped[str | None] = mapped_column(String(20))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    last_key: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)
