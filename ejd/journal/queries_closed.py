"""What a journal says of its term when that is closed, and when it is open again for a while (R8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ejd import clock
from ejd.journal.closed import closed_part_column, door_columns, reason_column
from ejd.journal.closing import ASK, YEAR_SHUT
from ejd.school.models import Term
from ejd.words import day

MOMENT = timedelta(seconds=1)


def closing_columns() -> tuple[Any, ...]:
    """What `said_of` needs, as columns of a statement that has `Course` and `Term`: of the term's last day, and of a
    part of it that is closed before (a half-year journal of a class that closes by quarters) and not open at `now`."""
    return (*door_columns(Term.ends_on), reason_column(Term.ends_on), closed_part_column(Term.starts_on, Term.ends_on),
            Term.name.label("own_term"))


def said_of(row: Any, at: datetime) -> str:
    """The line over a journal: what is closed, until when and why it is open again; empty while nothing is closed. A
    journal with terms of its own (R15) tells of its own term, or of the part of it that is closed."""
    if row.door_year is not None:
        return YEAR_SHUT
    if row.door_term is None:
        return f"Закрыта часть периода: {row.door_part}. {ASK}" if row.door_part else ""
    term = row.own_term if row.Course.term_scheme else row.door_term
    if row.door_until is None or row.door_until <= at:
        return f"Закрыто: {term}. {ASK}"
    return (f"Закрыто: {term}. Открыто для исправления по {day(last_day_open(row.door_until))} включительно: "
            f"{row.door_reason}")


def last_day_open(until: datetime) -> date:
    """The last day of a reopening, which ends with it."""
    return clock.local(until - MOMENT).date()
