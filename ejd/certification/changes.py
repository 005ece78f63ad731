"""What has changed in journals that were closed, since they were printed: a condition within one statement, so that a
page need not read the whole journal again (R52). `checking.py` then reads it and says for certain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, exists, func, select, union_all

from ejd.audit.models import AuditRecord
from ejd.certification.models import PrintedJournal
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseMember, Enrolment, SchoolClass
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term

# What comes by a reopening, and what a certificate still changes in a closed term (R8).
VERBS = ("lesson.changed_after_closing", "attendance.excused")


def looked_at() -> ColumnElement[Any]:
    """When a printed copy was last known to agree, or not."""
    return func.coalesce(PrintedJournal.checked_at, PrintedJournal.printed_at)


def changed_since(year_id: int) -> ColumnElement[bool]:
    """Whether the journal of a `PrintedJournal` of the year has changed since: for a statement that has it."""
    since = (select(func.min(looked_at())).join(SchoolClass, SchoolClass.id == PrintedJournal.class_id)
             .where(SchoolClass.year_id == year_id).correlate(None).scalar_subquery())
    lessons = (select(Lesson.day, Lesson.course_id, func.max(AuditRecord.at).label("at"))
               .join(AuditRecord, AuditRecord.subject_id == Lesson.id)
               .where(AuditRecord.verb.in_(VERBS), AuditRecord.at > since)
               .group_by(Lesson.day, Lesson.course_id).subquery("changed"))
    found = union_all(_own(lessons, year_id), _of_groups(lessons, year_id), *_results(year_id, since)).cte("changes")
    return exists().where(found.c.class_id == PrintedJournal.class_id, found.c.at > looked_at(),
                          found.c.day.between(PrintedJournal.first, PrintedJournal.last)).correlate(PrintedJournal)


def _own(lessons: Subquery, year_id: int) -> Select[Any]:
    return (select(Course.class_id.label("class_id"), lessons.c.day.label("day"), lessons.c.at.label("at"))
            .join(Course, Course.id == lessons.c.course_id)
            .where(Course.year_id == year_id, Course.class_id.is_not(None)))


def _of_groups(lessons: Subquery, year_id: int) -> Select[Any]:
    """A group over several classes stands in the journals of all of them."""
    return (select(Enrolment.class_id, lessons.c.day, lessons.c.at).distinct()
            .join(Course, Course.id == lessons.c.course_id)
            .join(CourseMember, CourseMember.course_id == Course.id)
            .join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
            .where(Course.year_id == year_id, Course.class_id.is_(None), held(CourseMember, lessons.c.day),
                   held(Enrolment, lessons.c.day)))


def _results(year_id: int, since: Any) -> tuple[Select[Any], Select[Any]]:
    """A result belongs to the last day of its period."""
    day = func.coalesce(Term.ends_on, SchoolYear.ends_on)

    def of(at: Any) -> Select[Any]:
        return (select(TermMark.class_id, day, at).select_from(TermMark)
                .join(SchoolYear, SchoolYear.id == TermMark.year_id).outerjoin(Term, Term.id == TermMark.term_id)
                .where(TermMark.year_id == year_id, TermMark.class_id.is_not(None)))

    corrected = TermMarkCorrection.corrected_at
    return (of(TermMark.entered_at).where(TermMark.after_closing, TermMark.entered_at > since),
            of(corrected).join(TermMarkCorrection, TermMarkCorrection.term_mark_id == TermMark.id)
            .where(TermMarkCorrection.after_closing, corrected > since))
