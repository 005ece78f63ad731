"""One lesson: its topic and homework, its works, and the class with attendance and marks on one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal import deadlines
from ejd.journal.attendance import Taken, take_attendance
from ejd.journal.from_plan import take_from_plan
from ejd.journal.lesson_record import NewTopic, record_topics
from ejd.journal.queries_cell import holds_work
from ejd.journal.queries_homework import homework_around
from ejd.journal.queries_lesson import lesson_page
from ejd.journal.works import NewWork, change_work, declare_works, withdraw_work
from ejd.plans.queries import offer_for
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.web.access import course_seen, lesson_taught_by
from ejd.web.attaching import files_given, limits, takes_files
from ejd.web.fragments import wants_partial
from ejd.web.given import number_in
from ejd.web.lesson_to_read import lesson_history
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.acts import NOT_UNDERSTOOD
from ejd.web.teacher.homework_form import save_homework_of_class
from ejd.web.teacher.warned import minutes_typed, seen, told

RECORD, SHEET = "teacher/_record.html", "teacher/_sheet.html"  # the pieces of the page


@bp.get("/lessons/<int:lesson_id>")
def lesson(lesson_id: int) -> ResponseReturnValue:
    return show(lesson_taught_by(g.actor, lesson_id))


@bp.get("/lessons/<int:lesson_id>/history")
def history_of_lesson(lesson_id: int) -> ResponseReturnValue:
    """Who did what with the lesson, and what its homework said before."""
    taught = lesson_taught_by(g.actor, lesson_id)
    return lesson_history(course_seen(taught.course_id).title, taught, back=url_for(".lesson", lesson_id=taught.id))


@bp.post("/lessons/<int:lesson_id>")
@takes_files
def record_lesson(lesson_id: int) -> ResponseReturnValue:
    """Topic and homework, one form: what is typed in one field is not lost by saving another."""
    taught = lesson_taught_by(g.actor, lesson_id)
    try:
        with files_given() as files, saving():
            _record_topic(taught)
            _leave_plan(taught)
            save_homework_of_class(taught, files)
    except Stale as stale:
        both = f"{stale}. Сейчас там: «{stale.theirs}». Сохраните ещё раз, чтобы заменить."
        return show(taught, {"record": both}, 409, piece=RECORD)
    except Refused as refused:
        return show(taught, {refused.field or "record": str(refused)}, 422, piece=RECORD)
    return done(taught, "Запись урока сохранена", piece=RECORD)


@bp.post("/lessons/<int:lesson_id>/attendance")
def take(lesson_id: int) -> ResponseReturnValue:
    """Who has no letter was present."""
    taught = lesson_taught_by(g.actor, lesson_id)
    try:
        with saving():
            take_attendance(db.session, settings=g.settings,
                            lessons=[Taken(lesson_id=lesson_id, actor_id=g.actor.person_id, at=clock.now())])
    except Refused as refused:
        return show(taught, {"sheet": str(refused)}, 422)
    return done(taught, "Посещаемость отмечена")


@bp.post("/lessons/<int:lesson_id>/works")
def declare(lesson_id: int) -> ResponseReturnValue:
    """Declare a work for the class, so that missing marks are seen (R4), or take one back."""
    taught = lesson_taught_by(g.actor, lesson_id)
    try:
        if not request.form.get("act") and (warnings := told(lesson_id, minutes_typed(),
                                                             request.form.get("series", ""))):
            return show(taught, {"sheet": "Работа ещё не объявлена"}, 422, warnings=warnings)
        with saving():
            said = {"withdraw": _withdraw_work, "change": _change_work}.get(
                request.form.get("act", ""), _declare_work)(taught)
    except Stale as stale:
        both = f"{stale}. Сейчас там: «{stale.theirs}». Сохраните ещё раз, чтобы заменить."
        return show(taught, {"sheet": both}, 409)
    except Refused as refused:
        return show(taught, {"sheet": str(refused)}, 422)
    return done(taught, said)


def done(taught: Lesson, said: str, piece: str = SHEET) -> ResponseReturnValue:
    if wants_partial():
        return show(taught, piece=piece, said=said)
    flash(said)
    return redirect(url_for(".lesson", lesson_id=taught.id))


def show(taught: Lesson, errors: Mapping[str, str] | None = None, status: int = 200, *, piece: str = SHEET,
          said: str = "", warnings: Sequence[str] = ()) -> ResponseReturnValue:
    """The page, or the piece of it that htmx asked for; what was typed stays where it was refused."""
    page = lesson_page(db.session, lesson=taught, settings=g.settings, today=clock.today(), now=clock.now(),
                       reader=g.actor)
    around = homework_around(db.session, record=page.record, settings=g.settings)
    homework = page.record.counting
    timeliness = taught.homework_due_at and deadlines.homework_timeliness(
        taught.homework_due_at, homework.published_at if homework else None, clock.now())
    return render_template(piece if wants_partial() else "teacher/lesson.html", page=page, record=page.record,
                           around=around, limits=limits(), errors=errors or {}, partial=wants_partial(),
                           typed=request.form if errors else {}, said=said, told=warnings,
                           seen=seen(taught.id, list(warnings)),
                           closed=page.record.why_shut(g.settings, clock.now()),
                           is_late=timeliness is deadlines.Timeliness.LATE,
                           is_missing=timeliness is deadlines.Timeliness.MISSING,
                           offer=offer_for(db.session, taught, today=clock.today()),
                           key=token_urlsafe(12), today=clock.today(), now=clock.now()), status


def _record_topic(taught: Lesson) -> None:
    topic = request.form.get("topic", "")
    if topic.strip() != taught.topic:
        record_topics(db.session, topics=[NewTopic(
            lesson_id=taught.id, text=topic, actor_id=g.actor.person_id, at=clock.now(),
            version=number_in(request.form, "lesson_version"))])


def _leave_plan(taught: Lesson) -> None:
    """The lesson took a topic of the plan, and the teacher says that it is no longer that one."""
    if request.form.get("linked") and not request.form.get("keep_link"):
        take_from_plan(db.session, actor_id=g.actor.person_id, lesson_id=taught.id, topic_ids=[], text="",
                       now=clock.now())


def _declare_work(taught: Lesson) -> str:
    kind_id = number_in(request.form, "kind")
    if kind_id is None:
        raise Refused("Выберите вид работы")
    declare_works(db.session, settings=g.settings, works=[NewWork(
        lesson_id=taught.id, kind_id=kind_id, title=request.form.get("title", ""), weight=_weight(),
        minutes=minutes_typed(), series=request.form.get("series", ""),
        actor_id=g.actor.person_id, at=clock.now(), key=request.form.get("key") or None)])
    return "Работа объявлена"


def _change_work(taught: Lesson) -> str:
    work_id, version = _work_in_hand(taught)
    change_work(db.session, actor_id=g.actor.person_id, work_id=work_id, version=version, now=clock.now(),
                settings=g.settings, kind_id=number_in(request.form, "kind"), title=request.form.get("title"),
                weight=_weight())
    return "Работа изменена"


def _weight() -> int | None:
    weight = number_in(request.form, "weight")
    if weight is None and request.form.get("weight", "").strip():
        raise Refused("Вес работы – целое число от 1 до 20")
    return weight


def _work_in_hand(taught: Lesson) -> tuple[int, int]:
    """The work of this lesson that the form names, and the version it was made with."""
    work_id, version = number_in(request.form, "work"), number_in(request.form, "version")
    if work_id is None or version is None or not holds_work(db.session, lesson_id=taught.id, work_id=work_id):
        raise Refused(NOT_UNDERSTOOD)
    return work_id, version


def _withdraw_work(taught: Lesson) -> str:
    work_id, version = _work_in_hand(taught)
    withdraw_work(db.session, actor_id=g.actor.person_id, work_id=work_id, version=version, now=clock.now())
    return "Работа снята"
