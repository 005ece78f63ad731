"""One cell of the journal, a pupil at a lesson: saved from the grid by a key, or from its own page by forms."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.marking import MOVE_REASONS
from ejd.journal.queries_cell import Place, cell_page, journal_cell, sheet_row
from ejd.refusal import Refused, Stale
from ejd.web.access import cell_taught_by
from ejd.web.fragments import wants_partial
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.acts import Asked, beside, perform

COUNTED = {"last": "в среднем считается она", "both": "в среднем считаются обе отметки"}  # by the setting (R11)


@bp.get("/lessons/<int:lesson_id>/pupils/<int:pupil_id>")
def cell(lesson_id: int, pupil_id: int) -> ResponseReturnValue:
    return _page(lesson_id, pupil_id)


@bp.post("/lessons/<int:lesson_id>/pupils/<int:pupil_id>")
def save_cell(lesson_id: int, pupil_id: int) -> ResponseReturnValue:
    place = cell_taught_by(g.actor, lesson_id, pupil_id)
    asked = Asked(place, request.form, actor_id=g.actor.person_id, now=clock.now(), settings=g.settings)
    try:
        with saving():
            said = perform(asked)
    except Refused as refused:
        status = 409 if isinstance(refused, Stale) else 422
        reason = reason_of(refused, request.form.get("value", ""))
        return (_fresh(place, refusal=reason) if wants_partial() else _page(lesson_id, pupil_id, reason)), status
    if wants_partial():
        return _fresh(place, asked=asked)
    letter = journal_cell(db.session, place=place, settings=g.settings, today=clock.today(), now=clock.now(),
                          reader=g.actor).letter if asked.text("act") == "put" else ""
    flash(f"{place.member.name}: " + ", ".join(filter(None, (said, asked.told or beside(asked, letter)))))
    return redirect(url_for(".cell", lesson_id=lesson_id, pupil_id=pupil_id))


def _fresh(place: Place, *, refusal: str = "", asked: Asked | None = None) -> str:
    """The cell as it stands now, for the journal or the lesson's sheet, with the reason when it was refused, or what
    the teacher should hear of it."""
    if request.form.get("view") == "sheet":
        cells, standing, letter = sheet_row(db.session, place=place, settings=g.settings, today=clock.today(),
                                    now=clock.now(), reader=g.actor)
        return render_template("teacher/_sheet_saved.html", cells=cells, standing=standing, refusal=refusal,
                               told=_told(asked, letter), pupil=place, place=request.form.get("place", ""))
    answer = journal_cell(db.session, place=place, settings=g.settings, today=clock.today(), now=clock.now(),
                          reader=g.actor)
    return render_template("teacher/_cell_saved.html", pupil=place, inside=answer.inside,
                           standing=answer.standing, refusal=refusal, told=_told(asked, answer.letter))


def _told(asked: Asked | None, letter: str) -> str:
    return asked.told or beside(asked, letter) if asked else ""


def reason_of(refused: Refused, typed: str, *, then: str = "") -> str:
    """Why not; after a second hand's change with both values (409)."""
    if not isinstance(refused, Stale):
        return str(refused)
    both = f"{refused}: сейчас там «{refused.theirs}»" + (f", вы вносили «{typed}»" if typed else "")
    then = then or f"Чтобы {'заменить' if typed else 'удалить всё равно'}, повторите"
    return f"{both}. {then}."


def _page(lesson_id: int, pupil_id: int, refused: str = "") -> str:
    place = cell_taught_by(g.actor, lesson_id, pupil_id, with_class=True)
    page = cell_page(db.session, place=place, settings=g.settings, today=clock.today(), reader=g.actor)
    return render_template("teacher/cell.html", page=page, place=place, lesson=place.lesson, refused=refused,
                           closed=place.why_shut(g.settings, clock.now()),
                           typed=request.form, offered=place.offered(g.settings), key=token_urlsafe(12),
                           today=clock.today(), move_reasons=MOVE_REASONS,
                           retakes_said=COUNTED[g.settings.value("retake", on=clock.today())])
