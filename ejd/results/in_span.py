"""Results of all periods that end in a span of days, for control (R15, R60): quarters, half-years and trimesters side
by side, each journal's by its own; counted by class, subject and teacher, and listed. One statement each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from ejd import names
from ejd.db import Session
from ejd.results.models import TermMark
from ejd.results.overview import CONDITIONS, What, day_of, journals_due, last_term, pairs_on
from ejd.results.queries import Slot, due_on, slots_of
from ejd.roster.models import Course, Person, SchoolClass, Subject, TeachingAssignment
from ejd.school.calendar import SCHEMES, Calendar
from ejd.school.settings import Settings
from ejd.words import in_subgroup


class Whose(NamedTuple):
    """A filter: 0 is a vacancy, or the groups over several classes; None all."""

    teacher_id: int | None = None
    class_id: int | None = None
    subject_id: int | None = None


ALL = Whose()


@dataclass(frozen=True, slots=True)
class Count:
    """Results of one period that a teacher is to set in a class and subject."""

    slot: int  # its place among the slots
    class_id: int
    subject_id: int
    teacher_id: int
    due_on: date | None
    pupils: int
    missing: int  # so far, whether late or not
    late: int

    def is_over(self, today: date) -> bool:
        """Whether the last day on time is over."""
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Line:
    """A result in a list."""

    slot: int
    course_id: int
    pupil_id: int
    class_name: str
    pupil: str
    subject: str
    teacher: str
    value: str | None
    entered_on: date | None
    due_on: date | None


def slots_in(calendar: Calendar, first: date, last: date, today: date) -> list[Slot]:
    """The periods of every scheme that have begun and end in the span; the year too when it does."""
    terms = [term for scheme in SCHEMES for term in calendar.terms_by(scheme)
             if first <= term.ends_on <= last and term.starts_on <= today]
    *of_terms, year = slots_of(terms, None)
    late_in_year = all(term.starts_on <= today for term in calendar.terms)
    return [*of_terms, year] if first <= calendar.ends_on <= last and late_in_year else of_terms


def counts_of(session: Session, *, calendar: Calendar, slots: Sequence[Slot], settings: Settings, today: date,
              whose: Whose = ALL) -> list[Count]:
    """How many results each period, class, subject and teacher has to set, lacks and has set late."""
    if not slots:
        return []
    missing, late = (func.count().filter(CONDITIONS[what]) for what in (What.MISSING, What.LATE))
    rows = session.execute(union_all(*(
        journals_due(calendar, slot, today, pairs_on(day_of(calendar, slot, today)), literal(place).label("slot"),
                     Course.class_id, Course.subject_id, TeachingAssignment.teacher_id, SchoolClass.id.label("id"),
                     SchoolClass.grade, SchoolClass.days_per_week, func.count().label("pupils"),
                     missing.label("missing"), late.label("late"))
        .where(_narrowed(whose)).group_by(Course.class_id, Course.subject_id, TeachingAssignment.teacher_id,
                                          SchoolClass.id)
        for place, slot in enumerate(slots)))).all()
    until: dict[tuple[int, int | None], date | None] = {}
    for row in rows:
        if (row.slot, row.class_id) not in until:
            until[row.slot, row.class_id] = _due_on(calendar, slots[row.slot], row, settings)
    return [Count(row.slot, row.class_id or 0, row.subject_id, row.teacher_id or 0, until[row.slot, row.class_id],
                  row.pupils, row.missing, row.late) for row in rows]


def lines_of(session: Session, *, calendar: Calendar, slots: Sequence[Slot], what: What, counts: Sequence[Count],
             today: date, whose: Whose, limit: int, offset: int = 0) -> list[Line]:
    """Results that are missing after their last day, or were set late, by period, class and pupil. `counts` are those
    of the same question."""
    until = {(one.slot, one.class_id): one.due_on for one in counts}
    wanted = {place: {one.class_id for one in counts if one.slot == place
                      and (one.is_over(today) and one.missing if what is What.MISSING else one.late)}
              for place in range(len(slots))}
    parts = [_lines(calendar, slot, place, what, wanted[place], whose, today)
             for place, slot in enumerate(slots) if wanted[place]]
    if not parts:
        return []
    found = union_all(*parts).subquery()
    rows = session.execute(
        select(found).order_by(found.c.slot, found.c.grade, found.c.letter, found.c.subject, found.c.subgroup,
                               found.c.sort_key, found.c.pupil_id).limit(limit).offset(offset))
    return [Line(row.slot, row.course_id, row.pupil_id, f"{row.grade}{row.letter}" if row.grade else row.name,
                 " ".join(filter(None, (row.last_name, row.first_name, row.patronymic))),
                 in_subgroup(row.subject, row.subgroup),
                 names.with_initials(row.by_last, row.by_first, row.by_patronymic) if row.by_last else "вакансия",
                 row.value, row.entered_on, row.due_on or until[row.slot, row.class_id or 0]) for row in rows]


def _lines(calendar: Calendar, slot: Slot, place: int, what: What, classes: Collection[int], whose: Whose,
           today: date) -> Any:
    pupil, pairs = aliased(Person), pairs_on(day_of(calendar, slot, today))
    return journals_due(
        calendar, slot, today, pairs, literal(place).label("slot"), Course.id.label("course_id"), Course.class_id,
        Course.name, Course.subgroup, SchoolClass.grade, SchoolClass.letter, Subject.name.label("subject"),
        pupil.id.label("pupil_id"), pupil.last_name, pupil.first_name, pupil.patronymic, pupil.sort_key,
        Person.last_name.label("by_last"), Person.first_name.label("by_first"),
        Person.patronymic.label("by_patronymic"), TermMark.value, TermMark.entered_on, TermMark.due_on,
    ).join(pupil, pupil.id == pairs.c.pupil_id).where(
        CONDITIONS[what], _narrowed(whose), func.coalesce(Course.class_id, 0).in_(classes))


def _narrowed(whose: Whose) -> ColumnElement[bool]:
    found: ColumnElement[bool] = true()
    for column, key in ((TeachingAssignment.teacher_id, whose.teacher_id), (Course.class_id, whose.class_id),
                        (Course.subject_id, whose.subject_id)):
        if key is not None:
            found &= or_(column == key, column.is_(None)) if key == 0 else column == key
    return found


def _due_on(calendar: Calendar, slot: Slot, row: Any, settings: Settings) -> date | None:
    last = last_term(calendar, slot)
    return due_on(calendar, last, row if row.class_id else None, settings) if last else None
