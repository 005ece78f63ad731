"""The doors: sign in, sign out, home of a signed-in person, health."""

from __future__ import annotations

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import text

from ejd import clock
from ejd.access import Role
from ejd.credentials import passwords, sessions
from ejd.credentials.queries import account_by_login
from ejd.db import db
from ejd.web.auth import bp
from ejd.web.saving import release, saving

HOMES = {
    Role.TEACHER: "teacher.today",
    Role.ADMIN: "admin.overview",
    Role.PARENT: "parent.home",
    Role.STUDENT: "student.home",
}


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 only when the database answers."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


@bp.route("/login", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("auth/sign_in.html", error=None, login="")
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    account = account_by_login(db.session, login)
    release()
    if not passwords.verify(account.password_hash if account else None, password):
        return render_template("auth/sign_in.html", error="Логин или пароль не подходят.", login=login), 422
    assert account is not None
    now = clock.real_now()
    with saving():
        token = sessions.open_session(db.session, account_id=account.id, now=now,
                                      hours=g.settings.value("session.hours", on=None))
    session.clear()
    login_user(sessions.signed_in_by(db.session, token=token, now=now, today=clock.today()))
    return redirect(url_for("auth.home"))


@bp.get("/")
def home() -> ResponseReturnValue:
    """The first side this person may enter."""
    for role in g.actor.roles:
        return redirect(url_for(HOMES[role]))
    return render_template("auth/no_role.html")


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    with saving():
        sessions.end_session(db.session, session_id=current_user.session_id, now=clock.real_now())
    logout_user()
    session.clear()
    return redirect(url_for("auth.sign_in"))
