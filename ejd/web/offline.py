"""The last diary kept on a family's own device, by choice, for when the school cannot be reached (engineering 13).

A cookie says that this browser keeps it for this account; the page itself is kept by static/offline-worker.js.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, Signer

from ejd.access import Role
from ejd.config import ROOT, Config

LONGEST = timedelta(days=180)
MARK = "X-Ejd-Keep"
WORKER = (ROOT / "static" / "offline-worker.js").read_bytes()


def register(app: Flask) -> None:
    app.add_template_global(keeps_diary)


def possible() -> bool:
    """Browsers keep pages only of sites that they reach safely; a family's account alone has a diary."""
    config: Config = current_app.config["EJD"]
    return (config.on_loopback or config.tls_only) and bool({Role.PARENT, Role.STUDENT} & set(g.actor.roles))


def keeps_diary() -> bool:
    """Whether this browser keeps the diary of who is signed in."""
    actor = g.get("actor")
    if actor is None or _cookie() not in request.cookies:
        return False
    try:
        return _signer().unsign(request.cookies[_cookie()]).decode() == str(actor.account_id)
    except BadSignature:
        return False


def to_keep(response: Response) -> Response:
    """Tells the browser that keeps the diary that this page is one."""
    if keeps_diary():
        response.headers[MARK] = "1"
    return response


def begin_keeping(response: Response) -> None:
    response.set_cookie(_cookie(), _signer().sign(str(g.actor.account_id)).decode(), max_age=LONGEST, httponly=True,
                        samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])


def stop_keeping(response: Response) -> None:
    response.delete_cookie(_cookie(), secure=current_app.config["SESSION_COOKIE_SECURE"])


def worker() -> Response:
    return Response(WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_offline"


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="ejd offline diary")
