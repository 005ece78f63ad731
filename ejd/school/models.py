"""School year, terms, days off, bells and settings with the dates from which they hold."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class TermScheme(StrEnum):
    """How a class divides the year for marking (R15)."""

    QUARTERS = "quarters"
    HALF_YEARS = "half_years"
    TRIMESTERS = "trimesters"


class SchoolYear(Model):
    __tablename__ = "school_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)  # "2026/2027"
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)  # read-only from then on (R8)


class Term(Model):
    """A quarter, half-year or trimester; `ends_on` is its last day."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("year_id", "scheme", "number"),
                      CheckConstraint("starts_on <= ends_on", name="dates"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    scheme: Mapped[str] = mapped_column(String(20))  # TermScheme
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class DayOff(Model):
    """Holidays («каникулы») and public days off, for all classes, for a span of grades, or for one class."""

    __tablename__ = "day_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    holidays: Mapped[bool]  # True: каникулы; False: a public day off
    first_grade: Mapped[int] = mapped_column(default=1)
    last_grade: Mapped[int] = mapped_column(default=11)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))


class MovedDay(Model):
    """A day taught by the timetable of another weekday («перенос»), for a span of grades."""

    __tablename__ = "moved_day"
    __table_args__ = (CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"), index=True)
    day: Mapped[date]
    weekday: Mapped[int]  # ISO: whose lessons are given
    first_grade: Mapped[int] = mapped_column(default=1)
    last_grade: Mapped[int] = mapped_column(default=11)


class BellSchedule(Model):
    __tablename__ = "bell_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class Bell(Model):
    __tablename__ = "bell"
    __table_args__ = (UniqueConstraint("schedule_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("bell_schedule.id"))
    number: Mapped[int]
    starts_at: Mapped[time]
    ends_at: Mapped[time]


class Setting(Model):
    """One value of one setting, in force from a day on; the newest not in the future is the one in force."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    value: Mapped[str] = mapped_column(Text)  # JSON
