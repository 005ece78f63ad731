"""Every value a setting has had, from when, and who put it so."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.roster.models import Person
from ejd.school.models import Setting


@dataclass(frozen=True, slots=True)
class Held:
    """One value of one setting, and from when."""

    key: str
    valid_from: date
    value: Any
    changed_at: datetime | None
    changed_by: str


def history(session: Session, keys: Collection[str]) -> list[Held]:
    """Every value of these settings with the day from which it holds and who put it so last, the newest first. One
    statement."""
    last = (select(AuditRecord.subject_id, func.max(AuditRecord.id).label("id"))
            .where(AuditRecord.verb == "setting.changed").group_by(AuditRecord.subject_id).subquery())
    rows = session.execute(
        select(Setting.key, Setting.valid_from, Setting.value, AuditRecord.at, Person)
        .outerjoin(last, last.c.subject_id == Setting.id).outerjoin(AuditRecord, AuditRecord.id == last.c.id)
        .outerjoin(Person, Person.id == AuditRecord.actor_id)
        .where(Setting.key.in_(keys)).order_by(Setting.valid_from.desc(), Setting.id.desc()))
    return [Held(key, valid_from, json.loads(value), at, person.short_name if person else "")
            for key, valid_from, value, at, person in rows]
