"""A pupil who comes in mid-year brings marks along: those of the running term stand at the first lesson of the subject
with the kind «из справки», which R1 does not count; results of earlier terms are kept without a journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ejd import clock
from ejd.audit import trail
from ejd.db import Session, table_of
from ejd.journal.closing import YEAR_SHUT
from ejd.journal.entering import NewMark
from ejd.journal.marks import put_marks
from ejd.journal.models import WorkKind
from ejd.journal.wording import key_of
from ejd.refusal import Refused, Stale
from ejd.results import offering
from ejd.results.models import Period, TermMark, TermMarkCorrection
from ejd.roster.belonging import held
from ejd.roster.models import Enrolment
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term
from ejd.school.settings import Settings
from ejd.words import long_date

BROUGHT = "transfer"  # the kind of work «из справки»
PAPER = "из справки"
MOST_MARKS = 30  # of a subject: nobody brings more from one term


@dataclass(frozen=True, slots=True)
class BroughtMarks:
    """Marks of one journal from the paper, in their order."""

    course_id: int
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class BroughtResult:
    """A result of an earlier term from the paper; an empty value takes it back. `version` is the one seen, 0 where none
    stood."""

    subject_id: int
    term_id: int
    value: str
    version: int


def take_in_marks(session: Session, *, actor_id: int, pupil_id: int, brought: Sequence[BroughtMarks], received_on: date,
                  key: str, settings: Settings, now: datetime) -> int:
    """Put the marks of the running term; how many. The same key again puts none twice."""
    key_of(key)
    marks: list[NewMark] = []
    kind_id = session.scalar(select(WorkKind.id).filter_by(code=BROUGHT))
    if kind_id is None:
        raise Refused("Вида работы «Из справки» в школе нет: верните его в настройках")
    for one in brought:
        field = f"marks-{one.course_id}"
        if len(one.values) > MOST_MARKS:
            raise Refused(f"По предмету из справки – не больше {MOST_MARKS} отметок", field=field)
        lesson = _first_lesson(session, pupil_id, one.course_id, now, field)
        on = min(received_on, clock.local(now).date())
        marks += [NewMark(lesson.id, pupil_id, value, f"{key}-{one.course_id}-{number}", actor_id, now, kind_id=kind_id,
                          received_on=on, received_reason="" if on == lesson.day else PAPER)
                  for number, value in enumerate(one.values)]
    fields = {mark.key: f"marks-{mark.key.split('-')[-2]}" for mark in marks}
    for course_id in dict.fromkeys(fields.values()):
        try:
            put_marks(session, marks=[mark for mark in marks if fields[mark.key] == course_id], settings=settings)
        except Refused as refused:
            if not isinstance(refused, Stale):
                refused.field = refused.field if refused.field == "received_on" else course_id
            raise
    return len(marks)


def take_in_results(session: Session, *, actor_id: int, pupil_id: int, class_id: int, year_id: int,
                    results: Sequence[BroughtResult], now: datetime) -> int:
    """Keep results of earlier terms, or correct those that were brought; how many differed. What a teacher of this
    school has set stays. A term that is closed here does not keep them out: they are another school's."""
    if session.scalar(select(SchoolYear.closed_at).filter_by(id=year_id)) is not None:
        raise Refused(YEAR_SHUT)
    terms = {term.id: term for term in session.scalars(select(Term).filter_by(year_id=year_id))}
    standing = {(one.subject_id, one.term_id): one for one in session.scalars(
        select(TermMark).filter_by(pupil_id=pupil_id, year_id=year_id, period=Period.TERM.value)
        .order_by(TermMark.id).with_for_update().execution_options(populate_existing=True))}
    changed = 0
    for one in results:
        field = f"result-{one.subject_id}-{one.term_id}"
        value = _value(one, field)
        stands = standing.get((one.subject_id, one.term_id))
        if one.term_id not in terms:
            raise Refused("Такого периода в году нет: обновите страницу")
        if value == (stands.value if stands else None):
            continue
        if stands is not None and stands.course_id is not None:
            raise Refused("Эту итоговую выставил учитель школы: исправляет её он", field=field)
        if one.version != (stands.version if stands else 0):
            raise Stale("Итоговую уже изменили", theirs=(stands.value if stands else None) or "пусто", field=field)
        if stands is None:
            _keep(session, actor_id, pupil_id, class_id, year_id, one, value, now)
        else:
            _correct(session, actor_id, stands, value, now)
        changed += 1
    return changed


def _first_lesson(session: Session, pupil_id: int, course_id: int, now: datetime, field: str) -> Lesson:
    """The first lesson of the journal that has begun since the pupil is in the class: there the marks stand."""
    since = session.scalar(select(Enrolment.from_on).where(
        Enrolment.pupil_id == pupil_id, held(Enrolment, clock.local(now).date())))
    if since is None:
        raise Refused("Сейчас этот человек ни в каком классе не учится")
    lessons = session.scalars(
        select(Lesson).where(Lesson.course_id == course_id, Lesson.day >= since,
                             Lesson.state == LessonState.PLANNED.value).order_by(Lesson.starts_at).limit(1)).first()
    if lessons is None:
        raise Refused("Уроков по этому предмету в расписании нет: отметку поставить некуда", field=field)
    if lessons.starts_at > now:
        raise Refused(f"Первый урок будет {long_date(lessons.day)}: отметки из справки внесите после него", field=field)
    return lessons


def _value(one: BroughtResult, field: str) -> str | None:
    value = offering.read_value(one.value)
    allowed = {*offering.values_of(offering.FIVE_POINT, offering.Rules(ones=True)), offering.PASSED, offering.FAILED}
    if value and value not in allowed:
        raise Refused(f"«{value[:10]}» – не итоговая отметка: 5, 4, 3, 2, зач, незач, осв или н/а", field=field)
    return value or None


def _keep(session: Session, actor_id: int, pupil_id: int, class_id: int, year_id: int, one: BroughtResult,
          value: str | None, now: datetime) -> None:
    row = TermMark(pupil_id=pupil_id, class_id=class_id, subject_id=one.subject_id, year_id=year_id,
                   period=Period.TERM.value, term_id=one.term_id, value=value, reason=PAPER, entered_at=now,
                   entered_on=clock.local(now).date(), entered_by_id=actor_id)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # another hand kept one first
        raise Stale("Итоговую уже изменили", field=f"result-{one.subject_id}-{one.term_id}") from error
    trail.record(session, now=now, actor_id=actor_id, verb="result.set", subject_id=row.id, pupil=pupil_id,
                 subject=one.subject_id, period=row.period, value=value, suggested=None)


def _correct(session: Session, actor_id: int, row: TermMark, value: str | None, now: datetime) -> None:
    change = {"before": row.value or "", "after": value or ""}
    row.value, row.version = value, row.version + 1
    session.flush()
    session.execute(insert(table_of(TermMarkCorrection)).values(
        term_mark_id=row.id, **change, corrected_at=now, corrected_on=clock.local(now).date(),
        corrected_by_id=actor_id))
    trail.record(session, now=now, actor_id=actor_id, verb="result.corrected", subject_id=row.id, **change)
