"""Headers, CSRF, compression, and how a request begins its transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, abort, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from ejd.db import begin_as_writer
from ejd.web.held import sender

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

csrf = CSRFProtect()


View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class PageSessions(SecureCookieSessionInterface):
    """Keeps the session cookie away from static files: with `Vary: Cookie` a browser fetches them again after each
    sign-in."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "asset":
            super().save_session(app, session, response)


def register(app: Flask, before_body: Callable[[], ResponseReturnValue | None]) -> None:
    """`before_body` is asked before anything of the request's body is read."""
    app.session_interface = PageSessions()
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=6, COMPRESS_MIN_SIZE=400)
    if hops := app.config["EJD"].trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_choose_transaction)
    app.before_request(before_body)
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    Compress(app)
    app.after_request(_harden)
    app.add_template_global(csrf_field)


def csrf_field() -> Markup:
    """The hidden fields that every form carries: against forgery, and whose form it is should the session end."""
    token = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    if (actor := g.get("actor")) is None or actor.account_id is None:
        return token
    return token + Markup('<input type="hidden" name="sender" value="{}">').format(sender(actor.account_id))


def _choose_transaction() -> None:
    begin_as_writer(request.method not in SAFE_METHODS)


def takes_long_body(view: View, size: int) -> View:
    """Declare that what is sent to the view may be longer than a form without files: so many bytes."""
    view.longest_body = size  # type: ignore[attr-defined]
    return view


def _refuse_nul() -> None:
    """No person types a NUL, and PostgreSQL stores none."""
    if any("\0" in value for _, values in request.values.lists() for value in values):
        abort(400)


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")  # a file that is there says otherwise
    if request.endpoint != "asset":
        headers.add("Vary", "HX-Request-Type")
    if current_app.config["EJD"].tls_only:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Location" in headers:
        headers["Location"] = _inside(headers["Location"])
    return response


def _inside(address: str) -> str:
    """Where a redirect leads, without a host: every one stays in the house, whatever host the request named."""
    _, _, path, query, fragment = urlsplit(address)
    return urlunsplit(("", "", "/" + path.lstrip("/"), query, fragment))
