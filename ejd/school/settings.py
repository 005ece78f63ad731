"""The school's settings as they held on a day, and the one way to change them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.refusal import Refused
from ejd.school.catalogue import DEFINITIONS
from ejd.school.launch_days import LaunchDays
from ejd.school.models import Setting

FARTHEST = timedelta(days=366)


class Settings:
    """All rows of the settings table, asked by key and day."""

    def __init__(self, rows: Iterable[tuple[str, date, str]] = ()) -> None:
        self._values: dict[str, list[tuple[date, Any]]] = {}
        for key, valid_from, value in sorted(rows):
            self._values.setdefault(key, []).append((valid_from, json.loads(value)))

    def value(self, key: str, *, on: date | None) -> Any:
        """What `key` is on that day (None: the newest). Unknown keys are an error, unset ones the default."""
        default = DEFINITIONS[key].default
        found = [value for valid_from, value in self._values.get(key, ()) if on is None or valid_from <= on]
        return found[-1] if found else default

    def days(self, key: str) -> list[date]:
        """The days from which its values hold."""
        return [valid_from for valid_from, _ in self._values.get(key, ())]

    def day(self, key: str) -> date | None:
        """A setting that is a date."""
        value = self.value(key, on=None)
        return date.fromisoformat(value) if value else None

    @property
    def launch(self) -> LaunchDays:
        return LaunchDays.of(lambda key: self.value(key, on=None))


def load(session: Session) -> Settings:
    """One statement: every setting of the school."""
    return Settings((key, valid_from, value) for key, valid_from, value in
                    session.execute(select(Setting.key, Setting.valid_from, Setting.value)))


def change(session: Session, *, actor_id: int | None, key: str, value: Any, valid_from: date,
           now: datetime) -> None:
    """Put a setting in force from a day on. Raises Refused when the value is not lawful."""
    if reason := DEFINITIONS[key].check(value):
        raise Refused(reason, field=key)
    row = session.scalar(select(Setting).filter_by(key=key, valid_from=valid_from))
    if row is None:
        row = Setting(key=key, valid_from=valid_from, value="")
        session.add(row)
    row.value = json.dumps(value, ensure_ascii=False)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="setting.changed", subject_id=row.id,
                 key=key, valid_from=valid_from)


def change_many(session: Session, *, actor_id: int | None, values: Mapping[str, Any], valid_from: date,
                now: datetime) -> list[str]:
    """Put those of the values in force that differ from what holds; which keys.

    What has legal effect holds from `valid_from`, today or later: yesterday's deadlines never move. The rest holds at
    once, whatever the date of the value before.
    """
    today = clock.local(now).date()
    standing = load(session)
    changed = []
    for key, value in values.items():
        legal = DEFINITIONS[key].legal
        if standing.value(key, on=valid_from if legal else None) == value:
            continue
        if legal and not today <= valid_from <= today + FARTHEST:
            raise Refused("Новое правило начинает действовать сегодня или позже, не дальше года вперёд",
                          field="valid_from")
        day = valid_from if legal else max([today, *standing.days(key)])
        change(session, actor_id=actor_id, key=key, value=value, valid_from=day, now=now)
        changed.append(key)
    return changed
