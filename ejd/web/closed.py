"""What somebody sees whose diary is closed to them (R23): first an offer of help (R26), then why, and what paper opens
it again. For a fragment the reason alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, make_response, render_template

from ejd import clock
from ejd.db import db
from ejd.families import queries
from ejd.families.provision import Closed
from ejd.roster.scopes import Child
from ejd.web.fragments import notice, wants_partial


def closed_answer(reason: Closed, *, pupil_id: int, child: Child | None = None,
                  others: Sequence[Child] = ()) -> Response:
    """403 with the reason; `child` when a guardian reads, with the children whose diary is open to them."""
    if wants_partial():
        return notice(f"{reason}.", 403)
    page = render_template(
        "diary/closed.html", reason=reason, child=child, others=others,
        offices=queries.offices_of(db.session, pupil_id=pupil_id, day=clock.today()))
    return make_response(page, 403)
