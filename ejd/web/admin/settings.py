"""The school's settings, by section: what holds, since when, and changing it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.families import letters
from ejd.journal.kinds import limited_kinds
from ejd.office.settings_history import history
from ejd.refusal import Refused
from ejd.school import settings as school_settings
from ejd.school import settings_form
from ejd.school.catalogue import DEFINITIONS
from ejd.school.settings_form import SECTIONS, Section
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.remaking import deadlines_follow, lessons_follow
from ejd.web.filters import long_date
from ejd.web.given import day_in
from ejd.web.saving import saving


@bp.get("/settings")
@bp.get("/settings/<section>")
@needs(Act.CHANGE_SETTINGS)
def settings(section: str = "school") -> ResponseReturnValue:
    return _page(_section(section), {})


@bp.post("/settings/<section>")
@needs(Act.CHANGE_SETTINGS)
def change_settings(section: str) -> ResponseReturnValue:
    """Put what differs in force, from today or from the day that the form names."""
    chosen = _section(section)
    kinds = limited_kinds(db.session)
    values, errors = settings_form.read(chosen, request.form, kinds, _standing(chosen))
    valid_from = day_in(request.form, "valid_from") if chosen.legal else clock.today()
    if valid_from is None:
        errors["valid_from"] = "Укажите, с какого дня действует"
    if errors or valid_from is None:
        return _page(chosen, errors), 422
    try:
        with saving():
            changed = school_settings.change_many(db.session, actor_id=g.actor.person_id, values=values,
                                                  valid_from=valid_from, now=clock.now())
    except Refused as refused:
        return _page(chosen, {refused.field or "valid_from": str(refused)}), 422
    flash(_follow(changed, values, valid_from))
    return redirect(url_for(".settings", section=chosen.name))


def _section(name: str) -> Section:
    return SECTIONS.get(name) or abort(404)


def _standing(section: Section) -> dict[str, Any]:
    """What holds today; of what has no legal effect the newest."""
    return {key: g.settings.value(key, on=clock.today() if DEFINITIONS[key].legal else None) for key in section.keys}


def _follow(changed: Collection[str], values: dict[str, Any], valid_from: date) -> str:
    """Let what depends on the settings follow; what happened, in words."""
    if not changed:
        return "Ничего не изменилось."
    said = [f"Сохранено: действует с {long_date(valid_from)}."]
    if "homework.deadline" in changed:
        said.append(deadlines_follow(valid_from))
    if "zone" in changed:
        clock.use_zone(values["zone"])
        said.append(lessons_follow())
    said.append(_papers(valid_from))
    return " ".join(filter(None, said))


def _papers(day: date) -> str:
    """Which papers of the school's own agree no longer with what holds from the day on (R55)."""
    before = letters.all_current(db.session, settings=g.settings, today=clock.today())
    after = letters.all_current(db.session, settings=school_settings.load(db.session), today=day)
    late = [new.name for old, new in zip(before, after, strict=True) if not set(new.stale) <= set(old.stale)]
    return f"Обновите бумаги, они этого ещё не знают: {'; '.join(late)}." if late else ""


def _page(section: Section, errors: dict[str, str]) -> str:
    """The section's form: filled with what holds, or with what was typed when something is wrong."""
    kinds = limited_kinds(db.session)
    fields = [replace(field, value=request.form.get(field.name, field.value))
              for field in settings_form.fields(section, _standing(section), kinds)]
    rows = [(held, DEFINITIONS[held.key].title, settings_form.in_words(held.key, held.value, kinds))
            for held in history(db.session, section.keys)]
    return render_template("admin/school/settings.html", section=section, parts=SECTIONS.values(), fields=fields,
                           errors=errors, history=rows, today=clock.today(),
                           valid_from=request.form.get("valid_from", clock.today().isoformat()))
