"""Works of a journal: declared ones with how far they are, declaring another, changing one and taking it back."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.points import read_criteria
from ejd.journal.queries_works import (
    holds_lesson,
    is_marked,
    kinds_in_order,
    lessons_for_works,
    work_page,
    works_of_course,
)
from ejd.journal.works import NewWork, change_work, declare_works, withdraw_work
from ejd.refusal import Refused, Stale
from ejd.web.access import course_taught_by
from ejd.web.access_works import work_taught_by
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.warned import minutes_typed, seen, told
from ejd.web.teacher.work_marks import show_work


@bp.get("/courses/<int:course_id>/works")
def works(course_id: int) -> ResponseReturnValue:
    return _list(course_id)


@bp.post("/courses/<int:course_id>/works")
def declare_work(course_id: int) -> ResponseReturnValue:
    """Declare a work for a lesson of the journal, most often one to come."""
    course_taught_by(g.actor, course_id)
    try:
        new = _new_work(course_id)
        if warnings := told(new.lesson_id, new.minutes, new.series):
            return _list(course_id, warnings=warnings), 422
        with saving():
            declare_works(db.session, works=[new], settings=g.settings)
    except Refused as refused:
        return _list(course_id, {refused.field or "lesson": str(refused)}), 422
    flash("Работа объявлена: ученики и родители увидят её после урока, когда отмечена посещаемость.")
    return redirect(url_for(".works", course_id=course_id))


@bp.post("/works/<int:work_id>/change")
def alter_work(work_id: int) -> ResponseReturnValue:
    """Its kind, title, weight, and where a school wants them its criteria."""
    found, lesson = work_taught_by(g.actor, work_id)
    try:
        with saving():
            change_work(db.session, actor_id=g.actor.person_id, work_id=work_id, version=_version(), now=clock.now(),
                        settings=g.settings, kind_id=number_in(request.form, "kind_id"),
                        title=request.form.get("title"), weight=_weight(), criteria=_criteria())
    except Refused as refused:
        status = 409 if isinstance(refused, Stale) else 422
        sentence = f"{refused}. Сейчас она называется «{refused.theirs}». Сохраните ещё раз, чтобы заменить." if (
            isinstance(refused, Stale)) else str(refused)
        page = work_page(db.session, work=work_taught_by(g.actor, work_id)[0], lesson=lesson, settings=g.settings,
                         today=clock.today())
        return show_work(page, errors={refused.field or "title": sentence}), status
    flash("Работа изменена")
    return redirect(url_for(".work", work_id=found.id))


@bp.get("/works/<int:work_id>/withdraw")
def taking_back(work_id: int) -> ResponseReturnValue:
    return _taking_back(work_id)


@bp.post("/works/<int:work_id>/withdraw")
def take_back(work_id: int) -> ResponseReturnValue:
    _, lesson = work_taught_by(g.actor, work_id)
    try:
        with saving():
            withdraw_work(db.session, actor_id=g.actor.person_id, work_id=work_id, version=_version(),
                          now=clock.now())
    except Refused as refused:
        return _taking_back(work_id, str(refused)), 409 if isinstance(refused, Stale) else 422
    flash("Работа снята: отметок за неё больше не ждут")
    return redirect(url_for(".lesson", lesson_id=lesson.id))


def _list(course_id: int, errors: dict[str, str] | None = None, warnings: list[str] | None = None) -> str:
    course, today = course_taught_by(g.actor, course_id), clock.today()
    return render_template(
        "teacher/works.html", course=course, today=today, errors=errors or {}, typed=request.form,
        told=warnings or [], seen=seen(number_in(request.form, "lesson") or 0, warnings or []),
        key=token_urlsafe(12), marked=is_marked(db.session, course_id=course_id),
        works=works_of_course(db.session, course_id=course_id, settings=g.settings, today=today),
        lessons=lessons_for_works(db.session, course_id=course_id, today=today), kinds=kinds_in_order(db.session))


def _taking_back(work_id: int, refused: str = "") -> str:
    found, lesson = work_taught_by(g.actor, work_id)
    page = work_page(db.session, work=found, lesson=lesson, settings=g.settings, today=clock.today())
    return render_template("teacher/work_withdraw.html", page=page, work=found, place=page.place, refused=refused)


def _new_work(course_id: int) -> NewWork:
    kind_id, lesson_id = number_in(request.form, "kind_id"), number_in(request.form, "lesson")
    if lesson_id is None or not holds_lesson(db.session, course_id=course_id, lesson_id=lesson_id):
        raise Refused("Выберите урок из списка", field="lesson")
    if kind_id is None:
        raise Refused("Выберите вид работы из списка", field="kind_id")
    return NewWork(lesson_id=lesson_id, kind_id=kind_id, title=request.form.get("title", ""), weight=_weight(),
                   minutes=minutes_typed(), series=request.form.get("series", ""), actor_id=g.actor.person_id,
                   at=clock.now(), key=request.form.get("key") or None)


def _version() -> int:
    version = number_in(request.form, "version")
    if version is None:
        raise Refused("Запрос не понят: обновите страницу и повторите")
    return version


def _weight() -> int | None:
    weight = number_in(request.form, "weight")
    if weight is None and request.form.get("weight", "").strip():
        raise Refused("Вес работы – целое число от 1 до 20", field="weight")
    return weight


def _criteria() -> list[tuple[str, int]] | None:
    """None: the form did not ask for any."""
    return read_criteria(request.form["criteria"]) if "criteria" in request.form else None
