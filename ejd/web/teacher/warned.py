"""What R16 has against a work: told before it is saved; pressed again for the same lesson, it is saved all the same."""

from __future__ import annotations

from flask import request

from ejd.db import db
from ejd.journal.assessments import warnings_for
from ejd.journal.works import LONGEST_WORK
from ejd.refusal import Refused
from ejd.web.given import number_in


def told(lesson_id: int, minutes: int | None, series: str, work_id: int | None = None) -> list[str]:
    """What has to be shown before saving: warnings that the person has not seen for this lesson yet."""
    warnings = warnings_for(db.session, lesson_id=lesson_id, minutes=minutes, series=" ".join(series.split()),
                            work_id=work_id)
    return [] if request.form.get("seen") == seen(lesson_id, warnings) else warnings


def seen(lesson_id: int, warnings: list[str]) -> str:
    """What a form says to have shown: the lesson, and how many warnings there were."""
    return f"{lesson_id}-{len(warnings)}"


def minutes_typed() -> int | None:
    """How long the work takes, when it is said."""
    minutes = number_in(request.form, "minutes")
    if minutes is None and request.form.get("minutes", "").strip():
        raise Refused("Минуты – целое число, например 40", field="minutes")
    if minutes is not None and not 1 <= minutes <= LONGEST_WORK:
        raise Refused(f"Работа идёт от 1 до {LONGEST_WORK} минут", field="minutes")
    return minutes
