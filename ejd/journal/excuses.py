"""Excuses: announced by a guardian and answered by the class teacher, or written down by class teacher and office; and
what they make of the letters of lessons, back in time too (R4, R8, R10, R40)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select, union

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts, insert_many
from ejd.db import Session
from ejd.journal import excusing
from ejd.journal.attendance import OVER_ABSENT, OVER_BLANK, TAKEN_BACK, Letters, NewPresence
from ejd.journal.excused import Excuses, marked_at
from ejd.journal.excusing import REASONS, Outcome, Span
from ejd.journal.expecting import Presence
from ejd.journal.models import Attendance, Excuse, ExcuseState
from ejd.journal.occasions import LessonFacts, Lists, lock_lessons
from ejd.journal.wording import key_of, one_line
from ejd.refusal import Refused, Stale
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseMember, Enrolment, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear
from ejd.words import weekday_day

LONGEST_WORD = 300
GONE = "Этой записи уже нет: обновите страницу"
STATE_WORDS = {ExcuseState.ANNOUNCED: "ждёт ответа", ExcuseState.ACCEPTED: "принято",
               ExcuseState.DECLINED: "отклонено", ExcuseState.WITHDRAWN: "снято"}


@dataclass(frozen=True, slots=True)
class NewExcuse:
    """An excuse about to be written down. `key` is made with the form: the same key again changes nothing."""

    pupil_id: int
    span: Span
    code: str
    key: str
    actor_id: int
    at: datetime
    certificate: bool = False
    word: str = ""


class There(NamedTuple):
    """A lesson that an excuse covers and in which the pupil was: it stays as it is."""

    day: date
    number: int
    subject: str
    letter: str | None

    @property
    def in_words(self) -> str:
        was = "опоздал" if self.letter == Presence.LATE else f"стоит {self.letter}" if self.letter else "присутствовал"
        return f"{weekday_day(self.day)}, {self.number}-й урок, {self.subject}: {was}"


@dataclass(slots=True)
class Filled:
    """What came of excuses: in how many lessons their letter stands now, and where the pupil was all the same."""

    lessons: int = 0
    there: list[There] = field(default_factory=list)


def announce(session: Session, *, excuse: NewExcuse) -> Excuse:
    """A guardian tells of an absence beforehand or explains it afterwards; the class teacher will answer."""
    known = _with_key(session, excuse.key)
    if known is not None:
        return known
    _refuse_spans(session, [excuse])
    standing = [Span(*row) for row in session.execute(
        select(Excuse.from_on, Excuse.to_on, Excuse.first_number, Excuse.last_number)
        .where(Excuse.pupil_id == excuse.pupil_id, Excuse.code.in_(REASONS),
               Excuse.state.in_((ExcuseState.ANNOUNCED.value, ExcuseState.ACCEPTED.value))))]
    _refuse(excusing.refusal_to_announce(excuse.span, excuse.code, today=clock.local(excuse.at).date(),
                                         standing=standing))
    made = Excuse(**_columns(excuse), state=ExcuseState.ANNOUNCED.value)
    session.add(made)
    session.flush()
    trail.record(session, now=excuse.at, actor_id=excuse.actor_id, verb="excuse.announced", subject_id=made.id,
                 **_told(made))
    return made


def record_excuses(session: Session, *, excuses: Sequence[NewExcuse]) -> Filled:
    """Write down what class teacher or office know: accepted at once, and filled into the lessons of its days."""
    known = set(session.scalars(select(Excuse.key).where(Excuse.key.in_([key_of(one.key) for one in excuses]))))
    new = [one for one in excuses if one.key not in known]
    for one in new:
        if one.code not in excusing.ORDER:
            raise Refused("Выберите причину", field="code")
    _refuse_spans(session, new)
    insert_many(session, Excuse, [
        _columns(one) | {"state": ExcuseState.ACCEPTED.value, "answer": "", "decided_at": one.at,
                         "decided_by_id": one.actor_id, "version": 1} for one in new])
    made: list[Excuse] = []
    for part in in_parts([one.key for one in new]):
        made += session.scalars(select(Excuse).where(Excuse.key.in_(part)).order_by(Excuse.id))
    trail.record_all(session, [Done(one.made_at, one.made_by_id, "excuse.recorded", one.id,
                                    {**_told(one), "certificate": one.certificate}) for one in made])
    return _fill(session, made)


def accept(session: Session, *, actor_id: int, excuse_id: int, version: int, code: str, answer: str = "",
           now: datetime) -> Filled:
    """The class teacher takes a guardian's word as illness or a valid reason."""
    if code not in REASONS:
        raise Refused("Выберите, как принять: болезнь или уважительная причина", field="code")
    excuse = _undecided(session, excuse_id, version)
    excuse.code = code
    _decide(session, excuse, ExcuseState.ACCEPTED, actor_id=actor_id, answer=answer, now=now)
    trail.record(session, now=now, actor_id=actor_id, verb="excuse.accepted", subject_id=excuse.id,
                 pupil=excuse.pupil_id, code=code)
    return _fill(session, [excuse])


def decline(session: Session, *, actor_id: int, excuse_id: int, version: int, answer: str, now: datetime) -> None:
    """The class teacher does not take it, with a word why."""
    excuse = _undecided(session, excuse_id, version)
    if not answer.strip():
        raise Refused("Напишите семье, почему не принято", field="answer")
    _decide(session, excuse, ExcuseState.DECLINED, actor_id=actor_id, answer=answer, now=now)
    trail.record(session, now=now, actor_id=actor_id, verb="excuse.declined", subject_id=excuse.id,
                 pupil=excuse.pupil_id)


def take_back(session: Session, *, actor_id: int, excuse_id: int, version: int, now: datetime) -> None:
    """The guardian takes an announcement back before it was answered."""
    excuse = _undecided(session, excuse_id, version)
    if excuse.made_by_id != actor_id:
        raise Refused("Отозвать сообщение может тот, кто его отправил")
    _withdraw(session, excuse, actor_id, now)


def withdraw(session: Session, *, actor_id: int, excuse_id: int, version: int, now: datetime) -> int:
    """Take an accepted excuse back: where its letter stands comes what was there before, or another excuse's letter.
    In how many lessons."""
    excuse = _locked(session, excuse_id)
    if excuse.state == ExcuseState.WITHDRAWN:
        return 0
    if excuse.version != version or excuse.state != ExcuseState.ACCEPTED:
        raise Stale("Запись уже изменили", theirs=STATE_WORDS[ExcuseState(excuse.state)])
    _withdraw(session, excuse, actor_id, now)
    rows = session.scalars(select(Attendance).where(Attendance.excuse_id == excuse.id)).all()
    lessons = lock_lessons(session, [row.lesson_id for row in rows])
    letters, others = Letters(session, lessons), Excuses(session, lessons.values(), [excuse.pupil_id])
    changed = 0
    for lesson in lessons.values():
        row = letters.of(lesson.id, excuse.pupil_id)
        if row is None or row.excuse_id != excuse.id:  # the teacher changed it meanwhile
            continue
        before, key = ((None, TAKEN_BACK) if row.last_key == OVER_BLANK else (Presence.ABSENT.value, TAKEN_BACK))
        other = others.covering(lesson, excuse.pupil_id)
        if other is not None and other.code in REASONS:
            before, key = other.code, OVER_BLANK if row.last_key == OVER_BLANK else OVER_ABSENT
        letters.fill(NewPresence(lesson.id, excuse.pupil_id, before, key, actor_id, now),
                     other.id if other else None)
        changed += 1
    letters.write(())
    return changed


def _fill(session: Session, excuses: Sequence[Excuse]) -> Filled:
    """Put the letters of accepted excuses into the lessons of their days that have come."""
    filled = Filled()
    places = _places(session, excuses)
    if not places:
        return filled
    lessons = lock_lessons(session, {lesson_id for found in places.values() for lesson_id, _ in found})
    pupils = {excuse.pupil_id for excuse in excuses}
    lists, letters = Lists(session, lessons.values(), pupils), Letters(session, lessons)
    marked = marked_at(session, lessons, pupils)
    new: set[tuple[int, int]] = set()  # cells that an excuse of this batch has filled already
    for excuse in excuses:
        span = span_of(excuse)
        for lesson_id, subject in places.get(excuse.id, ()):
            lesson, cell = lessons[lesson_id], (lesson_id, excuse.pupil_id)
            if span.covers(lesson.day, lesson.number) and lists.has(lesson, excuse.pupil_id) and cell not in new and (
                    _into(letters, lesson, excuse, subject, cell in marked, filled)):
                new.add(cell)
    letters.write(())
    return filled


def _into(letters: Letters, lesson: LessonFacts, excuse: Excuse, subject: str, marked: bool, filled: Filled) -> bool:
    """One lesson's cell, by the rule; whether it is filled."""
    row, at, actor_id = letters.of(lesson.id, excuse.pupil_id), excuse.decided_at, excuse.decided_by_id
    assert at is not None and actor_id is not None
    letter = row.code if row else None
    found = excusing.outcome(
        excuse.code, letter=letter, said_present=row is not None and letter is None and row.last_key != TAKEN_BACK,
        taken=lesson.attendance_at is not None, marked=marked, shut=letters.shut(lesson, at))
    if found is Outcome.TELL:
        filled.there.append(There(lesson.day, lesson.number, subject, letter))
    elif found is Outcome.FILL:
        key = OVER_ABSENT if letter else OVER_BLANK
        letters.fill(NewPresence(lesson.id, excuse.pupil_id, excuse.code, key, actor_id, at, certificate=True),
                     excuse.id)
        filled.lessons += 1
    return found is Outcome.FILL


def _places(session: Session, excuses: Sequence[Excuse]) -> dict[int, list[tuple[int, str]]]:
    """The lessons of each excuse's days that have come, with their subjects, in the order of the timetable. Who is in
    their lists is asked after they are locked."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    today = max((clock.local(excuse.decided_at).date() for excuse in excuses if excuse.decided_at), default=date.min)
    for part in in_parts([excuse.id for excuse in excuses]):
        query = union(*(
            given.add_columns(Excuse.id.label("excuse_id")).join(Excuse, Excuse.pupil_id == table.pupil_id)
            .where(Excuse.id.in_(part), Lesson.day.between(Excuse.from_on, Excuse.to_on), Lesson.day <= today)
            for given, table in _GIVEN)).order_by("day", "number")
        for row in session.execute(query):
            found[row.excuse_id].append((row.id, row.subject))
    return found


def lessons_of_day(session: Session, pupil_ids: Collection[int], day: date) -> list[Any]:
    """The lessons given to pupils on a day, in order: rows of id, day, number, subject, pupil_id."""
    return list(session.execute(union(*(
        given.add_columns(table.pupil_id).where(Lesson.day == day, table.pupil_id.in_(pupil_ids))
        for given, table in _GIVEN)).order_by("number")))


def _given(table: Any, belongs: Any) -> Any:
    """Lessons that are not cancelled, with their subject, joined to where their pupils belong."""
    return (select(Lesson.id, Lesson.day, Lesson.number, Subject.name.label("subject"))
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .join(table, belongs).where(Lesson.state == LessonState.PLANNED.value, held(table, Lesson.day)))


_GIVEN = (
    (_given(Enrolment, and_(Enrolment.class_id == Course.class_id, Course.subgroup == 0)), Enrolment),
    (_given(CourseMember, and_(CourseMember.course_id == Course.id,
                               or_(Course.subgroup > 0, Course.class_id.is_(None)))), CourseMember),
)


def span_of(excuse: Excuse) -> Span:
    return Span(excuse.from_on, excuse.to_on, excuse.first_number, excuse.last_number)


def _undecided(session: Session, excuse_id: int, version: int) -> Excuse:
    excuse = _locked(session, excuse_id)
    if excuse.version != version or excuse.state != ExcuseState.ANNOUNCED:
        raise Stale("На это сообщение уже ответили", theirs=STATE_WORDS[ExcuseState(excuse.state)])
    return excuse


def _locked(session: Session, excuse_id: int) -> Excuse:
    excuse = session.get(Excuse, excuse_id, with_for_update=True, populate_existing=True)
    if excuse is None:
        raise Refused(GONE)
    return excuse


def _decide(session: Session, excuse: Excuse, state: ExcuseState, *, actor_id: int, answer: str,
            now: datetime) -> None:
    excuse.answer = one_line(answer, longest=LONGEST_WORD, field="answer")
    excuse.state, excuse.decided_at, excuse.decided_by_id = state.value, now, actor_id
    excuse.version += 1
    session.flush()


def _withdraw(session: Session, excuse: Excuse, actor_id: int, now: datetime) -> None:
    excuse.state, excuse.version = ExcuseState.WITHDRAWN.value, excuse.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="excuse.withdrawn", subject_id=excuse.id,
                 pupil=excuse.pupil_id)


def _with_key(session: Session, key: str) -> Excuse | None:
    return session.scalar(select(Excuse).where(Excuse.key == key_of(key)))


def _refuse_spans(session: Session, excuses: Iterable[NewExcuse]) -> None:
    """The days of each lie in one school year, and are a span."""
    years = session.execute(select(SchoolYear.starts_on, SchoolYear.ends_on).order_by(SchoolYear.starts_on)).all()
    for excuse in excuses:
        year = next((year for year in years if excuse.span.from_on <= year.ends_on), None)
        if year is None:
            raise Refused("На эти дни учебный год ещё не открыт", field="from_on")
        _refuse(excusing.refusal_of_span(excuse.span, year=(year.starts_on, year.ends_on)))


def _refuse(refusal: tuple[str, str] | None) -> None:
    if refusal is not None:
        raise Refused(refusal[1], field=refusal[0])


def _columns(excuse: NewExcuse) -> dict[str, object]:
    return {**excuse.span._asdict(), "pupil_id": excuse.pupil_id, "code": excuse.code, "key": key_of(excuse.key),
            "certificate": excuse.certificate, "made_at": excuse.at, "made_by_id": excuse.actor_id,
            "word": one_line(excuse.word, longest=LONGEST_WORD, field="word")}


def _told(excuse: Excuse) -> Mapping[str, object]:
    """What the record keeps: no words of anybody (R40)."""
    return {"pupil": excuse.pupil_id, "from_on": excuse.from_on, "to_on": excuse.to_on, "code": excuse.code}


def in_sentences(filled: Filled, *, most: int = 6) -> Iterable[str]:
    """What to tell who wrote the excuse down: where the pupil was all the same."""
    if filled.there:
        lines = "; ".join(one.in_words for one in filled.there[:most])
        more = f" и ещё {len(filled.there) - most}" if len(filled.there) > most else ""
        yield f"В эти уроки ученик был отмечен, они не изменены: {lines}{more}."
