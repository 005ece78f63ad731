"""People and where they belong. Membership holds from–to (both days included); nobody with facts is deleted."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd import names
from ejd.db import Instant, Model


class MarkingScheme(StrEnum):
    """How a subject is marked in a class (R14)."""

    FIVE_POINT = "five_point"
    PASS_FAIL = "pass_fail"
    MARKLESS = "markless"


class CourseKind(StrEnum):
    """What a journal is of. Individual teaching at home has one pupil, in place of the class's journal of the
    subject; an activity («внеурочная деятельность») has attendance and topics, no marks and no homework."""

    LESSONS = "lessons"
    ELECTIVE = "elective"
    HOME = "home"
    ACTIVITY = "activity"


class Person(Model):
    """A human being once, however many roles (R33). Names sort and search by keys made in Python.

    Erasing a person empties the row and keeps the id.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_name: Mapped[str] = mapped_column(String(80))
    first_name: Mapped[str] = mapped_column(String(80))
    patronymic: Mapped[str] = mapped_column(String(80), default="")
    birth_date: Mapped[date | None]  # pupils only (R40)
    sort_key: Mapped[str] = mapped_column(String(260), index=True)
    search_key: Mapped[str] = mapped_column(String(260))
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def full_name(self) -> str:
        return names.in_full(self.last_name, self.first_name, self.patronymic)

    @property
    def short_name(self) -> str:
        return names.with_initials(self.last_name, self.first_name, self.patronymic)


class SchoolClass(Model):
    """A class of one school year: 7А of 2026/2027 is another row than 7А of 2027/2028."""

    __tablename__ = "school_class"
    __table_args__ = (UniqueConstraint("year_id", "grade", "letter"),
                      CheckConstraint("grade BETWEEN 1 AND 11", name="grade"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    grade: Mapped[int]
    letter: Mapped[str] = mapped_column(String(10))
    term_scheme: Mapped[str] = mapped_column(String(20))  # school.models.TermScheme
    days_per_week: Mapped[int] = mapped_column(default=5)
    bell_schedule_id: Mapped[int | None] = mapped_column(ForeignKey("bell_schedule.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))  # the same class a year before

    @property
    def name(self) -> str:
        return f"{self.grade}{self.letter}"


class Enrolment(Model):
    """A pupil in a class from–to; `to_on` is the last day."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("uq_enrolment_open", "pupil_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    leave_reason: Mapped[str] = mapped_column(String(200), default="")
    came_from: Mapped[str] = mapped_column(String(200), default="", server_default="")  # another school


class Guardianship(Model):
    """A guardian of a pupil. Both are persons; a pupil may have none (R40)."""

    __tablename__ = "guardianship"
    __table_args__ = (
        Index("uq_guardianship_open", "guardian_id", "pupil_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    relation: Mapped[str] = mapped_column(String(40), default="")  # мать, отец, опекун …
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Employment(Model):
    """A position at the school from–to (R34); one person may hold several."""

    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[str] = mapped_column(String(20))  # access.Position
    job_title: Mapped[str] = mapped_column(String(120), default="")  # as the school's file words it
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class ClassTeacher(Model):
    """Who is class teacher («классный руководитель») of a class, from–to; one at a time."""

    __tablename__ = "class_teacher"
    __table_args__ = (
        Index("uq_class_teacher_open", "class_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Subject(Model):
    __tablename__ = "subject"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")


class SubjectAlias(Model):
    """Another way files spell a subject («Англ. яз.»), remembered once somebody confirmed it."""

    __tablename__ = "subject_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # names.fold of the spelling
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))


class Course(Model):
    """One journal: a subject in a class (`subgroup` 0), in a subgroup of it (1, 2 …),
    or in a cross-class group (`class_id` empty, `name` given)."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("class_id", "subject_id", "subgroup"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    subgroup: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120), default="")
    half_hours: Mapped[int] = mapped_column(default=2)  # weekly hours × 2, for half an hour a week exists
    scheme: Mapped[str] = mapped_column(String(20), default=MarkingScheme.FIVE_POINT.value)
    homework_expected: Mapped[bool] = mapped_column(default=True)  # R5: no for class 1
    retired_on: Mapped[date | None]
    kind: Mapped[str] = mapped_column(String(10), default=CourseKind.LESSONS.value, server_default="lessons")
    term_scheme: Mapped[str | None] = mapped_column(String(20))  # R15: another than the class's; a group's own
    bell_schedule_id: Mapped[int | None] = mapped_column(ForeignKey("bell_schedule.id"))  # a group's own

    @property
    def is_group(self) -> bool:
        """A subgroup, or a group over several classes: it has members of its own."""
        return bool(self.subgroup) or self.class_id is None


class SchemeOfTerm(Model):
    """A journal marked otherwise than usual in one term (R14): зачёт in the first half-year, say."""

    __tablename__ = "scheme_of_term"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(20))  # MarkingScheme


class CourseMember(Model):
    """A pupil in a subgroup or cross-class group, from–to. A whole-class course has none: its members are
    the class's enrolments."""

    __tablename__ = "course_member"
    __table_args__ = (
        Index("uq_course_member_open", "course_id", "pupil_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class TeachingAssignment(Model):
    """«Нагрузка»: who teaches a course, from–to, one at a time; no teacher is a vacancy."""

    __tablename__ = "teaching_assignment"
    __table_args__ = (
        Index("uq_teaching_assignment_open", "course_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
