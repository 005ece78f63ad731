"""The journal's acts as tests tell them: short sentences about named people, at a moment, each save with a new key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.journal import attendance, homework, lesson_record, marks, works
from ejd.journal.attendance import NewPresence, Taken
from ejd.journal.homework import NewHomework
from ejd.journal.lesson_record import NewTopic
from ejd.journal.marks import NewMark
from ejd.journal.models import Attendance, Expectation, Homework, Mark, MarkCorrection, Work
from ejd.journal.works import NewWork
from ejd.roster.models import Person
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.world import World


@dataclass
class Hand:
    """Somebody writing in the journal: Анна, unless another is named."""

    school: World
    person: Person
    _keys: count[int] = field(default_factory=lambda: count(1))

    @property
    def session(self) -> Any:
        return self.school.session

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.session)

    def key(self) -> str:
        return f"{self.person.id}-{next(self._keys)}"

    def puts(self, lesson: Lesson, pupil: Person, value: str, *, at: datetime | None = None, **more: Any) -> Mark:
        mark = NewMark(lesson.id, pupil.id, value, more.pop("key", None) or self.key(), self.person.id,
                       at or clock.now(), **more)
        return marks.put_mark(self.session, mark=mark, settings=self.settings)

    def corrects(self, mark: Mark, value: str, **more: Any) -> Mark:
        return marks.correct_mark(self.session, mark_id=mark.id, value=value, **self._change(mark, more))

    def describes(self, mark: Mark, **more: Any) -> Mark:
        said = {name: more.pop(name, getattr(mark, name)) for name in ("kind_id", "weight", "comment")}
        return marks.describe_mark(self.session, mark_id=mark.id, **said, **self._change(mark, more))

    def redates(self, mark: Mark, received_on: date, reason: str = "", **more: Any) -> Mark:
        return marks.redate_mark(self.session, mark_id=mark.id, received_on=received_on, reason=reason,
                                 **self._change(mark, more))

    def moves(self, mark: Mark, reason: str, **more: Any) -> Mark:
        to = {name: more.pop(name) for name in ("pupil_id", "lesson_id", "work_id") if name in more}
        return marks.move_mark(self.session, mark_id=mark.id, reason=reason, **to, **self._change(mark, more))

    def withdraws(self, mark: Mark, **more: Any) -> Mark:
        return marks.withdraw_mark(self.session, mark_id=mark.id, **self._change(mark, more))

    def notes(self, lesson: Lesson, pupil: Person, code: str | None, *, at: datetime | None = None,
              key: str | None = None, version: int | None = None) -> Attendance:
        row = NewPresence(lesson.id, pupil.id, code, key or self.key(), self.person.id, at or clock.now(), version)
        [noted] = attendance.record_attendance(self.session, rows=[row], settings=self.settings)
        return noted

    def takes_attendance(self, lesson: Lesson, *, at: datetime | None = None) -> None:
        taken = Taken(lesson.id, self.person.id, at or clock.now())
        attendance.take_attendance(self.session, lessons=[taken], settings=self.settings)

    def declares(self, lesson: Lesson, kind: str = "test", *, at: datetime | None = None, **more: Any) -> Work:
        work = NewWork(lesson.id, self.school.kind(kind).id, self.person.id, at or clock.now(), **more)
        [declared] = works.declare_works(self.session, works=[work], settings=self.settings)
        return declared

    def writes_topic(self, lesson: Lesson, text: str, *, at: datetime | None = None, **more: Any) -> None:
        topic = NewTopic(lesson.id, text, self.person.id, at or clock.now(), **more)
        lesson_record.record_topics(self.session, topics=[topic])

    def sets(self, lesson: Lesson, text: str, *, at: datetime | None = None, **more: Any) -> Homework:
        key = more.pop("key", None) or self.key()
        one = NewHomework(lesson.id, text, self.person.id, at or clock.now(), key, **more)
        [published] = homework.publish_homework(self.session, homework=[one], settings=self.settings)
        return published

    def _change(self, mark: Mark, more: dict[str, Any]) -> dict[str, Any]:
        return {"actor_id": self.person.id, "settings": self.settings,
                "version": more.pop("version", mark.version), "key": more.pop("key", None) or self.key(),
                "now": more.pop("at", None) or clock.now()}


def expected_of(school: World, work: Work, pupil: Person) -> Expectation | None:
    return school.session.scalar(select(Expectation).filter_by(work_id=work.id, pupil_id=pupil.id)
                                 .execution_options(populate_existing=True))


def corrections_of(school: World, mark: Mark) -> list[MarkCorrection]:
    return list(school.session.scalars(select(MarkCorrection).filter_by(mark_id=mark.id).order_by(MarkCorrection.id)))


def records(school: World, verb: str) -> list[str]:
    """What the audit says of a verb, oldest first."""
    return list(school.session.scalars(select(AuditRecord.data).filter_by(verb=verb).order_by(AuditRecord.id)))
