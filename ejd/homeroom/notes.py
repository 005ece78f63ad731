"""Acts on notes to families: write, change, withdraw, answer; and a guardian's word that a week was read.

Whose class or child it is was decided by the caller's loader.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session, table_of
from ejd.homeroom.models import Note, NoteAnswer, NoteKind, NoteRecipient, WeekAcknowledged
from ejd.journal.wording import OLD_PAGE, key_of, lines
from ejd.refusal import Refused, Stale
from ejd.roster.belonging import held, touching
from ejd.roster.members import members_of
from ejd.roster.models import Course, Enrolment
from ejd.schedule.models import Lesson
from ejd.school.calendar import monday_of

LONGEST = 1000
LONG_AGO = timedelta(days=14)  # a remark is written about the last two weeks, not about a forgotten day
SIX_DAYS = timedelta(days=6)
KINDS = frozenset(kind.value for kind in NoteKind)
GONE = "Этого сообщения уже нет: обновите страницу"


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note about to be written: to the families of some pupils, or (`pupil_ids` None) of the whole class; `day` is
    the diary's day in which it stands. The same key again answers as the first time."""

    class_id: int
    kind: str
    day: date
    text: str
    author_id: int
    at: datetime
    key: str
    pupil_ids: Collection[int] | None = None
    lesson_id: int | None = None


def write_note(session: Session, *, note: NewNote) -> Note:
    """Write to families. Raises Refused for nobody, nothing, or a day long ago or to come."""
    key = key_of(note.key)
    standing = session.scalar(select(Note).filter_by(key=key))
    if standing is not None:
        if (standing.author_id, standing.class_id) != (note.author_id, note.class_id):
            raise Refused(OLD_PAGE)
        return standing
    if note.kind not in KINDS:
        raise Refused("Выберите: сообщение или замечание", field="kind")
    today = clock.local(note.at).date()
    if not today - LONG_AGO <= note.day <= today:
        raise Refused("День – не позже сегодняшнего и не раньше чем две недели назад", field="day")
    text = _text(note.text)
    everybody = _within_reach(session, note)
    chosen = everybody if note.pupil_ids is None else set(note.pupil_ids)
    if not chosen:
        raise Refused("Отметьте, чьей семье написать", field="pupils")
    if not chosen <= everybody:
        where = "учились в классе в этот день" if note.lesson_id is None else "в списке этого урока"
        raise Refused(f"Не все отмеченные {where}: обновите страницу", field="pupils")
    row = Note(class_id=note.class_id, kind=note.kind, lesson_id=note.lesson_id, day=note.day,
               whole_class=note.pupil_ids is None, text=text, author_id=note.author_id, written_at=note.at, key=key)
    session.add(row)
    session.flush()
    session.execute(insert(table_of(NoteRecipient)),
                    [{"note_id": row.id, "pupil_id": pupil_id} for pupil_id in sorted(chosen)])
    trail.record(session, now=note.at, actor_id=note.author_id, verb="note.written", subject_id=row.id,
                 class_id=note.class_id, kind=note.kind, pupils=len(chosen))
    return row


def change_note(session: Session, *, actor_id: int, note_id: int, version: int, text: str, now: datetime) -> Note:
    """Word a note anew; families see that it was changed, and when. Raises Stale."""
    note = _in_hand(session, note_id, version)
    wanted = _text(text)
    if wanted == note.text:
        return note
    note.text, note.changed_at, note.version = wanted, now, note.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="note.changed", subject_id=note.id)
    return note


def withdraw_note(session: Session, *, actor_id: int, note_id: int, version: int, now: datetime) -> None:
    """Take a note back: families see it no more, the answers stay with it."""
    note = _in_hand(session, note_id, version)
    note.withdrawn_at, note.version = now, note.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="note.withdrawn", subject_id=note.id)


def answer_note(session: Session, *, note_id: int, pupil_id: int, guardian_id: int, text: str, key: str,
                now: datetime) -> NoteAnswer:
    """A guardian answers about one child. The same key again answers as the first time."""
    standing = session.scalar(select(NoteAnswer).filter_by(key=key_of(key)))
    if standing is not None:
        if (standing.guardian_id, standing.note_id) != (guardian_id, note_id):
            raise Refused(OLD_PAGE)
        return standing
    received = session.scalar(
        select(Note.id).join(NoteRecipient, NoteRecipient.note_id == Note.id)
        .where(Note.id == note_id, NoteRecipient.pupil_id == pupil_id, Note.withdrawn_at.is_(None)))
    if received is None:
        raise Refused(GONE)
    row = NoteAnswer(note_id=note_id, pupil_id=pupil_id, guardian_id=guardian_id, text=_text(text), written_at=now,
                     key=key)
    session.add(row)
    session.flush()
    trail.record(session, now=now, actor_id=guardian_id, verb="note.answered", subject_id=note_id, pupil=pupil_id)
    return row


def acknowledge_week(session: Session, *, guardian_id: int, pupil_id: int, monday: date, now: datetime) -> None:
    """«Ознакомлен»: a guardian has read the child's week. Again changes nothing."""
    if monday != monday_of(monday) or monday > clock.local(now).date():
        raise Refused("Эта неделя ещё не началась")
    if session.scalar(select(Enrolment.id).where(Enrolment.pupil_id == pupil_id, touching(
            Enrolment, monday, monday + SIX_DAYS)).limit(1)) is None:
        raise Refused("В эту неделю ребёнок здесь не учился")
    known = {"guardian_id": guardian_id, "pupil_id": pupil_id, "monday": monday}
    if session.get(WeekAcknowledged, known) is not None:
        return
    session.add(WeekAcknowledged(**known, at=now))
    session.flush()
    trail.record(session, now=now, actor_id=guardian_id, verb="week.acknowledged", subject_id=pupil_id, monday=monday)


def _within_reach(session: Session, note: NewNote) -> set[int]:
    """The class of that day; at a lesson only those whom it is given to (R33)."""
    if note.lesson_id is None:
        return set(session.scalars(select(Enrolment.pupil_id).where(
            Enrolment.class_id == note.class_id, held(Enrolment, note.day))))
    course = session.scalars(select(Course).join(Lesson, Lesson.course_id == Course.id)
                             .where(Lesson.id == note.lesson_id)).one()
    return {member.pupil_id for member in members_of(session, course, first=note.day, last=note.day)}


def _text(text: str) -> str:
    found = lines(text, longest=LONGEST, field="text")
    if not found:
        raise Refused("Напишите текст", field="text")
    return found


def _in_hand(session: Session, note_id: int, version: int) -> Note:
    note = session.scalar(select(Note).filter_by(id=note_id).with_for_update()
                          .execution_options(populate_existing=True))
    if note is None or note.withdrawn_at is not None:
        raise Refused(GONE)
    if note.version != version:
        raise Stale("Сообщение уже изменили", theirs=note.text)
    return note
