"""Slowing down whoever guesses a password, at the door and where it is changed; and the cookie that tells a device.

The cookie names nobody: a random number, signed, which the server has seen together with a login or has not.
"""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, Signer

from ejd import clock
from ejd.credentials import queries, services, throttling
from ejd.credentials.throttling import Attempt
from ejd.db import db
from ejd.web.filters import counted
from ejd.web.saving import saving

LONGEST = timedelta(days=400)  # browsers keep no cookie longer


def attempt_of(login: str) -> Attempt:
    """Who is about to name a password, and whether on a device of theirs."""
    device = _device_hash(_device())
    own = bool(device) and queries.has_signed_in_on(db.session, login=login, device_hash=device)
    return Attempt(_blurred(login), device if own else _blurred(request.remote_addr or ""), own)


def too_soon(attempt: Attempt) -> str | None:
    """The sentence with which an attempt too many is refused unread, or None."""
    failures = queries.failures_before(db.session, attempt=attempt, now=clock.real_now())
    wait = throttling.seconds_to_wait(failures)
    return f"Слишком много попыток. Повторите через {counted(wait, 'секунду', 'секунды', 'секунд')}." if wait else None


def note_failure(attempt: Attempt) -> None:
    with saving():
        services.note_failure(db.session, attempt=attempt, now=clock.real_now())


def remember_device() -> str:
    """Send the device its cookie anew with this answer; its hash, to be kept with the session."""
    device = _device() or token_urlsafe(18)
    config = current_app.config

    @after_this_request
    def send(response: Response) -> Response:
        response.set_cookie(_cookie(), _signer().sign(device).decode(), max_age=LONGEST, httponly=True,
                            samesite="Lax", secure=config["SESSION_COOKIE_SECURE"])
        return response

    return _device_hash(device)


def _device() -> str:
    """The random number in the cookie, or nothing when there is none that was signed here."""
    try:
        return _signer().unsign(request.cookies.get(_cookie(), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def _device_hash(device: str) -> str:
    return _blurred(f"device {device}") if device else ""


def _blurred(value: str) -> str:
    return services.blurred(value, current_app.config["SECRET_KEY"])


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_device"


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="ejd device")
