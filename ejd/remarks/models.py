"""Remarks of the administration on how a journal is kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class JournalRemark(Model):
    """A remark on a lesson, on a page of the journal (a course in a span of days), or to a teacher: answered by the
    teacher, closed or sent back by the administration (R61)."""

    __tablename__ = "journal_remark"
    __table_args__ = (Index("ix_journal_remark_teacher", "teacher_id", "closed_at"),
                      Index("ix_journal_remark_class", "class_id", "made_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    first: Mapped[date | None]  # the days of the page
    last: Mapped[date | None]
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who is to answer
    made_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")  # the latest; every word of both sides: RemarkWord
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[int] = mapped_column(default=1)


class RemarkWord(Model):
    """One answer of the teacher, or what the administration said when it sent a remark back; never changed."""

    __tablename__ = "remark_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("journal_remark.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    sent_back: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
