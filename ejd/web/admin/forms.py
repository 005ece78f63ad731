"""The administration on how families get the service: the register of the school, and the papers of each (R20–R24)."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.families import provision, queries
from ejd.families.provision import Form, PaperKind
from ejd.families.queries import FormRow
from ejd.web import service_forms as pages
from ejd.web.access import needs
from ejd.web.access_forms import guardian_served, pupil_served, scan_served
from ejd.web.admin import bp
from ejd.web.attaching import hand_out, takes_files
from ejd.web.given import number_in
from ejd.web.service_forms import GUARDIANS_PAPER, Side

SIDE = Side()
WITHOUT_PAPER, ALL = "without_paper", "all"


@bp.get("/forms")
@needs(Act.REGISTER_FORMS)
def forms() -> ResponseReturnValue:
    """How many families of each class get the service how; of whom the filter asks, by name."""
    rows = queries.forms_of_school(db.session, day=clock.today())
    class_id, form = number_in(request.args, "class"), request.args.get("form", "")
    classes = list(dict.fromkeys((row.class_id, row.class_name) for row in rows))
    by_class = [(one, name, pages.counts_of([row for row in rows if row.class_id == one])) for one, name in classes]
    return render_template(
        "forms/school.html", classes=classes, by_class=by_class, class_id=class_id, form=form, forms=list(Form),
        form_names=provision.FORM_NAMES, shown=[row for row in rows if _asked(row, class_id, form)])


@bp.get("/forms/<int:pupil_id>")
@needs(Act.REGISTER_FORMS)
def pupil_forms(pupil_id: int) -> ResponseReturnValue:
    return pages.show_pupil(SIDE, pupil_served(g.actor, None, pupil_id))


@bp.route(f"/forms/guardians/<int:guardianship_id>/{GUARDIANS_PAPER}", methods=["GET", "POST"])
@needs(Act.REGISTER_FORMS)
@takes_files
def register_form(guardianship_id: int, paper: str) -> ResponseReturnValue:
    return pages.register(SIDE, guardian_served(g.actor, None, guardianship_id), PaperKind(paper))


@bp.get(f"/forms/guardians/<int:guardianship_id>/{GUARDIANS_PAPER}.pdf")
@needs(Act.REGISTER_FORMS)
def form_blank(guardianship_id: int, paper: str) -> ResponseReturnValue:
    return pages.blank(guardian_served(g.actor, None, guardianship_id), PaperKind(paper))


@bp.route("/forms/<int:pupil_id>/request", methods=["GET", "POST"])
@needs(Act.REGISTER_FORMS)
@takes_files
def register_request(pupil_id: int) -> ResponseReturnValue:
    """A pupil's own request (R24)."""
    return pages.register(SIDE, pupil_served(g.actor, None, pupil_id)[0], pages.REQUEST)


@bp.get("/forms/<int:pupil_id>/request.pdf")
@needs(Act.REGISTER_FORMS)
def request_blank(pupil_id: int) -> ResponseReturnValue:
    return pages.blank(pupil_served(g.actor, None, pupil_id)[0], pages.REQUEST)


@bp.get("/forms/<int:pupil_id>/papers/<int:paper_id>")
@needs(Act.REGISTER_FORMS)
def paper_scan(pupil_id: int, paper_id: int) -> ResponseReturnValue:
    return hand_out(scan_served(g.actor, None, pupil_id, paper_id))


def _asked(row: FormRow, class_id: int | None, form: str) -> bool:
    """Whether the filter asks for the row; without one, whoever gets the service otherwise than electronically."""
    if row.guardian_id is None or class_id not in (None, row.class_id):
        return False
    if form == WITHOUT_PAPER:
        return row.form is not Form.ELECTRONIC and row.paper is None
    return form == ALL or row.form == form or (not form and (row.form is not Form.ELECTRONIC or class_id is not None))
