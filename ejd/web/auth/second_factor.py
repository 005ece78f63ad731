"""The second factor on the own account page: setting it up, new spare codes, switching it off; and the ticket between
the two steps of signing in."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping

import segno
from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from ejd import clock
from ejd.credentials import queries, second_factor
from ejd.credentials.models import Account
from ejd.db import db
from ejd.refusal import Refused
from ejd.web import guessing
from ejd.web.access import has_to_set_factor, own_account
from ejd.web.auth import bp
from ejd.web.confirming import wrong_confirmation
from ejd.web.saving import saving

TICKET_SECONDS = 300
TOO_OLD = "Прошло больше пяти минут: введите логин и пароль снова."


def ticket_for(account: Account) -> str:
    """Says for five minutes that the password of the account was right."""
    return str(_signer().dumps([account.id, _fingerprint(account.password_hash)]))


def account_with(ticket: str) -> Account | None:
    """Whose password was right a short while ago and is still the same."""
    try:
        account_id, fingerprint = _signer().loads(ticket, max_age=TICKET_SECONDS)
    except BadData:
        return None
    account = queries.account_by_id(db.session, account_id)
    ok = account is not None and account.disabled_at is None \
        and _fingerprint(account.password_hash) == fingerprint
    return account if ok else None


@bp.get("/account/second-factor")
def second_factor_page() -> ResponseReturnValue:
    return _page({})


@bp.post("/account/second-factor/begin")
def begin_second_factor() -> ResponseReturnValue:
    """Make a secret, after the password once more."""
    if error := wrong_confirmation():
        return _page({"password": error}, 422)
    return _done(lambda: second_factor.begin(db.session, account=own_account(g.actor), key=_key()))


@bp.get("/account/second-factor/code.png")
def second_factor_qr() -> ResponseReturnValue:
    """The secret as a QR code, while it is being set up."""
    mine = own_account(g.actor)
    secret = second_factor.secret_to_show(db.session, account=mine, key=_key())
    if secret is None:
        abort(404)
    picture = io.BytesIO()
    segno.make(_address(mine, secret), error="m").save(picture, kind="png", scale=5, border=3)
    return Response(picture.getvalue(), mimetype="image/png")


@bp.post("/account/second-factor/confirm")
def confirm_second_factor() -> ResponseReturnValue:
    """The first code: right, it is on, and the spare codes are shown."""
    attempt = guessing.attempt_of(own_account(g.actor).login)
    if reason := guessing.too_soon(attempt):
        return _page({"code": reason}, 429)
    try:
        with saving():
            spares = second_factor.confirm(db.session, account=own_account(g.actor), code=request.form.get("code", ""),
                                           key=_key(), now=clock.real_now(), session_id=current_user.session_id)
    except Refused as refused:
        guessing.note_failure(attempt)
        return _page({"code": str(refused)}, 422)
    return render_template("auth/spare_codes.html", spares=spares)


@bp.post("/account/second-factor/spares")
def renew_spare_codes() -> ResponseReturnValue:
    if error := wrong_confirmation():
        return _page({"password": error}, 422)
    try:
        with saving():
            spares = second_factor.renew_spares(db.session, account=own_account(g.actor), key=_key(),
                                                now=clock.real_now())
    except Refused as refused:
        return _page({"form": str(refused)}, 422)
    return render_template("auth/spare_codes.html", spares=spares)


@bp.post("/account/second-factor/off")
def switch_second_factor_off() -> ResponseReturnValue:
    """Back to the password alone, for instance for a new phone."""
    if error := wrong_confirmation():
        return _page({"password": error}, 422)
    answer = _done(lambda: second_factor.switch_off(db.session, actor_id=g.actor.person_id,
                                                    account=own_account(g.actor), now=clock.real_now(),
                                                    session_id=current_user.session_id))
    flash("Второй фактор выключен.")
    return answer


def _done(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        with saving():
            act()
    except Refused as refused:
        return _page({"form": str(refused)}, 422)
    return redirect(url_for("auth.second_factor_page"), 303)


def _page(errors: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    mine = own_account(g.actor)
    row = second_factor.of(db.session, mine.id)
    secret = None if row else second_factor.secret_to_show(db.session, account=mine, key=_key())
    return render_template(
        "auth/second_factor.html", errors=errors, is_on=row is not None, needed=has_to_set_factor(current_user),
        spares=second_factor.spares_left(row) if row else 0,
        secret=" ".join(secret[at:at + 4] for at in range(0, len(secret), 4)) if secret else ""), status


def _address(account: Account, secret: str) -> str:
    return second_factor.address(secret, login=account.login, school=g.settings.value("school.name", on=None))


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _fingerprint(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="ejd second factor ticket")
