"""Beginning long work from a view, and where its page is. The key of a sealed result is a cookie of the browser that
asked: it outlives a closed window, and the server does not keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, g, make_response, redirect, request, url_for
from flask_login import current_user

from ejd import clock
from ejd.db import db
from ejd.jobs import results, sealing, services
from ejd.jobs.kinds import KINDS
from ejd.jobs.models import Job
from ejd.web.saving import saving


def begin_job(kind: str, params: Mapping[str, Any], *, key: str, back: str,
              also: Callable[[], None] = lambda: None) -> Response:
    """Begin the job and go to its page; `back` is the page of ours that it was asked for from. `also` is done in the
    same transaction, and not again when the same form comes twice."""
    secret, public = sealing.keys_of(current_user.get_id(), key) if KINDS[kind].fulfil else ("", "")
    given = {**params, "back": back} | ({"seal": public} if secret else {})
    with saving():
        if not services.is_known(db.session, key):
            also()
        job = services.start(db.session, kind=kind, params=given, owner_id=g.actor.person_id, key=key,
                             now=clock.real_now())
    answer = make_response(redirect(url_for("jobs.progress", job_id=job.id), 303))
    if secret and services.params_of(job)["seal"] == public:
        answer.set_cookie(_cookie(job), secret, max_age=results.KEPT_SEALED, path=_path(job), httponly=True,
                          samesite="Strict", secure=current_app.config["SESSION_COOKIE_SECURE"])
    return answer


def secret_of(job: Job) -> str:
    """The key that this browser brought."""
    return request.cookies.get(_cookie(job), "")


def forget_secret(answer: Response, job: Job) -> None:
    answer.delete_cookie(_cookie(job), path=_path(job), secure=current_app.config["SESSION_COOKIE_SECURE"])


def _cookie(job: Job) -> str:
    return f"{'__Secure-' if current_app.config['SESSION_COOKIE_SECURE'] else ''}ejd_job_{job.id}"


def _path(job: Job) -> str:
    return url_for("jobs.progress", job_id=job.id)
