"""Lesson plans («КТП») of a teacher: the list with the lag, one plan as a table, and what is done to its topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.documents.tables import as_xlsx
from ejd.journal.kinds import kinds_offered
from ejd.plans import services
from ejd.plans.paper import table_of_plan
from ejd.plans.queries import PlanOfCourse, TopicRow, plan_of, plan_rows, sources_for, untold_lessons
from ejd.refusal import Refused
from ejd.roster.scopes import CourseCard, courses_of_teacher
from ejd.web.access import course_taught_by
from ejd.web.downloads import XLSX, download
from ejd.web.saving import unlocked
from ejd.web.teacher import bp
from ejd.web.teacher.plan_form import PlanForm
from ejd.words import counted

NO_PLAN = "В этом журнале ещё нет плана: сначала загрузите его"


@bp.get("/plans")
def plans() -> ResponseReturnValue:
    """The teacher's journals, each with its plan and how far it is behind."""
    rows = plan_rows(db.session, teacher_id=g.actor.person_id, today=clock.today())
    return render_template("teacher/plans.html", rows=rows)


@bp.get("/courses/<int:course_id>/plan")
def plan(course_id: int) -> ResponseReturnValue:
    course = course_taught_by(g.actor, course_id)
    mine = courses_of_teacher(db.session, teacher_id=g.actor.person_id, today=clock.today())
    alike = [one for one in mine if one.subject == course.subject and one.id != course.id]
    return render_template("teacher/plan.html", course=course, plan=_plan(course), kinds=_kind_names(), alike=alike,
                           untold=untold_lessons(db.session, course_id=course.id, today=clock.today()))


@bp.get("/courses/<int:course_id>/plan.xlsx")
def plan_workbook(course_id: int) -> ResponseReturnValue:
    """The plan as a workbook, which can be brought in again."""
    course = course_taught_by(g.actor, course_id)
    table = table_of_plan(_standing(course), title=course.title, kinds=_kind_names(), made_on=clock.today())
    with unlocked():
        return download(as_xlsx(table), XLSX, f"КТП {course.title}.xlsx")


@bp.route("/courses/<int:course_id>/plan/topics/new", methods=["GET", "POST"])
def add_topic(course_id: int) -> ResponseReturnValue:
    course = course_taught_by(g.actor, course_id)
    standing, kinds = _plan(course), kinds_offered(db.session)
    before = standing and standing.topic(request.args.get("before", 0, type=int))
    form = PlanForm(standing, hours=1, position=before.position if before else "",
                    section=before.section if before else "")
    if form.sent:
        with form.saving():
            services.add_topic(db.session, actor_id=g.actor.person_id, course_id=course.id, topic=form.topic(kinds),
                               position=form.position(), now=clock.now(), version=form.number("version"))
        if not form.errors:
            return _back(course, "Тема добавлена")
    return render_template("teacher/plan_topic.html", course=course, form=form, topic=None, kinds=kinds), form.status


@bp.route("/courses/<int:course_id>/plan/topics/<int:topic_id>", methods=["GET", "POST"])
def change_topic(course_id: int, topic_id: int) -> ResponseReturnValue:
    """Change what a topic says, and its place."""
    course, standing, topic = _topic(course_id, topic_id)
    kinds = kinds_offered(db.session)
    form = PlanForm(standing, position=topic.position, section=topic.section, title=topic.title, hours=topic.hours,
                    homework=topic.homework, kind=topic.kind_id or "")
    if form.sent:
        with form.saving():
            services.change_topic(db.session, actor_id=g.actor.person_id, topic_id=topic.id, topic=form.topic(kinds),
                                  position=form.position(), now=clock.now(), version=form.number("version") or 0)
        if not form.errors:
            return _back(course, "Тема сохранена")
    return render_template("teacher/plan_topic.html", course=course, form=form, topic=topic, kinds=kinds), form.status


@bp.route("/courses/<int:course_id>/plan/topics/<int:topic_id>/drop", methods=["GET", "POST"])
def drop_topic(course_id: int, topic_id: int) -> ResponseReturnValue:
    """Take a topic out of the plan; the page says what will stay."""
    course, standing, topic = _topic(course_id, topic_id)
    form = PlanForm(standing)
    if form.sent:
        with form.saving():
            services.drop_topic(db.session, actor_id=g.actor.person_id, topic_id=topic.id, now=clock.now(),
                                version=form.number("version") or 0)
        if not form.errors:
            return _back(course, "Тема убрана из плана")
    return render_template("teacher/plan_drop.html", course=course, form=form, topic=topic), form.status


@bp.post("/courses/<int:course_id>/plan/topics/<int:topic_id>/restore")
def restore_topic(course_id: int, topic_id: int) -> ResponseReturnValue:
    """Put back a topic that was dropped after lessons had taken it."""
    course = course_taught_by(g.actor, course_id)
    standing = _standing(course)
    topic = standing.topic(topic_id) or abort(404)
    form = PlanForm(standing)
    with form.saving():
        services.restore_topic(db.session, actor_id=g.actor.person_id, topic_id=topic.id, now=clock.now(),
                               version=form.number("version") or 0)
    return _back(course, form.errors.get("form", "Тема возвращена в план"))


@bp.route("/courses/<int:course_id>/plan/merge", methods=["GET", "POST"])
def merge_topics(course_id: int) -> ResponseReturnValue:
    """Make two topics one where lessons fell out."""
    course = course_taught_by(g.actor, course_id)
    standing = _standing(course)
    form = PlanForm(standing)
    if form.sent:
        chosen = [topic.id for topic in standing.topics if str(topic.id) in request.form.getlist("join")]
        with form.saving():
            saved = services.merge_topics(db.session, actor_id=g.actor.person_id, plan_id=standing.id, now=clock.now(),
                                          topic_ids=chosen, version=form.number("version") or 0)
        if not form.errors:
            return _back(course, f"Темы объединены: план короче на {counted(saved, 'час', 'часа', 'часов')}")
    return render_template("teacher/plan_merge.html", course=course, form=form, plan=standing,
                           joined=request.form.getlist("join")), form.status


@bp.route("/courses/<int:course_id>/plan/copy", methods=["GET", "POST"])
def copy_plan(course_id: int) -> ResponseReturnValue:
    """Take the plan of a parallel class, the other subgroup, another teacher or a year before."""
    course = course_taught_by(g.actor, course_id)
    standing = _plan(course)
    sources = sources_for(db.session, course_id=course.id, teacher_id=g.actor.person_id, today=clock.today())
    form = PlanForm(standing, source=request.args.get("from", ""))
    if form.sent:
        with form.saving():
            chosen = next((one for one in sources if one.course_id == form.number("source")), None)
            if chosen is None:
                raise Refused("Выберите, чей план взять", field="source")
            services.copy_plan(db.session, actor_id=g.actor.person_id, from_course_id=chosen.course_id,
                               to_course_id=course.id, now=clock.now(), version=form.number("version"),
                               append=form.appends())
        if not form.errors:
            return _back(course, "План скопирован")
    return render_template("teacher/plan_copy.html", course=course, form=form, plan=standing,
                           sources=sources), form.status


def _plan(course: CourseCard) -> PlanOfCourse | None:
    return plan_of(db.session, course_id=course.id, today=clock.today())


def _standing(course: CourseCard) -> PlanOfCourse:
    """The plan where nothing can be done without one."""
    plan = _plan(course)
    if plan is None:
        raise Refused(NO_PLAN)
    return plan


def _topic(course_id: int, topic_id: int) -> tuple[CourseCard, PlanOfCourse, TopicRow]:
    """A topic that stands in the plan of an own journal."""
    course = course_taught_by(g.actor, course_id)
    standing = _standing(course)
    topic = next((one for one in standing.topics if one.id == topic_id), None)
    return course, standing, topic or abort(404)


def _kind_names() -> Mapping[int, str]:
    return {kind_id: name for kind_id, name, _ in kinds_offered(db.session)}


def _back(course: CourseCard, said: str, **where: Any) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(".plan", course_id=course.id, **where), 303)
