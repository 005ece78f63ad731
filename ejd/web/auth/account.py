"""A person's own account: changing the password (at first sign-in it must be), and where one is signed in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ejd import clock
from ejd.credentials import passwords, queries, services
from ejd.db import db
from ejd.web import guessing
from ejd.web.access import own_account
from ejd.web.auth import bp
from ejd.web.saving import release, saving

ISSUED_SHOWN = 5


@bp.get("/account")
def account() -> ResponseReturnValue:
    mine = own_account(g.actor)
    opened = queries.open_sessions(db.session, account_id=mine.id, now=clock.real_now())
    return render_template("auth/account.html", login=mine.login, sessions=opened, here=current_user.session_id,
                           issued=_issued(mine.id))


@bp.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    if request.method != "POST":
        return _form({})
    mine = own_account(g.actor)
    attempt = guessing.attempt_of(mine.login)
    if reason := guessing.too_soon(attempt):
        return _form({"current": reason}), 429
    current, new, again = (request.form.get(name, "") for name in ("current", "new", "again"))
    release()
    errors = _errors(mine.login, mine.password_hash, mine.must_change, current, new, again)
    if "current" in errors:
        guessing.note_failure(attempt)
    if errors:
        return _form(errors), 422
    password_hash = passwords.hash_password(new)
    elsewhere = len(queries.open_sessions(db.session, account_id=mine.id, now=clock.real_now())) > 1
    with saving():
        services.forget_failures(db.session, attempt=attempt)
        services.change_password(db.session, actor=g.actor, password_hash=password_hash,
                                 session_id=current_user.session_id, now=clock.real_now())
    flash("Пароль изменён. На других устройствах войдите заново." if elsewhere else "Пароль изменён.")
    return redirect(url_for("auth.home"))


def _form(errors: dict[str, str]) -> str:
    return render_template("auth/change_password.html", errors=errors, first=current_user.must_change,
                           issued=_issued(g.actor.account_id) if current_user.must_change else (),
                           least=g.settings.value("password.length", on=None))


def _issued(account_id: int) -> list[queries.Issued]:
    """Who could have known a password of this person, for them to see."""
    return queries.passwords_issued(db.session, account_id=account_id, most=ISSUED_SHOWN)


def _errors(login: str, old_hash: str | None, one_time: bool, current: str, new: str, again: str) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    if not passwords.verify(old_hash, passwords.as_typed(current, one_time=one_time)):
        errors["current"] = "Нынешний пароль не подходит"
    known = f"{g.actor.name} {g.settings.value('school.name', on=None)}".split()
    if reason := passwords.weakness(new, login=login, least=g.settings.value("password.length", on=None), known=known):
        errors["new"] = reason
    elif passwords.as_typed(new, one_time=one_time) == passwords.as_typed(current, one_time=one_time):
        errors["new"] = "Новый пароль такой же, как нынешний"
    elif new != again:
        errors["again"] = "Пароли не совпадают"
    return errors
