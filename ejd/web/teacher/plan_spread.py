"""Topics of a plan laid out over the lessons already given: the page shows which, one button writes them."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.plan_spreading import spread_of, take_spread
from ejd.plans.queries import plan_of
from ejd.refusal import Refused
from ejd.web.access import course_taught_by
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.plans import NO_PLAN
from ejd.words import counted

CHANGED = "План или уроки за это время изменились: посмотрите ещё раз"


@bp.route("/courses/<int:course_id>/plan/spread", methods=["GET", "POST"])
def spread_plan(course_id: int) -> ResponseReturnValue:
    course = course_taught_by(g.actor, course_id)
    plan = plan_of(db.session, course_id=course.id, today=clock.today())
    if plan is None:
        raise Refused(NO_PLAN)
    spread = spread_of(db.session, plan, course_id=course.id, today=clock.today(), now=clock.now(),
                       settings=g.settings)
    refused = ""
    if request.method == "POST" and request.form.get("seen", "") != spread.seen:
        refused = CHANGED
    elif request.method == "POST":
        try:
            with saving():
                take_spread(db.session, actor_id=g.actor.person_id, spread=spread, now=clock.now())
            flash(f"Темы разложены: {counted(len(spread.steps), 'урок', 'урока', 'уроков')}")
            return redirect(url_for(".plan", course_id=course.id), 303)
        except Refused as why:
            refused = str(why)
    page = render_template("teacher/plan_spread.html", course=course, spread=spread, refused=refused)
    return page, 409 if refused else 200
