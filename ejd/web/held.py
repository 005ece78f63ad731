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
NEVER_KEPT = frozenset({"csrf_token", "sender"})
# What means nothing to a person.
UNSEEN = frozenset({"key", "version", "mark", "for", "view", "place", "act", "due", "work", "kind", "pupil", "seen",
                    "drop"})


@dataclass(frozen=True, slots=True)
class Held:
    """Where a form was going and what it said."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def typed(self) -> list[str]:
        """What a person would know again."""
        return [value.strip() for name, value in self.fields
                if value.strip() and name.rstrip("0123456789").rpartition("_")[2] not in UNSEEN]


def hold() -> str | None:
    """The form of this request, signed for the person who was filling it in; None when there is nothing to keep."""
    if request.method != "POST" or request.blueprint == "auth":
        return None
    account_id = _account_of(request.form.get("sender", ""))
    if account_id is None:
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in NEVER_KEPT]
    address = request.full_path.rstrip("?")
    if any(file.filename for file in request.files.values()) and not Held(address, fields).typed:
        return None  # nothing but files, which can't be kept: they are chosen again
    return str(_signer("form").dumps([account_id, address, fields]))


def sender(account_id: int) -> str:
    """What a form carries of who filled it in, for the day when its session is gone."""
    return str(_signer("sender").dumps(account_id))


def held_for(account_id: int, given: str) -> Held | None:
    """The form that this account was sending, if it is genuine, theirs and of the last day."""
    try:
        owner, address, fields = _signer("form").loads(given, max_age=LONGEST)
    except BadData:
        return None
    return Held(address, [(name, value) for name, value in fields]) if owner == account_id else None


def _account_of(given: str) -> int | None:
    """By what the form carries, else by the session that this browser still names."""
    try:
        return int(_signer("sender").loads(given, max_age=LONGEST))
    except BadData:
        return sessions.account_behind(db.session, token=session["_user_id"]) if "_user_id" in session else None


def _signer(what: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"ejd held {what}")
