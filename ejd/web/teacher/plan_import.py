"""Bringing a plan in from a file or the clipboard: what was understood is shown first, then written on confirmation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.kinds import kinds_offered
from ejd.plans.queries import PlanOfCourse, plan_of
from ejd.plans.reading import MEANING_NAMES, ReadPlan, kind_of
from ejd.plans.services import NewTopic, fill_plan
from ejd.refusal import Refused
from ejd.roster.scopes import CourseCard
from ejd.web.access import course_taught_by
from ejd.web.saving import unlocked
from ejd.web.teacher import bp
from ejd.web.teacher.plan_form import Kinds, PlanForm
from ejd.web.teacher.plan_table import Table, sent_table
from ejd.words import counted


@bp.route("/courses/<int:course_id>/plan/import", methods=["GET", "POST"])
def plan_import(course_id: int) -> ResponseReturnValue:
    course = course_taught_by(g.actor, course_id)
    plan = plan_of(db.session, course_id=course.id, today=clock.today())
    form = PlanForm(plan)
    if not form.sent:
        return _choose(course, form)
    kinds = kinds_offered(db.session)
    try:
        with unlocked():
            table = sent_table()
            found = table.read()
    except Refused as refused:
        form.refuse(str(refused), refused.field or "file")
        return _choose(course, form)
    if request.form.get("act") == "save":
        with form.saving():
            _write(course, form, found, kinds)
        if not form.errors:
            flash(f"План записан: {counted(len(found.topics), 'тема', 'темы', 'тем')}")
            return redirect(url_for(".plan", course_id=course.id), 303)
    return _preview(course, plan, form, table, found, kinds)


def _write(course: CourseCard, form: PlanForm, found: ReadPlan, kinds: Kinds) -> None:
    if not found.topics:
        raise Refused("В таблице не найдено ни одной темы: укажите, в каком столбце темы")
    topics = [NewTopic(topic.title, topic.hours, topic.section, topic.homework, kind_of(topic.kind, kinds))
              for topic in found.topics]
    fill_plan(db.session, actor_id=g.actor.person_id, course_id=course.id, topics=topics, now=clock.now(),
              version=form.number("version"), append=form.appends())


def _choose(course: CourseCard, form: PlanForm) -> ResponseReturnValue:
    return render_template("teacher/plan_import.html", course=course, form=form), form.status


def _preview(course: CourseCard, plan: PlanOfCourse | None, form: PlanForm, table: Table, found: ReadPlan,
             kinds: Kinds) -> ResponseReturnValue:
    if "version" not in request.form:  # this is the first look: the plan is seen as it stands now
        form.look()
    page = render_template("teacher/plan_preview.html", course=course, plan=plan, form=form, table=table, found=found,
                           meanings=MEANING_NAMES, unknown_kinds=_unknown_kinds(found, kinds))
    return page, form.status


def _unknown_kinds(found: ReadPlan, kinds: Kinds) -> Sequence[tuple[str, int]]:
    """Words of the column «Вид контроля» that name no kind of work here, with how many topics have them."""
    written = Counter(topic.kind for topic in found.topics if topic.kind)
    return [(kind, many) for kind, many in written.items() if kind_of(kind, kinds) is None]
