"""The sign-in page, shown at the door and wherever a form arrives after its session has ended."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import current_app, g, render_template, request

from ejd import clock


def sign_in_page(error: str | None = None, login: str = "", *, held: str = "") -> str:
    """`held` is a form that arrived too late, to be offered again after signing in."""
    return render_template("auth/sign_in.html", error=error, login=login, held=held, next=safe_next(),
                           beside=request.values.get("beside", ""), launch=g.settings.launch,
                           today=clock.today(),
                           school=g.settings.value("school.name", on=None))


def code_page(ticket: str, error: str = "") -> str:
    """The second step: what the first one was asked to keep goes on with it."""
    return render_template("auth/sign_in_code.html", ticket=ticket, error=error, held=request.form.get("held", ""),
                           next=safe_next(), beside=request.form.get("beside", ""))


def safe_next() -> str:
    """Where to go on after signing in: a page of this site only, so nothing that is done by a form."""
    address = request.values.get("next", "")
    parts = urlsplit(address)
    if not address.startswith("/") or address.startswith("//") or parts.netloc or "\\" in address:
        return ""
    return address if current_app.url_map.bind("").test(unquote(parts.path), "GET") else ""
