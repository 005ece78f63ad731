"""Reading remarks on the journal (R61): the list with its filters, one with all that was said, what waits for a
teacher, and those of a class for its printed journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from ejd import words
from ejd.db import Session
from ejd.remarks import rules
from ejd.remarks.models import JournalRemark, RemarkWord
from ejd.remarks.rules import STATE_NAMES, State
from ejd.roster.belonging import held, touching
from ejd.roster.models import ClassTeacher, Course, CourseMember, Enrolment, Person, SchoolClass, Subject
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class RemarkCard:
    """A remark ready to show. `about`: «7А, Математика, урок 15 сентября»; empty: the teacher's work as a whole."""

    id: int
    about: str
    teacher_id: int
    teacher: str
    author: str
    made_on: date
    text: str
    due_on: date | None
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    state: State
    version: int
    class_id: int | None
    course_id: int | None
    lesson_id: int | None
    day: date | None  # at which the journal is opened

    @property
    def done(self) -> str:
        """As the printed journal says it."""
        return "выполнено" if self.closed_at else STATE_NAMES[self.state]


@dataclass(frozen=True, slots=True)
class Word:
    """What one side said."""

    who: str
    at: datetime
    text: str
    sent_back: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of the list; None: all."""

    state: State | None = None
    teacher_id: int | None = None
    class_id: int | None = None
    unclosed: bool = False  # whatever has been said, the administration has not closed it
    first: date | None = None  # about days of this span
    last: date | None = None


_TEACHER, _AUTHOR = aliased(Person), aliased(Person)
_OPEN = and_(JournalRemark.withdrawn_at.is_(None), JournalRemark.closed_at.is_(None),
             JournalRemark.answered_at.is_(None))


def found(session: Session, *, asked: Asked, today: date, page: int | None = None) -> list[RemarkCard]:
    """The newest first, all or one page of them; withdrawn ones only when they are asked for. One statement."""
    query = _cards().where(*_chosen(asked, today)).order_by(JournalRemark.made_on.desc(), JournalRemark.id.desc())
    return _read(session, query if page is None else query.limit(A_PAGE).offset((page - 1) * A_PAGE), today)


def how_many(session: Session, *, asked: Asked, today: date) -> int:
    """How many there are to be found. One statement."""
    return session.scalar(select(func.count()).select_from(JournalRemark).outerjoin(
        Lesson, Lesson.id == JournalRemark.lesson_id).where(*_chosen(asked, today))) or 0


def lessons_on(session: Session, course_id: int, day: date) -> Sequence[Lesson]:
    """The lessons of a journal on a day, cancelled and moved ones too: these may be remarked on. One statement."""
    return session.scalars(select(Lesson).filter_by(course_id=course_id, day=day).order_by(Lesson.number)).all()


def open_for_teacher(session: Session, teacher_id: int, *, today: date) -> list[RemarkCard]:
    """What waits for the teacher's answer, the most urgent first (R62). One statement."""
    cards = _read(session, _cards().where(JournalRemark.teacher_id == teacher_id, _OPEN), today)
    return sorted(cards, key=lambda card: (card.due_on or date.max, card.made_on, card.id))


def unanswered_by_teacher(session: Session, teacher_ids: Collection[int]) -> Mapping[int, int]:
    """How many remarks wait for the answer of each of these teachers; one without any is left out. One statement."""
    rows = session.execute(select(JournalRemark.teacher_id, func.count())
                           .where(JournalRemark.teacher_id.in_(teacher_ids), _OPEN).group_by(JournalRemark.teacher_id))
    return {row[0]: row[1] for row in rows}


def of_teacher(session: Session, teacher_id: int, *, today: date) -> list[RemarkCard]:
    """Everything that was remarked to the teacher and stands, what waits first. One statement."""
    cards = found(session, asked=Asked(teacher_id=teacher_id), today=today)
    order = [State.OVERDUE, State.OPEN, State.ANSWERED, State.CLOSED]
    return sorted(cards, key=lambda card: order.index(card.state))


def of_class(session: Session, class_id: int, first: date, last: date, *, today: date | None = None
             ) -> list[RemarkCard]:
    """What was remarked in or on a span of days, on the class's journals and on those of groups that its pupils are in,
    in order, for its printed journal and its class teacher. One statement."""
    groups = (select(CourseMember.course_id).join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
              .where(Enrolment.class_id == class_id, touching(Enrolment, first, last),
                     touching(CourseMember, first, last)))
    query = _cards().where(
        or_(JournalRemark.class_id == class_id,
            and_(JournalRemark.class_id.is_(None), JournalRemark.course_id.in_(groups))),
        or_(func.coalesce(Lesson.day, JournalRemark.first).between(first, last),
            and_(JournalRemark.lesson_id.is_(None), JournalRemark.first <= last, JournalRemark.last >= first)),
        JournalRemark.withdrawn_at.is_(None))
    return _read(session, query.order_by(JournalRemark.made_on, JournalRemark.id), today or last)


def one(session: Session, remark_id: int, *, today: date, teacher_id: int | None = None
        ) -> tuple[RemarkCard, list[Word]] | None:
    """A remark with every word of both sides, in order; `teacher_id`: only theirs, and only while it stands. Two
    statements."""
    query = _cards().where(JournalRemark.id == remark_id)
    if teacher_id is not None:
        query = query.where(JournalRemark.teacher_id == teacher_id, JournalRemark.withdrawn_at.is_(None))
    cards = _read(session, query, today)
    if not cards:
        return None
    rows = session.execute(select(RemarkWord, Person).join(Person, Person.id == RemarkWord.by_id)
                           .where(RemarkWord.remark_id == remark_id).order_by(RemarkWord.id))
    return cards[0], [Word(person.short_name, word.at, word.text, word.sent_back) for word, person in rows]


def remarked(session: Session, *, today: date) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Teachers and classes that any remark was about: what the list offers to choose from. Two statements."""
    teachers = session.scalars(select(Person).where(Person.id.in_(select(JournalRemark.teacher_id)))
                               .order_by(Person.sort_key))
    classes = session.scalars(select(SchoolClass).where(SchoolClass.id.in_(
        select(JournalRemark.class_id).where(JournalRemark.class_id.is_not(None)))))
    return ([(person.id, person.short_name) for person in teachers],
            [(one.id, one.name) for one in sorted(classes, key=lambda one: (-one.year_id, one.grade, one.letter))])


def unclosed_by_class(first: date, last: date) -> Select[*tuple[Any, ...]]:
    """How many remarks on the journals of each class, about these days, are not closed; a part of a statement."""
    about = Asked(unclosed=True, first=first, last=last)
    return (select(JournalRemark.class_id, func.count().label("number"))
            .outerjoin(Lesson, Lesson.id == JournalRemark.lesson_id)
            .where(*_chosen(about, last), JournalRemark.class_id.is_not(None)).group_by(JournalRemark.class_id))


def unanswered_by_class(class_ids: Collection[int], today: date) -> Select[*tuple[Any, ...]]:
    """By class teacher how many remarks on the journals of these classes wait for the answer of others; a part of a
    statement."""
    return (select(ClassTeacher.teacher_id, ClassTeacher.class_id, func.count().label("number"))
            .join(JournalRemark, JournalRemark.class_id == ClassTeacher.class_id)
            .where(ClassTeacher.class_id.in_(class_ids), held(ClassTeacher, today),
                   JournalRemark.teacher_id != ClassTeacher.teacher_id, _OPEN)
            .group_by(ClassTeacher.teacher_id, ClassTeacher.class_id))


def waiting_for_administration(session: Session, *, today: date) -> tuple[int, int]:
    """How many remarks have an answer that nobody has read yet, and how many are past their day. One statement."""
    answered = and_(*_chosen(Asked(State.ANSWERED), today))
    overdue = and_(*_chosen(Asked(State.OVERDUE), today))
    row = session.execute(select(func.count(case((answered, 1))), func.count(case((overdue, 1)))).where(
        JournalRemark.closed_at.is_(None), JournalRemark.withdrawn_at.is_(None))).one()
    return row[0], row[1]


def _cards() -> Select[*tuple[Any, ...]]:
    return (select(JournalRemark, _TEACHER, _AUTHOR, Course, SchoolClass, Subject.name.label("subject"), Lesson.day,
                   Lesson.number)
            .join(_TEACHER, _TEACHER.id == JournalRemark.teacher_id)
            .join(_AUTHOR, _AUTHOR.id == JournalRemark.made_by_id)
            .outerjoin(Course, Course.id == JournalRemark.course_id)
            .outerjoin(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == JournalRemark.class_id)
            .outerjoin(Lesson, Lesson.id == JournalRemark.lesson_id))


def _chosen(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    remark, wanted = JournalRemark, asked.state
    standing = remark.withdrawn_at.is_not(None) if wanted is State.WITHDRAWN else remark.withdrawn_at.is_(None)
    chosen: list[ColumnElement[bool]] = [standing]
    if wanted in {State.OPEN, State.OVERDUE}:
        chosen.append(_OPEN)
    if wanted is State.OVERDUE:
        chosen.append(remark.due_on < today)
    if wanted is State.ANSWERED:
        chosen += [remark.answered_at.is_not(None), remark.closed_at.is_(None)]
    if wanted is State.CLOSED:
        chosen.append(remark.closed_at.is_not(None))
    if asked.teacher_id is not None:
        chosen.append(remark.teacher_id == asked.teacher_id)
    if asked.class_id is not None:
        chosen.append(remark.class_id == asked.class_id)
    if asked.unclosed:
        chosen.append(remark.closed_at.is_(None))
    if asked.first is not None:
        chosen.append(func.coalesce(Lesson.day, remark.last, remark.made_on) >= asked.first)
    if asked.last is not None:
        chosen.append(func.coalesce(Lesson.day, remark.first, remark.made_on) <= asked.last)
    return chosen


def _read(session: Session, query: Select[*tuple[Any, ...]], today: date) -> list[RemarkCard]:
    return [_card(row, today) for row in session.execute(query)]


def _card(row: Any, today: date) -> RemarkCard:
    remark = row.JournalRemark
    state = rules.state_of(answered=remark.answered_at is not None, closed=remark.closed_at is not None,
                           withdrawn=remark.withdrawn_at is not None, due_on=remark.due_on, today=today)
    return RemarkCard(remark.id, _about(row), remark.teacher_id, row[1].short_name, row[2].short_name, remark.made_on,
                      remark.text, remark.due_on, remark.answer, remark.answered_at, remark.closed_at, state,
                      remark.version, remark.class_id, remark.course_id, remark.lesson_id, row.day or remark.first)


def _about(row: Any) -> str:
    course = row.Course
    if course is None:
        return ""
    title = course_title(row.SchoolClass.name if row.SchoolClass else course.name, row.subject, course.subgroup)
    if row.day is not None:
        return f"{title}, урок {words.day(row.day)}"
    return f"{title}, {words.days_from_to(row.JournalRemark.first, row.JournalRemark.last)}"


def rows_of(cards: Sequence[RemarkCard]) -> list[list[Any]]:
    """The list as rows of a table for a file."""
    return [[card.made_on, card.about or "работа учителя", card.teacher, card.text, card.due_on, card.answer,
             STATE_NAMES[card.state], card.author] for card in cards]
