"""On what basis the data of pupils are processed: the register, who has none, one pupil's history (R42)."""

from __future__ import annotations

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx
from ejd.privacy import basis, queries
from ejd.privacy.grounds import BASIS_NAMES, REVOCATION, Basis
from ejd.privacy.queries import BasisRow
from ejd.web import downloads
from ejd.web.access import needs
from ejd.web.access_privacy import basis_listed, pupil_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.words import counted

COLUMNS = (Column("Класс", 12), Column("Ученик", 60), Column("Основание", 34), Column("Номер", 24), Column("С", 20),
           Column("Отозвано", 20))


@bp.get("/privacy")
@needs(Act.KEEP_BASES)
def bases() -> ResponseReturnValue:
    """The register by class; without a filter whoever has no basis."""
    rows = queries.register_of_bases(db.session, day=clock.today())
    class_id, kind = number_in(request.args, "class"), request.args.get("kind", "none")
    classes = list(dict.fromkeys((row.class_id, row.class_name) for row in rows))
    by_class = [(one, name, _counts([row for row in rows if row.class_id == one])) for one, name in classes]
    return render_template(
        "admin/privacy/bases.html", classes=classes, by_class=by_class, class_id=class_id, kind=kind,
        kinds=BASIS_NAMES, shown=[row for row in rows if _asked(row, class_id, kind)], counts=_counts(rows),
        to_note=sum(1 for row in rows if not row.kind and row.revoked_on is None and class_id in (None, row.class_id)),
        usual=_usual(), errors={})


@bp.post("/privacy/service")
@needs(Act.KEEP_BASES)
def note_service() -> ResponseReturnValue:
    """Receiving the service is the basis of all who have none: of a class, or of the school."""
    form = Form()
    class_id = form.number_or_none("class")
    if form.text("class") and class_id is None:
        abort(404)  # not the whole school instead
    with saving():
        noted = basis.note_service(db.session, **by(), class_id=class_id)
    return done(f"Основание записано: {counted(noted, 'ученик', 'ученика', 'учеников')}", ".bases", kind="service",
                **{"class": form.text("class")})


@bp.get("/privacy/register.pdf")
@needs(Act.KEEP_BASES)
def bases_paper() -> ResponseReturnValue:
    return downloads.download(as_pdf(_register()), downloads.PDF, "Основания обработки данных.pdf")


@bp.get("/privacy/register.xlsx")
@needs(Act.KEEP_BASES)
def bases_workbook() -> ResponseReturnValue:
    return downloads.download(as_xlsx(_register()), downloads.XLSX, "Основания обработки данных.xlsx")


def _register() -> Table:
    """The register to be kept on paper or counted further."""
    rows = queries.register_of_bases(db.session, day=clock.today())
    return Table(
        "Основания обработки персональных данных", g.settings.value("school.name", on=None), COLUMNS,
        [[row.class_name, row.name, row.basis or "нет", row.number, row.from_on, row.revoked_on] for row in rows],
        made_on=clock.today())


@bp.route("/people/<int:person_id>/basis", methods=["GET", "POST"])
@needs(Act.KEEP_BASES)
def pupil_basis(person_id: int) -> ResponseReturnValue:
    """A pupil's bases with their history; note one when none holds."""
    pupil = pupil_listed(person_id)
    form = Form(kind=_usual(), from_on=clock.today())
    if form.sent:
        with form.saving():
            basis.note_basis(db.session, **by(), pupil_id=person_id, kind=form.text("kind"),
                             number=form.text("number"), from_on=form.day("from_on"))
        if not form.errors:
            return done("Основание записано", ".pupil_basis", person_id=person_id)
    rows = queries.bases_of(db.session, pupil_id=person_id)
    return render_template("admin/privacy/pupil_basis.html", form=form, pupil=pupil, rows=rows, names=BASIS_NAMES,
                           standing=next((row for row in rows if row.to_on is None), None),
                           ), 422 if form.errors else 200


@bp.route("/privacy/bases/<int:basis_id>/revoke", methods=["GET", "POST"])
@needs(Act.KEEP_BASES)
def revoke_basis(basis_id: int) -> ResponseReturnValue:
    """The family takes the basis back: first what that does, then it is done."""
    row, pupil = basis_listed(basis_id)
    form = Form(on=clock.today())
    if form.sent:
        with form.saving():
            basis.revoke(db.session, **by(), basis_id=basis_id, on=form.day("on"))
        if not form.errors:
            return done("Отзыв записан", ".pupil_basis", person_id=pupil.id)
    return render_template("admin/privacy/revoke.html", form=form, pupil=pupil, basis=row, names=BASIS_NAMES,
                           follows=REVOCATION), 422 if form.errors else 200


def _usual() -> str:
    return str(g.settings.value("privacy.basis", on=clock.today()))


def _asked(row: BasisRow, class_id: int | None, kind: str) -> bool:
    return class_id in (None, row.class_id) and (kind == "all" or row.kind == ("" if kind == "none" else kind))


def _counts(rows: list[BasisRow]) -> dict[str, int]:
    """How many pupils have which basis; «» is none."""
    return {kind: sum(1 for row in rows if row.kind == kind) for kind in (*map(str, Basis), "")}
