"""Pages of long work, the same for every role: a page that refreshes itself until the work is done, then the file
for whoever asked for it."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.jobs import results, services
from ejd.jobs.kinds import KINDS
from ejd.jobs.models import Job
from ejd.refusal import Refused
from ejd.web import downloads
from ejd.web.access_jobs import own_job
from ejd.web.following import forget_secret, secret_of
from ejd.web.fragments import wants_partial
from ejd.web.saving import saving

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<int:job_id>")
def progress(job_id: int) -> ResponseReturnValue:
    return _page(own_job(g.actor, job_id))


@bp.get("/<int:job_id>/file")
def result(job_id: int) -> ResponseReturnValue:
    """The file, as often as it is wanted while it is there."""
    job = own_job(g.actor, job_id)
    if results.is_sealed(job):
        raise Refused(results.GONE_SEALED if job.fetched_at else "Этот файл выдаётся кнопкой на странице задания")
    return downloads.download(results.read(_instance(), job, clock.real_now()), _type(job), job.file_name)


@bp.post("/<int:job_id>/file")
def fetch_sealed(job_id: int) -> ResponseReturnValue:
    """A sealed file, once: what was promised with it holds from this moment."""
    job = own_job(g.actor, job_id)
    now = clock.real_now()
    try:
        opened = results.open_sealed(_instance(), job, secret_of(job), now)
        with saving():
            fulfil = KINDS[job.kind].fulfil
            assert fulfil is not None
            services.fetch(db.session, job=job, now=now)
            services.say(db.session, job=job, said=fulfil(
                db.session, actor=g.actor, promise=opened.promise, now=clock.now(), real_now=now))
    except Refused as refused:
        return _page(own_job(g.actor, job_id), str(refused)), 422
    results.drop(_instance(), job.id)
    answer = downloads.download(opened.body, _type(job), job.file_name)
    forget_secret(answer, job)
    return answer


def _page(job: Job, error: str = "") -> str:
    template = "jobs/_progress.html" if wants_partial() else "jobs/progress.html"
    return render_template(
        template, job=job, title=KINDS[job.kind].title, back=services.params_of(job)["back"], error=error,
        sealed=results.is_sealed(job), until=results.kept_until(job), ready=results.is_there(job, clock.real_now()))


def _instance() -> Path:
    return Path(current_app.instance_path)


def _type(job: Job) -> str:
    return {"pdf": downloads.PDF, "xlsx": downloads.XLSX, "zip": "application/zip"}.get(
        job.file_name.rpartition(".")[2], "application/octet-stream")
