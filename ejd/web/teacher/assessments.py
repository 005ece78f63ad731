"""A teacher's assessment works (R16): planned for a lesson, warned of before saving, put off, changed."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.assessing import LEAST_MINUTES
from ejd.journal.assessments import lessons_to_plan, year_of_assessments
from ejd.journal.models import Work
from ejd.journal.planned_works import move_work
from ejd.journal.queries_works import holds_lesson, kinds_in_order
from ejd.journal.works import NewWork, change_work, declare_works
from ejd.refusal import Refused, Stale
from ejd.roster.scopes import courses_of_teacher
from ejd.schedule.models import Lesson
from ejd.web.access import course_taught_by, school_year_now
from ejd.web.access_works import work_taught_by
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.warned import seen
from ejd.web.teacher.warned import told as told_of


@bp.get("/assessments")
def assessments() -> ResponseReturnValue:
    """What is planned in the own journals, and the way to plan another."""
    mine = courses_of_teacher(db.session, teacher_id=g.actor.person_id, today=clock.today())
    ids = {course.id for course in mine}
    works = [one for one in year_of_assessments(db.session, school_year_now().id) if one.course_id in ids]
    return render_template("teacher/assessments.html", works=works, courses=mine)


@bp.get("/courses/<int:course_id>/assessments/new")
def plan_assessment_form(course_id: int) -> ResponseReturnValue:
    return _new(course_id)


@bp.post("/courses/<int:course_id>/assessments/new")
def plan_assessment(course_id: int) -> ResponseReturnValue:
    """Warnings are shown before anything is saved; pressed again for the same lesson, it is saved all the same."""
    course_taught_by(g.actor, course_id)
    try:
        new = _new_work(course_id)
        if told := told_of(new.lesson_id, _minutes(), new.series):
            return _new(course_id, told=told), 422
        with saving():
            declare_works(db.session, works=[new], settings=g.settings)
    except Refused as refused:
        return _new(course_id, {refused.field or "lesson_id": str(refused)}), 422
    flash("Работа запланирована.")
    return redirect(url_for(".assessments"))


@bp.get("/assessments/<int:work_id>")
def assessment(work_id: int) -> ResponseReturnValue:
    return _change(*work_taught_by(g.actor, work_id))


@bp.post("/assessments/<int:work_id>")
def change_assessment(work_id: int) -> ResponseReturnValue:
    """Another lesson, another length, another name."""
    work, lesson = work_taught_by(g.actor, work_id)
    try:
        lesson_id, minutes, series = _lesson(lesson.course_id), _minutes(), request.form.get("series", "")
        version = number_in(request.form, "version")
        if version is None:
            raise Refused("Запрос не понят: обновите страницу и повторите")
        if told := told_of(lesson_id, minutes, series, work_id):
            return _change(work, lesson, told=told), 422
        moves, me, now = lesson_id != lesson.id, g.actor.person_id, clock.now()
        with saving():
            if moves:
                move_work(db.session, actor_id=me, work_id=work_id, version=version, lesson_id=lesson_id, now=now)
            change_work(db.session, actor_id=me, work_id=work_id, version=version + moves, minutes=minutes,
                        series=series, title=request.form.get("title"), settings=g.settings, now=now)
    except Stale as stale:
        said = f"{stale}. Сейчас она называется «{stale.theirs}». Сохраните ещё раз, чтобы заменить."
        return _change(*work_taught_by(g.actor, work_id), {"title": said}), 409
    except Refused as refused:
        return _change(work, lesson, {refused.field or "lesson_id": str(refused)}), 422
    flash("Работа изменена.")
    return redirect(url_for(".assessments"))


def _new_work(course_id: int) -> NewWork:
    kind_id = number_in(request.form, "kind_id")
    if kind_id is None:
        raise Refused("Выберите вид работы", field="kind_id")
    return NewWork(lesson_id=_lesson(course_id), kind_id=kind_id, title=request.form.get("title", ""),
                   minutes=_minutes(), series=request.form.get("series", ""), actor_id=g.actor.person_id,
                   at=clock.now(), key=request.form.get("key") or None)


def _lesson(course_id: int) -> int:
    lesson_id = number_in(request.form, "lesson_id")
    if lesson_id is None or not holds_lesson(db.session, course_id=course_id, lesson_id=lesson_id):
        raise Refused("Выберите урок из списка", field="lesson_id")
    return lesson_id


def _minutes() -> int:
    minutes = number_in(request.form, "minutes")
    if minutes is None or minutes < LEAST_MINUTES:
        raise Refused(f"Оценочная работа идёт не меньше {LEAST_MINUTES} минут; короткую объявите в самом уроке",
                      field="minutes")
    return minutes


def _new(course_id: int, errors: dict[str, str] | None = None, told: list[str] | None = None) -> str:
    course = course_taught_by(g.actor, course_id)
    return render_template(
        "teacher/assessment.html", course=course, work=None, values=request.form, errors=errors or {}, told=told or [],
        seen=seen(number_in(request.form, "lesson_id") or 0, told or []), key=token_urlsafe(12),
        lessons=lessons_to_plan(db.session, course_id=course_id, from_on=clock.today()),
        kinds=[(kind.id, kind.name) for kind in kinds_in_order(db.session) if kind.declared and not kind.retired])


def _change(work: Work, lesson: Lesson, errors: dict[str, str] | None = None, told: list[str] | None = None) -> str:
    typed = request.form or {"lesson_id": lesson.id, "title": work.title, "minutes": work.minutes or "",
                             "series": work.series}
    return render_template(
        "teacher/assessment.html", course=course_taught_by(g.actor, lesson.course_id), work=work, values=typed,
        errors=errors or {}, told=told or [], seen=seen(number_in(request.form, "lesson_id") or 0, told or []),
        lessons=lessons_to_plan(db.session, course_id=lesson.course_id, from_on=min(lesson.day, clock.today())))
