"""Kinds of work («виды работ») that every school begins with. Their own terms (R2) are the setting `limits`."""

from __future__ import annotations

from sqlalchemy import insert, select

from ejd.db import Session, table_of
from ejd.journal.models import WorkKind

# code, name, short name, weight, expected of the whole class (R4), counted in timeliness (R1)
KINDS = (
    ("oral", "Ответ на уроке", "отв", 1, False, True),
    ("written", "Самостоятельная работа", "с/р", 1, True, True),
    ("test", "Контрольная работа", "к/р", 2, True, True),
    ("dictation", "Диктант", "дикт", 2, True, True),
    ("essay", "Сочинение, изложение", "соч", 2, True, True),
    ("practical", "Лабораторная, практическая работа", "л/р", 1, True, True),
    ("project", "Проект", "пр", 2, True, True),
    ("homework", "Домашняя работа", "д/з", 1, False, True),
    ("transfer", "Из справки", "спр", 1, False, False),
)


def prefill_kinds(session: Session) -> None:
    """Add the kinds that are not there yet; a school's own changes stay."""
    there = set(session.scalars(select(WorkKind.code)))
    rows = [{"code": code, "name": name, "short_name": short, "weight": weight, "declared": declared,
             "in_timeliness": timely, "position": position}
            for position, (code, name, short, weight, declared, timely) in enumerate(KINDS) if code not in there]
    if rows:
        session.execute(insert(table_of(WorkKind)), rows)


def limited_kinds(session: Session) -> list[tuple[str, str]]:
    """Code and name of the kinds for which a school may set its own term (R2), in order. One statement."""
    return [(code, name) for code, name in session.execute(
        select(WorkKind.code, WorkKind.name).filter_by(in_timeliness=True).order_by(WorkKind.position))]


def kinds_offered(session: Session) -> list[tuple[int, str, str]]:
    """Id, name and short name of the kinds in use, in order: what a plan may name for a topic. One statement."""
    return [(kind_id, name, short) for kind_id, name, short in session.execute(
        select(WorkKind.id, WorkKind.name, WorkKind.short_name).filter_by(retired=False)
        .order_by(WorkKind.position, WorkKind.id))]
