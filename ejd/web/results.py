"""The results of one journal, alike for its teacher and for who leads the school: the table, saved whole by its button
or one by one by keys, and what is offered, set at once."""

from __future__ import annotations

import re
from secrets import token_urlsafe

from flask import Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.results.offering import read_value, spellings_of
from ejd.results.queries import ResultsPage, results_page
from ejd.results.queries_history import history_of_results
from ejd.results.setting import NewResult, set_results
from ejd.roster.scopes import CourseCard
from ejd.web.fragments import wants_partial
from ejd.web.given import number_in
from ejd.web.saving import saving

FIELD = re.compile(r"r([0-9]{1,9})")


def show_results(course: CourseCard, *, leads: bool, errors: dict[int | str, str] | None = None) -> str:
    """The table, open at a period; after a refusal with what was typed, each sentence beside its pupil."""
    page = _page(course, request.values.get("period"))
    return render_template("results/course.html", course=course, page=page, leads=leads, errors=errors or {},
                           spellings=spellings_of(page.allowed) if page else (),
                           typed=typed_in_place(), key=token_urlsafe(9), today=clock.today())


def show_offered(course: CourseCard) -> str:
    """What will be set when everything offered is set at once."""
    page = _page(course, request.args.get("period")) or abort(404)
    return render_template("results/offered.html", course=course, page=page, key=token_urlsafe(9))


def show_history(course: CourseCard, *, back: bool = True) -> str:
    """Who set and changed which result, and when; `back` to the results, for who may open them."""
    return render_template("results/history.html", course=course, back=back,
                           found=history_of_results(db.session, course.id))


def save_results(course: CourseCard, *, leads: bool) -> ResponseReturnValue:
    """Save what was changed in the form: all of it or nothing, with the reason."""
    typed = typed_in_place()
    code, key, reason = (request.form.get(name, "") for name in ("period", "key", "reason"))
    results = [NewResult(pupil_id, value, f"{key}.{pupil_id}" if key else "",
                         version_seen(pupil_id), reason) for pupil_id, value in typed.items()]
    try:
        with saving():
            set_results(db.session, course_id=course.id, code=code, results=results, actor_id=g.actor.person_id,
                        leads=leads, settings=g.settings, now=clock.now())
    except Refused as refused:
        status, sentence = 409 if isinstance(refused, Stale) else 422, both_values(refused, typed)
        if wants_partial():
            return _one(course, code, list(typed), sentence), status
        return show_results(course, leads=leads, errors={refused.field or refused.pupil_id or "form": sentence}), status
    if wants_partial():
        return _one(course, code, list(typed)), 200
    flash("Итоговые отметки сохранены" if results else "Ничего не изменилось")
    return redirect(url_for(".results", course_id=course.id, period=code))


def _page(course: CourseCard, code: str | None) -> ResultsPage | None:
    """None without terms; 404 when the journal has no such period."""
    page = results_page(db.session, course_id=course.id, code=code or None, settings=g.settings, today=clock.today(),
                        now=clock.now())
    if page is None and code:
        abort(404, "Такого периода у журнала нет. Откройте итоговые отметки из журнала.")
    return page


def typed_in_place() -> dict[int, str]:
    """By pupil, what was typed in place of what the form had shown."""
    found = {int(match[1]): value for name, value in request.form.items() if (match := FIELD.fullmatch(name))}
    return {pupil_id: value for pupil_id, value in found.items()
            if read_value(value) != request.form.get(f"o{pupil_id}")}


def version_seen(pupil_id: int) -> int:
    """0 where none stood; what is no number was seen by no page."""
    if not request.form.get(f"v{pupil_id}"):
        return 0
    found = number_in(request.form, f"v{pupil_id}")
    return -1 if found is None else found


def both_values(refused: Refused, typed: dict[int, str]) -> str:
    """Why not; after another hand's change with both values (409)."""
    if not isinstance(refused, Stale):
        return str(refused)
    return (f"{refused}: сейчас там «{refused.theirs}», вы вносили "
            f"«{typed.get(refused.pupil_id or 0) or 'пусто'}». Чтобы заменить, сохраните ещё раз")


def _one(course: CourseCard, code: str, pupil_ids: list[int], error: str = "") -> Response:
    """For the keys: what stands now, and why what was typed does not."""
    page = results_page(db.session, course_id=course.id, code=code, settings=g.settings, today=clock.today(),
                        now=clock.now(), only=set(pupil_ids))
    row = next(iter(page.rows), None) if page else None
    if page is None or row is None:
        return jsonify(error=error or "Этого ученика в журнале нет: обновите страницу", value="", version=0, told="")
    return jsonify(error=error, value=row.values[page.slot.code], version=row.version,
                   told="; ".join([*row.warnings, *row.told]))
