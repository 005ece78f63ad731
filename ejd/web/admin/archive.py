"""A finished year as one signed file, and all data of the school (R54): ordered here, made as long work."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from flask import abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock, schema
from ejd.access import Act
from ejd.archive import export, signing
from ejd.archive import year as years_out
from ejd.archive.formats import FORMATS
from ejd.audit.leaving import Leaving, leave
from ejd.backup.copies import FILES
from ejd.db import Session, db
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.school import queries as school_queries
from ejd.school import settings
from ejd.web.access import needs, school_year
from ejd.web.admin import bp
from ejd.web.confirming import wrong_confirmation
from ejd.web.downloads import download
from ejd.web.following import begin_job
from ejd.web.given import number_in
from ejd.words import counted


@bp.get("/archive")
@needs(Act.ARCHIVE)
def archive() -> ResponseReturnValue:
    return _page({})


@bp.get("/archive/key.pem")
@needs(Act.ARCHIVE)
def archive_key() -> ResponseReturnValue:
    """The public half of the school's key, to be kept apart from the archives."""
    return download(signing.public_pem(_key()), "application/x-pem-file", "Открытый ключ школы.pem")


@bp.post("/archive/year")
@needs(Act.ARCHIVE)
def make_archive() -> ResponseReturnValue:
    """Begin the archive of a finished year."""
    year_id = number_in(request.form, "year")
    if year_id is None:
        return _page({"year": "Выберите учебный год"}), 422
    year, draft = school_year(year_id), "draft" in request.form
    if not draft and (reason := years_out.why_not(db.session, year, clock.now())):
        return _page({"year": reason}), 422
    return _begin("archive", {"year_id": year.id, "draft": draft}, Leaving.ARCHIVE, 1, place="year")


@bp.post("/archive/all")
@needs(Act.ARCHIVE)
def export_all() -> ResponseReturnValue:
    """Begin the export of all data."""
    form = request.form.get("form", "csv")
    if form not in FORMATS:
        abort(404)
    return _begin("all_data", {"form": form}, Leaving.ALL_DATA, export.rows_in_all(db.session), place="all")


@job("archive", "Архив учебного года")
def work_archive(session: Session, one: Job, tell: Tell) -> Made:
    asked = params_of(one)
    with tempfile.TemporaryFile() as target:
        made = years_out.make_year(session, target, year_id=asked["year_id"], key=_key(), now=clock.now(), tell=tell,
                                   draft=asked.get("draft", False))
        year = school_queries.year_with_id(session, asked["year_id"])
        assert year is not None
        said = f"Готово: {counted(made.classes, 'журнал', 'журнала', 'журналов')} и сводные ведомости."
        said += " Это черновик: год не закрыт, журналы ещё изменятся." if made.draft else ""
        name = f"Архив {year.name.replace('/', '-')}{', черновик' if made.draft else ''}.zip"
        return Made(name, _whole(target), said)


@job("all_data", "Выгрузка всех данных")
def work_all_data(session: Session, one: Job, tell: Tell) -> Made:
    with tempfile.TemporaryFile() as target:
        rows = export.export(session, target, key=_key(), files=Path(current_app.instance_path) / FILES,
                             school=settings.load(session).value("school.name", on=None), revision=schema.head(),
                             form=params_of(one)["form"], now=clock.now(), tell=tell)
        return Made(f"Все данные школы, {clock.today():%Y-%m-%d}.zip", _whole(target),
                    f"Готово: {counted(rows, 'строка', 'строки', 'строк')}. Паролей в файле нет.")


def _begin(kind: str, params: Mapping[str, Any], leaving: Leaving, amount: int,
           *, place: str) -> ResponseReturnValue:
    """Begin the work once the person has confirmed, and the limit of the day is kept."""
    if error := wrong_confirmation():
        return _page({"password": error}, place), 422
    try:
        return begin_job(kind, params, key=request.form.get("key", ""), back=url_for(".archive"), also=lambda: leave(
            db.session, kind=leaving, amount=amount, actor_id=g.actor.person_id, now=clock.real_now()))
    except Refused as refused:
        return _page({place: str(refused)}, place), 422


def _page(errors: Mapping[str, str], place: str = "year") -> str:
    """`place` is the form that the errors are of."""
    years = [year for year in school_queries.years(db.session) if year.starts_on <= clock.today()]
    return render_template("admin/archive.html", years=years, errors=errors, place=place, typed=request.form,
                           fingerprint=signing.fingerprint(_key()), keys=(token_urlsafe(12), token_urlsafe(12)))


def _key() -> signing.Ed25519PrivateKey:
    return signing.own_key(Path(current_app.instance_path))


def _whole(target: Any) -> bytes:
    target.seek(0)
    return bytes(target.read())
