"""Default deny, and the loaders through which every object is reached.

Answers in this order: not signed in 302 (partial: 401); the role lacks this prefix 403; the object is absent
or not yours 404; yours but closed to your position 403 with the reason; wrong moment 422 (from services).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import select

from ejd import clock
from ejd.access import Act, Actor, Role, may
from ejd.credentials import sessions
from ejd.credentials.models import Account
from ejd.db import begin_as_writer, db
from ejd.roster.scopes import Child, children_of
from ejd.school import settings
from ejd.web.fragments import notice, wants_partial
from ejd.web.navigation import role_of_request
from ejd.web.security import SAFE_METHODS

# Everything else needs a signed-in person.
PUBLIC = frozenset({"asset", "auth.sign_in", "auth.healthz"})
# What a signed-in person with a one-time password may still reach.
BEFORE_FIRST_CHANGE = frozenset({"asset", "auth.sign_in", "auth.sign_out", "auth.change_password", "auth.healthz"})

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

login_manager = LoginManager()


def needs(act: Act) -> Callable[[View], View]:
    """Declare the act of a view; every view under /admin must declare one (checked at start)."""

    def declare(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return declare


def register(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions live in the database
    app.before_request(_let_in)


@login_manager.user_loader
def load_signed_in(token: str) -> sessions.SignedIn | None:
    return sessions.signed_in_by(db.session, token=token, now=clock.real_now(), today=clock.today(),
                                 idle_minutes=g.settings.value("session.idle_minutes", on=None))


def _let_in() -> ResponseReturnValue | None:
    g.settings = settings.load(db.session)
    clock.use_zone(g.settings.value("zone", on=None))
    if g.settings.value("demo", on=None):
        clock.start_at(current_app.config["EJD"].now or g.settings.value("demo.now", on=None))
    if request.endpoint is None:
        return None  # an unknown address: 404 tells nothing
    if not current_user.is_authenticated:
        return None if request.endpoint in PUBLIC else _ask_to_sign_in()
    g.actor = current_user.actor
    if current_user.seen_long_ago:
        _note_use(current_user.session_id)
    if current_user.must_change and request.endpoint not in BEFORE_FIRST_CHANGE:
        return redirect(url_for("auth.change_password"))
    _keep_to_role(g.actor)
    return None


def _note_use(session_id: int) -> None:
    """Write «last seen» in a short transaction of its own, at most every five minutes."""
    db.session.commit()
    begin_as_writer(True)
    sessions.touch(db.session, session_id=session_id, now=clock.real_now())
    db.session.commit()
    begin_as_writer(request.method not in SAFE_METHODS)


def own_account(actor: Actor) -> Account:
    """The signed-in person's account."""
    return db.session.scalars(select(Account).filter_by(id=actor.account_id)).one()


def own_children(actor: Actor) -> list[Child]:
    """The children whose guardian the signed-in person is today (R33)."""
    return children_of(db.session, guardian_id=actor.person_id, today=clock.today())


def own_child(actor: Actor, pupil_id: int) -> tuple[Child, list[Child]]:
    """The own child, beside all the children to switch between."""
    children = own_children(actor)
    return next((child for child in children if child.pupil_id == pupil_id), None) or abort(404), children


def _keep_to_role(actor: Actor) -> None:
    role = role_of_request()
    if role is not None and role not in actor.roles:
        abort(403)
    act = getattr(current_app.view_functions[str(request.endpoint)], "act", None)
    if role is Role.ADMIN and act is None:
        raise LookupError(f"{request.endpoint} declares no act")
    if act is not None and not may(actor, act):
        abort(403)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_partial():
        return notice("Вход истёк: войдите снова, набранное на странице сохранится.", 401,
                      link=url_for("auth.sign_in", beside="1"), link_text="Войти в соседней вкладке")
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=back))
