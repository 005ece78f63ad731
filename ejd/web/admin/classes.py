"""Classes: the list with numbers, one class, its class teacher, its pupils and subgroups."""

from __future__ import annotations

from flask import abort, g
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may, refuse_oneself
from ejd.certification.due import IN_WORDS, State
from ejd.certification.queries import class_periods
from ejd.db import db
from ejd.refusal import Refused
from ejd.roster import classes as acts
from ejd.roster import queries_classes, queries_people, subgroups
from ejd.roster.queries_classes import day_within
from ejd.school.queries import bell_schedules
from ejd.web.access import class_listed, needs, school_year_asked, school_year_named
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done, show
from ejd.web.admin.people_pupils import subgroups_chosen


@bp.get("/classes")
@needs(Act.SEE_ROSTER)
def classes() -> ResponseReturnValue:
    """Every class of the school year with its numbers."""
    year, years = school_year_asked()
    rows = queries_classes.classes_of_year(
        db.session, year_id=year.id, day=day_within(year, clock.today())) if year else []
    return show("classes", year=year, years=years, rows=rows)


@bp.route("/classes/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_class() -> ResponseReturnValue:
    year = school_year_named()
    form = Form(days_per_week=5)
    if form.sent:
        with form.saving():
            founded = acts.found_class(
                db.session, **by(), year_id=year.id, grade=form.number("grade", "Укажите класс: от 1 до 11"),
                letter=form.text("letter"), days_per_week=form.number("days_per_week", "Пять или шесть дней"),
                term_scheme=form.text("term_scheme") or None, bell_schedule_id=form.number_or_none("bell_schedule_id"))
        if not form.errors:
            return done(f"Класс {founded.name} открыт", ".school_class", class_id=founded.id)
    return form.page("class_new", year=year, bells=[(one.id, one.name) for one in bell_schedules(db.session)])


@bp.get("/classes/<int:class_id>")
@needs(Act.SEE_ROSTER)
def school_class(class_id: int) -> ResponseReturnValue:
    """A class: who learns in it, who leads it, what is still to do, how its printed journals stand."""
    listed, year = class_listed(class_id)
    page = queries_classes.class_page(db.session, class_id=class_id, day=day_within(year, clock.today()))
    standings = class_periods(db.session, year_id=year.id, class_id=class_id, today=clock.today(),
                              settings=g.settings) if may(g.actor, Act.SEE_CONTROL) else ()
    return show("class", school_class=listed, year=year, page=page, standings=standings, words=IN_WORDS, State=State)


@bp.route("/classes/<int:class_id>/teacher", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def class_teacher(class_id: int) -> ResponseReturnValue:
    """Name the class teacher from a day on."""
    listed, year = class_listed(class_id)
    day = day_within(year, clock.today())
    now = queries_classes.class_teacher_of(db.session, class_id=class_id, day=day)
    form = Form(from_on=day, teacher_id=now.id if now else "")
    if form.sent:
        with form.saving():
            refuse_oneself(g.actor, form.number_or_none("teacher_id"), field="teacher_id")
            acts.appoint_class_teacher(db.session, **by(), class_id=class_id, from_on=form.day("from_on"),
                                       teacher_id=form.number_or_none("teacher_id"))
        if not form.errors:
            return done("Классный руководитель записан", ".school_class", class_id=class_id)
    return form.page("class_teacher", school_class=listed,
                     staff=queries_people.staff_choices(db.session, clock.today()))


@bp.route("/classes/<int:class_id>/remove", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def remove_class(class_id: int) -> ResponseReturnValue:
    """Take away a class opened by mistake."""
    listed, _ = class_listed(class_id)
    form = Form()
    if form.sent:
        with form.saving():
            form.sure()
            acts.remove_class(db.session, **by(), class_id=class_id)
        if not form.errors:
            return done(f"Класс {listed.name} убран", ".classes")
    return form.page("class_remove", school_class=listed)


@bp.route("/classes/<int:class_id>/pupils/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_pupil(class_id: int) -> ResponseReturnValue:
    """Add a pupil to a class: a new person, or one who has been at school before."""
    listed, year = class_listed(class_id)
    day = day_within(year, clock.today())
    form, divided = Form(from_on=day), queries_classes.subgroups_of_class(db.session, class_id=class_id, day=day)
    if form.sent:
        with form.saving():
            born = form.day("birth_date", "Укажите дату рождения: по ней отличают однофамильцев")
            pupil_id = form.person(birth_date=born)
            acts.enrol(db.session, **by(), pupil_id=pupil_id, class_id=class_id, from_on=form.day("from_on"),
                       came_from=form.text("came_from"))
            chosen = subgroups_chosen(form, divided)
            subgroups.put_in_subgroups(db.session, **by(), from_on=form.day("from_on"),
                                       members=[(course_id, pupil_id) for course_id in chosen])
        if not form.errors:
            waits = ". Остальные подгруппы ждут его в задачах класса" if len(chosen) < len(divided) else ""
            return done(f"Ученик зачислен в {listed.name}{waits}", ".person", person_id=pupil_id)
    return form.page("pupil_new", school_class=listed, subgroups=divided)


@bp.route("/classes/<int:class_id>/subgroups/<int:subject_id>", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def divide_class(class_id: int, subject_id: int) -> ResponseReturnValue:
    """Put the pupils of a class into subgroups of a subject by hand."""
    listed, year = class_listed(class_id)
    day = day_within(year, clock.today())
    division = queries_classes.division_of(db.session, class_id=class_id, subject_id=subject_id, day=day) or abort(404)
    form = Form(from_on=day if division.ever else year.starts_on)
    if form.sent:
        with form.saving():
            from_on = form.day("from_on")
            chosen = [(course_id, pupil_id) for pupil_id, _, _ in division.pupils
                      if (course_id := form.number_or_none(f"pupil-{pupil_id}"))]
            if {course_id for course_id, _ in chosen} - {one.course_id for one in division.subgroups}:
                raise Refused("Такой подгруппы у этого предмета нет: обновите страницу")
            placed = subgroups.put_in_subgroups(db.session, **by(), members=chosen, from_on=from_on)
        if not form.errors:
            return done(f"Изменено: {placed}", ".divide_class", class_id=class_id, subject_id=subject_id)
    return form.page("subgroups", school_class=listed, division=division)


@bp.post("/classes/<int:class_id>/subgroups/<int:subject_id>/alphabet")
@needs(Act.KEEP_ROSTER)
def split_by_alphabet(class_id: int, subject_id: int) -> ResponseReturnValue:
    """Divide those who are in no subgroup evenly by the alphabet."""
    listed, year = class_listed(class_id)
    day = day_within(year, clock.today())
    division = queries_classes.division_of(db.session, class_id=class_id, subject_id=subject_id, day=day) or abort(404)
    form = Form()
    with form.saving():
        placed = subgroups.split_by_alphabet(db.session, **by(), class_id=class_id, subject_id=subject_id,
                                             from_on=form.day("from_on"))
    if not form.errors:
        return done(f"Распределено по алфавиту: {placed}", ".divide_class", class_id=class_id, subject_id=subject_id)
    return form.page("subgroups", school_class=listed, division=division)
