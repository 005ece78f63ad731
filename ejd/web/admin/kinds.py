"""Kinds of work: how they are called, what they weigh, which are expected of a whole class, which are used no more."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.journal.kinds import KindSaid, add_kind, change_kind, kinds_of_school
from ejd.journal.models import WorkKind
from ejd.refusal import Refused, Stale
from ejd.school import settings_form
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.given import number_in
from ejd.web.saving import saving

FIELDS = ("name", "short_name", "weight", "place")


@bp.get("/settings/kinds")
@needs(Act.CHANGE_SETTINGS)
def work_kinds() -> ResponseReturnValue:
    limits = g.settings.value("limits", on=clock.today())
    rows = [(kind, _limit(limits, kind)) for kind, _ in kinds_of_school(db.session)]
    return render_template("admin/school/kinds.html", rows=rows, parts=settings_form.SECTIONS.values())


@bp.route("/settings/kinds/new", methods=["GET", "POST"])
@needs(Act.CHANGE_SETTINGS)
def add_work_kind() -> ResponseReturnValue:
    kinds = kinds_of_school(db.session)
    shown = KindSaid("", "", 1, True, False, len(kinds) + 1)
    if request.method == "POST":
        try:
            with saving():
                added = add_kind(db.session, actor_id=g.actor.person_id, said=_said(), key=request.form.get("key", ""),
                                 now=clock.now())
        except Refused as refused:
            return _form(None, shown, len(kinds) + 1, {refused.field or "name": str(refused)}), 422
        flash(f"Добавлен вид работы: {added.name}")
        return redirect(url_for(".work_kinds"))
    return _form(None, shown, len(kinds) + 1)


@bp.route("/settings/kinds/<int:kind_id>", methods=["GET", "POST"])
@needs(Act.CHANGE_SETTINGS)
def work_kind(kind_id: int) -> ResponseReturnValue:
    kinds = kinds_of_school(db.session)
    kind, shown = next((one for one in kinds if one[0].id == kind_id), None) or abort(404)
    if request.method == "POST":
        try:
            with saving():
                change_kind(db.session, actor_id=g.actor.person_id, kind_id=kind_id, said=_said(),
                            seen=request.form.get("seen", ""), now=clock.now())
        except Stale as stale:
            both = f"{stale}. Сейчас: {stale.theirs}. Сохраните ещё раз, чтобы заменить."
            return _form(kind, shown, len(kinds), {"name": both}), 409
        except Refused as refused:
            return _form(kind, shown, len(kinds), {refused.field or "name": str(refused)}), 422
        flash(f"Сохранено: {kind.name}")
        return redirect(url_for(".work_kinds"))
    return _form(kind, shown, len(kinds))


def _said() -> KindSaid:
    form, weight = request.form, number_in(request.form, "weight")
    if weight is None:
        raise Refused("Вес – целое число от 1 до 20", field="weight")
    place = number_in(form, "place")
    if place is None:
        raise Refused("Место в списке – целое число", field="place")
    return KindSaid(form.get("name", ""), form.get("short_name", ""), weight, form.get("declared") == "yes",
                    form.get("retired") == "yes", place)


def _form(kind: WorkKind | None, shown: KindSaid, count: int, errors: dict[str, str] | None = None) -> str:
    """Filled with what holds, or with what was typed when something is wrong."""
    values = {name: request.form.get(name, getattr(shown, name)) if errors else getattr(shown, name)
              for name in FIELDS}
    ticked = {name: request.form.get(name) == "yes" if errors else getattr(shown, name)
              for name in ("declared", "retired")}
    return render_template("admin/school/kind.html", kind=kind, seen=shown.state, values=values, ticked=ticked,
                           count=count, errors=errors or {}, key=token_urlsafe(12))


def _limit(limits: dict[str, dict[str, object]], kind: WorkKind) -> str:
    """The school's own term for the kind in words (R2)."""
    if not kind.in_timeliness:
        return "срока нет"
    return settings_form.limit_in_words(limits.get(kind.code))
