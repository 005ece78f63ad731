"""Teaching load: the journals of a class, their hours, how they are marked term by term, who teaches them from a day
on; lessons follow each change."""

from __future__ import annotations

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, refuse_oneself
from ejd.db import db
from ejd.refusal import Refused
from ejd.roster import load as acts
from ejd.roster import queries_classes, queries_people
from ejd.roster.models import Course, CourseKind, MarkingScheme
from ejd.roster.queries_classes import day_within
from ejd.roster.schemes import put_schemes as put_course_schemes
from ejd.roster.schemes import terms_of_course
from ejd.school.models import TermScheme
from ejd.web.access import class_listed, course_listed, needs
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done, show
from ejd.web.admin.remaking import lessons_follow
from ejd.words import in_hours

KINDS = {CourseKind.LESSONS: "уроки", CourseKind.ELECTIVE: "факультатив", CourseKind.HOME: "обучение на дому",
         CourseKind.ACTIVITY: "внеурочная деятельность"}
TERM_SCHEMES = {TermScheme.QUARTERS: "Четверти", TermScheme.HALF_YEARS: "Полугодия",
                TermScheme.TRIMESTERS: "Триместры"}
SCHEMES = {MarkingScheme.FIVE_POINT: "Пятибалльная", MarkingScheme.PASS_FAIL: "Зачёт",
           MarkingScheme.MARKLESS: "Без отметок"}


@bp.get("/classes/<int:class_id>/load")
@needs(Act.SEE_ROSTER)
def class_load(class_id: int) -> ResponseReturnValue:
    """Every journal of a class: hours, teacher, vacancies."""
    listed, year = class_listed(class_id)
    rows = queries_classes.load_of_class(db.session, class_id=class_id, day=day_within(year, clock.today()))
    total = in_hours(sum(row.half_hours for row in rows if not row.retired_on and row.subgroup <= 1))
    return show("load", school_class=listed, rows=rows, total=total, schemes=SCHEMES)


@bp.route("/classes/<int:class_id>/load/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_course(class_id: int) -> ResponseReturnValue:
    """Open a journal in a class."""
    listed, year = class_listed(class_id)
    form = Form(from_on=day_within(year, clock.today()), subgroup=0)
    if form.sent:
        with form.saving():
            refuse_oneself(g.actor, form.number_or_none("teacher_id"), field="teacher_id")
            subject = form.text("new_subject") or form.text("subject")
            if not subject:
                raise Refused("Выберите предмет из списка или впишите новый", field="subject")
            hours = form.half_hours("hours")
            subject_id = acts.ensure_subjects(db.session, **by(), names=[subject])[subject]
            course = acts.NewCourse(class_id, subject_id, form.number("subgroup", "Весь класс или подгруппа"), hours,
                                    teacher_id=form.number_or_none("teacher_id"))
            acts.open_courses(db.session, **by(), year_id=year.id, courses=[course], from_on=form.day("from_on"))
        if not form.errors:
            return done("Журнал открыт. Его уроки появятся, когда он будет в расписании.", ".class_load",
                        class_id=class_id)
    return form.page("course_new", school_class=listed, subjects=queries_people.subject_choices(db.session),
                     staff=queries_people.staff_choices(db.session, clock.today()))


@bp.get("/courses/<int:course_id>")
@needs(Act.SEE_ROSTER)
def course(course_id: int) -> ResponseReturnValue:
    """A journal: what it is, and who has taught it."""
    return _page(course_listed(course_id), Form(from_on=clock.today()))


@bp.post("/courses/<int:course_id>")
@needs(Act.KEEP_ROSTER)
def change_course(course_id: int) -> ResponseReturnValue:
    """Change hours, marking scheme and homework."""
    listed, form = course_listed(course_id), Form()
    with form.saving():
        scheme = form.text("scheme")
        if scheme not in list(MarkingScheme):
            raise Refused("Выберите, как ставят отметки", field="scheme")
        changed = acts.change_course(db.session, **by(), course_id=course_id, half_hours=form.half_hours("hours"),
                                     scheme=MarkingScheme(scheme), homework_expected=form.text("homework") == "1")
    if form.errors:
        return _page(listed, form)
    return done("Журнал изменён" if changed else "Ничего не изменилось", ".course", course_id=course_id)


@bp.post("/courses/<int:course_id>/schemes")
@needs(Act.KEEP_ROSTER)
def put_schemes(course_id: int) -> ResponseReturnValue:
    """Give the journal terms of its own (R15), and mark single terms otherwise than usual (R14)."""
    listed, form = course_listed(course_id), Form()
    with form.saving():
        own = form.text("term_scheme")
        if own and own not in list(TermScheme):
            raise Refused("Выберите четверти, полугодия или триместры", field="term_scheme")
        changed = put_course_schemes(db.session, **by(), course_id=course_id, of_terms=_of_terms(form, course_id),
                                     term_scheme=TermScheme(own) if own else None)
    if form.errors:
        return _page(listed, form)
    return done("Записано" if changed else "Ничего не изменилось", ".course", course_id=course_id)


@bp.route("/courses/<int:course_id>/teacher", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def assign_teacher(course_id: int) -> ResponseReturnValue:
    """Name who teaches the journal from a day on; lessons to come follow."""
    listed, form = course_listed(course_id), Form()
    if not form.sent:
        return redirect(url_for(".course", course_id=course_id))
    with form.saving():
        refuse_oneself(g.actor, form.number_or_none("teacher_id"), field="teacher_id")
        acts.assign_teacher(db.session, **by(), course_id=course_id, from_on=form.day("from_on"),
                            teacher_id=form.number_or_none("teacher_id"))
    if form.errors:
        return _page(listed, form)
    lessons = lessons_follow(listed.year_id, course_id=course_id)
    return done(f"Учитель записан. {lessons}", ".course", course_id=course_id)


@bp.route("/courses/<int:course_id>/retire", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def retire_course(course_id: int) -> ResponseReturnValue:
    """Close a journal from a day on."""
    listed, form = course_listed(course_id), Form(on=clock.today())
    if form.sent:
        with form.saving():
            acts.retire_course(db.session, **by(), course_id=course_id, on=form.day("on"))
        if not form.errors:
            lessons = lessons_follow(listed.year_id, course_id=course_id)
            where = {"class_id": listed.class_id} if listed.class_id else {}
            return done(f"Журнал закрыт. {lessons}", ".class_load" if where else ".groups", **where)
    return form.page("course_retire", row=_row(listed))


def _of_terms(form: Form, course_id: int) -> dict[int, MarkingScheme]:
    """The terms that are marked otherwise than usual, as the form says."""
    said = {term.id: form.text(f"term-{term.id}") for term in terms_of_course(db.session, course_id)}
    for term_id, scheme in said.items():
        if scheme and scheme not in list(MarkingScheme):
            raise Refused("Выберите, как ставят отметки", field=f"term-{term_id}")
    return {term_id: MarkingScheme(scheme) for term_id, scheme in said.items() if scheme}


def _row(listed: Course) -> queries_classes.CourseRow:
    return queries_classes.course_row(db.session, course_id=listed.id, day=clock.today())


def _page(listed: Course, form: Form) -> ResponseReturnValue:
    return form.page("course", row=_row(listed), schemes=SCHEMES, kinds=KINDS, term_schemes=TERM_SCHEMES,
                     terms=terms_of_course(db.session, listed.id),
                     teachers=queries_classes.teachers_of_course(db.session, listed.id),
                     staff=queries_people.staff_choices(db.session, clock.today()))
