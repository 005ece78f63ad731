"""One search box for pupils, guardians, staff and classes. By POST, so that no name stands in an address or a log."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.roster import finding
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, show


@bp.route("/search", methods=["GET", "POST"])
@needs(Act.SEE_ROSTER)
def search() -> ResponseReturnValue:
    """Find people and classes by any part of the name; a single find is opened at once."""
    form = Form()
    asked = form.text("q")[:100]
    found = finding.find(db.session, asked, day=clock.today())
    if len(found.people) + len(found.classes) == 1:
        for one in found.people:
            return redirect(url_for(".person", person_id=one.id), 303)
        return redirect(url_for(".school_class", class_id=found.classes[0].id), 303)
    return show("search", q=asked, found=found)
