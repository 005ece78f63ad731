"""What a pupil takes along to another school: the marks of the running term, results, what was missed, works owed
(«выписка»); and what may be entered of one who comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import exists, literal, null, or_, select, union_all

from ejd.access import Actor, knows_reasons
from ejd.db import Session
from ejd.documents.tables import Column, Table
from ejd.journal import grading, missed
from ejd.journal.missed import Missed
from ejd.journal.models import Awaiting, Expectation, Mark, Work, WorkKind
from ejd.names import fold
from ejd.results.models import Period, TermMark
from ejd.results.queries_history import PERIODS
from ejd.roster.belonging import held, unclosed
from ejd.roster.models import Course, CourseMember, Enrolment, SchoolClass, Subject
from ejd.schedule.models import Lesson
from ejd.school.calendar import TermDates
from ejd.school.models import SchoolYear
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings
from ejd.words import NBSP, average, counted, day_month, day_year, in_subgroup, work_name

LINE = "_" * 28 + " / " + "_" * 28 + " /"  # for a signature and the name of who signs


@dataclass(frozen=True, slots=True)
class Line:
    """One subject: marks of the running term with their days, the average, results, works owed."""

    subject: str
    marks: Sequence[tuple[str, date, str]]  # value, day, the kind of work in short
    average: Fraction | None
    results: Sequence[tuple[str, str]]  # of what, and the value
    owed: Sequence[str]

    @property
    def in_words(self) -> tuple[str, str, str, str, str]:
        marks = ", ".join(f"{value} ({', '.join(filter(None, (day_month(on), kind)))})".replace(" ", NBSP)
                          for value, on, kind in self.marks)
        return (self.subject, marks, average(self.average),
                "; ".join(f"{name} – {value}".replace(" ", NBSP) for name, value in self.results), "; ".join(self.owed))


@dataclass(frozen=True, slots=True)
class Extract:
    """The pupil's standing on a day, in the class of that day; `reasons`: its reader may know of illness (R40)."""

    name: str
    class_name: str
    year: SchoolYear
    term: TermDates | None
    on: date
    lines: Sequence[Line]
    missed: Missed
    reasons: bool = False
    born: date | None = None
    kinds: Sequence[tuple[str, str]] = ()  # short and whole names of the kinds of work that stand in it

    @property
    def absence(self) -> str:
        """What was missed this year, in words."""
        lessons = counted(self.missed.all_lessons, "урок", "урока", "уроков")
        days = counted(self.missed.all_days, "день", "дня", "дней")
        ill, valid = self.missed.lessons["б"], self.missed.lessons["у"]
        why = f"по болезни {ill}, по уважительной причине {valid}" if self.reasons else f"уваж. {ill + valid}"
        return f"{lessons}, целиком {days}; {why}, опозданий {self.missed.late}"


@dataclass(frozen=True, slots=True)
class Stay:
    """The latest class of a pupil, as far as the extract needs it; `on` is today, or the last day there."""

    school_class: SchoolClass
    year: SchoolYear
    on: date
    from_on: date


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal of the pupil, for marks brought along."""

    course_id: int
    subject_id: int
    title: str


def stay_of(session: Session, *, pupil_id: int, today: date) -> Stay | None:
    """Where the pupil learns, or learned last. One statement."""
    row = session.execute(
        select(SchoolClass, SchoolYear, Enrolment.from_on, Enrolment.to_on)
        .join(Enrolment, Enrolment.class_id == SchoolClass.id).join(SchoolYear, SchoolYear.id == SchoolClass.year_id)
        .where(Enrolment.pupil_id == pupil_id, Enrolment.from_on <= today)
        .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1)).first()
    return Stay(row[0], row[1], min(today, row.to_on or today), row.from_on) if row else None


def extract_of(session: Session, *, pupil_id: int, name: str, stay: Stay, settings: Settings,
               reader: Actor | None = None, born: date | None = None) -> Extract:
    """The pupil's extract, illness told to a `reader` who may know it (R40). Five statements."""
    calendar = calendar_of(session, stay.year.id)
    term = calendar.of(grade=stay.school_class.grade, scheme=stay.school_class.term_scheme).term_to_show(stay.on)
    first = term.starts_on if term else stay.year.starts_on
    facts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(_facts(pupil_id, stay.year.id, first, stay.on)):
        facts[row.subject][row.what].append(row)
    how, retakes = (settings.value(key, on=stay.on) for key in ("average", "retake"))
    titles = {one.id: one.name for one in calendar.terms}
    lines = [_line(subject, of_subject, titles, how, retakes)
             for subject, of_subject in sorted(facts.items(), key=lambda item: fold(item[0]))]
    away, _ = missed.of_pupil(session, pupil_id=pupil_id, first=stay.year.starts_on, last=stay.on)
    return Extract(name, stay.school_class.name, stay.year, term, stay.on, lines, away,
                   knows_reasons(reader, stay.school_class.id), born,
                   sorted({(row.short, row.kind) for of_subject in facts.values() for row in of_subject["mark"]
                           if row.short}))


def as_table(extract: Extract, made_on: date, *, school: str = "") -> Table:
    """The extract for paper, as another school takes it: whose it is, its number and day, who signs it."""
    born = f", дата рождения {day_year(extract.born)}" if extract.born else ""
    term = f", {extract.term.name}" if extract.term else ""
    about = [f"{extract.name}{born}",
             f"Класс {extract.class_name}, {extract.year.name} учебный год{term}. Отметки на {day_year(extract.on)}",
             f"Пропущено за год: {extract.absence}"]
    legend = ", ".join(f"{short} – {whole[:1].lower()}{whole[1:]}" for short, whole in extract.kinds)
    signed = [f"Виды работ: {legend}." if legend else "", "", f"Директор {LINE}",
              f"Классный руководитель {LINE}", "М. П."]
    return Table("Выписка из электронного журнала", "\n".join(about),
                 [Column("Предмет", 34), Column("Текущие отметки", 74), Column("Средний балл", 16, "right"),
                  Column("Итоговые", 40), Column("Не сдано", 34)],
                 [line.in_words for line in extract.lines], made_on, above=[
                     *filter(None, [school]), "№ _____________ от «____» ______________ 20___ г."],
                 below=signed if legend else signed[1:])


def journals_for_marks(session: Session, *, pupil_id: int, day: date) -> tuple[list[Journal], list[str]]:
    """The marked journals that the pupil is in on a day, and the subjects of the class in which no subgroup is chosen
    for the pupil. One statement."""
    enrolled = exists().where(Enrolment.class_id == Course.class_id, Enrolment.pupil_id == pupil_id,
                              held(Enrolment, day))
    member = exists().where(CourseMember.course_id == Course.id, CourseMember.pupil_id == pupil_id,
                            held(CourseMember, day))
    rows = session.execute(
        select(Course.id, Subject.id, Subject.name, Course.subgroup, or_(Course.subgroup == 0, member))
        .join(Subject, Subject.id == Course.subject_id)
        .where(unclosed(day), Course.scheme != "markless", or_(enrolled, member))
        .order_by(Course.id))
    found, divided = [], {}
    for course_id, subject_id, name, subgroup, inside in rows:
        if inside:
            found.append(Journal(course_id, subject_id, in_subgroup(name, subgroup)))
        else:
            divided[subject_id] = name
    waiting = {name for subject_id, name in divided.items() if all(one.subject_id != subject_id for one in found)}
    return sorted(found, key=lambda one: fold(one.title)), sorted(waiting, key=fold)


def results_brought(session: Session, *, pupil_id: int, year_id: int) -> dict[tuple[int, int], TermMark]:
    """The pupil's results of terms by subject and term. One statement."""
    return {(one.subject_id, one.term_id or 0): one for one in session.scalars(
        select(TermMark).filter_by(pupil_id=pupil_id, year_id=year_id, period=Period.TERM.value))}


def _facts(pupil_id: int, year_id: int, first: date, last: date) -> Any:
    """Subjects of the pupil's marks, results and debts of the year; marks of the running term only."""
    marks = (select(literal("mark").label("what"), Subject.name.label("subject"), Mark.id.label("id"),
                    Mark.value.label("value"), Mark.weight.label("weight"), Mark.retakes_id.label("retakes_id"),
                    Mark.received_on.label("day"), WorkKind.name.label("kind"), literal("").label("title"),
                    WorkKind.short_name.label("short"))
             .select_from(Mark).outerjoin(WorkKind, WorkKind.id == Mark.kind_id)
             .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
             .join(Subject, Subject.id == Course.subject_id)
             .where(Mark.pupil_id == pupil_id, Mark.withdrawn_at.is_(None), Lesson.day.between(first, last)))
    results = (select(literal("result"), Subject.name, TermMark.id, TermMark.value, TermMark.term_id, null(), null(),
                      TermMark.period, literal(""), literal(""))
               .join(Subject, Subject.id == TermMark.subject_id)
               .where(TermMark.pupil_id == pupil_id, TermMark.year_id == year_id, TermMark.value.is_not(None)))
    owed = (select(literal("owed"), Subject.name, Work.id, null(), null(), null(), Lesson.day, WorkKind.name,
                   Work.title, literal(""))
            .select_from(Expectation).join(Work, Work.id == Expectation.work_id)
            .join(WorkKind, WorkKind.id == Work.kind_id).join(Lesson, Lesson.id == Work.lesson_id)
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .where(Expectation.pupil_id == pupil_id, Expectation.awaiting == Awaiting.PUPIL.value,
                   Work.withdrawn_at.is_(None), Course.year_id == year_id, Lesson.day <= last))
    return union_all(marks, results, owed)


def _line(subject: str, facts: dict[str, list[Any]], titles: dict[int, str], how: str, retakes: str) -> Line:
    marks = sorted(facts["mark"], key=lambda row: (row.day, row.id))
    counting = grading.counting([(row.id, row.value, row.weight, row.retakes_id) for row in marks], retakes)
    results = sorted(facts["result"], key=lambda row: (list(PERIODS).index(row.kind) if row.kind in PERIODS else -1,
                                                       row.weight or 0))
    return Line(subject, [(row.value, row.day, row.short or "") for row in marks], grading.average(counting, how),
                [(titles.get(row.weight, "") if row.weight else PERIODS[row.kind], row.value) for row in results],
                [work_name(row.kind, row.title) for row in facts["owed"]])
