"""The class teacher on how families of the own class get the service (R20–R24)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import provision, queries
from ejd.families.provision import PaperKind
from ejd.web import service_forms as pages
from ejd.web.access import own_class
from ejd.web.access_forms import guardian_served, pupil_served, scan_served
from ejd.web.attaching import hand_out, takes_files
from ejd.web.service_forms import GUARDIANS_PAPER, Side
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/forms")
def class_forms(class_id: int) -> ResponseReturnValue:
    """Every guardian of the class with the form of service and its paper."""
    school_class, _ = own_class(g.actor, class_id)
    rows = queries.forms_of_class(db.session, class_id=class_id, day=clock.today())
    return render_template("forms/class.html", school_class=school_class, rows=rows, form_names=provision.FORM_NAMES,
                           counts=pages.counts_of(rows))


@bp.get("/classes/<int:class_id>/forms/<int:pupil_id>")
def pupil_forms(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return pages.show_pupil(_side(class_id), pupil_served(g.actor, class_id, pupil_id))


@bp.route(f"/classes/<int:class_id>/forms/guardians/<int:guardianship_id>/{GUARDIANS_PAPER}", methods=["GET", "POST"])
@takes_files
def register_form(class_id: int, guardianship_id: int, paper: str) -> ResponseReturnValue:
    return pages.register(_side(class_id), guardian_served(g.actor, class_id, guardianship_id), PaperKind(paper))


@bp.get(f"/classes/<int:class_id>/forms/guardians/<int:guardianship_id>/{GUARDIANS_PAPER}.pdf")
def form_blank(class_id: int, guardianship_id: int, paper: str) -> ResponseReturnValue:
    return pages.blank(guardian_served(g.actor, class_id, guardianship_id), PaperKind(paper))


@bp.route("/classes/<int:class_id>/forms/<int:pupil_id>/request", methods=["GET", "POST"])
@takes_files
def register_request(class_id: int, pupil_id: int) -> ResponseReturnValue:
    """A pupil's own request (R24)."""
    return pages.register(_side(class_id), pupil_served(g.actor, class_id, pupil_id)[0], pages.REQUEST)


@bp.get("/classes/<int:class_id>/forms/<int:pupil_id>/request.pdf")
def request_blank(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return pages.blank(pupil_served(g.actor, class_id, pupil_id)[0], pages.REQUEST)


@bp.get("/classes/<int:class_id>/forms/<int:pupil_id>/papers/<int:paper_id>")
def paper_scan(class_id: int, pupil_id: int, paper_id: int) -> ResponseReturnValue:
    own_class(g.actor, class_id)
    return hand_out(scan_served(g.actor, class_id, pupil_id, paper_id))


def _side(class_id: int) -> Side:
    return Side({"class_id": class_id}, own_class(g.actor, class_id)[0])
