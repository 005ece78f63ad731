"""Asked once more: what lets much leave at once needs the password again, and the second factor where there is one."""

from __future__ import annotations

from flask import current_app, g, request

from ejd import clock
from ejd.credentials import passwords, second_factor
from ejd.db import db
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
    if has_factor and not takes_code(mine.id, request.form.get("code", "")):
        guessing.note_failure(attempt)
        return second_factor.WRONG
    return None


def takes_code(account_id: int, code: str) -> bool:
    """Use the code of the second factor up; whether it was right."""
    with saving():
        return second_factor.take(db.session, account_id=account_id, code=code, key=current_app.config["SECRET_KEY"],
                                  now=clock.real_now())
