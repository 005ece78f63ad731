"""The results of a journal: pupils × terms, year, exam and final, with what is offered for one of them. At most six
statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, or_, select

from ejd.db import Session
from ejd.journal import grading
from ejd.journal.closed import Door
from ejd.journal.queries_closed import closing_columns, said_of
from ejd.results import behind, offering
from ejd.results.behind import NO_LESSONS, NOTHING, Held
from ejd.results.models import Period, TermMark
from ejd.results.offering import Rules
from ejd.roster.customs import scheme_on, terms_scheme
from ejd.roster.members import Member, members_of
from ejd.roster.models import Course, CourseMember, Enrolment, SchoolClass, Subject
from ejd.school.calendar import Calendar, TermDates
from ejd.school.combined import EXAM
from ejd.school.models import Term
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings
from ejd.words import NBSP
from ejd.words import day as in_words

TITLES = {Period.YEAR: ("Год", "Годовая отметка"), Period.EXAM: ("Экзамен", "Экзаменационная отметка"),
          Period.FINAL: ("Итог", "Итоговая отметка")}


SHORT = (("четверть", "ч."), ("полугодие", "п/г"), ("триместр", "тр."))


class Slot(NamedTuple):
    """What a result is for: a term, the year, the exam, the final mark. `code` stands in addresses, `head` over a
    narrow column."""

    code: str
    period: Period
    head: str
    title: str
    term: TermDates | None = None

    @property
    def term_id(self) -> int | None:
        return self.term.id if self.term else None

    @property
    def tab(self) -> str:
        return self.term.name if self.term else self.head


class Standing(NamedTuple):
    """A result that stands, or stood: a cleared one has no value."""

    id: int
    pupil_id: int
    subject: str
    year_id: int
    period: str
    term_id: int | None
    value: str | None
    suggested: str | None
    entered_on: date
    due_on: date | None
    reason: str
    version: int
    grade: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil: what stands in every period, and what is offered in the one that is open."""

    pupil_id: int
    name: str
    here: bool  # in this journal at the end of the period, or today
    left_on: date | None
    values: Mapping[str, str]  # by the code of the slot
    version: int
    suggested: str | None
    average: Fraction | None
    marks: int
    least: int
    held: Held
    warnings: Sequence[str] = ()
    told: Sequence[str] = ()  # of what stands: another than the suggested, late, why


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """`scheme` is how the journal is marked in the open period, `subject` whose result it is: the exam and the final
    mark of algebra are those of mathematics."""

    course: Course
    grade: int | None
    subject: str
    scheme: str
    slots: Sequence[Slot]
    slot: Slot
    rows: Sequence[Row]
    due_on: date | None
    begins_on: date | None  # not before it anything is set
    allowed: tuple[str, ...]
    rules: Rules
    closed: str  # that the term, or the year, is closed, and whether it is open again
    shut: bool  # it takes nothing now

    @property
    def here(self) -> list[Row]:
        """Those who get the result in this journal."""
        return [row for row in self.rows if row.here]

    @property
    def unset(self) -> list[Row]:
        return [row for row in self.here if not row.values[self.slot.code]]

    @property
    def offered(self) -> list[Row]:
        """Pupils for whom a result is suggested and none stands."""
        return [row for row in self.unset if row.suggested]

    def shown(self, today: date) -> list[Slot]:
        """The periods that have a column: the open one, those begun, and those in which something stands."""
        return [slot for slot in self.slots if slot == self.slot or (slot.term and slot.term.starts_on <= today)
                or any(row.values[slot.code] for row in self.rows)]


def rules_on(settings: Settings, day: date) -> Rules:
    """The school's rules of results as they hold on a day."""
    above, below = settings.value("results.missed", on=day).split("/")
    return Rules(settings.value("thresholds", on=day), settings.value("marks.one", on=day),
                 settings.value("results.year", on=day), settings.value("results.final9", on=day),
                 settings.value("results.final11", on=day), settings.value("results.few", on=day),
                 Fraction(int(above), int(below)))


def results_page(session: Session, *, course_id: int, code: str | None, settings: Settings, today: date, now: datetime,
                 only: Collection[int] | None = None) -> ResultsPage | None:
    """The page of a journal, open at a period (None: the one of the day); `only` some pupils. None without terms, or
    without such a period."""
    found = session.execute(_COURSE, {"course_id": course_id, "now": now}).all()
    if not found:
        return None
    calendar = calendar_of(session, found[0].Course.year_id)
    reading = _Reading(session, found, calendar, settings, today, now)
    slot = reading.slot(code)
    return reading.page(slot, only) if slot else None


def slots_of(terms: Sequence[TermDates], grade: int | None) -> list[Slot]:
    """The terms, the year, and in the classes with finals the exam and the final mark (R15)."""
    periods = [Period.YEAR, *([Period.EXAM, Period.FINAL] if grade in offering.WITH_FINALS else [])]
    return [*(Slot(str(term.id), Period.TERM, _short(term.name), term.name, term) for term in terms),
            *(Slot(period.value, period, *TITLES[period]) for period in periods)]


def _short(name: str) -> str:
    """I четверть → I ч."""
    for long, short in SHORT:
        name = name.replace(f" {long}", f"{NBSP}{short}")
    return name


def places_of(slots: Sequence[Slot], terms: Iterable[TermDates]) -> dict[int, str]:
    """In which slot of a class the result of a term stands: one-hour subjects may have half-years among quarters, then
    in the quarter that the half-year ends in (R15)."""
    of_class = [slot for slot in slots if slot.term]
    return {term.id: next((slot.code for slot in reversed(of_class)
                           if slot.term and slot.term.starts_on <= term.ends_on), "") for term in terms}


def combined_of(settings: Settings, subject: str, on: date) -> tuple[str, dict[str, int]] | None:
    """The final mark that the subject is a part of, with the weights of its parts (R12)."""
    for name, parts in settings.value("results.combined", on=on).items():
        weights = dict(map(tuple, parts))
        if subject != EXAM and subject in weights:
            return name, weights
    return None


def due_on(calendar: Calendar, term: TermDates, school_class: SchoolClass | None, settings: Settings) -> date | None:
    """The last day on time for results of a term, by the calendar of the class (R1)."""
    of_class = calendar.of(grade=school_class.grade if school_class else None, scheme=term.scheme,
                           days_per_week=school_class.days_per_week if school_class else 5,
                           class_id=school_class.id if school_class else None)
    return offering.due_day(of_class.school_days(term.starts_on, term.ends_on),
                            settings.value("results.due", on=term.ends_on))


class _Reading:
    """One journal, read at a moment."""

    def __init__(self, session: Session, found: Sequence[Any], calendar: Calendar, settings: Settings, today: date,
                 now: datetime) -> None:
        self.session, self.settings, self.today, self.now = session, settings, today, now
        self.course, self.school_class, self.own_subject = found[0].Course, found[0].SchoolClass, found[0].subject
        self.grade = self.school_class.grade if self.school_class else found[0].grade_of_group
        self.found = {row.term_id: row for row in found}
        self.schemes = {row.term_id: row.scheme for row in found}
        self.calendar = calendar
        self.terms = [term for term in calendar.terms if term.id in self.schemes]
        self.slots = slots_of(self.terms, self.grade)
        combined = combined_of(settings, self.own_subject, today) if self.grade in offering.WITH_FINALS else None
        self.of_final: str = combined[0] if combined else self.own_subject
        self.weights = combined[1] if combined else {self.own_subject: 1, EXAM: 1}

    def slot(self, code: str | None) -> Slot | None:
        """By its code; None opens the term of the day, in holidays the one before."""
        if code is not None:
            return next((slot for slot in self.slots if slot.code == code), None)
        begun = [slot for slot in self.slots if slot.term and slot.term.starts_on <= self.today]
        return begun[-1] if begun else self.slots[0]

    def page(self, slot: Slot, only: Collection[int] | None) -> ResultsPage:
        last = slot.term or self.terms[-1]
        first_on = slot.term.starts_on if slot.term else self.terms[0].starts_on
        rules = rules_on(self.settings, min(self.today, last.ends_on))
        scheme = self.schemes[slot.term.id] if slot.term else self.course.scheme
        self._of_pupil: dict[int, dict[tuple[str, str, int | None, int], Standing]] = {}
        members = [member for member in members_of(self.session, self.course, first=first_on, last=last.ends_on)
                   if only is None or member.pupil_id in only]
        self._read_standing([member.pupil_id for member in members])
        offers = _Offers(self, slot, scheme, rules, [member.pupil_id for member in members])
        rows = [self._row(member, slot, offers, last.ends_on) for member in members]
        due = due_on(self.calendar, last, self.school_class, self.settings)
        return ResultsPage(self.course, self.grade, self.subject_of(slot), scheme, self.slots, slot, rows,
                           due if slot.period in (Period.TERM, Period.YEAR) else None, last.starts_on,
                           offering.values_of(scheme, rules), rules, self._closed(slot), self._shut(slot))

    def _closed(self, slot: Slot) -> str:
        row = self.found[slot.term_id or self.terms[-1].id]
        return said_of(row, self.now) if slot.term or row.door_year else ""

    def _shut(self, slot: Slot) -> bool:
        row = self.found[slot.term_id or self.terms[-1].id]
        return bool(Door(row.door_term if slot.term else None, row.door_year, row.door_until).why_closed(self.now))

    def subject_of(self, slot: Slot) -> str:
        return self.of_final if slot.period in (Period.EXAM, Period.FINAL) else self.own_subject

    def standing(self, pupil_id: int, slot: Slot) -> Standing | None:
        return self._of_pupil.get(pupil_id, {}).get(
            (self.subject_of(slot), slot.period, slot.term_id, self.course.year_id))

    def results_of(self, pupil_id: int) -> Collection[Standing]:
        return self._of_pupil.get(pupil_id, {}).values()

    def _read_standing(self, pupil_ids: Collection[int]) -> None:
        asked = {"pupils": sorted(pupil_ids), "year_id": self.course.year_id,
                 "subjects": sorted({self.own_subject, self.of_final, *self.weights})}
        for row in self.session.execute(_STANDING, asked) if pupil_ids else ():
            one = Standing(*row)
            self._of_pupil.setdefault(one.pupil_id, {})[one.subject, one.period, one.term_id, one.year_id] = one

    def _row(self, member: Member, slot: Slot, offers: _Offers, ends_on: date) -> Row:
        pupil_id, day = member.pupil_id, min(self.today, ends_on)
        values = {one.code: (found.value or "") if (found := self.standing(pupil_id, one)) else ""
                  for one in self.slots}
        standing = self.standing(pupil_id, slot)
        here, left_on = member.on(day), member.to_on
        offer = offers.of(pupil_id)
        return Row(pupil_id, member.name, here, None if here else left_on, values, standing.version if standing else 0,
                   offer.suggested, offer.average, offer.marks, offer.least, offer.held,
                   offer.warnings if here and not values[slot.code] else (), _told(standing))


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to one pupil in the open period, and on what grounds."""

    suggested: str | None
    average: Fraction | None = None
    marks: int = 0
    least: int = 0
    held: Held = NO_LESSONS
    warnings: Sequence[str] = field(default_factory=tuple)


class _Offers:
    """Suggestions for the open period."""

    def __init__(self, reading: _Reading, slot: Slot, scheme: str, rules: Rules, pupil_ids: Collection[int]) -> None:
        self.reading, self.slot, self.scheme, self.rules = reading, slot, scheme, rules
        self.marks: dict[behind.Key, behind.Behind] = {}
        self.lessons: dict[int, Held] = {}
        course, term = reading.course, slot.term
        if term is not None and scheme != offering.MARKLESS and pupil_ids:
            self.marks = behind.marks_behind(
                reading.session, pupil_ids=pupil_ids, year_id=course.year_id, term_ids=[term.id],
                settings=reading.settings, today=min(reading.today, term.ends_on), subject_id=course.subject_id)
            self.lessons = behind.lessons_behind(
                reading.session, pupil_ids=pupil_ids, year_id=course.year_id, subject_id=course.subject_id,
                first=term.starts_on, last=term.ends_on, now=reading.now)

    def of(self, pupil_id: int) -> Offer:
        match self.slot.period:
            case Period.TERM:
                return self._term(pupil_id)
            case Period.YEAR:
                return self._year(pupil_id)
            case Period.FINAL:
                return self._final(pupil_id)
        return Offer(None)

    def _term(self, pupil_id: int) -> Offer:
        course, term = self.reading.course, self.slot.term
        assert term is not None
        stands = self.marks.get((pupil_id, course.subject_id, term.id), NOTHING)
        lessons = self.lessons.get(pupil_id, NO_LESSONS)
        least = 0
        if self.scheme == offering.FIVE_POINT:
            density = self.reading.settings.value("density", on=min(self.reading.today, term.ends_on))
            least = grading.least_marks(course.half_hours, term.scheme, density, lessons.share)
        told = offering.warnings_of(marks=stands.marks, least=least, held=lessons.held, missed=lessons.missed,
                                    rules=self.rules) if self.scheme != offering.MARKLESS else ()
        return Offer(offering.offer_term(stands.average, self.scheme, self.rules, passed=stands.passed,
                                         failed=stands.failed), stands.average, stands.marks, least, lessons, told)

    def _year(self, pupil_id: int) -> Offer:
        reading = self.reading
        values = [found.value if (found := reading.standing(pupil_id, slot)) else None
                  for slot in reading.slots if slot.period is Period.TERM]
        told = ["в периоде стоит н/а: годовую решает учитель"] if offering.NOT_CERTIFIED in values else []
        return Offer(offering.offer_year(values, self.rules), offering.mean_of(values),
                     sum(value is not None for value in values), warnings=told)

    def _final(self, pupil_id: int) -> Offer:
        reading, found = self.reading, self.reading.results_of(pupil_id)
        weights, year_id = reading.weights, reading.course.year_id
        this_year = [one for one in found if one.year_id == year_id and one.subject in weights and one.value]
        of_year = {one.subject: one.value for one in this_year if one.period == Period.YEAR}
        learned = {one.subject for one in this_year if one.period in (Period.TERM, Period.YEAR)}
        years = [(of_year.get(subject), weights[subject]) for subject in sorted(learned)]
        if reading.grade == 9:
            exam = next((one.value for one in found if one.period == Period.EXAM
                         and one.subject == reading.of_final and one.year_id == year_id), None)
            suggested = offering.offer_final_9(years, (exam, weights.get(EXAM, 0)), self.rules)
        else:
            history = [(one.value, weights[one.subject]) for one in found
                       if one.period in (Period.TERM, Period.YEAR) and one.subject in weights
                       and one.grade in offering.FINAL_YEARS and one.value]
            suggested = offering.offer_final_11(history, years, self.rules)
        return Offer(suggested)


def _told(standing: Standing | None) -> list[str]:
    """Of a result that stands: that it is another than the suggested one, late, and why."""
    if standing is None or standing.value is None:
        return []
    told = []
    if offering.is_different(standing.value, standing.suggested):
        told.append(f"предложено {standing.suggested}")
    if standing.due_on and standing.entered_on > standing.due_on:
        told.append(f"после срока: {in_words(standing.entered_on)}")
    return told + ([standing.reason] if standing.reason else [])


def _course() -> Any:
    """The journal with its terms, and how it is marked in each (R14, R15)."""
    grade = (select(func.min(SchoolClass.grade)).join(Enrolment, Enrolment.class_id == SchoolClass.id)
             .join(CourseMember, CourseMember.pupil_id == Enrolment.pupil_id)
             .where(CourseMember.course_id == Course.id, SchoolClass.year_id == Course.year_id)
             .correlate(Course).scalar_subquery())
    return (select(Course, SchoolClass, Subject.name.label("subject"), Term.id.label("term_id"),
                   scheme_on(Term.starts_on).label("scheme"), grade.label("grade_of_group"),
                   *closing_columns())
            .join(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
            .join(Term, and_(Term.year_id == Course.year_id, Term.scheme == terms_scheme()))
            .where(Course.id == bindparam("course_id", type_=Integer)).order_by(Term.number))


def _standing() -> Any:
    """Results of the pupils in the subjects: of the year, and of class 10 for the final mark of class 11."""
    return (select(TermMark.id, TermMark.pupil_id, Subject.name, TermMark.year_id, TermMark.period, TermMark.term_id,
                   TermMark.value, TermMark.suggested, TermMark.entered_on, TermMark.due_on, TermMark.reason,
                   TermMark.version, SchoolClass.grade)
            .join(Subject, Subject.id == TermMark.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == TermMark.class_id)
            .where(TermMark.pupil_id.in_(bindparam("pupils", expanding=True, type_=Integer)),
                   Subject.name.in_(bindparam("subjects", expanding=True)),
                   or_(TermMark.year_id == bindparam("year_id", type_=Integer),
                       SchoolClass.grade.in_(offering.FINAL_YEARS))))


_COURSE, _STANDING = _course(), _standing()
