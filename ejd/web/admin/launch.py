"""The list before the launch: what is filled in, how far, and where it is done (R7)."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.office.launch import facts_of
from ejd.office.launch_steps import Step, lines, when
from ejd.web.access import needs
from ejd.web.admin import bp

# Where each step is done, and who may.
PLACES: dict[Step, tuple[str, dict[str, Any], Act]] = {
    Step.YEAR: (".calendar", {}, Act.KEEP_CALENDAR),
    Step.LISTS: (".import_lists", {}, Act.IMPORT_LISTS),
    Step.CLASS_TEACHERS: (".classes", {}, Act.KEEP_ROSTER),
    Step.LOAD: (".classes", {}, Act.KEEP_ROSTER),
    Step.TIMETABLE: (".timetable", {}, Act.KEEP_CALENDAR),
    Step.CLASHES: (".timetable", {}, Act.KEEP_CALENDAR),
    Step.PLANS: (".plans", {}, Act.SEE_CONTROL),
    Step.FORMS: (".forms", {}, Act.REGISTER_FORMS),
    Step.PAPERS: (".papers", {}, Act.KEEP_LETTERS),
    Step.ADDRESS: (".settings", {"section": "school"}, Act.CHANGE_SETTINGS),
    Step.CARDS: (".cards", {}, Act.ISSUE_PASSWORD),
    Step.DAY: (".settings", {"section": "launch"}, Act.CHANGE_SETTINGS),
}


@bp.get("/launch")
@needs(Act.KEEP_ROSTER)
def launch() -> ResponseReturnValue:
    facts = facts_of(db.session, settings=g.settings, today=clock.today(), real_now=clock.real_now())
    found = lines(facts)
    return render_template("admin/launch.html", facts=facts, when=when(facts.launch, facts.today),
                           done=sum(one.complete for one in found), lines=[(one, _address(one.step)) for one in found])


def _address(step: Step) -> str | None:
    """The place, for who may do the step."""
    endpoint, values, act = PLACES[step]
    return url_for(endpoint, **values) if may(g.actor, act) else None
