"""The facts of a school year as tables for people: names instead of numbers, opened by any program of tables (R54).

Like the journal on paper they are written for whoever may know least: illness is «у» (R40).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.archive.formats import Out
from ejd.db import Session
from ejd.journal.expecting import Presence
from ejd.journal.models import Attendance, Homework, Mark, MarkCorrection, WorkKind
from ejd.results.models import BehaviourMark, Period, TermMark, TermMarkCorrection
from ejd.roster.models import Course, Enrolment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term
from ejd.words import in_subgroup

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
STATES = {LessonState.PLANNED: "", LessonState.CANCELLED: "отменён", LessonState.MOVED: "перенесён"}
PERIODS = {Period.YEAR: "Год", Period.EXAM: "Экзамен", Period.FINAL: "Итоговая"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One table: the file's name, its columns with what each means, and how its rows are read."""

    name: str
    about: str
    columns: tuple[tuple[str, str], ...]
    query: Callable[[int], Any]
    row: Callable[[Any], tuple[Any, ...]]


def write_table(session: Session, out: Out, facts: Facts, year_id: int) -> int:
    """Write one table as CSV with semicolons, as Russian programs of tables open it; how many rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([name for name, _ in facts.columns])
    out.write(b"\xef\xbb\xbf")
    count = 0
    for row in session.execute(facts.query(year_id).execution_options(yield_per=2000)):
        writer.writerow([in_cell(value) for value in facts.row(row)])
        count += 1
        if buffer.tell() > 500_000:
            _flush(buffer, out)
    _flush(buffer, out)
    return count


def in_cell(value: Any) -> str | int:
    """A value as a person reads it; a text that a program of tables would take for a formula has ' before it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{clock.local(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    return int(value)


def described(tables: Iterable[Facts]) -> Iterator[str]:
    """These tables and their columns in words."""
    for one in tables:
        yield ""
        yield f"{one.name}.csv – {one.about}"
        yield from (f"  {name}{f' – {meaning}' if meaning else ''}" for name, meaning in one.columns)


def _flush(buffer: io.StringIO, out: Out) -> None:
    out.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()


def _name(person: Person | None) -> str:
    return person.full_name if person is not None else ""


def _journal(row: Any) -> tuple[str, str]:
    """Class and subject, or the group's name."""
    of_class = row.SchoolClass.name if row.SchoolClass is not None else "группа"
    return of_class, row.Course.name or in_subgroup(row.Subject.name, row.Course.subgroup)


def _of_lessons(query: Any, year_id: int) -> Any:
    return (query.join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == Course.class_id).where(Course.year_id == year_id))


Author = aliased(Person, name="author")
Pupil = aliased(Person, name="pupil")
Regular = aliased(Person, name="regular")


def _pupils(year_id: int) -> Any:
    return (select(Enrolment, Pupil, SchoolClass).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
            .join(Pupil, Pupil.id == Enrolment.pupil_id).where(SchoolClass.year_id == year_id)
            .order_by(SchoolClass.grade, SchoolClass.letter, Pupil.sort_key, Enrolment.id))


def _lessons(year_id: int) -> Any:
    of_class = and_(Homework.lesson_id == Lesson.id, ~Homework.named, Homework.withdrawn_at.is_(None))
    query = (select(Lesson, Course, Subject, SchoolClass, Author, Regular, Homework).select_from(Lesson)
             .outerjoin(Author, Author.id == Lesson.teacher_id).outerjoin(Regular, Regular.id == Lesson.substitutes_id)
             .outerjoin(Homework, of_class))
    return _of_lessons(query, year_id).order_by(Lesson.day, Lesson.number, Lesson.id)


def _marks(year_id: int) -> Any:
    query = (select(Mark, Lesson, Course, Subject, SchoolClass, Pupil, Author, WorkKind).select_from(Mark)
             .join(Lesson, Lesson.id == Mark.lesson_id).join(Pupil, Pupil.id == Mark.pupil_id)
             .join(Author, Author.id == Mark.entered_by_id).join(WorkKind, WorkKind.id == Mark.kind_id))
    return _of_lessons(query, year_id).order_by(Mark.id)


def _corrections(year_id: int) -> Any:
    query = (select(MarkCorrection, Author).select_from(MarkCorrection)
             .join(Mark, Mark.id == MarkCorrection.mark_id).join(Lesson, Lesson.id == Mark.lesson_id)
             .join(Author, Author.id == MarkCorrection.corrected_by_id))
    return _of_lessons(query, year_id).order_by(MarkCorrection.id)


def _letters(year_id: int) -> Any:
    query = (select(Attendance, Lesson, Course, Subject, SchoolClass, Pupil).select_from(Attendance)
             .join(Lesson, Lesson.id == Attendance.lesson_id).join(Pupil, Pupil.id == Attendance.pupil_id)
             .where(Attendance.code.is_not(None)))
    return _of_lessons(query, year_id).order_by(Attendance.id)


def _results(year_id: int) -> Any:
    return (select(TermMark, Term, Subject, SchoolClass, Pupil, Author).select_from(TermMark)
            .outerjoin(Term, Term.id == TermMark.term_id).join(Subject, Subject.id == TermMark.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == TermMark.class_id).join(Pupil, Pupil.id == TermMark.pupil_id)
            .join(Author, Author.id == TermMark.entered_by_id)
            .where(TermMark.year_id == year_id, TermMark.value.is_not(None)).order_by(TermMark.id))


def _corrected_results(year_id: int) -> Any:
    return (select(TermMarkCorrection, Term, TermMark, Subject, SchoolClass, Pupil, Author)
            .join(TermMark, TermMark.id == TermMarkCorrection.term_mark_id)
            .outerjoin(Term, Term.id == TermMark.term_id).join(Subject, Subject.id == TermMark.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == TermMark.class_id).join(Pupil, Pupil.id == TermMark.pupil_id)
            .join(Author, Author.id == TermMarkCorrection.corrected_by_id)
            .where(TermMark.year_id == year_id).order_by(TermMarkCorrection.id))


def _behaviour(year_id: int) -> Any:
    return (select(BehaviourMark, Term, SchoolClass, Pupil).outerjoin(Term, Term.id == BehaviourMark.term_id)
            .join(SchoolClass, SchoolClass.id == BehaviourMark.class_id)
            .join(Pupil, Pupil.id == BehaviourMark.pupil_id)
            .where(SchoolClass.year_id == year_id, BehaviourMark.value.is_not(None)).order_by(BehaviourMark.id))


def _result(row: Any) -> tuple[Any, ...]:
    """Whose result it is, in what, and of which period."""
    return (row.SchoolClass.name if row.SchoolClass else "", _name(row.pupil), row.Subject.name,
            row.Term.name if row.Term else PERIODS[row.TermMark.period])


TABLES = (
    Facts("Ученики", "кто и когда учился в классе",
          (("Класс", ""), ("Ученик", "фамилия, имя, отчество"), ("С", "первый день в классе"),
           ("По", "последний день; пусто – до конца года"), ("Куда выбыл", "причина, как её записали")), _pupils,
          lambda row: (row.SchoolClass.name, _name(row.pupil), row.Enrolment.from_on, row.Enrolment.to_on,
                       row.Enrolment.leave_reason)),
    Facts("Уроки", "что проведено и задано",
          (("Урок", "номер, на который ссылаются другие таблицы"), ("Класс", "или «группа»"), ("Предмет", ""),
           ("Дата", ""), ("По счёту", "какой урок в этот день"), ("Учитель", "кто провёл"),
           ("Вместо кого", "кого заменял"), ("Состояние", "отменён или перенесён; пусто – по расписанию"), ("Тема", ""),
           ("Домашнее задание", "всему классу"), ("Задано", "когда опубликовано")), _lessons,
          lambda row: (row.Lesson.id, *_journal(row), row.Lesson.day, row.Lesson.number, _name(row.author),
                       _name(row.regular), STATES[row.Lesson.state], row.Lesson.topic,
                       row.Homework and ("не задано" if row.Homework.not_set else row.Homework.text),
                       row.Homework and row.Homework.published_at)),
    Facts("Отметки", "все отметки уроков, и отменённые тоже",
          (("Отметка", "номер, на который ссылаются исправления"), ("Урок", "номер урока"), ("Дата урока", ""),
           ("Класс", ""), ("Предмет", ""), ("Ученик", ""), ("Значение", "как стоит сейчас"), ("Вид работы", ""),
           ("Вес", ""), ("Получена", "день, с которого считается срок"), ("Внесена", "когда появилась в журнале"),
           ("Кто внёс", ""), ("Отменена", "когда; пусто – действует"), ("Вместо отметки", "номер пересданной")), _marks,
          lambda row: (row.Mark.id, row.Lesson.id, row.Lesson.day, *_journal(row), _name(row.pupil), row.Mark.value,
                       row.WorkKind.name, row.Mark.weight, row.Mark.received_on, row.Mark.entered_at,
                       _name(row.author), row.Mark.withdrawn_at, row.Mark.retakes_id)),
    Facts("Исправления", "каждое изменение отметки после того, как её поставили",
          (("Отметка", "номер"), ("Что", "value – значение, withdrawn – отмена, остальное – сведения о ней"),
           ("Было", ""), ("Стало", ""), ("Когда", ""), ("Кто", "")), _corrections,
          lambda row: (row.MarkCorrection.mark_id, row.MarkCorrection.what, row.MarkCorrection.before,
                       row.MarkCorrection.after, row.MarkCorrection.corrected_at, _name(row.author))),
    Facts("Посещаемость", "кого не было или кто опоздал; болезнь записана как «у»",
          (("Урок", "номер урока"), ("Дата урока", ""), ("Класс", ""), ("Предмет", ""), ("Ученик", ""),
           ("Отметка", "н – не был, у – по уважительной причине, о – опоздал")), _letters,
          lambda row: (row.Lesson.id, row.Lesson.day, *_journal(row), _name(row.pupil),
                       Presence.EXCUSED.value if row.Attendance.code == Presence.ILL else row.Attendance.code)),
    Facts("Итоговые отметки", "за четверти, полугодия, год, экзамен и итоговые",
          (("Класс", ""), ("Ученик", ""), ("Предмет", ""), ("Период", ""), ("Отметка", ""),
           ("Предложено", "что предлагала программа по текущим отметкам"), ("Выставлена", ""), ("Кто выставил", "")),
          _results,
          lambda row: (*_result(row), row.TermMark.value, row.TermMark.suggested, row.TermMark.entered_at,
                       _name(row.author))),
    Facts("Исправления итоговых отметок", "каждое изменение итоговой отметки после того, как её выставили",
          (("Класс", ""), ("Ученик", ""), ("Предмет", ""), ("Период", ""), ("Было", "пусто – не стояла"),
           ("Стало", "пусто – снята"), ("Когда", ""), ("Кто", "")), _corrected_results,
          lambda row: (*_result(row), row.TermMarkCorrection.before, row.TermMarkCorrection.after,
                       row.TermMarkCorrection.corrected_at, _name(row.author))),
    Facts("Поведение", "отметки за поведение по шкале школы",
          (("Класс", ""), ("Ученик", ""), ("Период", "пусто – за год"), ("Отметка", "")), _behaviour,
          lambda row: (row.SchoolClass.name, _name(row.pupil), row.Term.name if row.Term else "",
                       row.BehaviourMark.value)),
)
SHEETS = ("Ученики", "Итоговые отметки", "Исправления итоговых отметок", "Поведение")  # what is kept with the sheets
OF_SHEETS = tuple(one for one in TABLES if one.name in SHEETS)
