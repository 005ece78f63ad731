"""What a lesson takes of the plan: the next topic with its homework at one click, another, several merged, or none."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.files.store import Received
from ejd.journal.from_plan import take_from_plan
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.queries_lesson import record_of
from ejd.plans.queries import Offer, TopicRow, offer_for
from ejd.plans.services import GONE
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.web.access import lesson_taught_by
from ejd.web.attaching import files_given, takes_files
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.homework_form import save_homework_of_class
from ejd.web.teacher.lesson import RECORD, done, show


@bp.get("/lessons/<int:lesson_id>/topic")
def lesson_topic(lesson_id: int) -> ResponseReturnValue:
    """The whole plan to choose from."""
    return _choose(lesson_taught_by(g.actor, lesson_id))


@bp.post("/lessons/<int:lesson_id>/topic")
@takes_files
def take_topic(lesson_id: int) -> ResponseReturnValue:
    """Topic and homework of the plan into the lesson's record, in one transaction; what is typed goes along."""
    taught = lesson_taught_by(g.actor, lesson_id)
    offer = _offer(taught)
    chosen = offer.among(request.form.getlist("take"))
    from_page = request.form.get("from") == "plan"
    try:
        with files_given() as files, saving():
            said = _take(taught, chosen)
            if not from_page and _typed(files):
                save_homework_of_class(taught, files)
            elif chosen:
                said += _publish(taught, offer, chosen)
    except Stale as stale:
        both = f"{stale}. Сейчас там: «{stale.theirs}». Сохраните ещё раз, чтобы заменить."
        return _choose(taught, both, 409) if from_page else show(taught, {"record": both}, 409, piece=RECORD)
    except Refused as refused:
        if from_page:
            return _choose(taught, str(refused), 422)
        return show(taught, {refused.field or "record": str(refused)}, 422, piece=RECORD)
    return done(taught, said, piece=RECORD)


def _take(taught: Lesson, chosen: Sequence[TopicRow]) -> str:
    """Write what the lesson took; what is said of it. Only the page of the whole plan lets a lesson leave it."""
    if not chosen and request.form.get("from") != "plan":
        raise Refused(GONE)
    title = request.form.get("title", "").strip() or ". ".join(topic.title.rstrip(".") for topic in chosen)
    take_from_plan(db.session, actor_id=g.actor.person_id, lesson_id=taught.id, text=title, now=clock.now(),
                   topic_ids=[topic.id for topic in chosen], version=number_in(request.form, "lesson_version"))
    return "Тема записана" if chosen else "Урок больше не связан с планом, тема в журнале осталась"


def _typed(files: Sequence[Received]) -> bool:
    """Whether the record's form says something of homework itself."""
    fields = ("homework", "not_set", "version")
    return bool(files) or any(request.form.get(name, "").strip() for name in fields)


def _publish(taught: Lesson, offer: Offer, chosen: Sequence[TopicRow]) -> str:
    """The plan's homework, at the first of a topic's hours, unless some is set already; what is said of it."""
    record = record_of(db.session, taught, clock.now())
    planned = "\n".join(topic.homework for topic in chosen if topic.homework and offer.hour_of(topic) == 1)
    if not planned or not record.course.homework_expected or not request.form.get("with_homework"):
        return ""
    if record.homework is not None:
        return ", записанное домашнее задание осталось"
    publish_homework(db.session, settings=g.settings, homework=[NewHomework(
        lesson_id=taught.id, text=planned, actor_id=g.actor.person_id, at=clock.now(),
        key=request.form.get("key", ""), due_lesson_id=number_in(request.form, "due"))])
    return ", домашнее задание опубликовано"


def _offer(taught: Lesson) -> Offer:
    offer = offer_for(db.session, taught, today=clock.today())
    if offer is None:
        raise Refused("В этом журнале ещё нет плана: сначала загрузите его")
    return offer


def _choose(taught: Lesson, error: str = "", status: int = 200) -> ResponseReturnValue:
    offer = _offer(taught)
    record = record_of(db.session, taught, clock.now())
    marked = set(request.form.getlist("take")) if error else {str(topic.id) for topic in (
        offer.taken or ([offer.next] if offer.next else []))}
    page = render_template("teacher/lesson_topic.html", record=record, offer=offer, error=error, marked=marked,
                           typed=request.form if error else {}, key=token_urlsafe(12))
    return page, status
