"""The summary sheet («сводная ведомость») of a class: pupils × subjects in every period, with what is suggested where
nothing is set yet. Five statements, whatever the class's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, and_, bindparam, case, cast, literal, null, or_, select, union_all

from ejd.db import Session, table_of
from ejd.names import fold
from ejd.results import lists, offering
from ejd.results.behaviour import scale_on
from ejd.results.behind import Key, marks_behind
from ejd.results.models import BehaviourMark, Period, TermMark
from ejd.results.offering import Rules
from ejd.results.queries import Slot, places_of, rules_on, slots_of
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, Person, SchoolClass, Subject
from ejd.school.calendar import TermDates
from ejd.school.models import SchoolYear, Term
from ejd.school.settings import Settings


class Cell(NamedTuple):
    """What stands, else what is suggested; `different` when the teacher decided otherwise (R12)."""

    value: str
    suggested: str = ""
    different: bool = False

    @property
    def shown(self) -> str:
        return self.value or self.suggested


EMPTY = Cell("")


class SubjectColumn(NamedTuple):
    id: int
    name: str
    short: str
    scheme: str  # R14
    terms: str  # R15: the scheme of its terms
    for_all: bool = False  # the whole class learns it


class Pupil(NamedTuple):
    """A pupil of the class; `left_on` the last day in it."""

    id: int
    name: str
    from_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """`cells` are by pupil, subject and code of the slot; results of one-hour subjects stand in the quarter that their
    half-year ends in."""

    class_id: int
    class_name: str
    year_name: str
    slots: Sequence[Slot]
    slot: Slot | None  # the one of the day
    subjects: Sequence[SubjectColumn]
    pupils: Sequence[Pupil]
    cells: Mapping[tuple[int, int, str], Cell]
    behaviour: Mapping[tuple[int, str], str]
    behaviour_marked: bool
    today: date

    def slot_of(self, code: str | None) -> Slot | None:
        """By its code; None gives the one of the day."""
        return self.slot if code is None else next((slot for slot in self.slots if slot.code == code), None)

    def pupils_in(self, slot: Slot) -> list[Pupil]:
        """Who is in the class at the end of a period, or today."""
        day = min(self.today, slot.term.ends_on) if slot.term else self.today
        return [one for one in self.pupils if one.from_on <= day and (one.left_on is None or one.left_on >= day)]

    def cell(self, pupil_id: int, subject_id: int, slot: Slot) -> Cell:
        return self.cells.get((pupil_id, subject_id, slot.code), EMPTY)

    def results_of(self, pupil_id: int, slot: Slot, *, suggested: bool = True) -> dict[str, str]:
        """A pupil's results by subject; with the suggestions where none is set, or without."""
        found = {}
        for subject in self.subjects:
            cell = self.cell(pupil_id, subject.id, slot)
            if value := cell.shown if suggested else cell.value:
                found[subject.name] = value
        return found

    def average_of(self, pupil_id: int, slot: Slot) -> Fraction | None:
        return offering.mean_of(self.results_of(pupil_id, slot).values())

    def achievement(self, slot: Slot, *, suggested: bool = True) -> lists.Achievement:
        """Excellent, good … and the class's shares in a period."""
        return lists.achievement_of([(one.id, one.name, self.results_of(one.id, slot, suggested=suggested))
                                     for one in self.pupils_in(slot)],
                                    [subject.name for subject in self.subjects if subject.for_all])

    def values_in(self, subject_id: int, slot: Slot) -> list[str]:
        """All that is shown in a column."""
        return [shown for one in self.pupils_in(slot) if (shown := self.cell(one.id, subject_id, slot).shown)]

    def is_complete(self, slot: Slot) -> bool:
        """Whether nothing shown in the period is a suggestion only."""
        return all(cell.value for (_, _, code), cell in self.cells.items() if code == slot.code and cell.shown)


def sheet_of(session: Session, *, class_id: int, settings: Settings, today: date) -> SummarySheet:
    """The sheet of a class. Five statements."""
    head = session.execute(_HEAD, {"class_id": class_id}).all()
    school_class, year = head[0].SchoolClass, head[0].SchoolYear
    terms = [TermDates(*row[2:]) for row in head if row.id is not None]
    pupils = _pupils(session, class_id)
    subjects = _subjects(session, school_class, year)
    slots = slots_of([term for term in terms if term.scheme == school_class.term_scheme], school_class.grade)
    begun = [slot for slot in slots if slot.term and slot.term.starts_on <= today]
    now = begun[-1] if begun else slots[0] if slots and slots[0].term else None
    filling = _Filling(slots, terms, subjects, rules_on(settings, min(today, year.ends_on)), today)
    ids = [pupil.id for pupil in pupils]
    filling.stand(session.execute(_STANDING, {"pupils": ids, "year_id": year.id, "class_id": class_id}).all())
    filling.offer(marks_behind(session, pupil_ids=ids, year_id=year.id, term_ids=filling.open_terms(ids),
                               settings=settings, today=today, unset=True), ids)
    return SummarySheet(class_id, school_class.name, year.name, slots, now, filling.shown_subjects(), pupils,
                        filling.cells, filling.behaviour, bool(scale_on(settings, min(today, year.ends_on))), today)


class _Filling:
    """The cells of a sheet on their way."""

    def __init__(self, slots: Sequence[Slot], terms: Sequence[TermDates], subjects: Sequence[SubjectColumn],
                 rules: Rules, today: date) -> None:
        self.slots, self.subjects, self.rules, self.today = slots, subjects, rules, today
        self.place = places_of(slots, terms)
        self.terms: dict[str, list[TermDates]] = defaultdict(list)  # by scheme, in order
        for term in terms:
            self.terms[term.scheme].append(term)
        self.cells: dict[tuple[int, int, str], Cell] = {}
        self.behaviour: dict[tuple[int, str], str] = {}
        self.set: set[Key] = set()  # term results that stand

    def stand(self, rows: Sequence[Any]) -> None:
        for kind, pupil_id, subject_id, period, term_id, value, suggested in rows:
            code = self.place.get(term_id, "") if term_id else period
            if kind == "behaviour":
                self.behaviour[pupil_id, code] = value
                continue
            if term_id:
                self.set.add((pupil_id, subject_id, term_id))
            self.cells[pupil_id, subject_id, code] = Cell(value, "", offering.is_different(value, suggested))

    def open_terms(self, pupil_ids: Collection[int]) -> list[int]:
        """The begun terms in which something is not set yet."""
        return [term.id for scheme, terms in self.terms.items() for term in terms if term.starts_on <= self.today
                and any((pupil_id, subject.id, term.id) not in self.set for subject in self.subjects
                        if subject.terms == scheme for pupil_id in pupil_ids)]

    def offer(self, marks: Mapping[Key, Any], pupil_ids: Collection[int]) -> None:
        """Suggestions for terms from marks, then for the year from the terms (R12)."""
        known = {subject.id: subject for subject in self.subjects}
        for (pupil_id, subject_id, term_id), behind in marks.items():
            subject, place = known.get(subject_id), (pupil_id, subject_id, self.place[term_id])
            if subject is None or place in self.cells or term_id not in {
                    term.id for term in self.terms[subject.terms]}:
                continue
            suggested = offering.offer_term(behind.average, subject.scheme, self.rules, passed=behind.passed,
                                            failed=behind.failed)
            if suggested:
                self.cells[place] = Cell("", suggested)
        year = next((slot.code for slot in self.slots if slot.period is Period.YEAR), "")
        for pupil_id in pupil_ids:
            for subject in self.subjects:
                if (pupil_id, subject.id, year) not in self.cells:
                    self._offer_year(pupil_id, subject, year)

    def _offer_year(self, pupil_id: int, subject: SubjectColumn, code: str) -> None:
        values = [self.cells.get((pupil_id, subject.id, self.place[term.id]), EMPTY).value or None
                  for term in self.terms[subject.terms]]
        if suggested := offering.offer_year(values, self.rules):
            self.cells[pupil_id, subject.id, code] = Cell("", suggested)

    def shown_subjects(self) -> list[SubjectColumn]:
        """Subjects that are marked, or in which something stands all the same."""
        filled = {subject_id for _, subject_id, _ in self.cells}
        return [one for one in self.subjects if one.scheme != offering.MARKLESS or one.id in filled]


def _pupils(session: Session, class_id: int) -> list[Pupil]:
    """By the alphabet; who came back has the outer days."""
    found: dict[int, tuple[str, date, date | None]] = {}
    for pupil_id, last, first, from_on, to_on in session.execute(_PUPILS, {"class_id": class_id}):
        since = found[pupil_id][1] if pupil_id in found else from_on
        found[pupil_id] = (f"{last} {first}", since, to_on)
    return [Pupil(pupil_id, *rest) for pupil_id, rest in found.items()]


def _subjects(session: Session, school_class: SchoolClass, year: SchoolYear) -> list[SubjectColumn]:
    """One column for each subject that the class or some of its pupils learn, and for one in which there are results
    all the same, as for a final mark over several subjects; marked journals decide over markless."""
    found: dict[int, SubjectColumn] = {}
    for row in session.execute(_SUBJECTS, {"class_id": school_class.id, "year_id": year.id}):
        column = SubjectColumn(row.id, row.name, row.short_name or row.name, row.scheme,
                               row.term_scheme or school_class.term_scheme, bool(row.for_all))
        if row.id not in found or (found[row.id].scheme == offering.MARKLESS and row.place == 0):
            found[row.id] = column
    return sorted(found.values(), key=lambda column: fold(column.name))


def _standing() -> Any:
    mark, behaviour = table_of(TermMark), table_of(BehaviourMark)
    pupils = bindparam("pupils", expanding=True, type_=Integer)
    results = (select(literal("result"), mark.c.pupil_id, mark.c.subject_id, mark.c.period, mark.c.term_id,
                      mark.c.value, mark.c.suggested)
               .where(mark.c.pupil_id.in_(pupils), mark.c.year_id == bindparam("year_id", type_=Integer),
                      mark.c.value.is_not(None)))
    manners = (select(literal("behaviour"), behaviour.c.pupil_id, literal(0), literal("year"), behaviour.c.term_id,
                      behaviour.c.value, literal(""))
               .where(behaviour.c.class_id == bindparam("class_id", type_=Integer), behaviour.c.value.is_not(None)))
    return union_all(results, manners)


def _learned() -> Any:
    """Journals of the class, groups that its pupils are in, and subjects with results but without a journal."""
    class_id, year_id = bindparam("class_id", type_=Integer), bindparam("year_id", type_=Integer)
    groups = (select(CourseMember.course_id).join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
              .where(Enrolment.class_id == class_id))
    journals = (select(literal(0).label("place"), Course.id.label("course_id"), Subject.id, Subject.name,
                       Subject.short_name, Course.scheme, Course.term_scheme,
                       case((and_(Course.class_id == class_id, Course.subgroup == 0,
                                  Course.kind == CourseKind.LESSONS.value), 1), else_=0).label("for_all"))
                .join(Course, Course.subject_id == Subject.id)
                .where(Course.year_id == year_id, or_(Course.class_id == class_id, Course.id.in_(groups))))
    given = (select(TermMark.subject_id).join(Enrolment, Enrolment.pupil_id == TermMark.pupil_id)
             .where(Enrolment.class_id == class_id, TermMark.year_id == year_id, TermMark.value.is_not(None)))
    results = select(literal(1), literal(0), Subject.id, Subject.name, Subject.short_name,
                     literal(offering.FIVE_POINT), cast(null(), String), literal(0)).where(Subject.id.in_(given))
    return union_all(journals, results).order_by("place", "course_id")


# Built once, for the class teacher's room asks them too.
_HEAD = (select(SchoolClass, SchoolYear, Term.id, Term.scheme, Term.number, Term.name, Term.starts_on, Term.ends_on)
         .join(SchoolYear, SchoolYear.id == SchoolClass.year_id).outerjoin(Term, Term.year_id == SchoolYear.id)
         .where(SchoolClass.id == bindparam("class_id", type_=Integer)).order_by(Term.scheme, Term.number))
_PUPILS = (select(Person.id, Person.last_name, Person.first_name, Enrolment.from_on, Enrolment.to_on)
           .join(Enrolment, Enrolment.pupil_id == Person.id)
           .where(Enrolment.class_id == bindparam("class_id", type_=Integer))
           .order_by(Person.sort_key, Person.id, Enrolment.from_on))
_SUBJECTS, _STANDING = _learned(), _standing()
