"""The form of an excuse, filled in by a guardian, the class teacher or the office: read with care, for one act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.refusal import Refused
from ejd.web.given import day_in, number_in

Form = Mapping[str, str]


def read_excuse(form: Form, *, pupil_id: int, actor_id: int, now: datetime, certificate: bool = False) -> NewExcuse:
    """Raises Refused beside the field that cannot be understood."""
    from_on = _day(form, "from_on", "Укажите первый день")
    to_on = _day(form, "to_on", "") if form.get("to_on", "").strip() else from_on
    span = Span(from_on, to_on, _number(form, "first_number"), _number(form, "last_number"))
    return NewExcuse(pupil_id, span, form.get("code", ""), form.get("key", ""), actor_id, now, certificate,
                     form.get("word", ""))


def _day(form: Form, name: str, missing: str) -> date:
    typed = form.get(name, "").strip()
    found = day_in(form, name)
    if found is None:
        raise Refused(f"Дата пишется так: 01.09.2026. «{typed[:20]}» не подходит" if typed else missing, field=name)
    return found


def _number(form: Form, name: str) -> int | None:
    typed = form.get(name, "").strip()
    found = number_in(form, name)
    if typed and found is None:
        raise Refused("Номер урока – число от 1 до 12", field=name)
    return found
