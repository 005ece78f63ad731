"""A form sent after the session had ended: kept, signed, in the sign-in page, and offered again to the same person.

Without JavaScript nothing else could keep what was typed (with it, unsent marks lie in the browser). Nothing is done
by itself: the person presses the button, so a form that a stranger made somebody send does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from ejd.credentials import sessions
from ejd.db import db

LONGEST = 24 * 3600  # seconds
UNSEEN = ("csrf_token", "key", "version", "mark", "for", "view", "place", "act")  # of no meaning to a person


@dataclass(frozen=True, slots=True)
class Held:
    """Where a form was going and what it said."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def typed(self) -> list[str]:
        """What a person would know again."""
        return [value.strip() for name, value in self.fields if value.strip() and not name.endswith(UNSEEN)]


def hold() -> str | None:
    """The form of this request, signed for the person whose session has ended; None when there is nothing to keep."""
    if request.method != "POST" or request.files or "_user_id" not in session:
        return None
    account_id = sessions.account_behind(db.session, token=session["_user_id"])
    if account_id is None:
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return str(_signer().dumps([account_id, request.full_path.rstrip("?"), fields]))


def held_for(account_id: int, given: str) -> Held | None:
    """The form that this account was sending, if it is genuine, theirs and of the last day."""
    try:
        owner, address, fields = _signer().loads(given, max_age=LONGEST)
    except BadData:
        return None
    return Held(address, [(name, value) for name, value in fields]) if owner == account_id else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="ejd held form")
