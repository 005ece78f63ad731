"""A pupil's way through school, exemptions and guardians: enrol, move, leave, exempt, add and end a guardian."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may, refuse_oneself
from ejd.db import db
from ejd.journal import exemptions
from ejd.refusal import Refused
from ejd.roster import classes, people, queries_classes
from ejd.roster.subgroups import put_in_subgroups
from ejd.web.access import exemption_listed, guardianship_listed, needs, person_listed, school_year_now
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done

RELATIONS = ("мать", "отец", "бабушка", "дедушка", "опекун", "приёмный родитель")


@bp.route("/people/<int:person_id>/enrol", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def enrol_pupil(person_id: int) -> ResponseReturnValue:
    """Take somebody who is already listed into a class."""
    listed, year = person_listed(person_id), school_year_now()
    form = Form(from_on=queries_classes.day_within(year, clock.today()))
    if form.sent:
        with form.saving():
            classes.enrol(db.session, **by(), pupil_id=person_id, from_on=form.day("from_on"),
                          came_from=form.text("came_from"), class_id=form.number("class_id", "Выберите класс"))
        if not form.errors:
            return done("Ученик зачислен", ".person", person_id=person_id)
    return form.page("pupil_enrol", person=listed, classes=queries_classes.classes_to_join(db.session, year))


@bp.route("/people/<int:person_id>/move", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def move_pupil(person_id: int) -> ResponseReturnValue:
    """Move a pupil to another class from a day on, into its subgroups at once where they are chosen."""
    listed, year = person_listed(person_id), school_year_now()
    day, offered = queries_classes.day_within(year, clock.today()), queries_classes.classes_to_join(db.session, year)
    form = Form(on=day)
    class_id = form.number_or_none("class_id")
    class_id = class_id if class_id in dict(offered) else None
    subgroups = queries_classes.subgroups_of_class(db.session, class_id=class_id, day=day) if class_id else []
    if form.sent and not form.text("show"):
        with form.saving():
            classes.move_pupil(db.session, **by(), pupil_id=person_id, on=form.day("on"),
                               class_id=form.number("class_id", "Выберите класс"))
            chosen = subgroups_chosen(form, subgroups)
            put_in_subgroups(db.session, **by(), from_on=form.day("on"),
                             members=[(course_id, person_id) for course_id in chosen])
        if not form.errors:
            left = " Остальные подгруппы ждут его в задачах класса." if len(chosen) < len(subgroups) else ""
            return done(f"Ученик переведён.{left}", ".person", person_id=person_id)
    return form.page("pupil_move", person=listed, classes=offered, class_id=class_id, subgroups=subgroups)


def subgroups_chosen(form: Form, subgroups: Sequence[queries_classes.Divided]) -> list[int]:
    """The subgroup of each divided subject, where one was chosen."""
    chosen = []
    for one in subgroups:
        name = f"subgroup-{one.subject_id}"
        course_id = form.number_or_none(name)
        if form.text(name) and course_id not in dict(one.choices):
            raise Refused("Такой подгруппы у этого предмета нет: обновите страницу", field=name)
        chosen += [course_id] if course_id else []
    return chosen


@bp.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def pupil_leaves(person_id: int) -> ResponseReturnValue:
    """A pupil leaves school."""
    listed, form = person_listed(person_id), Form(last_day=clock.today())
    if form.sent:
        with form.saving():
            classes.pupil_leaves(db.session, **by(), pupil_id=person_id, last_day=form.day("last_day"),
                                 reason=form.text("reason"))
        if not form.errors:
            return done("Выбытие записано", ".pupil_extract" if may(g.actor, Act.SEE_MARKS) else ".person",
                        person_id=person_id)
    return form.page("pupil_leave", person=listed)


@bp.route("/people/<int:person_id>/exempt", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def exempt_pupil(person_id: int) -> ResponseReturnValue:
    """Exempt a pupil from a subject (R10)."""
    listed, day = person_listed(person_id), queries_classes.day_within(school_year_now(), clock.today())
    form = Form(from_on=day)
    if form.sent:
        with form.saving():
            exemptions.exempt(db.session, **by(), pupil_id=person_id, from_on=form.day("from_on"),
                              course_id=form.number("course_id", "Выберите предмет"), to_on=form.day_or_none("to_on"))
        if not form.errors:
            return done("Освобождение записано", ".person", person_id=person_id)
    return form.page("exemption_new", person=listed, journals=queries_classes.journals_of_pupil(
        db.session, pupil_id=person_id, day=day))


@bp.route("/exemptions/<int:exemption_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def end_exemption(exemption_id: int) -> ResponseReturnValue:
    """Name an exemption's last day."""
    listed, title = exemption_listed(exemption_id)
    form = Form(last_day=listed.to_on or clock.today())
    pupil = person_listed(listed.pupil_id)
    if form.sent:
        with form.saving():
            exemptions.end_exemption(db.session, **by(), exemption_id=exemption_id, last_day=form.day("last_day"))
        if not form.errors:
            return done("Последний день освобождения записан", ".person", person_id=pupil.id)
    return form.page("exemption_end", pupil=pupil, title=title, exemption=listed)


@bp.route("/people/<int:person_id>/guardians/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_guardian(person_id: int) -> ResponseReturnValue:
    """Add a guardian of a pupil: a new person, or one who is listed already (a teacher can be a parent, R33)."""
    listed, form = person_listed(person_id), Form(from_on=clock.today())
    if form.sent:
        with form.saving():
            guardian_id = form.person()
            refuse_oneself(g.actor, guardian_id, field="last_name")
            people.appoint_guardian(db.session, **by(), guardian_id=guardian_id, pupil_id=person_id,
                                    relation=form.text("relation"), from_on=form.day("from_on"))
        if not form.errors:
            return done("Представитель записан", ".person", person_id=person_id)
    return form.page("guardian_new", person=listed, relations=RELATIONS)


@bp.route("/guardianships/<int:guardianship_id>/end", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def end_guardianship(guardianship_id: int) -> ResponseReturnValue:
    """Close a guardian's access to a child after a day."""
    listed, form = guardianship_listed(guardianship_id), Form(last_day=clock.today())
    guardian, pupil = person_listed(listed.guardian_id), person_listed(listed.pupil_id)
    if form.sent:
        with form.saving():
            people.end_guardianship(db.session, **by(), guardianship=listed, last_day=form.day("last_day"))
        if not form.errors:
            return done("Представитель больше не записан за учеником", ".person", person_id=pupil.id)
    return form.page("guardian_end", guardian=guardian, pupil=pupil)
