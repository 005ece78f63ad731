"""Attendance of a lesson: letters of single pupils, and the moment from which blanks count as present (R4, R6, R10).

An accepted excuse gives its letter to whoever is noted as away, and to blanks when attendance is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts, update_many
from ejd.db import Session, table_of
from ejd.journal import expecting
from ejd.journal.closed import Doors
from ejd.journal.entering import refuse, works_in
from ejd.journal.excused import Excuses, marked_at
from ejd.journal.excusing import REASONS
from ejd.journal.expectations import Expectations
from ejd.journal.expecting import Presence, is_away
from ejd.journal.marking import Refusal, refusal_to_note_presence, refusal_to_take_attendance
from ejd.journal.models import Attendance, Mark, Work
from ejd.journal.occasions import LessonFacts, Lists, codes_in, exempt_in, lock_lessons
from ejd.journal.wording import OLD_PAGE, key_of
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.school.settings import Settings

CODES = frozenset(code.value for code in Presence)
# Keys of letters that came from an excuse: what is told from them when it is taken back.
AS_TAKEN, OVER_BLANK, OVER_ABSENT, TAKEN_BACK = "excuse-taken", "excuse-blank", "excuse-absent", "excuse-back"


@dataclass(frozen=True, slots=True)
class NewPresence:
    """A letter about to be put into a cell, or taken out of it (no code). `version` is of the row that the page
    showed; none when it showed an empty cell."""

    lesson_id: int
    pupil_id: int
    code: str | None
    key: str
    actor_id: int
    at: datetime
    version: int | None = None
    certificate: bool = False  # brought late, it turns н into б or у in what is closed too (R8)


@dataclass(frozen=True, slots=True)
class Taken:
    """Attendance of a lesson about to be called complete."""

    lesson_id: int
    actor_id: int
    at: datetime


def record_attendance(session: Session, *, rows: Sequence[NewPresence], settings: Settings) -> list[Attendance]:
    """Put letters into cells, from the day of the lesson on; the rows in the order given.

    The same key, or the same letter, again changes nothing. Raises Stale when another hand changed it meanwhile.
    """
    lessons = lock_lessons(session, [row.lesson_id for row in rows])
    lists = Lists(session, lessons.values(), [row.pupil_id for row in rows])
    letters = Letters(session, lessons)
    excuses = Excuses(session, lessons.values(), {row.pupil_id for row in rows})
    for row in rows:
        try:
            _check(row, lessons[row.lesson_id], lists)
            letters.put(*_explained(row, lessons[row.lesson_id], excuses))
        except Refused as refused:
            refused.pupil_id = row.pupil_id
            raise
    return letters.write(rows)


def _check(row: NewPresence, lesson: LessonFacts, lists: Lists) -> None:
    key_of(row.key)
    if row.code is not None and row.code not in CODES:
        refuse(Refusal.NO_SUCH_CODE)
    refuse(refusal_to_note_presence(day_came=lesson.day <= clock.local(row.at).date(),
                                    cancelled=lesson.cancelled, member=lists.has(lesson, row.pupil_id)))


def _explained(row: NewPresence, lesson: LessonFacts, excuses: Excuses) -> tuple[NewPresence, int | None]:
    """Who is noted as away has the letter of the excuse, where one tells the reason; and the excuse's id."""
    excuse = excuses.covering(lesson, row.pupil_id) if is_away(row.code) else None
    if excuse is None or excuse.code not in REASONS:
        return row, None
    return replace(row, code=excuse.code), excuse.id


def take_attendance(session: Session, *, lessons: Sequence[Taken], settings: Settings) -> None:
    """Call attendance complete: blanks count as present from now on, and declared works expect their marks (R4).
    Done once for a lesson; again changes nothing."""
    facts = lock_lessons(session, [taken.lesson_id for taken in lessons])
    first: dict[int, Taken] = {}
    for taken in lessons:
        lesson = facts[taken.lesson_id]
        refuse(refusal_to_take_attendance(day_came=lesson.day <= clock.local(taken.at).date(),
                                          begun=lesson.starts_at <= taken.at, cancelled=lesson.cancelled))
        if lesson.attendance_at is None:
            first.setdefault(lesson.id, taken)
    doors = Doors(session, [facts[lesson_id] for lesson_id in first])
    for lesson_id, taken in first.items():
        doors.check(facts[lesson_id], at=taken.at, actor_id=taken.actor_id)
    doors.tell()
    _excuse_blanks(session, {lesson_id: facts[lesson_id] for lesson_id in first}, first)
    update_many(session, Lesson, [(lesson_id, {"attendance_at": taken.at}) for lesson_id, taken in first.items()])
    trail.record_all(session, [Done(taken.at, taken.actor_id, "attendance.taken", lesson_id, {"lesson": lesson_id})
                               for lesson_id, taken in first.items()])
    works = works_in(session, list(first))
    if works:
        make_expectations(session, works.values(), {lesson_id: facts[lesson_id] for lesson_id in first})


def _excuse_blanks(session: Session, lessons: dict[int, LessonFacts], taken: dict[int, Taken]) -> None:
    """The letters of excuses, for everybody of whom the teacher has said nothing else."""
    excuses = Excuses(session, lessons.values())
    if not excuses:
        return
    lists, letters = Lists(session, lessons.values()), Letters(session, lessons)
    found = [(lesson, pupil_id, excuse) for lesson in lessons.values() for pupil_id in lists.on(lesson)
             if (excuse := excuses.covering(lesson, pupil_id)) and letters.of(lesson.id, pupil_id) is None]
    marked = marked_at(session, {lesson.id for lesson, _, _ in found}, {pupil_id for _, pupil_id, _ in found})
    for lesson, pupil_id, excuse in found:
        if (lesson.id, pupil_id) not in marked:
            letters.fill(NewPresence(lesson.id, pupil_id, excuse.code, AS_TAKEN, taken[lesson.id].actor_id,
                                     taken[lesson.id].at), excuse.id)
    letters.write(())


def make_expectations(session: Session, works: Iterable[Work], lessons: dict[int, LessonFacts]) -> None:
    """What works declared for the class expect of everybody in its list that day (R4); attendance was saved.

    Nothing in a markless subject, of who is exempt, and in a subgroup that is not divided yet.
    """
    works = [work for work in works if work.whole_class and not lessons[work.lesson_id].markless]
    if not works:
        return
    lists = Lists(session, lessons.values())
    codes, exempt = codes_in(session, lessons), exempt_in(session, lessons)
    expectations = Expectations(session, [work.id for work in works])
    marked = marked_for(session, [work.id for work in works])
    for work in works:
        lesson = lessons[work.lesson_id]
        for pupil_id in lists.on(lesson):
            code = codes.get((lesson.id, pupil_id))
            awaiting = expecting.first_awaiting(code=code, exempt=(lesson.id, pupil_id) in exempt,
                                                mark_stands=(work.id, pupil_id) in marked)
            if awaiting is not None and expectations.of(work.id, pupil_id) is None:
                expectations.add(work.id, pupil_id, away=is_away(code), met=awaiting is expecting.Awaiting.MET,
                                 lesson_day=lesson.day, responsible_id=lesson.teacher_id or work.author_id)
    expectations.write()


def marked_for(session: Session, work_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which pupils have a mark for which of the works."""
    found: set[tuple[int, int]] = set()
    for part in in_parts(work_ids):
        found.update((int(work_id or 0), pupil_id) for work_id, pupil_id in session.execute(
            select(Mark.work_id, Mark.pupil_id).where(Mark.work_id.in_(part), Mark.withdrawn_at.is_(None))))
    return found


def _is_hidden(row: Attendance, actor_id: int) -> bool:
    """Illness that an excuse tells of, or another hand noted, is read as «у» by most (R40)."""
    return row.code == Presence.ILL and (row.excuse_id is not None or row.entered_by_id != actor_id)


class Letters:
    """One batch of letters: read once, checked one by one, written together with what they change of expectations."""

    def __init__(self, session: Session, lessons: dict[int, LessonFacts]) -> None:
        self._session = session
        self._lessons = lessons
        self._doors = Doors(session, lessons.values())
        self._standing: dict[tuple[int, int], Attendance] = {}
        for part in in_parts(sorted(lessons)):
            query = select(Attendance).where(Attendance.lesson_id.in_(part)).execution_options(populate_existing=True)
            self._standing.update(((row.lesson_id, row.pupil_id), row) for row in session.scalars(query))
        works = works_in(session, [lesson.id for lesson in lessons.values() if lesson.attendance_at is not None])
        self._works: dict[int, list[int]] = {}
        for work in works.values():
            self._works.setdefault(work.lesson_id, []).append(work.id)
        self._expectations = Expectations(session, list(works))
        self._new: dict[tuple[int, int], dict[str, Any]] = {}
        self._acts: list[Done] = []

    def of(self, lesson_id: int, pupil_id: int) -> Attendance | None:
        """The cell as it was read; nothing when nobody has ever written into it."""
        return self._standing.get((lesson_id, pupil_id))

    def put(self, row: NewPresence, excuse_id: int | None = None) -> None:
        cell = (row.lesson_id, row.pupil_id)
        standing = self._standing.get(cell)
        if standing is None:
            self._first(row, excuse_id)
            return
        if row.code == standing.code:
            return
        if standing.excuse_id is not None and standing.code in REASONS and is_away(row.code):
            return  # the reason is known already, maybe better than to whoever types
        if row.code == Presence.EXCUSED and _is_hidden(standing, row.actor_id):
            return  # as it was shown
        if row.key == standing.last_key:  # with another letter: this one is not saved
            raise Refused(OLD_PAGE)
        unseen = not row.version and standing.code is None
        if row.version != standing.version and not unseen:
            theirs = Presence.EXCUSED.value if _is_hidden(standing, row.actor_id) else standing.code
            raise Stale("Посещаемость уже изменили", theirs=theirs or "присутствовал", field="letter")
        self._change(standing, row, excuse_id)

    def fill(self, row: NewPresence, excuse_id: int | None) -> None:
        """Write the letter whatever stands there: the caller has looked at it."""
        standing = self._standing.get((row.lesson_id, row.pupil_id))
        if standing is None:
            self._first(row, excuse_id)
        else:
            self._change(standing, row, excuse_id)

    def shut(self, lesson: LessonFacts, at: datetime) -> bool:
        """Whether the lesson is closed, whatever was opened again (R8)."""
        return self._doors.why_shut(lesson, at) is not None

    def _change(self, standing: Attendance, row: NewPresence, excuse_id: int | None) -> None:
        if not (row.certificate and standing.code == Presence.ABSENT and row.code in REASONS):
            self._doors.check(self._lessons[row.lesson_id], at=row.at, actor_id=row.actor_id)
        self._note(row, standing.code, excuse_id)
        standing.code, standing.entered_at, standing.entered_by_id = row.code, row.at, row.actor_id
        standing.last_key, standing.version, standing.excuse_id = row.key, standing.version + 1, excuse_id

    def write(self, rows: Sequence[NewPresence]) -> list[Attendance]:
        """Save everything; the rows of the cells in the order given."""
        self._session.flush()
        if self._new:
            self._session.execute(insert(table_of(Attendance)), list(self._new.values()))
        self._expectations.write()
        trail.record_all(self._session, self._acts)
        self._doors.tell()
        lesson_ids = {lesson_id for lesson_id, _ in self._new}
        for part in in_parts(sorted(lesson_ids)):
            self._standing.update(((row.lesson_id, row.pupil_id), row) for row in self._session.scalars(
                select(Attendance).where(Attendance.lesson_id.in_(part))))
        return [self._standing[row.lesson_id, row.pupil_id] for row in rows]

    def _first(self, row: NewPresence, excuse_id: int | None) -> None:
        cell = (row.lesson_id, row.pupil_id)
        before = self._new.get(cell)
        if before is not None:
            if before["last_key"] == row.key and before["code"] == row.code:
                return
            raise Refused("Один и тот же ученик назван в уроке дважды")
        self._doors.check(self._lessons[row.lesson_id], at=row.at, actor_id=row.actor_id)
        self._new[cell] = {"lesson_id": row.lesson_id, "pupil_id": row.pupil_id, "code": row.code, "entered_at": row.at,
                           "entered_by_id": row.actor_id, "last_key": row.key, "version": 1,
                           "excuse_id": excuse_id}
        if row.code is not None:
            self._note(row, None, excuse_id)

    def _note(self, row: NewPresence, before: str | None, excuse_id: int | None) -> None:
        verb = "attendance.recorded" if excuse_id is None else "attendance.excused"
        self._acts.append(Done(row.at, row.actor_id, verb, row.lesson_id, {
            "lesson": row.lesson_id, "pupil": row.pupil_id, "before": before, "after": row.code}))
        for work_id in self._works.get(row.lesson_id, ()):
            expected = self._expectations.of(work_id, row.pupil_id)
            if expected is not None:
                expected.follow_attendance(was_away=is_away(before), away=is_away(row.code),
                                           lesson_day=self._lessons[row.lesson_id].day)
