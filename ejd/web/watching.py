"""What whoever runs the server sees of it: figures for Prometheus and a line a request, neither with anything of a
person: the pattern of the route, never the address that was asked.

Figures are there only with EJD_METRICS_TOKEN, lines only with EJD_LOG=requests; without them requests pay nothing.
"""

from __future__ import annotations

import hmac
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.backup import copies
from ejd.config import Config, make_folder
from ejd.db import answers, db
from ejd.jobs.services import standing

A_DAY = timedelta(days=1)
BUCKETS = (.005, .01, .02, .05, .1, .2, .3, .5, 1, 2, 5)  # seconds
Note = Callable[[str, int, float], None]


def register(app: Flask) -> None:
    config: Config = app.config["EJD"]
    notes: list[Note] = []
    if config.log_requests:
        notes.append(_write_line)
    if config.metrics_token:
        notes.append(_measure(config.instance))
        app.add_url_rule("/metrics", "metrics", metrics)
    if not notes:
        return

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        taken = time.perf_counter() - g.get("began", time.perf_counter())
        for note in notes:
            note(request.endpoint or "unknown", response.status_code, taken)
        return response


def folder_of(instance: Path) -> Path:
    """Where the processes of the server keep their figures."""
    return instance / "metrics"


def begin_anew(config: Config) -> None:
    """Figures of processes that are gone count no more."""
    for old in folder_of(config.instance).glob("*.db"):
        old.unlink()


def metrics() -> ResponseReturnValue:
    """What the processes counted and how the school's database stands; without the token there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), current_app.config["EJD"].metrics_token.encode()):
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest, multiprocess

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    for name, told, value in _standing():
        Gauge(name, told, registry=registry, multiprocess_mode="mostrecent").set(value)
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST.split(";")[0])


def _standing() -> list[tuple[str, str, float]]:
    answers()
    waiting, failed = standing(db.session, since=clock.real_now() - A_DAY)
    found: list[tuple[str, str, float]] = [
        ("ejd_jobs_waiting", "Long work that has not ended", waiting),
        ("ejd_jobs_failed", "Long work of the last day that failed", failed)]
    last = copies.copies_in(Path(current_app.instance_path) / "backups")
    if last:
        age = clock.real_now().timestamp() - last[-1].stat().st_mtime
        found.append(("ejd_last_copy_age_seconds", "How old the last copy of the database is", age))
    return found


def _measure(instance: Path) -> Note:
    make_folder(folder_of(instance))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder_of(instance))
    from prometheus_client import Histogram

    seconds = Histogram("ejd_request_seconds", "Seconds from the request to its answer", ("route", "status"),
                        buckets=BUCKETS, registry=None)

    def note(route: str, status: int, taken: float) -> None:
        seconds.labels(route, str(status)).observe(taken)

    return note


def _write_line(route: str, status: int, taken: float) -> None:
    line: dict[str, Any] = {"at": clock.real_now().isoformat(timespec="milliseconds"), "method": request.method,
                            "route": route, "status": status, "ms": round(taken * 1000, 1), "process": os.getpid()}
    sys.stderr.write(json.dumps(line) + "\n")
