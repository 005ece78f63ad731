"""What a school still has to do before its journal runs by itself, in the order in which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, literal, select

from ejd.db import Session
from ejd.journal.closing import BEFORE_CLOSING
from ejd.journal.models import TermClosing
from ejd.privacy.queries import passports_to_erase
from ejd.roster.belonging import held, unclosed
from ejd.roster.models import (
    ClassTeacher,
    Course,
    Enrolment,
    Guardianship,
    SchoolClass,
    TeachingAssignment,
)
from ejd.roster.queries_classes import Undivided, undivided_of
from ejd.schedule.models import Lesson, LessonState, TeacherAbsence, TimetableVersion
from ejd.school.models import Bell, SchoolYear, Term
from ejd.school.queries import year_to_prepare, years
from ejd.words import counted

AHEAD = timedelta(days=6)  # lessons of the week to come
LAST_WEEKS = timedelta(days=14)  # of a year: then a journal may have no lesson left


class Task(StrEnum):
    """What is to be done; each has its page."""

    OPEN_YEAR = "open_year"
    BELLS = "bells"
    CLASSES = "classes"
    LOAD = "load"
    CLASS_TEACHERS = "class_teachers"
    VACANCIES = "vacancies"
    SUBGROUPS = "subgroups"
    TIMETABLE = "timetable"
    UNTIMED = "untimed"
    UNTAUGHT = "untaught"
    AWAY = "away"
    CLOSE_TERMS = "close_terms"
    GUARDIANS = "guardians"
    LAUNCH = "launch"
    FIRST_CLASSES = "first_classes"
    CLOSE_YEAR = "close_year"
    ERASE_PASSPORTS = "erase_passports"


@dataclass(frozen=True, slots=True)
class ToDo:
    task: Task
    sentence: str
    year_id: int | None = None  # of a year that is to be closed


@dataclass(frozen=True, slots=True)
class Figures:
    """How far the school has come, counted on one day."""

    bells: int = 0
    classes: int = 0
    pupils: int = 0
    without_guardian: int = 0
    without_class_teacher: int = 0
    courses: int = 0
    vacancies: int = 0
    timetables: int = 0
    untimed: int = 0  # journals with hours of their own but no lesson to come
    untaught: int = 0  # lessons of the week to come that nobody teaches
    lessons_today: int = 0
    cancelled_today: int = 0
    substituted_today: int = 0
    first_classes: int = 0
    away: int = 0  # lessons of the week to come whose teacher is absent
    passports: int = 0  # passport data that must be erased (R41)
    open_terms: int = 0  # terms of classes that could be closed by their day and are not


@dataclass(frozen=True, slots=True)
class Standing:
    """The school on a day: its year (once that is over the next one, if it is open), its figures, the classes and
    subjects that are not divided into subgroups, and the years that are over and not closed."""

    year: SchoolYear | None
    figures: Figures
    undivided: Sequence[Undivided]
    unclosed: Sequence[SchoolYear] = ()
    ahead: bool = False  # the year is one that is being prepared


def standing(session: Session, *, today: date) -> Standing:
    """Three statements, whatever the size of the school."""
    every = years(session)
    year = year_to_prepare(every, today)
    if year is None:
        return Standing(None, Figures(), ())
    day = min(max(today, year.starts_on), year.ends_on)
    figures, _ = figures_on(session, year, day, today)
    return Standing(year, figures, undivided_of(session, SchoolClass.year_id == year.id, day),
                    [one for one in reversed(every) if one.ends_on < today and one.closed_at is None],
                    ahead=year.starts_on > today)


def figures_on(session: Session, year: SchoolYear, day: date, today: date,
               more: Sequence[ScalarSelect[int]] = ()) -> tuple[Figures, Sequence[int]]:
    """The figures of a year on one of its days, and `more` counts of the caller's own. One statement."""
    row = session.execute(select(*_figures(year, day, today), *more)).one()
    own = len(row) - len(more)
    return Figures(*row[:own]), row[own:]


def to_do(now: Standing, launched: date | None) -> list[ToDo]:
    """The tasks that are open. Later ones wait until there is something to do them with."""
    figures = now.figures
    if now.year is None:
        return [ToDo(Task.OPEN_YEAR, "Откройте учебный год: четверти, каникулы и праздники заполнятся сами")]
    found = [
        (not figures.bells, Task.BELLS, "Добавьте звонки: без них нет времени уроков"),
        (not figures.classes, Task.CLASSES, "Загрузите списки из файлов или заведите классы"),
        (figures.classes and not figures.courses, Task.LOAD, "Загрузите нагрузку: журналов ещё нет"),
        (figures.without_class_teacher, Task.CLASS_TEACHERS,
         f"Без классного руководителя {counted(figures.without_class_teacher, 'класс', 'класса', 'классов')}"),
        (figures.vacancies, Task.VACANCIES,
         f"Без учителя {counted(figures.vacancies, 'журнал', 'журнала', 'журналов')}: назначьте или ведите заменами"),
        (now.undivided, Task.SUBGROUPS, _undivided_in_words(now.undivided)),
        (now.ahead and figures.classes and not figures.first_classes, Task.FIRST_CLASSES,
         "Первых классов ещё нет: откройте их"),
        (figures.courses and not figures.timetables, Task.TIMETABLE, "Расписания нет, поэтому нет и уроков"),
        (figures.timetables and figures.untimed, Task.UNTIMED,
         f"В расписании нет {counted(figures.untimed, 'журнала', 'журналов', 'журналов')} с часами в нагрузке"),
        (figures.untaught, Task.UNTAUGHT,
         f"На ближайшую неделю без учителя {counted(figures.untaught, 'урок', 'урока', 'уроков')}: назовите замену"),
        (figures.away, Task.AWAY,
         f"На ближайшую неделю ждут замены {counted(figures.away, 'урок', 'урока', 'уроков')} отсутствующих учителей"),
        (figures.open_terms, Task.CLOSE_TERMS,
         f"Период кончился, пора закрыть: {counted(figures.open_terms, 'класс', 'класса', 'классов')}"),
        (figures.without_guardian, Task.GUARDIANS,
         f"Без представителя {counted(figures.without_guardian, 'ученик', 'ученика', 'учеников')}"),
        (figures.passports, Task.ERASE_PASSPORTS,
         f"Пора стереть паспортные данные: {counted(figures.passports, 'выпускник', 'выпускника', 'выпускников')}"),
        (figures.timetables and launched is None, Task.LAUNCH,
         "Назовите день начала контроля: до него ничто не считается опозданием"),
    ]
    return [ToDo(task, sentence) for is_open, task, sentence in found if is_open] + [
        ToDo(Task.CLOSE_YEAR, f"{year.name} учебный год кончился: закройте его журналы", year.id)
        for year in now.unclosed]


def _undivided_in_words(undivided: Sequence[Undivided]) -> str:
    subjects = counted(len(undivided), "предмету класса", "предметам классов", "предметам классов")
    pupils = counted(sum(one.pupils for one in undivided), "место", "места", "мест")
    return f"Не все ученики разделены на подгруппы по {subjects}: {pupils} без подгруппы"


def _figures(year: SchoolYear, day: date, today: date) -> tuple[ScalarSelect[int], ...]:
    """One number for each field of `Figures`, in order."""
    of_year = SchoolClass.year_id == year.id
    open_course = (Course.year_id == year.id, unclosed(day))
    taught = exists().where(TeachingAssignment.course_id == Course.id, TeachingAssignment.teacher_id.is_not(None),
                            held(TeachingAssignment, day))
    led = exists().where(ClassTeacher.class_id == SchoolClass.id, held(ClassTeacher, day))
    guarded = exists().where(Guardianship.pupil_id == Enrolment.pupil_id, held(Guardianship, day))
    enrolled = (Enrolment.class_id.in_(select(SchoolClass.id).where(of_year)), held(Enrolment, day))
    to_come = exists().where(Lesson.course_id == Course.id, Lesson.day >= min(day, year.ends_on - LAST_WEEKS))
    planned = Lesson.state == LessonState.PLANNED.value
    away = exists().where(TeacherAbsence.teacher_id == Lesson.teacher_id, TeacherAbsence.withdrawn_at.is_(None),
                          Lesson.day.between(TeacherAbsence.from_on, TeacherAbsence.to_on))
    closed = exists().where(TermClosing.class_id == SchoolClass.id, TermClosing.term_id == Term.id)

    return (
        count_of(Bell.id), count_of(SchoolClass.id, of_year), count_of(Enrolment.id, *enrolled),
        count_of(Enrolment.id, *enrolled, ~guarded), count_of(SchoolClass.id, of_year, ~led),
        count_of(Course.id, *open_course), count_of(Course.id, *open_course, ~taught),
        count_of(TimetableVersion.id, TimetableVersion.year_id == year.id, TimetableVersion.published_at.is_not(None)),
        count_of(Course.id, *open_course, Course.half_hours >= 2, ~to_come, literal(today <= year.ends_on)),
        count_of(Lesson.id, Lesson.day.between(max(today, day), max(today, day) + AHEAD), planned,
               Lesson.teacher_id.is_(None)),
        count_of(Lesson.id, Lesson.day == today, planned),
        count_of(Lesson.id, Lesson.day == today, Lesson.state == LessonState.CANCELLED.value),
        count_of(Lesson.id, Lesson.day == today, planned, Lesson.substitutes_id.is_not(None)),
        count_of(SchoolClass.id, of_year, SchoolClass.grade == 1),
        count_of(Lesson.id, Lesson.day.between(max(today, day), max(today, day) + AHEAD), planned, away),
        passports_to_erase(today).scalar_subquery(),
        select(func.count()).select_from(SchoolClass)
        .join(Term, and_(Term.year_id == SchoolClass.year_id, Term.scheme == SchoolClass.term_scheme))
        .where(of_year, literal(year.closed_at is None), Term.ends_on <= today - BEFORE_CLOSING, ~closed)
        .scalar_subquery(),
    )


def count_of(column: object, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(*where).scalar_subquery()  # type: ignore[arg-type]
