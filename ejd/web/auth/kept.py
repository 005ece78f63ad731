"""What is kept about oneself, for everybody who signs in (R40)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import POSITION_NAMES
from ejd.db import db
from ejd.privacy import everything, queries
from ejd.privacy.grounds import BASIS_NAMES
from ejd.privacy.purposes import DONE
from ejd.web.access import own_account
from ejd.web.auth import bp


@bp.get("/account/kept")
def kept() -> ResponseReturnValue:
    """Name and login, every kind of rows about the person with why and until when; whom to ask for all of it."""
    return render_template(
        "auth/kept.html", login=own_account(g.actor).login, basis_names=BASIS_NAMES,
        positions=[name for position, name in POSITION_NAMES.items() if position in g.actor.positions],
        rows=everything.counts_of(db.session, person_id=g.actor.person_id), done=DONE,
        mine=queries.kept_about(db.session, person_id=g.actor.person_id, day=clock.today()))
