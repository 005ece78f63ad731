"""Asked once more: what lets much leave at once needs the password again, and the second factor where there is one."""

from __future__ import annotations

from flask import current_app, g, request

from ejd import clock
from ejd.credentials import passwords, second_factor
from ejd.db import db
from ejd.refusal import Refused
from ejd.web import guessing
from ejd.web.access import own_account
from ejd.web.saving import release, saving


def wrong_confirmation() -> str | None:
    """Why the fields `password` and `code` of this form do not confirm, or None. Slowed down like the sign-in page."""
    mine = own_account(g.actor)
    attempt = guessing.attempt_of(mine.login)
    if reason := guessing.too_soon(attempt):
        return reason
    has_factor = second_factor.of(db.session, mine.id) is not None
    release()
    if not passwords.verify(mine.password_hash, passwords.as_typed(request.form.get("password", ""), one_time=False)):
        guessing.note_failure(attempt)
        return "Пароль не подходит: введите тот, с которым вы вошли"
    if has_factor and (reason := wrong_code(mine.id)):
        guessing.note_failure(attempt)
        return reason
    return None


def wrong_code(account_id: int) -> str | None:
    """Why the field `code` of this form is not the second factor of the account, or None: then it is used up."""
    try:
        with saving():
            second_factor.take(db.session, account_id=account_id, code=request.form.get("code", ""),
                               key=current_app.config["SECRET_KEY"], now=clock.real_now())
    except Refused as refused:
        return str(refused)
    return None
