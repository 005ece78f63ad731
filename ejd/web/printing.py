"""The printed journal of classes, alike for the administration and a class teacher: of what, begin it, what was printed
(R51). Whose classes they are the views of either side have asked."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ejd.certification import printing, queries
from ejd.db import db
from ejd.school.models import SchoolYear
from ejd.web.following import begin_job
from ejd.web.given import numbers_of

YEAR = "year"  # in a form: the copy of the whole year
Classes = Sequence[tuple[int, str]]


def show_printing(year: SchoolYear, classes: Classes, *, class_id: int | None = None, error: str = "", field: str = "",
                  **shown: Any) -> ResponseReturnValue:
    """What can be printed, and what was."""
    periods = [(str(term_id or YEAR), name) for term_id, name in printing.periods_to_print(db.session, year)]
    typed = request.form or request.args
    return render_template(
        "printing/printing.html", year=year, classes=classes, class_id=class_id, periods=periods, error=error,
        field_of_error=field, typed=typed, ticked=typed.getlist("class"),
        prints=queries.latest_copies(db.session, year_id=year.id, class_id=class_id),
        key=request.form.get("key") or token_urlsafe(12), **shown), 422 if error else 200


def begin_printing(year: SchoolYear, classes: Classes, *, back: str, class_id: int | None = None,
                   **shown: Any) -> ResponseReturnValue:
    """Print the ticked classes for a period, as long work."""
    periods = {str(term_id or YEAR): term_id for term_id, _ in printing.periods_to_print(db.session, year)}
    period = request.form.get("period", "")
    asked = set(numbers_of(request.form.getlist("class")))
    chosen = [one for one, _ in classes if class_id or "all" in request.form or one in asked]
    if period not in periods:
        return show_printing(year, classes, class_id=class_id, error="Выберите период из списка", field="period",
                             **shown)
    if not chosen:
        return show_printing(year, classes, class_id=class_id, error="Отметьте хотя бы один класс", field="class",
                             **shown)
    return begin_job(printing.KIND, {"class_ids": chosen, "term_id": periods[period]},
                     key=request.form.get("key", ""), back=back)
