"""Files attached to homework, and a pupil's own tick that it is done.

Taking a file away ends it; the bytes stay (`files.store`). The tick is the pupil's note for himself: no fact of the
journal, so nothing is recorded of it and it may go.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from ejd.audit import trail
from ejd.db import Session, table_of
from ejd.files.models import StoredFile
from ejd.journal.closed import check_door
from ejd.journal.models import Homework, HomeworkDone, HomeworkFile
from ejd.journal.occasions import lock_lessons
from ejd.refusal import Refused
from ejd.words import counted


def attach_files(session: Session, *, homework: Homework, files: Sequence[tuple[str, StoredFile]], actor_id: int,
                 now: datetime, most: int) -> None:
    """Attach files under their names, at most so many in all. The same bytes again change nothing, so that a repeated
    save is harmless."""
    [lesson] = lock_lessons(session, [homework.lesson_id]).values()
    standing = _standing(session, homework.id)
    known, names = {file.file_id for file in standing}, {file.name for file in standing}
    fresh = {stored.id: name for name, stored in files if stored.id not in known}
    if not fresh:
        return
    if homework.not_set:
        raise Refused("Снимите отметку «не задано», чтобы приложить файлы", field="not_set")
    if len(standing) + len(fresh) > most:
        raise Refused(f"К заданию можно приложить не больше {counted(most, 'файла', 'файлов', 'файлов')}",
                      field="files")
    check_door(session, lesson, at=now, actor_id=actor_id)
    for file_id, name in fresh.items():
        attached = HomeworkFile(homework_id=homework.id, file_id=file_id, name=_unlike(name, names),
                                attached_by_id=actor_id, attached_at=now)
        session.add(attached)
        session.flush()
        names.add(attached.name)
        trail.record(session, now=now, actor_id=actor_id, verb="homework.file_attached", subject_id=attached.id,
                     lesson=homework.lesson_id)
    _touch(homework, now)


def remove_files(session: Session, *, homework: Homework, file_ids: Collection[int], actor_id: int,
                 now: datetime) -> None:
    """Take files away from homework; those taken away already change nothing."""
    [lesson] = lock_lessons(session, [homework.lesson_id]).values()
    going = [file for file in _standing(session, homework.id) if file.id in file_ids]
    if not going:
        return
    check_door(session, lesson, at=now, actor_id=actor_id)
    for file in going:
        file.removed_at = now
        trail.record(session, now=now, actor_id=actor_id, verb="homework.file_removed", subject_id=file.id,
                     lesson=homework.lesson_id)
    _touch(homework, now)
    session.flush()


def drop_all(session: Session, *, homework_id: int, now: datetime) -> None:
    """«Не задано» has no files."""
    session.execute(update(HomeworkFile).where(HomeworkFile.homework_id == homework_id,
                                               HomeworkFile.removed_at.is_(None)).values(removed_at=now))


def tick(session: Session, *, homework_id: int, pupil_id: int, done: bool, now: datetime) -> None:
    """Note that the pupil has done it, or take the note back. The same again changes nothing."""
    mine = (HomeworkDone.homework_id == homework_id, HomeworkDone.pupil_id == pupil_id)
    if not done:
        session.execute(delete(HomeworkDone).where(*mine))
    elif session.scalar(select(HomeworkDone.homework_id).where(*mine)) is None:
        session.execute(insert(table_of(HomeworkDone)).values(homework_id=homework_id, pupil_id=pupil_id, done_at=now))


def _standing(session: Session, homework_id: int) -> Sequence[HomeworkFile]:
    return session.scalars(select(HomeworkFile).filter_by(homework_id=homework_id, removed_at=None)
                           .order_by(HomeworkFile.id)).all()


def _touch(homework: Homework, now: datetime) -> None:
    """What was published before is told to be changed."""
    if homework.published_at != now:
        homework.changed_at = now
    homework.version += 1


def _unlike(name: str, names: Collection[str]) -> str:
    """The name, with a number when another file has it."""
    stem, _, ending = name.rpartition(".")
    return next(one for one in (name, *(f"{stem} ({number}).{ending}" for number in range(2, 100)))
                if one not in names)
