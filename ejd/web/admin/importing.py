"""Loading the school's lists: files, then a preview with questions, then all of what was confirmed or nothing."""

from __future__ import annotations

from pathlib import Path

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.importing import keeping, services
from ejd.importing.keeping import Kept
from ejd.importing.preview import Decisions
from ejd.importing.recognising import KIND_NAMES, MEANING_NAMES, MEANINGS_OF
from ejd.importing.services import MOST_FILES, Preview
from ejd.refusal import Refused, Stale
from ejd.web.access import IMPORTS, needs, own_upload
from ejd.web.admin import bp
from ejd.web.admin.importing_form import correction_given, decisions_given, files_given, since_error
from ejd.web.saving import saving, unlocked

CHANGED = "Пока вы смотрели, списки школы изменились. Здесь – что получится теперь: проверьте и подтвердите снова"
SHOWN = 100  # names of a list, and rejections, on the page


@bp.record_once
def forget_old_files(state: BlueprintSetupState) -> None:
    """Files that nobody came back for go at the server's start, and whenever somebody is about to send others."""
    keeping.sweep(Path(state.app.instance_path) / IMPORTS, now=clock.real_now())


@bp.route("/import", methods=["GET", "POST"])
@needs(Act.IMPORT_LISTS)
def import_lists() -> ResponseReturnValue:
    """Choose the files."""
    root, files = Path(current_app.instance_path) / IMPORTS, files_given()
    keeping.sweep(root, now=clock.real_now())
    error = None
    if request.method == "POST":
        if files and len(files) <= MOST_FILES:
            token = keeping.keep(root, owner_id=g.actor.person_id, files=files, now=clock.real_now())
            return redirect(url_for(".import_preview", upload=token))
        error = f"За один раз загружается не больше {MOST_FILES} файлов" if files else "Выберите файлы со списками"
    page = render_template("admin/import/files.html", error=error, kinds=KIND_NAMES)
    return (page, 422) if error else page


@bp.get("/import/<upload>")
@needs(Act.IMPORT_LISTS)
def import_preview(upload: str) -> ResponseReturnValue:
    """What would happen."""
    kept = own_upload(g.actor, upload)
    if report := keeping.report_of(kept):
        return render_template("admin/import/report.html", report=report)
    return _page(kept, services.proposed(_prepare(kept)))


@bp.post("/import/<upload>/sheet")
@needs(Act.IMPORT_LISTS)
def correct_sheet(upload: str) -> ResponseReturnValue:
    """Say what a sheet and its columns are."""
    kept = own_upload(g.actor, upload)
    sheet, correction = correction_given()
    if correction is not None:
        keeping.correct(kept, sheet, correction)
        flash("Пересчитано. Когда вы запишете, такой же заголовок и дальше будет прочитан так же.")
    return redirect(url_for(".import_preview", upload=upload))


@bp.post("/import/<upload>/confirm")
@needs(Act.IMPORT_LISTS)
def confirm_import(upload: str) -> ResponseReturnValue:
    """Write all of what was confirmed, or show the preview again with the reason."""
    kept = own_upload(g.actor, upload)
    if keeping.report_of(kept):
        return redirect(url_for(".import_preview", upload=upload))
    decisions = decisions_given()
    preview = _prepare(kept, decisions)
    if errors := _errors(preview):
        return _page(kept, preview, errors), 409 if "seen" in errors else 422
    try:
        with saving():
            report = services.confirm(db.session, actor_id=g.actor.person_id, preview=preview, decisions=decisions,
                                      now=clock.now())
    except Stale:
        return _page(kept, _prepare(kept, decisions), {"seen": CHANGED}), 409
    except Refused as refused:  # the day is what can be chosen otherwise
        return _page(kept, _prepare(kept, decisions), {"since": str(refused)}), 422
    keeping.finish(kept, _told(report))
    flash("Загружено." if report.changed_anything else "Школа уже такая, как в файлах: менять было нечего.")
    return redirect(url_for(".import_preview", upload=upload))


@bp.post("/import/<upload>/discard")
@needs(Act.IMPORT_LISTS)
def discard_import(upload: str) -> ResponseReturnValue:
    """Drop the files; nothing was written."""
    keeping.discard(own_upload(g.actor, upload))
    flash("Файлы удалены, ничего не записано.")
    return redirect(url_for(".import_lists"))


def _errors(preview: Preview) -> dict[str, str]:
    """What keeps the form from being written, by its place."""
    if reason := since_error(request.form):
        return {"since": reason}
    if request.form.get("seen") != preview.seen:
        return {"seen": CHANGED}
    return {question.key: "Выберите ответ" for question in preview.unanswered}


def _prepare(kept: Kept, decisions: Decisions | None = None) -> Preview:
    try:
        files = kept.files()
    except FileNotFoundError:  # loaded or dropped in another window meanwhile
        if keeping.report_of(kept) is None:
            keeping.discard(kept)
        abort(redirect(url_for(".import_preview", upload=kept.token)))
    with unlocked():
        return services.prepare(db.session, files=files, today=clock.today(), now=clock.now(),
                                corrections=kept.corrections, decisions=decisions, actor=g.actor)


def _page(kept: Kept, preview: Preview, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "admin/import/preview.html", upload=kept.token, preview=preview, errors=errors or {}, shown=SHOWN,
        kinds=KIND_NAMES, meanings=MEANING_NAMES, meanings_of=MEANINGS_OF,
        readable=any(sheet.taken for sheet in preview.sheets))


def _told(report: services.Report) -> dict[str, object]:
    """The report as it is kept until the day is over."""
    return {
        "sections": [{"title": section.title, "detail": section.detail, "new": len(section.new),
                      "changed": len(section.changed), "unchanged": section.unchanged} for section in report.sections],
        "rejections": [{"where": one.where, "wrong": one.wrong, "right": one.right}
                       for one in report.rejections[:SHOWN]],
        "rejected": len(report.rejections), "notes": report.notes[:SHOWN], "lessons": report.lessons}
