"""The day of a class entered in one place: who is away, why and from which lesson; the lessons of the day follow.

Whoever is away has an excuse of that day («н» too: the reason is not known yet); «о» goes straight into a lesson.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.journal import excuses
from ejd.journal.attendance import NewPresence, record_attendance
from ejd.journal.excuses import Filled, NewExcuse, There
from ejd.journal.excusing import Span
from ejd.journal.expecting import Presence
from ejd.journal.models import Attendance, Excuse, ExcuseState
from ejd.journal.queries_absences import pupils_of_class
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings

LATE = Presence.LATE.value


@dataclass(frozen=True, slots=True)
class PupilOfDay:
    """A pupil's line: the excuse that stands that day, and the letters in the lessons."""

    pupil_id: int
    name: str
    excuse_id: int | None
    version: int
    span: Span | None
    code: str
    announced: bool  # a guardian's word waits for an answer
    letters: Sequence[tuple[int, str]]  # number, letter

    @property
    def longer(self) -> bool:
        """It holds on other days too, and is changed as a whole."""
        return self.span is not None and self.span.from_on != self.span.to_on

    def says(self, said: Said) -> bool:
        """Whether nothing changes."""
        if said.code == LATE:
            return any(letter == LATE for _, letter in self.letters)
        return said.code == self.code and (not said.code or said.from_number == self.from_number)

    @property
    def from_number(self) -> int | None:
        return self.span.first_number if self.span else None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a pupil's day: a letter, or none for present. `seen` is the excuse that the page showed."""

    pupil_id: int
    code: str
    from_number: int | None
    key: str
    seen: int | None = None
    version: int = 0


def day_of_class(session: Session, *, class_id: int, day: date) -> list[PupilOfDay]:
    """The class's list with what is known of the day. Three statements."""
    pupils = pupils_of_class(session, class_id=class_id, day=day)
    ids = [pupil_id for pupil_id, _ in pupils]
    standing: dict[int, Excuse] = {}
    waiting: set[int] = set()
    for excuse in session.scalars(select(Excuse).where(
            Excuse.pupil_id.in_(ids), Excuse.from_on <= day, Excuse.to_on >= day,
            Excuse.state.in_((ExcuseState.ACCEPTED.value, ExcuseState.ANNOUNCED.value))).order_by(Excuse.id)):
        if excuse.state == ExcuseState.ANNOUNCED:
            waiting.add(excuse.pupil_id)
        else:
            standing[excuse.pupil_id] = excuse
    letters = _letters(session, ids, day)
    return [_line(pupil_id, name, standing.get(pupil_id), pupil_id in waiting, letters.get(pupil_id, ()))
            for pupil_id, name in pupils]


def record_day(session: Session, *, class_id: int, day: date, said: Sequence[Said], actor_id: int, now: datetime,
               settings: Settings) -> Filled:
    """Write down what changed; all of it or nothing. Raises Stale when another hand changed a line meanwhile."""
    if day > clock.local(now).date():
        raise Refused("День ещё не наступил: отсутствие вперёд записывают справкой или заявлением", field="day")
    standing = {line.pupil_id: line for line in day_of_class(session, class_id=class_id, day=day)}
    new: list[NewExcuse] = []
    late: list[Said] = []
    for one in said:
        line = standing.get(one.pupil_id)
        if line is None:
            raise Refused("Такого ученика в этот день в классе не было: обновите страницу")
        if line.longer or line.says(one):
            continue
        if (line.excuse_id, line.version) != (one.seen, one.version):
            raise _changed(line)
        if line.excuse_id is not None:
            excuses.withdraw(session, actor_id=actor_id, excuse_id=line.excuse_id, version=line.version, now=now)
        if one.code == LATE:
            late.append(one)
        elif one.code:
            new.append(NewExcuse(one.pupil_id, Span(day, day, one.from_number), one.code, one.key, actor_id, now))
    filled = excuses.record_excuses(session, excuses=new)
    return _note_late(session, late, day, filled, actor_id=actor_id, now=now, settings=settings)


def _changed(line: PupilOfDay) -> Stale:
    stale = Stale("Отметку дня уже изменили", theirs=line.code or "присутствует", field=f"c{line.pupil_id}")
    stale.pupil_id = line.pupil_id
    return stale


def _line(pupil_id: int, name: str, excuse: Excuse | None, announced: bool,
          letters: Sequence[tuple[int, str]]) -> PupilOfDay:
    if excuse is None:
        return PupilOfDay(pupil_id, name, None, 0, None, "", announced, letters)
    return PupilOfDay(pupil_id, name, excuse.id, excuse.version, excuses.span_of(excuse), excuse.code, announced,
                      letters)


def _letters(session: Session, pupil_ids: Sequence[int], day: date) -> Mapping[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pupil_id, number, code in session.execute(
            select(Attendance.pupil_id, Lesson.number, Attendance.code).join(Lesson, Lesson.id == Attendance.lesson_id)
            .where(Lesson.day == day, Lesson.state == LessonState.PLANNED.value, Attendance.code.is_not(None),
                   Attendance.pupil_id.in_(pupil_ids)).order_by(Lesson.number)):
        found[pupil_id].append((number, str(code)))
    return found


def _note_late(session: Session, late: Sequence[Said], day: date, filled: Filled, *, actor_id: int, now: datetime,
               settings: Settings) -> Filled:
    """«о» into the lesson that was named, else into the first of the day; where the teacher has written a reason it
    stays."""
    given = excuses.lessons_of_day(session, [one.pupil_id for one in late], day) if late else []
    rows = {(row.lesson_id, row.pupil_id): row for row in session.scalars(
        select(Attendance).where(Attendance.lesson_id.in_({lesson.id for lesson in given})))}
    for one in late:
        lesson = next((lesson for lesson in given if lesson.pupil_id == one.pupil_id
                       and one.from_number in (None, lesson.number)), None)
        if lesson is None:
            raise _about(one, "в этот день у ученика нет такого урока")
        row = rows.get((lesson.id, one.pupil_id))
        if row is not None and row.code not in (None, Presence.ABSENT, LATE):
            filled.there.append(There(day, lesson.number, lesson.subject, row.code))
            continue
        record_attendance(session, settings=settings, rows=[NewPresence(
            lesson.id, one.pupil_id, LATE, one.key, actor_id, now, row.version if row else None)])
        filled.lessons += 1
    return filled


def _about(said: Said, sentence: str) -> Refused:
    refused = Refused(sentence)
    refused.pupil_id = said.pupil_id
    return refused
