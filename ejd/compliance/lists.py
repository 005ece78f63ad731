"""The list behind each figure: rows ready for the page, the workbook and the paper. Two statements a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.compliance import scope as scopes
from ejd.compliance.density import Density, DensityFigure, norms_of
from ejd.compliance.journals import journals_of
from ejd.compliance.lessons import conditions_of_lessons
from ejd.compliance.metrics import OF_EXPECTATIONS, OF_HOMEWORK, OF_LESSONS, Figure
from ejd.compliance.owed_homework import is_figure, owed
from ejd.compliance.scope import WEEK_SQL, Condition, Launches, Rows, Scope, day_of_lists, under_control
from ejd.db import Session
from ejd.documents.tables import Column, Value
from ejd.documents.tables import figure as in_figures
from ejd.journal.deadlines import Launch, days_late, last_day
from ejd.journal.grading import is_sparse
from ejd.journal.lessons_in_a_row import NOT_SET, PUBLISHED_AT, of_class
from ejd.journal.models import Expectation, Homework, Mark, MarkCorrection, Work, WorkKind
from ejd.roster.models import Course, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState

_pupil = aliased(Person, name="pupil")
_teacher = aliased(Person, name="teacher")
_hand = aliased(Person, name="hand")

ON_TIME = timedelta(0)
AT_ONCE = 5_000  # rows that the database hands over at a time

CORRECTIONS = {"corrected": "исправлена", "moved": "перенесена", "withdrawn": "удалена", "redated": "изменена дата",
               "described": "изменён вид или вес"}

PUPIL, CLASS, SUBJECT = Column("Ученик", 58), Column("Класс", 14), Column("Предмет", 36)
KIND, TEACHER = Column("Вид работы", 32), Column("Учитель", 28)
MARK_COLUMNS = (PUPIL, CLASS, SUBJECT, KIND, Column("Отметка", 17), Column("Получена", 22), Column("Срок", 22),
                Column("Внесена", 22), Column("Через дней", 16, "right"), Column("Опоздание, дней", 22, "right"),
                TEACHER, Column("Внёс", 28))
EXPECTED_COLUMNS = (PUPIL, CLASS, SUBJECT, KIND, Column("Работа", 40), Column("Получена", 22), Column("Срок", 22),
                    Column("Просрочено, дней", 24, "right"), Column("Кто должен выставить", 32))
CORRECTED_COLUMNS = (PUPIL, CLASS, SUBJECT, KIND, Column("Что сделано", 26), Column("Было", 16), Column("Стало", 16),
                     Column("Получена", 22), Column("Изменена", 22), Column("Через дней", 16, "right"), TEACHER,
                     Column("Кто изменил", 32))
HOMEWORK_COLUMNS = (Column("День", 22), Column("Урок", 12), CLASS, SUBJECT, Column("Что есть", 22),
                    Column("Срок", 30), Column("Опубликовано", 30), Column("Опоздание", 24), TEACHER)
LESSON_COLUMNS = (Column("День", 22), Column("Урок", 12), CLASS, SUBJECT, Column("Что с уроком", 28),
                  Column("Тема", 60), Column("Тема записана", 30), Column("Посещаемость отмечена", 30), TEACHER)
JOURNAL_COLUMNS = (CLASS, SUBJECT, Column("Учеников", 18, "right"), Column("Уроков", 16, "right"),
                   Column("Отметок", 18, "right"), Column("Отметок на ученика", 24, "right"),
                   Column("Норма на ученика", 24, "right"), Column("Отметок на ученика за урок", 30, "right"))
STATES = {LessonState.CANCELLED.value: "отменён"}


class Place(NamedTuple):
    """Where in the journals a row of a list stands."""

    course_id: int
    lesson_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list, and how long the whole of it is."""

    total: int
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    places: Sequence[NamedTuple] = ()  # where a row is mended, one a row
    linked: str = SUBJECT.title  # the column that leads there


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a list comes from: ids in order, the same rows with all that is shown, and how one becomes cells."""

    columns: Sequence[Column]
    ids: Rows
    shown: Rows
    id: Any
    order: tuple[Any, ...]
    cells: Callable[[Any], Sequence[Value]]


def listing(session: Session, *, figure: Figure | DensityFigure, scope: Scope, launches: Launches, today: date,
            now: datetime, limit: int, offset: int = 0, density: Density = ()) -> Listing:
    """Rows `offset` to `offset + limit` of the list behind a figure, the worst first. `density` is R13's setting, which
    only lists of journals ask."""
    if figure is Figure.JOURNALS or isinstance(figure, DensityFigure):
        return _journals(session, figure, scope, launches, today, now, density, limit, offset)
    source = _source(figure, scope, launches, today, now)
    total = session.scalar(select(func.count()).select_from(source.ids.subquery())) or 0
    if offset >= total:
        return Listing(total, source.columns, ())
    part = source.ids.order_by(*source.order).limit(limit).offset(offset).correlate(None)
    rows = session.execute(source.shown.where(source.id.in_(part)).order_by(*source.order)).all()
    return Listing(total, source.columns, [source.cells(row) for row in rows],
                   [Place(row.course_id, row.lesson_id, row.lesson_day) for row in rows])


def whole_list(session: Session, *, figure: Figure | DensityFigure, scope: Scope, launches: Launches, today: date,
               now: datetime, most: int, density: Density = ()) -> Listing:
    """The whole list behind a figure, for a file: without rows when it has more than `most`. Equal cells are kept
    once, so that a year of marks fits into memory."""
    if figure is Figure.JOURNALS or isinstance(figure, DensityFigure):
        return _journals(session, figure, scope, launches, today, now, density, most, 0)
    source = _source(figure, scope, launches, today, now)
    total = session.scalar(select(func.count()).select_from(source.ids.subquery())) or 0
    if total > most:
        return Listing(total, source.columns, ())
    shown = source.shown.where(source.id.in_(source.ids.correlate(None))).order_by(*source.order)
    once: dict[Value, Value] = {}
    rows = [tuple(once.setdefault(value, value) for value in source.cells(row))
            for row in session.execute(shown.execution_options(yield_per=AT_ONCE))]
    return Listing(total, source.columns, rows)


def _source(figure: Figure, scope: Scope, launches: Launches, today: date, now: datetime) -> _Source:
    if figure in OF_HOMEWORK:
        return _homework(figure, scope, launches.homework, now)
    if figure in OF_LESSONS:
        return _lessons(figure, scope, launches.marks, now, today)
    if figure in OF_EXPECTATIONS:
        return _expectations(figure, scope, launches.marks, today)
    if figure is Figure.CORRECTED:
        return _corrections(scope, launches.marks)
    return _marks(figure, scope, launches.marks)


def _with_names(query: Rows) -> Rows:
    """Add what tells a lesson's course: class or group, subject."""
    return (query.join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
            .add_columns(Lesson.id.label("lesson_id"), Lesson.course_id, Lesson.day.label("lesson_day"),
                         Course.subgroup, Course.name.label("group"), Subject.name.label("subject"), SchoolClass))


def _named(row: Any) -> tuple[str, str]:
    """Class (or group) and subject of a row."""
    subject = f"{row.subject}, подгруппа\u00a0{row.subgroup}" if row.subgroup else row.subject
    return (row.SchoolClass.name if row.SchoolClass else row.group), subject


def _name(person: Person | None) -> str:
    return person.short_name if person else ""


def _marks(figure: Figure, scope: Scope, launch: Launch) -> _Source:
    def cells(row: Any) -> Sequence[Value]:
        mark: Mark = row.Mark
        controlled = launch.covers(row.SchoolClass.grade if row.SchoolClass else None, mark.received_on)
        late = days_late(mark.received_on, mark.entered_on) if controlled else 0
        return (row.pupil.full_name, *_named(row), row.kind, in_figures(mark.value), mark.received_on,
                last_day(mark.received_on), mark.entered_on, mark.days_taken, late or None, _name(row.teacher),
                _name(row.hand))

    controlled = under_control(launch, Mark.received_on, Lesson.course_id, since=scope.first)
    ids = select(Mark.id).join(Lesson, Lesson.id == Mark.lesson_id).where(
        scopes.of_marks(scope), *_is_mark_figure(figure, controlled))
    shown = _with_names(
        select(Mark, _pupil, _teacher, _hand, WorkKind.name.label("kind"))
        .join(Lesson, Lesson.id == Mark.lesson_id).join(WorkKind, WorkKind.id == Mark.kind_id)
        .join(_pupil, _pupil.id == Mark.pupil_id).join(_teacher, _teacher.id == Mark.responsible_id)
        .join(_hand, _hand.id == Mark.entered_by_id))
    return _Source(MARK_COLUMNS, ids, shown, Mark.id,
                   (Mark.days_taken.desc(), Mark.received_on.desc(), Mark.id), cells)


def _is_mark_figure(figure: Figure, controlled: Condition) -> list[Condition]:
    """`metrics.figures_of_mark` as SQL."""
    return {
        Figure.ENTERED: [],
        Figure.ON_TIME: [controlled, Mark.days_taken <= WEEK_SQL],
        Figure.OVER_TERM: [controlled, Mark.days_taken <= WEEK_SQL, Mark.over_limit.is_(True)],
        Figure.LATE: [controlled, Mark.days_taken > WEEK_SQL],
        Figure.BEFORE_LAUNCH: [~controlled],
    }[figure]


def _expectations(figure: Figure, scope: Scope, launch: Launch, today: date) -> _Source:
    def cells(row: Any) -> Sequence[Value]:
        due: date | None = row.due_on
        over = (today - due).days if due and figure is Figure.OVERDUE else None
        return (row.pupil.full_name, *_named(row), row.kind, row.title, row.received_on, due, over,
                _name(row.teacher))

    overdue = scopes.is_overdue(scope, launch, today)
    awaited = scopes.of_expectations(scope, Work)
    wanted = {Figure.OVERDUE: and_(awaited, overdue), Figure.CLOSED_EARLY: scopes.closed_early(scope, Work),
              Figure.AWAITED: and_(awaited, or_(Expectation.due_on.is_(None), ~overdue))}[figure]
    ids = (select(Expectation.id).join(Work, Work.id == Expectation.work_id)
           .join(Lesson, Lesson.id == Work.lesson_id).where(wanted))
    shown = _with_names(
        select(Expectation.received_on, Expectation.due_on, Work.title, _pupil, _teacher, WorkKind.name.label("kind"))
        .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .join(WorkKind, WorkKind.id == Work.kind_id).join(_pupil, _pupil.id == Expectation.pupil_id)
        .join(_teacher, _teacher.id == Expectation.responsible_id))
    return _Source(EXPECTED_COLUMNS, ids, shown, Expectation.id, (Expectation.due_on, Expectation.id), cells)


def _corrections(scope: Scope, launch: Launch) -> _Source:
    def cells(row: Any) -> Sequence[Value]:
        fact: MarkCorrection = row.MarkCorrection
        return (row.pupil.full_name, *_named(row), row.kind, CORRECTIONS[fact.what],
                _was(fact.what, fact.before), _was(fact.what, fact.after),
                row.received_on, fact.corrected_on, fact.days_after, _name(row.teacher), _name(row.hand))

    ids = (select(MarkCorrection.id).join(Mark, Mark.id == MarkCorrection.mark_id)
           .join(Lesson, Lesson.id == Mark.lesson_id).where(
        scopes.of_corrections(scope), under_control(launch, Mark.received_on, Lesson.course_id)))
    shown = _with_names(
        select(MarkCorrection, Mark.received_on, _pupil, _teacher, _hand, WorkKind.name.label("kind"))
        .join(Mark, Mark.id == MarkCorrection.mark_id).join(Lesson, Lesson.id == Mark.lesson_id)
        .join(WorkKind, WorkKind.id == Mark.kind_id).join(_pupil, _pupil.id == Mark.pupil_id)
        .join(_teacher, _teacher.id == MarkCorrection.responsible_id)
        .join(_hand, _hand.id == MarkCorrection.corrected_by_id))
    return _Source(CORRECTED_COLUMNS, ids, shown, MarkCorrection.id,
                   (MarkCorrection.days_after.desc(), MarkCorrection.corrected_on.desc(), MarkCorrection.id), cells)


def _was(what: str, kept: str) -> Value:
    """What a correction keeps of before or after, as far as it can be read: a value, a day."""
    if what == "redated":
        return date.fromisoformat(kept)
    return kept if what in {"corrected", "withdrawn"} else ""


def _homework(figure: Figure, scope: Scope, launch: Launch, now: datetime) -> _Source:
    def cells(row: Any) -> Sequence[Value]:
        lesson: Lesson = row.Lesson
        what = "нет" if row.published_at is None else "не задано" if row.not_set else "задание"
        end = row.published_at or now
        due = lesson.homework_due_at
        return (lesson.day, lesson.number, *_named(row), what, clock.local(due) if due else None,
                clock.local(row.published_at) if row.published_at else None,
                max(end - due, ON_TIME) or None if due else None, _name(row.teacher))

    ids = owed(select(Lesson.id), scope, launch, now).where(is_figure(figure, now))
    shown = _with_names(
        select(Lesson, PUBLISHED_AT.label("published_at"), NOT_SET.label("not_set"), _teacher)
        .outerjoin(Homework, of_class(Lesson))
        .outerjoin(_teacher, _teacher.id == Lesson.teacher_id))
    return _Source(HOMEWORK_COLUMNS, ids, shown, Lesson.id, (Lesson.day.desc(), Lesson.number, Lesson.id), cells)


def _lessons(figure: Figure, scope: Scope, launch: Launch, now: datetime, today: date) -> _Source:
    def cells(row: Any) -> Sequence[Value]:
        lesson: Lesson = row.Lesson
        coming = "ещё не было" if lesson.ends_at > now else "состоялся"
        return (lesson.day, lesson.number, *_named(row), STATES.get(lesson.state, coming), lesson.topic,
                clock.local(lesson.topic_at) if lesson.topic_at else None,
                clock.local(lesson.attendance_at) if lesson.attendance_at else None, _name(row.teacher))

    ids = select(Lesson.id).where(scopes.of_lessons(scope), conditions_of_lessons(scope, launch, now, today)[figure])
    shown = _with_names(select(Lesson, _teacher).outerjoin(_teacher, _teacher.id == Lesson.teacher_id))
    return _Source(LESSON_COLUMNS, ids, shown, Lesson.id, (Lesson.day.desc(), Lesson.number, Lesson.id), cells)


def _journals(session: Session, figure: Figure | DensityFigure, scope: Scope, launches: Launches, today: date,
              now: datetime, density: Density, limit: int, offset: int) -> Listing:
    """Journals with lessons held, the sparsest marks first; or of them those below R13. Three statements."""
    day = day_of_lists(scope, today)
    norms = norms_of(session, scope=scope, day=day)
    held = session.execute(_with_journal_names(
        select(Lesson.course_id, func.count().label("lessons"), func.max(Lesson.day).label("day"))
        .where(scopes.of_lessons(scope),
               conditions_of_lessons(scope, launches.marks, now, today)[Figure.LESSONS_HELD])
        .group_by(Lesson.course_id).subquery())).all()
    journals = journals_of(session, days=[day], first=scope.first, last=scope.last)
    found = []
    for row in held:
        journal, many = journals[row.course_id], norms.marks.get(row.course_id, 0)
        pupils, least = len(journal.pupils[0]), norms.least(row.course_id, row.lessons, density)
        if not journal.takes_marks or (figure is DensityFigure.SPARSE and not is_sparse(many, least * pupils)):
            continue
        places = pupils * row.lessons
        sparse = Fraction(many, places) if places else Fraction(0)
        found.append((sparse, _named(row), Place(row.course_id, 0, row.day),
                      (*_named(row), pupils, row.lessons, many, Fraction(many, pupils) if pupils else None,
                       least or None, sparse if places else None)))
    found.sort(key=lambda one: one[:2])
    part = found[offset:offset + limit]
    return Listing(len(found), JOURNAL_COLUMNS, [cells for *_, cells in part], [place for _, _, place, _ in part])


def _with_journal_names(held: Any) -> Rows:
    return (select(held.c.course_id, held.c.lessons, held.c.day, Course.subgroup, Course.name.label("group"),
                   Subject.name.label("subject"), SchoolClass)
            .join(Course, Course.id == held.c.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == Course.class_id))
