"""Erasure: the person's row and the texts about the person are emptied for good, ids, marks and the record stay
(engineering: facts are never deleted). What is emptied stands in `emptied.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, delete, func, literal, or_, select, union_all, update
from sqlalchemy.orm import aliased

from ejd import clock, names
from ejd.audit import trail
from ejd.credentials import sessions
from ejd.credentials.models import Account, SecondFactor
from ejd.db import Session
from ejd.homeroom.models import Note, NoteRecipient
from ejd.journal.models import Homework, HomeworkChange, HomeworkFile, HomeworkPupil
from ejd.privacy import passports
from ejd.privacy.emptied import DELETED, EMPTIED, GONE, OF_MANY, Emptied, reason_not_to_erase, stem
from ejd.privacy.everything import column_of
from ejd.privacy.models import ProcessingBasis
from ejd.privacy.unnamed import unnamed_files
from ejd.refusal import Refused
from ejd.remarks.models import JournalRemark, RemarkWord
from ejd.roster.belonging import lasting, person_with_id
from ejd.roster.models import (
    Course,
    CourseKind,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from ejd.schedule.models import LessonFeed
from ejd.school.keeping import kept_until
from ejd.school.models import SchoolYear


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do: why it may not be, how many texts go, until when the papers of which years must be
    kept, where the surname stands besides, and the guardians who would have no other child here."""

    closed: str | None
    emptied: Sequence[tuple[str, int]]
    years: Sequence[tuple[str, date, date]]
    mentions: Sequence[tuple[str, int]]
    guardians: Sequence[Person]


def preview(session: Session, *, person: Person, actor_id: int, today: date) -> Preview:
    """Five statements."""
    counts = session.execute(union_all(*(
        select(literal(place), func.count()).select_from(_table(one.by[0]))
        .where(_about(one.by, person.id), _says_something(one))
        for place, one in enumerate(EMPTIED)))).all()
    years = [(one.name, one.ends_on) for one in session.scalars(_years(person.id))]
    return Preview(_closed(session, person.id, actor_id, today),
                   [(EMPTIED[place].title, count) for place, count in sorted(counts) if count],
                   [(name, *kept_until(ends_on)) for name, ends_on in years],
                   mentions(session, person=person), guardians_left(session, pupil_id=person.id, today=today))


def mentions(session: Session, *, person: Person) -> list[tuple[str, int]]:
    """Where the surname, in any case, stands in texts about many. One statement, over all of them."""
    part = stem(person.last_name)
    asked = [select(literal(key), func.count()).select_from(column_of(key).table)
             .where(column_of(key).contains(part, autoescape=True), *_of_others(key, person.id)) for key in OF_MANY]
    return [(OF_MANY[key], count) for key, count in session.execute(union_all(*asked)) if count]


def guardians_left(session: Session, *, pupil_id: int, today: date) -> Sequence[Person]:
    """The pupil's guardians who are not needed here for another child or as staff: their data outlive the child's
    until somebody decides. One statement."""
    own: Any = aliased(Guardianship)
    other_child = (select(Guardianship.id).join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
                   .where(Guardianship.guardian_id == Person.id, Guardianship.pupil_id != pupil_id,
                          lasting(Guardianship, today), lasting(Enrolment, today)).exists())
    employed = select(Employment.id).where(Employment.person_id == Person.id, lasting(Employment, today)).exists()
    learns = select(Enrolment.id).where(Enrolment.pupil_id == Person.id, lasting(Enrolment, today)).exists()
    return session.scalars(
        select(Person).where(Person.id.in_(select(own.guardian_id).where(own.pupil_id == pupil_id)),
                             Person.erased_at.is_(None), ~other_child, ~employed, ~learns)
        .order_by(Person.sort_key, Person.id)).all()


def erase(session: Session, *, actor_id: int, person_id: int, now: datetime, real_now: datetime) -> list[str]:
    """Empty whatever is about the person; the hashes of files on the disk that nothing names any more, to be removed
    once this is saved. Raises Refused while the person is needed."""
    person = person_with_id(session, person_id)
    today = clock.local(now).date()
    if reason := _closed(session, person_id, actor_id, today):
        raise Refused(reason)
    passports.erase(session, actor_id=actor_id, pupil_ids=[person_id], why="request", now=now)
    _close_account(session, person_id, now=now, real_now=real_now)
    _empty_what_is_theirs_alone(session, person_id, now)
    for one in EMPTIED:
        session.execute(update(_table(one.by[0])).where(_about(one.by, person_id)).values(one.values))
    for table in (Guardianship, ProcessingBasis):
        owner = [getattr(table, name) == person_id for name in ("guardian_id", "pupil_id") if hasattr(table, name)]
        session.execute(update(table).where(or_(*owner), table.to_on.is_(None)).values(to_on=today))
    _empty_person(person, now)
    session.flush()
    session.expire_all()
    trail.record(session, now=now, actor_id=actor_id, verb="person.erased", subject_id=person_id)
    return unnamed_files(session)


def _closed(session: Session, person_id: int, actor_id: int, today: date) -> str | None:
    enrolled = select(Enrolment.id).where(Enrolment.pupil_id == person_id, lasting(Enrolment, today)).exists()
    employed = select(Employment.id).where(Employment.person_id == person_id, lasting(Employment, today)).exists()
    guards = (select(Guardianship.id).join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
              .where(Guardianship.guardian_id == person_id, lasting(Guardianship, today),
                     lasting(Enrolment, today)).exists())
    learns, works, has_child = session.execute(select(enrolled, employed, guards)).one()
    return reason_not_to_erase(oneself=person_id == actor_id, enrolled=bool(learns), employed=bool(works),
                               guards=bool(has_child))


def _empty_person(person: Person, now: datetime) -> None:
    name = f"{GONE} {person.id}"
    person.last_name, person.first_name, person.patronymic = name, "", ""
    person.sort_key, person.search_key = names.sort_key(name, ""), ""
    person.birth_date, person.erased_at = None, now


def _close_account(session: Session, person_id: int, *, now: datetime, real_now: datetime) -> None:
    """The login, which was made from the name, opens nothing any more; nor does an address of lessons."""
    for account in session.scalars(select(Account).filter_by(person_id=person_id)):
        account.login, account.password_hash, account.disabled_at = f"erased-{account.id}", None, now
        sessions.end_all_sessions(session, account_id=account.id, now=real_now)
        session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    session.execute(update(LessonFeed).where(
        or_(LessonFeed.owner_id == person_id, LessonFeed.pupil_id == person_id), LessonFeed.revoked_at.is_(None))
        .values(revoked_at=now))
    for key in DELETED:
        session.execute(delete(_table(key)).where(column_of(key) == person_id))


def _empty_what_is_theirs_alone(session: Session, person_id: int, now: datetime) -> None:
    session.execute(update(HomeworkChange).where(HomeworkChange.homework_id.in_(_homework(person_id)))
                    .values(before=GONE))
    session.execute(update(HomeworkFile).where(HomeworkFile.homework_id.in_(_homework(person_id))).values(
        name=GONE, removed_at=func.coalesce(HomeworkFile.removed_at, now)))
    session.execute(update(Homework).where(Homework.id.in_(_homework(person_id))).values(text=GONE))
    session.execute(update(Note).where(Note.id.in_(_notes(person_id))).values(text=GONE))
    session.execute(update(Course).where(Course.id.in_(_home_teaching(person_id))).values(name=_home_name()))
    session.execute(update(RemarkWord).where(RemarkWord.remark_id.in_(_remarks(person_id))).values(text=GONE))


def _home_name() -> ColumnElement[str]:
    """Of each such journal another, for names of groups differ."""
    return literal("Обучение на дому ") + cast(Course.id, String)


def _notes(person_id: int) -> Select[int]:
    alone = _alone(NoteRecipient.note_id, NoteRecipient.pupil_id, person_id)
    return select(Note.id).where(Note.id.in_(alone), ~Note.whole_class)


def _homework(person_id: int) -> Select[int]:
    return _alone(HomeworkPupil.homework_id, HomeworkPupil.pupil_id, person_id)


def _home_teaching(person_id: int) -> Select[int]:
    alone = _alone(CourseMember.course_id, CourseMember.pupil_id, person_id)
    return select(Course.id).where(Course.id.in_(alone), Course.kind == CourseKind.HOME.value)


def _remarks(person_id: int) -> Select[int]:
    return select(JournalRemark.id).where(JournalRemark.teacher_id == person_id)


# Texts that are about one person alone: table, its column, and the rows.
ALONE: dict[str, tuple[str, Callable[[int], Select[int]]]] = {
    "course": ("id", _home_teaching), "homework": ("id", _homework), "homework_change": ("homework_id", _homework),
    "homework_file": ("homework_id", _homework), "note": ("id", _notes), "remark_word": ("remark_id", _remarks),
}


def _alone(row_id: Any, pupil_id: Any, person_id: int) -> Select[int]:
    """The rows whose only pupil this is."""
    return (select(row_id).group_by(row_id)
            .having(and_(func.min(pupil_id) == person_id, func.max(pupil_id) == person_id)))


def _table(key: str) -> Any:
    return column_of(key).table


def _about(keys: Sequence[str], person_id: int) -> ColumnElement[bool]:
    return or_(*(column_of(key) == person_id for key in keys))


def _says_something(one: Emptied) -> ColumnElement[bool]:
    """Whether a row holds anything that would go."""
    table = _table(one.by[0])
    return or_(*(table.c[name] != after if after is not None else table.c[name].is_not(None)
                 for name, after in one.values.items()))


def _of_others(key: str, person_id: int) -> list[ColumnElement[bool]]:
    """Texts of the person's own rows are emptied anyway."""
    table = key.split(".")[0]
    mine = [by for one in EMPTIED for by in one.by if by.split(".")[0] == table]
    alone = [column_of(f"{table}.{ALONE[table][0]}").not_in(ALONE[table][1](person_id))] if table in ALONE else []
    return alone + ([~_about(mine, person_id)] if mine else [])


def _years(person_id: int) -> Select[SchoolYear]:
    """The school years in whose journals the person stands, as a pupil or a teacher."""
    as_pupil = (select(SchoolClass.year_id).join(Enrolment, Enrolment.class_id == SchoolClass.id)
                .where(Enrolment.pupil_id == person_id))
    as_teacher = (select(Course.year_id).join(TeachingAssignment, TeachingAssignment.course_id == Course.id)
                  .where(TeachingAssignment.teacher_id == person_id))
    return (select(SchoolYear)
            .where(or_(SchoolYear.id.in_(as_pupil), SchoolYear.id.in_(as_teacher))).order_by(SchoolYear.starts_on))
