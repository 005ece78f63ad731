"""The doors: sign in, sign out, home of a signed-in person, health."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError

from ejd import clock
from ejd.access import Actor, Role
from ejd.credentials import passwords, queries, second_factor, services
from ejd.credentials.arriving import arrive
from ejd.credentials.models import Account
from ejd.credentials.throttling import Attempt
from ejd.db import answers, db
from ejd.web import errors, guessing
from ejd.web.access import know_settings
from ejd.web.auth import bp
from ejd.web.auth.second_factor import TOO_OLD, account_with, ticket_for
from ejd.web.confirming import wrong_code
from ejd.web.held import held_for
from ejd.web.saving import release, saving
from ejd.web.sign_in_page import code_page, safe_next, sign_in_page

HOMES = {
    Role.TEACHER: "teacher.today",
    Role.ADMIN: "admin.overview",
    Role.PARENT: "parent.home",
    Role.STUDENT: "student.home",
}
WRONG = "Логин или пароль не подходят. Проверьте раскладку клавиатуры и повторите."


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 only when the database answers."""
    answers()
    return {"status": "ok"}


@bp.route("/login", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in; a name that does not exist and a wrong password read and take the same."""
    if request.method != "POST":
        here = current_user.is_authenticated and not request.args.get("beside")
        return redirect(safe_next() or url_for("auth.home")) if here else _form()
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    account, attempt = queries.account_by_login(db.session, login), guessing.attempt_of(login)
    if reason := guessing.too_soon(attempt):
        return _form(reason, login, 429)
    release()
    meant = passwords.as_typed(password, one_time=account is not None and account.must_change)
    if not passwords.verify(account.password_hash if account else None, meant):
        guessing.note_failure(attempt)
        return _form(WRONG, login, 422)
    assert account is not None
    if account.disabled_at:
        return _form("Вход закрыт школой. Если это ошибка, обратитесь в канцелярию.", login, 422)
    if account.lapses_at and account.lapses_at < clock.real_now():
        return _form("Этот пароль больше не действует: попросите в школе новую карточку.", login, 422)
    if second_factor.of(db.session, account.id) is not None:
        return code_page(ticket_for(account))
    return _let_in(account, attempt, new_hash=passwords.hash_anew(account.password_hash, meant))


@bp.post("/login/code")
def sign_in_by_code() -> ResponseReturnValue:
    """The second step, for whoever has a second factor."""
    ticket = request.form.get("ticket", "")
    account = account_with(ticket)
    if account is None:
        return _form(TOO_OLD, status=422)
    attempt = guessing.attempt_of(account.login)
    if reason := guessing.too_soon(attempt):
        return code_page(ticket, reason), 429
    if reason := wrong_code(account.id):
        guessing.note_failure(attempt)
        return code_page(ticket, reason), 422
    return _let_in(account, attempt, new_hash=None)


@bp.errorhandler(CSRFError)
def outlived(error: CSRFError) -> ResponseReturnValue:
    """A sign-in page that stood longer than its cookie is shown again with the login typed and a fresh token."""
    if request.endpoint != "auth.sign_in":
        return errors.outlived(error)
    know_settings()
    return _form("Страница входа устарела. Введите пароль ещё раз.", request.form.get("login", "").strip(), 400)


def _form(error: str | None = None, login: str = "", status: int = 200) -> ResponseReturnValue:
    return sign_in_page(error, login, held=request.form.get("held", "")), status


def _let_in(account: Account, attempt: Attempt, *, new_hash: str | None) -> ResponseReturnValue:
    now = clock.real_now()
    with saving():
        if current_user.is_authenticated:  # the browser's earlier session would live on, unseen
            services.sign_out(db.session, actor=g.actor, session_id=current_user.session_id, everywhere=False, now=now)
        token = services.sign_in(db.session, account=account, new_hash=new_hash, now=now, attempt=attempt,
                                 device_hash=guessing.remember_device(),
                                 hours=g.settings.value("session.hours", on=None))
    signed_in = arrive(db.session, token=token, now=now).signed_in(now=now, today=clock.today())
    assert signed_in is not None
    where = url_for("auth.beside") if request.form.get("beside") else safe_next() or _home_of(signed_in.actor)
    session.clear()
    login_user(signed_in)
    if held := held_for(account.id, request.form.get("held", "")):
        return render_template("auth/held.html", held=held)
    return redirect(where or url_for("auth.home"))


def _home_of(actor: Actor) -> str | None:
    """The first side this person may enter: said at once, for each redirect costs a slow line a second."""
    return next((url_for(HOMES[role]) for role in actor.roles), None)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Where «ЭЖД» in the head leads."""
    where = _home_of(g.actor)
    return redirect(where) if where else render_template("auth/no_role.html")


@bp.get("/login/beside")
def beside() -> ResponseReturnValue:
    """Shown in the second tab where an expired session was renewed; the first one goes on."""
    return render_template("auth/beside.html")


@bp.get("/session")
def whoami() -> ResponseReturnValue:
    """For a page that was left open: who is signed in now, and a fresh token to send with."""
    from flask_wtf.csrf import generate_csrf

    return {"account": g.actor.account_id, "csrf": generate_csrf()}


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    """Sign out here, or everywhere."""
    everywhere = request.form.get("everywhere") == "1"
    with saving():
        services.sign_out(db.session, actor=g.actor, session_id=current_user.session_id, everywhere=everywhere,
                          now=clock.real_now())
    logout_user()
    session.clear()
    flash("Вы вышли на всех устройствах." if everywhere else "Вы вышли.")
    response = redirect(url_for("auth.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
