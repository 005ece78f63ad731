"""How each guardian gets the service for each child, the papers behind it, weekly sheets, and the school's letters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class ServicePaper(Model):
    """A signed paper, registered by number and date (R22–R24). Of a passport only that it was shown (R24)."""

    __tablename__ = "service_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # provision.PaperKind
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    signed_on: Mapped[date]
    passport_shown_on: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # a scan; off by default (R40)
    registered_at: Mapped[datetime] = mapped_column(Instant)
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)


class ServiceForm(Model):
    """The form of service of one guardian for one child, from–to (R20)."""

    __tablename__ = "service_form"
    __table_args__ = (
        Index("uq_service_form_open", "guardian_id", "pupil_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
        CheckConstraint("form IN ('electronic','paper','refused','limited')", name="form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    form: Mapped[str] = mapped_column(String(10))  # provision.Form
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("service_paper.id"))


class PupilAccess(Model):
    """What decides about a pupil's own login, from–to: the pupil's request (R24), or a guardian's switch (R32)."""

    __tablename__ = "pupil_access"

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    open: Mapped[bool]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("service_paper.id"))


class WeeklySheet(Model):
    """One printed sheet of results: a guardian, a child, a covered ISO week (R21). Reprinted unchanged from `content`,
    which is emptied when the person is erased."""

    __tablename__ = "weekly_sheet"
    __table_args__ = (UniqueConstraint("guardian_id", "pupil_id", "monday"),
                      Index("ix_weekly_sheet_class", "class_id", "monday"))

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))  # the pupil's at the end of the week
    monday: Mapped[date]
    form: Mapped[str] = mapped_column(String(10))  # of service, in that week
    content: Mapped[str] = mapped_column(Text)  # JSON: what the sheet says
    until_at: Mapped[datetime] = mapped_column(Instant)  # entries up to then are on it; the next goes on from here
    shared_with: Mapped[str] = mapped_column(String(200), default="")  # ids of guardians at the same address
    printed_at: Mapped[datetime] = mapped_column(Instant)
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(40), index=True)  # of the batch it was printed with
    reprints: Mapped[int] = mapped_column(default=0)
    handed_on: Mapped[date | None]
    handed_to: Mapped[str] = mapped_column(String(10), default="")  # guardian, pupil
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)


class Letter(Model):
    """One version of a paper that the school words itself: memo, order, appendices; in safe markup, no HTML."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # wording.LetterKind
    number: Mapped[int]  # of the version
    body: Mapped[str] = mapped_column(Text)
    settings_seen: Mapped[str] = mapped_column(Text)  # JSON: the settings it was written by; a later change is told
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(40), unique=True)


class MeetingPoint(Model):
    """A point of the parents' meeting plan that a class teacher ticked off by hand."""

    __tablename__ = "meeting_point"

    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    point: Mapped[str] = mapped_column(String(10), primary_key=True)
    done_on: Mapped[date]
    done_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
