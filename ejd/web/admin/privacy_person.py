"""Everything about one person: handed over as a file to whoever asks for the own data, and erased for good."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.privacy import everything, everything_paper
from ejd.refusal import Refused
from ejd.web import downloads
from ejd.web.access import needs, person_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by
from ejd.web.confirming import wrong_confirmation
from ejd.web.saving import saving, unlocked

JSON = "application/json"


@bp.route("/people/<int:person_id>/everything", methods=["GET", "POST"])
@needs(Act.EXPORT_PERSON)
def everything_about(person_id: int) -> ResponseReturnValue:
    """What the program keeps about a person, as PDF or JSON (152-ФЗ, article 14); asks for the password once more."""
    person, form = person_listed(person_id), Form()
    if not form.sent:
        return render_template("admin/privacy/everything.html", form=form, person=person)
    if reason := wrong_confirmation():
        form.errors["password"] = reason
        return render_template("admin/privacy/everything.html", form=form, person=person), 422
    school, as_json = g.settings.value("school.name", on=None), form.text("act") == "json"
    with unlocked():
        found = everything.everything_about(db.session, person=person, today=clock.today())
        body = (everything_paper.as_json if as_json else everything_paper.as_pdf)(found, school=school)
    try:
        with saving():
            everything.hand_over(db.session, **by(), person_id=person_id, form="json" if as_json else "pdf",
                                 real_now=clock.real_now())
    except Refused as refused:
        form.errors["form"] = str(refused)
        return render_template("admin/privacy/everything.html", form=form, person=person), 422
    return downloads.download(body, JSON if as_json else downloads.PDF,
                              f"Сведения о человеке, {found.name}.{'json' if as_json else 'pdf'}")
