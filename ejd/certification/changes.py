"""What has changed in journals that were closed, since they were printed: told by one statement, so that a page need
not read the whole journal again (R52). `checking.py` then reads it and says for certain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, func, select, union_all

from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseMember, Enrolment
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term

# What comes by a reopening, and what a certificate still changes in a closed term (R8).
VERBS = ("lesson.changed_after_closing", "attendance.excused")


class Change(NamedTuple):
    """On which day's record of which class; a result belongs to the last day of its period."""

    class_id: int
    day: date
    at: datetime


def changes_since(session: Session, *, year_id: int, since: datetime) -> list[Change]:
    """Changes of the year's closed journals after a moment. One statement."""
    lessons = (select(Lesson.day, Lesson.course_id, func.max(AuditRecord.at).label("at"))
               .join(AuditRecord, AuditRecord.subject_id == Lesson.id)
               .where(AuditRecord.verb.in_(VERBS), AuditRecord.at > since)
               .group_by(Lesson.day, Lesson.course_id).subquery("changed"))
    return [Change(*row) for row in session.execute(
        union_all(_own(lessons, year_id), _of_groups(lessons, year_id), *_results(year_id, since)))]


def _own(lessons: Subquery, year_id: int) -> Select[Any]:
    return (select(Course.class_id, lessons.c.day, lessons.c.at).join(Course, Course.id == lessons.c.course_id)
            .where(Course.year_id == year_id, Course.class_id.is_not(None)))


def _of_groups(lessons: Subquery, year_id: int) -> Select[Any]:
    """A group over several classes stands in the journals of all of them."""
    return (select(Enrolment.class_id, lessons.c.day, lessons.c.at).distinct()
            .join(Course, Course.id == lessons.c.course_id)
            .join(CourseMember, CourseMember.course_id == Course.id)
            .join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
            .where(Course.year_id == year_id, Course.class_id.is_(None), held(CourseMember, lessons.c.day),
                   held(Enrolment, lessons.c.day)))


def _results(year_id: int, since: datetime) -> tuple[Select[Any], Select[Any]]:
    day = func.coalesce(Term.ends_on, SchoolYear.ends_on)

    def of(at: Any) -> Select[Any]:
        return (select(TermMark.class_id, day, at).select_from(TermMark)
                .join(SchoolYear, SchoolYear.id == TermMark.year_id).outerjoin(Term, Term.id == TermMark.term_id)
                .where(TermMark.year_id == year_id, TermMark.class_id.is_not(None)))

    corrected = TermMarkCorrection.corrected_at
    return (of(TermMark.entered_at).where(TermMark.after_closing, TermMark.entered_at > since),
            of(corrected).join(TermMarkCorrection, TermMarkCorrection.term_mark_id == TermMark.id)
            .where(TermMarkCorrection.after_closing, corrected > since))
