"""Reading excuses: those of a pupil for the family, those of a class for its teacher and the office (R40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.journal.excuses import STATE_WORDS, span_of
from ejd.journal.excusing import REASON_WORDS, Span
from ejd.journal.models import Attendance, Excuse, ExcuseState
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseMember, Enrolment, Guardianship, Person
from ejd.schedule.models import Lesson, LessonState
from ejd.words import counted


@dataclass(frozen=True, slots=True)
class ExcuseCard:
    """One excuse as its own family, the class teacher and the office read it."""

    id: int
    version: int
    pupil_id: int
    pupil: str
    span: Span
    code: str
    certificate: bool
    state: ExcuseState
    word: str
    answer: str
    made_at: datetime
    made_by_id: int
    made_by: str
    by_guardian: bool
    decided_at: datetime | None
    decided_by: str
    lessons: int  # of these days
    unmarked: int  # of them whose attendance should have been taken by now
    beside: Sequence[Span] = ()  # other spans that overlap

    @property
    def doubts(self) -> Sequence[str]:
        """What whoever announced or answers it should look at."""
        if not (self.waits or self.stands):
            return ()
        found = [] if self.lessons else ["в эти дни уроков нет"]
        if self.waits and self.beside:
            found.append(f"об этих днях есть и другая запись: {'; '.join(one.in_words for one in self.beside)}")
        return found

    @property
    def unmarked_words(self) -> str:
        """«ещё не отмечено учителями: 3 урока»"""
        if not (self.stands and self.unmarked):
            return ""
        return f"ещё не отмечено учителями: {counted(self.unmarked, 'урок', 'урока', 'уроков')}"

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"excuse{self.id}"

    @property
    def waits(self) -> bool:
        return self.state is ExcuseState.ANNOUNCED

    @property
    def stands(self) -> bool:
        return self.state is ExcuseState.ACCEPTED

    @property
    def state_words(self) -> str:
        return STATE_WORDS[self.state]

    @property
    def reason(self) -> str:
        """«болезнь, справка»"""
        return REASON_WORDS[self.code] + (", справка" if self.certificate else "")


def excuses_of_pupil(session: Session, *, pupil_id: int, since: date, today: date) -> list[ExcuseCard]:
    """What was announced or written down of a pupil since a day, the latest first. One statement."""
    return _cards(session, _EXCUSES.where(Excuse.pupil_id == pupil_id, Excuse.to_on >= since)
                  .order_by(Excuse.from_on.desc(), Excuse.id.desc()), today)


def excuses_of_class(session: Session, *, class_id: int, since: date, today: date) -> list[ExcuseCard]:
    """Those of everybody who is in the class on the excuse's days: what waits for an answer first, then the latest.
    One statement."""
    in_class = exists().where(Enrolment.pupil_id == Excuse.pupil_id, Enrolment.class_id == class_id,
                              Enrolment.from_on <= Excuse.to_on,
                              or_(Enrolment.to_on.is_(None), Enrolment.to_on >= Excuse.from_on))
    waits = case((Excuse.state == ExcuseState.ANNOUNCED.value, 0), else_=1)
    return _cards(session, _EXCUSES.where(in_class, Excuse.to_on >= since)
                  .order_by(waits, Excuse.from_on.desc(), Excuse.id.desc()), today)


def excuse_of_class(session: Session, *, class_id: int, excuse_id: int) -> Excuse | None:
    """An excuse of somebody who was in the class on one of its days."""
    return session.scalar(
        select(Excuse).join(Enrolment, Enrolment.pupil_id == Excuse.pupil_id)
        .where(Excuse.id == excuse_id, Enrolment.class_id == class_id, Enrolment.from_on <= Excuse.to_on,
               or_(Enrolment.to_on.is_(None), Enrolment.to_on >= Excuse.from_on)).limit(1))


def excuse_of_pupil(session: Session, *, pupil_id: int, excuse_id: int) -> Excuse | None:
    return session.scalar(select(Excuse).filter_by(id=excuse_id, pupil_id=pupil_id))


def pupils_of_class(session: Session, *, class_id: int, day: date) -> Sequence[tuple[int, str]]:
    """Who is in the class on the day, by the alphabet: id, surname and first name. One statement."""
    people = session.execute(
        select(Person.id, Person.last_name, Person.first_name).join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id == class_id, held(Enrolment, day)).order_by(Person.sort_key, Person.id))
    return [(person_id, f"{last} {first}".strip()) for person_id, last, first in people]


def _excuses() -> Select[*tuple[Any, ...]]:
    maker, decider = aliased(Person), aliased(Person)
    guardian = exists().where(Guardianship.guardian_id == Excuse.made_by_id, Guardianship.pupil_id == Excuse.pupil_id)
    unmarked = (Lesson.attendance_at.is_(None), Lesson.day <= bindparam("today", type_=Date),
                ~exists().where(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == Excuse.pupil_id))
    return (select(Excuse, Person, maker, decider, guardian.label("by_guardian"), _lessons().label("lessons"),
                   _lessons(*unmarked).label("unmarked"))
            .join(Person, Person.id == Excuse.pupil_id).join(maker, maker.id == Excuse.made_by_id)
            .outerjoin(decider, decider.id == Excuse.decided_by_id))


def _lessons(*asked: Any) -> Any:
    """How many lessons of the pupil an excuse covers."""
    number = Lesson.number.between(func.coalesce(Excuse.first_number, 0), func.coalesce(Excuse.last_number, 99))

    def of(table: Any, belongs: Any) -> Any:
        return (select(func.count(Lesson.id)).join(Course, Course.id == Lesson.course_id).join(table, belongs)
                .where(table.pupil_id == Excuse.pupil_id, held(table, Lesson.day), number, *asked,
                       Lesson.day.between(Excuse.from_on, Excuse.to_on), Lesson.state == LessonState.PLANNED.value)
                .correlate(Excuse).scalar_subquery())

    return (of(Enrolment, and_(Enrolment.class_id == Course.class_id, Course.subgroup == 0))
            + of(CourseMember, CourseMember.course_id == Course.id))


_EXCUSES = _excuses()


def _cards(session: Session, query: Select[*tuple[Any, ...]], today: date) -> list[ExcuseCard]:
    rows = session.execute(query, {"today": today}).all()
    standing = [(row.Excuse.id, row.Excuse.pupil_id, span_of(row.Excuse)) for row in rows
                if row.Excuse.state in (ExcuseState.ANNOUNCED.value, ExcuseState.ACCEPTED.value)]
    return [_card(row, [span for other, pupil_id, span in standing if other != row.Excuse.id
                        and pupil_id == row.Excuse.pupil_id and span.meets(span_of(row.Excuse))]) for row in rows]


def _card(row: Any, beside: Sequence[Span]) -> ExcuseCard:
    excuse, pupil, maker, decider, by_guardian, lessons, unmarked = row
    return ExcuseCard(
        excuse.id, excuse.version, excuse.pupil_id, f"{pupil.last_name} {pupil.first_name}".strip(),
        span_of(excuse), excuse.code, excuse.certificate,
        ExcuseState(excuse.state), excuse.word, excuse.answer, excuse.made_at, excuse.made_by_id, maker.short_name,
        by_guardian, excuse.decided_at, decider.short_name if decider else "", lessons,
        unmarked, beside)
