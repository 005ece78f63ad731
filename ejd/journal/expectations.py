"""The expectations of declared works as a batch of acts sees and changes them (R4). Written once, at the end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from ejd.bulk import in_parts, update_many
from ejd.db import Session, table_of
from ejd.journal import expecting
from ejd.journal.deadlines import last_day
from ejd.journal.expecting import Awaiting
from ejd.journal.models import Expectation


@dataclass(slots=True)
class Expected:
    """What one work expects of one pupil; `id` is None until it is written."""

    id: int | None
    work_id: int
    pupil_id: int
    awaiting: str
    received_on: date
    due_on: date | None
    hand_in_by: date | None
    responsible_id: int
    version: int = 1
    changed: bool = False

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.changed = True

    def start_clock(self, received_on: date) -> None:
        """R1's week runs from this day: the lesson's, or the day the work was handed in."""
        self.set(awaiting=Awaiting.TEACHER.value, received_on=received_on, due_on=last_day(received_on))

    def stop_clock(self, hand_in_by: date) -> None:
        """«•»: the pupil owes the work."""
        self.set(awaiting=Awaiting.PUPIL.value, due_on=None, hand_in_by=hand_in_by)

    def release(self) -> None:
        self.set(awaiting=Awaiting.RELEASED.value, due_on=None, hand_in_by=None)

    def meet(self) -> None:
        """A mark stands; the days stay to tell what is awaited when it is withdrawn."""
        if self.awaiting != Awaiting.MET:
            self.set(awaiting=Awaiting.MET.value)

    def handed_in_on(self, lesson_day: date) -> date | None:
        """The day from which R1's clock runs, when it was started again after the lesson."""
        return self.received_on if self.due_on is not None and self.received_on != lesson_day else None

    def reopen(self) -> None:
        """No mark stands any more."""
        if self.awaiting == Awaiting.MET:
            self.set(awaiting=self._underneath.value)

    def follow_attendance(self, *, was_away: bool, away: bool, lesson_day: date) -> None:
        """The letter of the lesson changed; under a mark that stands, only what is awaited without it changes."""
        met = self.awaiting == Awaiting.MET
        becomes = expecting.after_attendance(self._underneath, was_away=was_away, away=away)
        if becomes is Awaiting.PUPIL:
            self.stop_clock(expecting.hand_in_day(lesson_day))
        elif becomes is Awaiting.TEACHER:
            self.start_clock(lesson_day)
        if met:
            self.meet()

    @property
    def _underneath(self) -> Awaiting:
        """What is awaited when no mark is counted."""
        if self.awaiting == Awaiting.MET:
            return expecting.reopened(due_on=self.due_on, hand_in_by=self.hand_in_by)
        return Awaiting(self.awaiting)


class Expectations:
    """Those of some works, by work and pupil."""

    def __init__(self, session: Session, work_ids: Collection[int]) -> None:
        self._session = session
        self._rows: dict[tuple[int, int], Expected] = {}
        for part in in_parts(sorted(set(work_ids))):
            rows = session.execute(
                select(Expectation.id, Expectation.work_id, Expectation.pupil_id, Expectation.awaiting,
                       Expectation.received_on, Expectation.due_on, Expectation.hand_in_by,
                       Expectation.responsible_id, Expectation.version).where(Expectation.work_id.in_(part)))
            self._rows.update(((row[1], row[2]), Expected(*row)) for row in rows)

    def of(self, work_id: int | None, pupil_id: int) -> Expected | None:
        return self._rows.get((work_id, pupil_id)) if work_id is not None else None

    def of_work(self, work_id: int) -> list[Expected]:
        return [expected for key, expected in self._rows.items() if key[0] == work_id]

    def add(self, work_id: int, pupil_id: int, *, away: bool, met: bool, lesson_day: date,
            responsible_id: int) -> Expected:
        """A new one as attendance made it: the clock runs, or the pupil was away and owes the work."""
        expected = Expected(None, work_id, pupil_id, "", lesson_day, None, None, responsible_id)
        if away:
            expected.stop_clock(expecting.hand_in_day(lesson_day))
        else:
            expected.start_clock(lesson_day)
        if met:
            expected.meet()
        self._rows[work_id, pupil_id] = expected
        return expected

    def write(self) -> None:
        """Save what changed; two statements for any number of rows."""
        new = [self._values(row) | {"work_id": row.work_id, "pupil_id": row.pupil_id, "version": 1}
               for row in self._rows.values() if row.id is None]
        update_many(self._session, Expectation, [
            (row.id, self._values(row) | {"version": row.version + 1})
            for row in self._rows.values() if row.id is not None and row.changed])
        if new:
            self._session.execute(insert(table_of(Expectation)), new)

    @staticmethod
    def _values(row: Expected) -> dict[str, Any]:
        return {"awaiting": row.awaiting, "received_on": row.received_on, "due_on": row.due_on,
                "hand_in_by": row.hand_in_by, "responsible_id": row.responsible_id}
