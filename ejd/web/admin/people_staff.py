"""Staff: the list, adding somebody, giving and ending positions (R34)."""

from __future__ import annotations

from flask import abort, g
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import POSITION_NAMES, Act, Position, reason_closed, refuse_oneself
from ejd.db import db
from ejd.office.leaving import left_behind
from ejd.refusal import Refused
from ejd.roster import people, queries_people
from ejd.web.access import needs, person_listed, position_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done, show
from ejd.web.admin.remaking import lessons_follow

POSITIONS = [(one.value, name) for one, name in POSITION_NAMES.items() if one is not Position.CLASS_TEACHER]


@bp.get("/staff")
@needs(Act.SEE_ROSTER)
def staff() -> ResponseReturnValue:
    """Everybody who works at the school today."""
    return show("staff", rows=queries_people.staff_list(db.session, day=clock.today()))


@bp.route("/staff/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_staff() -> ResponseReturnValue:
    """Add somebody to the staff: a new person, or one who is listed already (a parent can be a teacher, R33)."""
    form = Form(from_on=clock.today(), position=Position.TEACHER.value)
    if form.sent:
        with form.saving():
            position = _position(form)
            person_id = form.person()
            refuse_oneself(g.actor, person_id, field="last_name")
            people.employ(db.session, **by(), person_id=person_id, position=position, job_title=form.text("job_title"),
                          from_on=form.day("from_on"))
        if not form.errors:
            return done("Сотрудник записан", ".person", person_id=person_id)
    return form.page("staff_new", positions=POSITIONS)


@bp.route("/people/<int:person_id>/positions/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_position(person_id: int) -> ResponseReturnValue:
    """Give a listed person a position."""
    listed, form = person_listed(person_id), Form(from_on=clock.today(), position=Position.TEACHER.value)
    if form.sent:
        with form.saving():
            refuse_oneself(g.actor, person_id, field="position")
            people.employ(db.session, **by(), person_id=person_id, position=_position(form),
                          job_title=form.text("job_title"), from_on=form.day("from_on"))
        if not form.errors:
            return done("Должность записана", ".person", person_id=person_id)
    return form.page("position_new", person=listed, positions=POSITIONS)


@bp.route("/positions/<int:employment_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def end_position(employment_id: int) -> ResponseReturnValue:
    """End a position; with the last one journals become vacancies, and lessons follow."""
    job, form = position_listed(employment_id), Form(last_day=clock.today())
    listed = person_listed(job.person_id)
    if reason := reason_closed(g.actor, frozenset({Position(job.position)})):
        abort(403, reason)
    if form.sent:
        with form.saving():
            people.dismiss(db.session, **by(), employment=job, last_day=form.day("last_day"))
        if not form.errors:
            lessons = lessons_follow()
            return done(f"Должность окончена. {lessons}", ".person", person_id=listed.id)
    left = left_behind(db.session, person_id=listed.id, day=clock.today())
    return form.page("position_end", person=listed, left=left, title=POSITION_NAMES[Position(job.position)])


def _position(form: Form) -> Position:
    chosen = form.text("position")
    if chosen not in dict(POSITIONS):
        raise Refused("Выберите должность из списка", field="position")
    if reason := reason_closed(g.actor, frozenset({Position(chosen)})):
        raise Refused(reason, field="position")
    return Position(chosen)
