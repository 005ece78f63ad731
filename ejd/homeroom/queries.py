"""Reading notes, their answers, and who has acknowledged a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, String, and_, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd import names
from ejd.db import Instant, Session
from ejd.homeroom.models import Note, NoteAnswer, NoteKind, NoteRecipient, WeekAcknowledged
from ejd.roster.belonging import held, touching
from ejd.roster.members import members_of
from ejd.roster.models import Course, Enrolment, Guardianship, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState

SIX_DAYS = timedelta(days=6)
PAGE = 50
KIND_NAMES = {NoteKind.NOTICE.value: "сообщение", NoteKind.REMARK.value: "замечание"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guardian answered, and about whom."""

    pupil: str
    guardian: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteOfClass:
    """A note as the class teacher sees it in the list."""

    id: int
    kind: str
    day: date
    text: str
    author: str
    at: datetime
    changed_at: datetime | None
    to_whom: str
    answers: int
    version: int
    author_id: int

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class NoteOfPupil:
    """A note as the family reads it, with what this guardian answered."""

    id: int
    kind: str
    day: date
    text: str
    author: str
    at: datetime
    changed_at: datetime | None
    subject: str
    answers: Sequence[Answer] = ()

    @property
    def is_remark(self) -> bool:
        return self.kind == NoteKind.REMARK


@dataclass(frozen=True, slots=True)
class WordsOfWeek:
    """What of a week in the diary is not the journal's: notes by day, and who of the guardians has read it when."""

    notes: dict[date, list[NoteOfPupil]]
    read_by: Sequence[tuple[str, datetime]]
    read_by_me: datetime | None
    lately: int = 0  # notes written in the last days, whatever day they stand in


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A pupil's guardians and when each of them acknowledged the week; None: not yet."""

    pupil_id: int
    pupil: str
    guardians: Sequence[tuple[str, datetime | None]]

    @property
    def is_read(self) -> bool:
        return any(at for _, at in self.guardians)


def notes_of_class(session: Session, *, class_id: int, author_id: int | None = None,
                   before: int | None = None) -> list[NoteOfClass]:
    """The class's notes that stand, the newest first, a page of them. Two statements."""
    answers = (select(func.count(NoteAnswer.id)).where(NoteAnswer.note_id == Note.id).scalar_subquery())
    query = (select(Note, Person, answers.label("answers")).join(Person, Person.id == Note.author_id)
             .where(Note.class_id == class_id, Note.withdrawn_at.is_(None))
             .order_by(Note.written_at.desc(), Note.id.desc()).limit(PAGE))
    if before is not None:
        at = select(Note.written_at).where(Note.id == before).correlate(None).scalar_subquery()
        query = query.where(or_(Note.written_at < at, and_(Note.written_at == at, Note.id < before)))
    if author_id is not None:
        query = query.where(Note.author_id == author_id)
    found = session.execute(query).all()
    names = _recipients(session, [row.Note.id for row in found if not row.Note.whole_class])
    return [_of_class(row.Note, row.Person, row.answers, names) for row in found]


def note_with_answers(session: Session, note_id: int) -> tuple[Note, NoteOfClass, list[Answer]] | None:
    """One note that stands. Three statements."""
    row = session.execute(select(Note, Person).join(Person, Person.id == Note.author_id)
                          .where(Note.id == note_id, Note.withdrawn_at.is_(None))).first()
    if row is None:
        return None
    pupil, guardian = aliased(Person), aliased(Person)
    answers = [Answer(one.full_name, other.short_name, answer.text, answer.written_at)
               for answer, one, other in session.execute(
                   select(NoteAnswer, pupil, guardian).join(pupil, pupil.id == NoteAnswer.pupil_id)
                   .join(guardian, guardian.id == NoteAnswer.guardian_id)
                   .where(NoteAnswer.note_id == note_id).order_by(NoteAnswer.written_at))]
    names = {} if row.Note.whole_class else _recipients(session, [note_id])
    return row.Note, _of_class(row.Note, row.Person, len(answers), names), answers


def notes_of_pupil(session: Session, *, pupil_id: int, guardian_id: int | None) -> list[NoteOfPupil]:
    """The newest notes to the pupil's family, with what this guardian answered. Two statements."""
    newest = aliased(Note)
    rows = session.execute(_NOTES.where(Note.id.in_(
        select(newest.id).join(NoteRecipient, NoteRecipient.note_id == newest.id)
        .where(NoteRecipient.pupil_id == pupil_id, newest.withdrawn_at.is_(None))
        .order_by(newest.written_at.desc(), newest.id.desc()).limit(PAGE)))).all()
    answers: dict[int, list[Answer]] = defaultdict(list)
    if guardian_id is not None:
        for answer in session.scalars(select(NoteAnswer).filter_by(pupil_id=pupil_id, guardian_id=guardian_id)
                                      .order_by(NoteAnswer.written_at)):
            answers[answer.note_id].append(Answer("", "", answer.text, answer.written_at))
    return [_of_pupil(row, answers[row.id]) for row in rows]


def words_of_week(session: Session, *, pupil_id: int, guardian_id: int | None, monday: date,
                  since: datetime) -> WordsOfWeek:
    """For the diary's week, with how many notes were written `since`. One statement, made once."""
    sunday = monday + SIX_DAYS
    rows = session.execute(_WEEK, {"pupil_id": pupil_id, "monday": monday, "sunday": sunday, "since": since}).all()
    notes: dict[date, list[NoteOfPupil]] = defaultdict(list)
    read: list[tuple[int, str, datetime]] = []
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        if row.what != "note":
            read.append((row.id, _short(row), row.at))
        elif monday <= row.day <= sunday:
            notes[row.day].append(_of_pupil(row, ()))
    mine = next((at for person_id, _, at in read if person_id == guardian_id), None)
    return WordsOfWeek(dict(notes), [(name, at) for person_id, name, at in read if person_id != guardian_id], mine,
                       sum(row.what == "note" and row.at >= since for row in rows))


def read_by_week(session: Session, *, class_id: int, monday: date) -> list[ReadBy]:
    """Pupils of the class in that week by the alphabet, each with the guardians of that week. One statement."""
    pupil, guardian, sunday = aliased(Person), aliased(Person), monday + SIX_DAYS
    rows = session.execute(
        select(pupil, guardian, WeekAcknowledged.at)
        .join(Enrolment, Enrolment.pupil_id == pupil.id)
        .outerjoin(Guardianship, (Guardianship.pupil_id == pupil.id) & touching(Guardianship, monday, sunday))
        .outerjoin(guardian, guardian.id == Guardianship.guardian_id)
        .outerjoin(WeekAcknowledged, (WeekAcknowledged.guardian_id == guardian.id)
                   & (WeekAcknowledged.pupil_id == pupil.id) & (WeekAcknowledged.monday == monday))
        .where(Enrolment.class_id == class_id, touching(Enrolment, monday, sunday))
        .order_by(pupil.sort_key, pupil.id, guardian.sort_key)).all()
    found: dict[int, tuple[Person, list[tuple[str, datetime | None]]]] = {}
    for child, adult, at in rows:
        of_child = found.setdefault(child.id, (child, []))[1]
        if adult is not None and (adult.short_name, at) not in of_child:
            of_child.append((adult.short_name, at))
    return [ReadBy(child.id, f"{child.last_name} {child.first_name}", adults) for child, adults in found.values()]


def last_lesson_before(session: Session, *, class_id: int, day: date, since: date | None = None) -> date | None:
    """The class's last day with a lesson before a day, not before `since`. One statement."""
    query = select(func.max(Lesson.day)).join(Course, Course.id == Lesson.course_id).where(
        Course.class_id == class_id, Lesson.day < day, Lesson.state == LessonState.PLANNED.value)
    return session.scalar(query if since is None else query.where(Lesson.day >= since))


def pupils_on(session: Session, *, class_id: int, day: date) -> list[tuple[int, str]]:
    """Who may be written to: the class on that day, by the alphabet. One statement."""
    rows = session.scalars(select(Person).join(Enrolment, Enrolment.pupil_id == Person.id)
                           .where(Enrolment.class_id == class_id, held(Enrolment, day))
                           .order_by(Person.sort_key, Person.id))
    return [(one.id, f"{one.last_name} {one.first_name}") for one in rows]


def class_of_lesson(session: Session, *, lesson_id: int) -> tuple[SchoolClass, str, list[tuple[int, str]]] | None:
    """The class of a lesson, its subject and whom it is given to; None for a group over several classes. Two
    statements."""
    row = session.execute(
        select(SchoolClass, Subject.name, Course, Lesson.day).join(Course, Course.class_id == SchoolClass.id)
        .join(Subject, Subject.id == Course.subject_id).join(Lesson, Lesson.course_id == Course.id)
        .where(Lesson.id == lesson_id)).first()
    if row is None:
        return None
    members = members_of(session, row.Course, first=row.day, last=row.day)
    return row.SchoolClass, row.name, [(member.pupil_id, member.name) for member in members]


def _recipients(session: Session, note_ids: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    if note_ids:
        for note_id, person in session.execute(
                select(NoteRecipient.note_id, Person).join(Person, Person.id == NoteRecipient.pupil_id)
                .where(NoteRecipient.note_id.in_(note_ids)).order_by(Person.sort_key)):
            names[note_id].append(f"{person.last_name} {person.first_name}")
    return names


def _of_class(note: Note, author: Person, answers: int, names: dict[int, list[str]]) -> NoteOfClass:
    return NoteOfClass(note.id, note.kind, note.day, note.text, author.short_name, note.written_at, note.changed_at,
                       "весь класс" if note.whole_class else ", ".join(names.get(note.id, ())), answers, note.version,
                       note.author_id)


def _of_pupil(row: Any, answers: Sequence[Answer]) -> NoteOfPupil:
    return NoteOfPupil(row.id, row.kind, row.day, row.text, _short(row), row.at, row.changed_at, row.subject, answers)


def _short(row: Any) -> str:
    return names.with_initials(row.last_name, row.first_name, row.patronymic)


def _notes() -> Any:
    return (select(literal("note").label("what"), Note.id, Note.kind, Note.day, cast(Note.text, String).label("text"),
                   Person.last_name, Person.first_name, Person.patronymic, Note.written_at.label("at"),
                   Note.changed_at, func.coalesce(Subject.name, "").label("subject"))
            .join(Person, Person.id == Note.author_id)
            .outerjoin(Lesson, Lesson.id == Note.lesson_id).outerjoin(Course, Course.id == Lesson.course_id)
            .outerjoin(Subject, Subject.id == Course.subject_id).where(Note.withdrawn_at.is_(None)))


def _week() -> Any:
    pupil: Any = bindparam("pupil_id")
    monday = bindparam("monday", type_=Date)
    notes = (_notes().join(NoteRecipient, NoteRecipient.note_id == Note.id)
             .where(NoteRecipient.pupil_id == pupil,
                    or_(Note.day.between(monday, bindparam("sunday", type_=Date)),
                        Note.written_at >= bindparam("since", type_=Instant()))))
    read = (select(literal("read"), Person.id, literal(""), WeekAcknowledged.monday, literal(""), Person.last_name,
                   Person.first_name, Person.patronymic, WeekAcknowledged.at, cast(null(), Instant()), literal(""))
            .join(Person, Person.id == WeekAcknowledged.guardian_id)
            .where(WeekAcknowledged.pupil_id == pupil, WeekAcknowledged.monday == monday))
    return union_all(notes, read)


_NOTES = _notes().order_by(Note.written_at.desc(), Note.id.desc())
_WEEK = _week()
