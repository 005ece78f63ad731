"""Notes to families, guardians' answers, and who has acknowledged which week («ознакомлен»)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class NoteKind(StrEnum):
    """A remark («замечание») stands in the diary of the day; a notice («сообщение») is news to the family."""

    REMARK = "remark"
    NOTICE = "notice"


class Note(Model):
    """Written to the families of one pupil, of several, or of the whole class."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_class", "class_id", "written_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    kind: Mapped[str] = mapped_column(String(10))  # NoteKind
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)  # a remark at a lesson
    day: Mapped[date]  # the diary's day it stands in
    whole_class: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[int] = mapped_column(default=1)


class NoteRecipient(Model):
    """The pupil whose family a note is for."""

    __tablename__ = "note_recipient"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class NoteAnswer(Model):
    """What a guardian answered about one child."""

    __tablename__ = "note_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    key: Mapped[str] = mapped_column(String(40), unique=True)


class WeekAcknowledged(Model):
    """A guardian has read the child's week («ознакомлен»)."""

    __tablename__ = "week_acknowledged"

    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
