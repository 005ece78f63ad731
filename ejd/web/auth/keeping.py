"""«Дневник без связи»: whether this device keeps the last diary that was opened on it."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd.web import offline
from ejd.web.auth import bp


@bp.get("/sw.js")
def offline_worker() -> ResponseReturnValue:
    """At the root, for a script of this kind sees the pages beneath its own address only."""
    return offline.worker()


@bp.get("/account/offline")
def offline_diary() -> ResponseReturnValue:
    return render_template("auth/offline.html", possible=offline.possible(), keeps=offline.keeps_diary())


@bp.post("/account/offline")
def keep_diary() -> ResponseReturnValue:
    """Begin or stop keeping it here. Whether the browser can do it only its own script knows, and says on the page."""
    if not offline.possible():
        abort(404)
    answer = make_response(redirect(url_for("auth.offline_diary"), 303))
    if request.form.get("keep") == "1":
        offline.begin_keeping(answer)
        flash("Устройство отмечено вашим.")
    else:
        offline.stop_keeping(answer)
        flash("Дневник на этом устройстве больше не хранится.")
    return answer
