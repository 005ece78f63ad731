"""Reading weekly sheets: what is owed, what waits to be handed out, the log, and the figures of control (R21, R25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from ejd import clock, words
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.families.models import ServiceForm, WeeklySheet
from ejd.families.provision import Form
from ejd.families.sheet_standing import Family, Said, said
from ejd.families.sheets_in_span import Figures, InSpan, figures_of
from ejd.families.week_due import (
    SIX_DAYS,
    Amiss,
    Due,
    Placed,
    Served,
    Taught,
    amiss,
    collect_by,
    due_on,
    sheets_owed,
)
from ejd.roster.belonging import held, touching
from ejd.roster.models import Course, CourseKind, Enrolment, Guardianship, Person, SchoolClass
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import Calendar
from ejd.school.queries import calendar_of

Whose = tuple[int, int, date]  # guardian, pupil, Monday
GUARDIAN, PUPIL = "guardian", "pupil"
HANDED_TO = {GUARDIAN: "родителю", PUPIL: "ученику"}


@dataclass(frozen=True, slots=True)
class Owed:
    """A sheet not printed yet, with names."""

    due: Due
    pupil: str
    guardian: str
    pupil_key: str  # sorts

    @property
    def whose(self) -> Whose:
        return self.due.guardian_id, self.due.pupil_id, self.due.monday

    @property
    def code(self) -> str:
        """Which sheet it is, as forms say it: 12.34.2026-09-14."""
        return ".".join(map(str, self.whose))


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the log: pupil, week, when printed, by whom, handed to whom (R25)."""

    id: int
    class_id: int
    guardian_id: int
    pupil_id: int
    monday: date
    form: str
    pupil: str
    guardians: str
    until_at: datetime
    printed_at: datetime
    printed_by: str
    reprints: int
    handed_on: date | None
    handed_to: str
    handed_by: str
    version: int
    pupil_key: str
    first_of_shared: bool  # of the rows of one shared sheet the one that stands for all
    due_on: date
    collect_by: date
    amiss: Amiss | None  # why it is not to be handed out

    @property
    def sunday(self) -> date:
        return self.monday + SIX_DAYS

    @property
    def whose(self) -> Whose:
        return self.guardian_id, self.pupil_id, self.monday

    @property
    def printed_late(self) -> bool:
        return clock.local(self.printed_at).date() > self.due_on

    @property
    def in_words(self) -> str:
        """«выдан родителю 21 сентября»; «напечатан, не выдан»"""
        return handed_in_words(self.handed_on, self.handed_to)

    def uncollected(self, today: date) -> bool:
        """Whether the family has let its time go by."""
        return self.handed_on is None and self.amiss is not Amiss.LIMITED and self.collect_by < today


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A family on paper, or that was till lately, and how it stands with its sheets."""

    pupil: str
    guardian: str
    form: str
    said: Said


@dataclass(frozen=True, slots=True)
class SheetsOfClass:
    """What is to print now, what comes when the week is over, all that was printed, and the families it is for."""

    to_print: Sequence[Owed]
    coming: Sequence[Owed]
    printed: Sequence[Printed]
    families: Sequence[OnPaper]

    @property
    def waiting(self) -> list[Printed]:
        """Printed and not collected, the oldest week first; but for those that nobody is to be given."""
        found = [one for one in self.printed if one.handed_on is None and one.first_of_shared
                 and one.amiss is not Amiss.LIMITED]
        return sorted(found, key=lambda one: (one.monday, one.pupil_key, one.guardian_id))

    @property
    def shareable(self) -> set[tuple[int, date]]:
        """Pupils and weeks of which one sheet may do for the guardians: told alike, and more than one."""
        alike: dict[tuple[int, date], list[str]] = defaultdict(list)
        for one in self.to_print:
            alike[one.due.pupil_id, one.due.monday].append(one.due.form)
        return {whose for whose, forms in alike.items() if len(forms) > 1 and len(set(forms)) == 1}


@dataclass(frozen=True, slots=True)
class SheetsOfSchool:
    figures: Sequence[Figures]
    to_print: Sequence[Owed]  # by class, week and pupil
    in_span: Sequence[InSpan] = ()  # in the same order


def sheets_of_class(session: Session, school_class: SchoolClass, *, now: datetime, today: date) -> SheetsOfClass:
    """The sheets of a class in its year. Five statements."""
    year = calendar_of(session, school_class.year_id)
    read = _read(session, year, class_id=school_class.id, first=year.starts_on, last=today)
    owed = read.owed(first=year.starts_on, last=today, today=today)
    printed = printed_in(session, [school_class], year, today=today)
    done = {one.whose for one in printed}
    missing = [one for one in owed if one.due.class_id == school_class.id and one.whose not in done
               and not one.due.stopped]
    return SheetsOfClass([one for one in missing if one.due.ready_at <= now],
                         [one for one in missing if one.due.ready_at > now], printed,
                         list(_families(read, school_class.id, owed, printed, now=now, today=today)))


def sheets_of_school(session: Session, *, year_id: int, first: date, last: date, now: datetime,
                     classes: dict[int, SchoolClass] | None = None) -> SheetsOfSchool:
    """What every class is to print now, and the figures of the sheets whose last day falls into a span. Six
    statements, five where the year's `classes` are known."""
    year = calendar_of(session, year_id)
    classes = classes_of(session, year_id) if classes is None else classes
    today, figures = clock.local(now).date(), []
    printed = {one.whose: one for one in printed_in(session, list(classes.values()), year, today=today)}
    last_day = max(last, today)
    read = _read(session, year, class_id=None, first=year.starts_on, last=last_day)
    owed = read.owed(first=year.starts_on, last=last_day, today=today)
    order = {class_id: place for place, class_id in enumerate(classes)}
    to_print = [one for one in owed
                if one.whose not in printed and not one.due.stopped and one.due.ready_at <= now]
    in_span: list[InSpan] = []
    for class_id, school_class in classes.items():
        mine = [_in_span(one, school_class.name, printed.get(one.whose), today) for one in owed
                if one.due.class_id == class_id and first <= one.due.due_on <= last
                and _counts(one.due, printed.get(one.whose))]
        in_span += mine
        figures.append(figures_of(class_id, school_class.name, mine,
                                  to_print=sum(one.due.class_id == class_id for one in to_print)))
    return SheetsOfSchool([one for one in figures if one.due or one.to_print],
                          sorted(to_print, key=lambda one: order[one.due.class_id]), in_span)


def _counts(due: Due, sheet: Printed | None) -> bool:
    """Whether a sheet was owed on its last day, or was handed out before a court has limited the guardian (R23)."""
    return not due.stopped_in_time or (sheet is not None and sheet.handed_on is not None)


def _in_span(owed: Owed, class_name: str, sheet: Printed | None, today: date) -> InSpan:
    due = owed.due
    if sheet is None:
        return InSpan(due.class_id, class_name, owed.pupil, owed.guardian, due.monday, due.due_on)
    why = Amiss.LIMITED if due.stopped else sheet.amiss
    said = why.value if why and sheet.handed_on is None else sheet.in_words
    return InSpan(due.class_id, class_name, owed.pupil, owed.guardian, due.monday, sheet.due_on,
                  clock.local(sheet.printed_at).date(), sheet.handed_on, said,
                  sheet.uncollected(today) and not due.stopped)


def sheets_figures(session: Session, *, year_id: int, first: date, last: date, now: datetime,
                   classes: dict[int, SchoolClass] | None = None) -> list[Figures]:
    """For control, by class in order; classes that owe none are left out. Six statements, five with `classes`."""
    return [one for one in sheets_of_school(session, year_id=year_id, first=first, last=last, now=now,
                                            classes=classes).figures if one.due]


def classes_of(session: Session, year_id: int) -> dict[int, SchoolClass]:
    """The year's classes in order. One statement."""
    found = session.scalars(select(SchoolClass).filter_by(year_id=year_id))
    return {one.id: one for one in sorted(found, key=lambda one: (one.grade, one.letter))}


def sheet_of_class(session: Session, *, class_id: int, sheet_id: int) -> WeeklySheet | None:
    return session.scalars(select(WeeklySheet).filter_by(id=sheet_id, class_id=class_id)).first()


def batch_of(session: Session, *, class_id: int, key: str) -> list[WeeklySheet]:
    """What was printed together for a class, in the order it was printed; of a shared sheet the first row."""
    query = select(WeeklySheet).filter_by(class_id=class_id, key=key).order_by(WeeklySheet.id)
    return [one for one in session.scalars(query) if stands_for_all(one)]


def sheets_before(session: Session, *, pupil_ids: Collection[int]) -> dict[tuple[int, int], list[tuple[date, int]]]:
    """Monday and id of every sheet of the pupils, by guardian and child. One statement."""
    found: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    for row in session.execute(
            select(WeeklySheet.guardian_id, WeeklySheet.pupil_id, WeeklySheet.monday, WeeklySheet.id)
            .where(WeeklySheet.pupil_id.in_(pupil_ids))):
        found[row.guardian_id, row.pupil_id].append((row.monday, row.id))
    return found


def told_on(session: Session, *, sheet_ids: Collection[int]) -> dict[int, tuple[datetime, str]]:
    """Up to when these sheets tell, and their content. One statement for some hundred."""
    found: dict[int, tuple[datetime, str]] = {}
    for part in in_parts(sorted(sheet_ids)):
        found.update((row.id, (row.until_at, row.content)) for row in session.execute(
            select(WeeklySheet.id, WeeklySheet.until_at, WeeklySheet.content).where(WeeklySheet.id.in_(part))))
    return found


def handed_in_words(on: date | None, to: str) -> str:
    """«выдан родителю 21 сентября»; «напечатан, не выдан»"""
    return "напечатан, не выдан" if on is None else f"выдан {HANDED_TO[to]} {words.day(on)}"


def guardians_of(row: Any) -> list[int]:
    """Whom a sheet was printed for, in order."""
    return sorted([row.guardian_id, *map(int, row.shared_with.split())])


def stands_for_all(row: Any) -> bool:
    """Whether of the rows of one shared sheet this is the first."""
    return bool(row.guardian_id == guardians_of(row)[0])


def printed_in(session: Session, classes: Sequence[SchoolClass], year: Calendar, *, today: date,
               since: date | None = None) -> list[Printed]:
    """The log, the latest week first, by pupil. One statement."""
    by_id = {one.id: one for one in classes}
    pupil, guardian, printer, handler = (aliased(Person) for _ in range(4))
    rows = session.execute(
        select(WeeklySheet.id, WeeklySheet.class_id, WeeklySheet.guardian_id, WeeklySheet.pupil_id, WeeklySheet.monday,
               WeeklySheet.form, WeeklySheet.shared_with, WeeklySheet.until_at, WeeklySheet.printed_at,
               WeeklySheet.reprints, WeeklySheet.handed_on, WeeklySheet.handed_to, WeeklySheet.version,
               ServiceForm.form.label("form_now"), pupil, guardian, printer, handler)
        .join(pupil, pupil.id == WeeklySheet.pupil_id).join(guardian, guardian.id == WeeklySheet.guardian_id)
        .join(printer, printer.id == WeeklySheet.printed_by_id)
        .outerjoin(handler, handler.id == WeeklySheet.handed_by_id)
        .outerjoin(ServiceForm, and_(ServiceForm.guardian_id == WeeklySheet.guardian_id,
                                     ServiceForm.pupil_id == WeeklySheet.pupil_id, held(ServiceForm, today)))
        .where(WeeklySheet.class_id.in_(by_id), WeeklySheet.monday >= (since or year.starts_on - SIX_DAYS))
        .order_by(WeeklySheet.monday.desc(), pupil.sort_key, WeeklySheet.guardian_id)).all()
    names = {row.guardian_id: row[15].short_name for row in rows}
    forms = {(row.guardian_id, row.pupil_id): row.form_now for row in rows}
    handed = {(row.guardian_id, row.pupil_id, row.monday) for row in rows if row.handed_on is not None}
    return [_printed(row, names, forms, handed, by_id[row.class_id], year) for row in rows]


def _printed(row: Any, names: dict[int, str], forms: dict[tuple[int, int], str | None], handed: Collection[Whose],
             school_class: SchoolClass, year: Calendar) -> Printed:
    pupil, _, printer, handler = row[14:]
    everybody = guardians_of(row)
    for_whom = [one for one in everybody if forms.get((one, row.pupil_id)) != Form.LIMITED
                or (one, row.pupil_id, row.monday) in handed] or everybody
    calendar = year.of(grade=school_class.grade, days_per_week=school_class.days_per_week,
                       scheme=school_class.term_scheme, class_id=school_class.id)
    return Printed(
        row.id, row.class_id, row.guardian_id, row.pupil_id, row.monday, row.form, _name(pupil),
        ", ".join(names[one] for one in for_whom if one in names), row.until_at,
        row.printed_at, printer.short_name, row.reprints, row.handed_on, row.handed_to,
        handler.short_name if handler else "", row.version, pupil.sort_key,
        row.guardian_id == for_whom[0], due_on(calendar, row.monday),
        collect_by(calendar, row.monday, clock.local(row.printed_at).date()),
        amiss(row.form, [forms.get((one, row.pupil_id)) for one in everybody]))


@dataclass(frozen=True, slots=True)
class _Read:
    """Forms of service, days in classes, lessons of the classes; names, and what sorts them."""

    served: Sequence[Served] = ()
    placed: Sequence[Placed] = ()
    taught: Mapping[int, Taught] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[int, str] = field(default_factory=dict)

    def owed(self, *, first: date, last: date, today: date) -> list[Owed]:
        """What the weeks that begin in the span owe, printed or not, by week and pupil."""
        found = [Owed(due, self.names[due.pupil_id], self.names[due.guardian_id], self.keys[due.pupil_id])
                 for due in sheets_owed(self.served, self.placed, self.taught, first=first - SIX_DAYS, last=last,
                                        today=today)]
        return sorted(found, key=lambda one: (one.due.monday, one.pupil_key, one.due.guardian_id))


def _read(session: Session, year: Calendar, *, class_id: int | None, first: date, last: date) -> _Read:
    """Of a class, or of the school. Three statements."""
    served, names, keys = _served(session, year, class_id, first, last)
    if not served:
        return _Read()
    pupil_ids = sorted({one.pupil_id for one in served})
    placed, classes = _placed(session, year, pupil_ids if class_id is not None else None, first, last)
    return _Read(served, placed, _taught(session, year, classes, first, last), names, keys)


def _families(read: _Read, class_id: int, owed: Sequence[Owed], printed: Sequence[Printed], *, now: datetime,
              today: date) -> Iterator[OnPaper]:
    """The families of a class, by pupil."""
    spans, places = defaultdict(list), defaultdict(list)
    for one in read.served if class_id in read.taught else ():
        spans[read.keys[one.pupil_id], one.pupil_id, one.guardian_id].append(one)
    for place in read.placed:
        places[place.pupil_id].append(place)
    for (_, pupil_id, guardian_id), forms in sorted(spans.items(), key=lambda item: item[0]):
        whose = guardian_id, pupil_id
        family = Family(class_id, forms, places[pupil_id], read.taught[class_id],
                        {one.due.monday: one.due for one in owed if one.whose[:2] == whose},
                        {one.monday: one.in_words for one in printed if one.whose[:2] == whose})
        if standing := said(family, today=today, now=now):
            form = family.form_on(today)
            yield OnPaper(read.names[pupil_id], read.names[guardian_id], form.form if form else "", standing)


def _served(session: Session, year: Calendar, class_id: int | None, first: date, last: date
            ) -> tuple[list[Served], dict[int, str], dict[int, str]]:
    """Forms of service while the guardianship holds; names, and what sorts them."""
    pupil, guardian = aliased(Person), aliased(Person)
    pupils = select(Enrolment.pupil_id).join(SchoolClass, SchoolClass.id == Enrolment.class_id).where(
        SchoolClass.year_id == year.year_id)
    if class_id is not None:
        pupils = pupils.where(SchoolClass.id == class_id)
    rows = session.execute(
        select(ServiceForm.form, ServiceForm.from_on, ServiceForm.to_on, Guardianship.from_on, Guardianship.to_on,
               pupil, guardian)
        .join(Guardianship, (Guardianship.guardian_id == ServiceForm.guardian_id)
              & (Guardianship.pupil_id == ServiceForm.pupil_id) & touching(Guardianship, first - SIX_DAYS, last))
        .join(pupil, pupil.id == ServiceForm.pupil_id).join(guardian, guardian.id == ServiceForm.guardian_id)
        .where(touching(ServiceForm, first - SIX_DAYS, last), ServiceForm.pupil_id.in_(pupils)))
    served, names, keys = [], {}, {}
    for form, from_on, to_on, kin_from, kin_to, child, adult in rows:
        ends = [day for day in (to_on, kin_to) if day is not None]
        served.append(Served(adult.id, child.id, form, max(from_on, kin_from), min(ends) if ends else None))
        names[child.id], names[adult.id], keys[child.id] = _name(child), adult.short_name, child.sort_key
    return served, names, keys


def _placed(session: Session, year: Calendar, pupil_ids: Sequence[int] | None, first: date, last: date
            ) -> tuple[list[Placed], dict[int, SchoolClass]]:
    query = (select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.from_on, Enrolment.to_on, SchoolClass)
             .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
             .where(SchoolClass.year_id == year.year_id, touching(Enrolment, first - SIX_DAYS, last)))
    rows = session.execute(query if pupil_ids is None else query.where(Enrolment.pupil_id.in_(pupil_ids))).all()
    return [Placed(*row[:4]) for row in rows], {row.class_id: row.SchoolClass for row in rows}


def _taught(session: Session, year: Calendar, classes: dict[int, SchoolClass], first: date, last: date
            ) -> dict[int, Taught]:
    """The days on which each class has lessons, and when the last one ends."""
    ends: dict[int, dict[date, datetime]] = defaultdict(dict)
    for class_id, day, at in session.execute(
            select(Course.class_id, Lesson.day, func.max(Lesson.ends_at)).join(Course, Course.id == Lesson.course_id)
            .where(Course.class_id.in_(sorted(classes)), Course.kind != CourseKind.ACTIVITY.value,
                   Lesson.state == LessonState.PLANNED.value, Lesson.day.between(first - SIX_DAYS, last + SIX_DAYS))
            .group_by(Course.class_id, Lesson.day)):
        ends[class_id or 0][day] = at
    return {class_id: Taught(year.of(grade=one.grade, days_per_week=one.days_per_week, scheme=one.term_scheme,
                                     class_id=class_id), ends[class_id]) for class_id, one in classes.items()}


def _name(person: Person) -> str:
    return f"{person.last_name} {person.first_name}"
