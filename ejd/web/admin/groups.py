"""Groups over several classes: lessons, electives, teaching at home, activities; who is in them. Teacher, hours and
marking are on the page of the journal."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, refuse_oneself
from ejd.db import db
from ejd.journal.leaving import MarksBehind
from ejd.refusal import Refused
from ejd.roster import groups as acts
from ejd.roster import queries_classes, queries_groups, queries_people
from ejd.roster.load import ensure_subjects
from ejd.roster.models import Course, CourseKind, MarkingScheme
from ejd.roster.queries_classes import day_within
from ejd.school.models import TermScheme
from ejd.school.queries import bell_schedules
from ejd.web.access import needs, school_year, school_year_asked, school_year_named
from ejd.web.access_groups import group_listed
from ejd.web.admin import bp
from ejd.web.admin.load import KINDS, SCHEMES, TERM_SCHEMES
from ejd.web.admin.people_forms import Form, by, done, show
from ejd.web.admin.remaking import lessons_follow
from ejd.web.given import number_in
from ejd.words import counted


@bp.get("/groups")
@needs(Act.SEE_ROSTER)
def groups() -> ResponseReturnValue:
    """Every group of the school year with its numbers."""
    year, years = school_year_asked()
    rows = queries_groups.groups_of_year(
        db.session, year_id=year.id, day=day_within(year, clock.today())) if year else []
    return show("groups", year=year, years=years, rows=rows, kinds=KINDS)


@bp.route("/groups/new", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def add_group() -> ResponseReturnValue:
    """Open a group's journal."""
    year = school_year_named()
    form = Form(from_on=day_within(year, clock.today()), kind=CourseKind.ELECTIVE.value)
    if form.sent:
        with form.saving():
            refuse_oneself(g.actor, form.number_or_none("teacher_id"), field="teacher_id")
            group = acts.open_group(db.session, **by(), year_id=year.id, group=_given(form),
                                    from_on=form.day("from_on"))
        if not form.errors:
            return done("Журнал группы открыт. Теперь запишите в него учеников.", ".group", group_id=group.id)
    return form.page("group_new", year=year, kinds=KINDS, schemes=SCHEMES, term_schemes=TERM_SCHEMES,
                     subjects=queries_people.subject_choices(db.session), bells=_bells(),
                     staff=queries_people.staff_choices(db.session, clock.today()))


@bp.get("/groups/<int:group_id>")
@needs(Act.SEE_ROSTER)
def group(group_id: int) -> ResponseReturnValue:
    """A group: who is in it."""
    return _page(group_listed(group_id), Form())


@bp.post("/groups/<int:group_id>")
@needs(Act.KEEP_ROSTER)
def change_group(group_id: int) -> ResponseReturnValue:
    """Call the group otherwise, or ring it by other bells."""
    listed, form = group_listed(group_id), Form()
    with form.saving():
        changed = acts.rename_group(db.session, **by(), course_id=group_id, name=form.text("name"),
                                    bell_schedule_id=form.number_or_none("bell_schedule_id"))
    if form.errors:
        return _page(listed, form)
    lessons = lessons_follow(listed.year_id, course_id=group_id) if changed else "Ничего не изменилось"
    return done(f"Сохранено. {lessons}", ".group", group_id=group_id)


@bp.route("/groups/<int:group_id>/members", methods=["GET", "POST"])
@needs(Act.KEEP_ROSTER)
def group_members(group_id: int) -> ResponseReturnValue:
    """Tick who of a class is in the group from a day on."""
    listed = group_listed(group_id)
    year = school_year(listed.year_id)
    day, class_id = day_within(year, clock.today()), number_in(request.values, "class_id")
    classes = queries_classes.class_choices(db.session, year.id)
    class_id = class_id if class_id in dict(classes) else None
    form, behind = Form(from_on=day), None
    if form.sent:
        with form.saving():
            if class_id is None:
                raise Refused("Выберите класс", field="class_id")
            try:
                moved = acts.put_members(db.session, **by(), course_id=group_id, class_id=class_id,
                                         pupil_ids=set(form.numbers("pupil")), from_on=form.day("from_on"))
            except MarksBehind as refused:
                behind = refused.left
                raise
        if not form.errors:
            lessons_follow(year.id, course_id=group_id)
            return done(f"Записано: пришли {counted(moved.joined, 'ученик', 'ученика', 'учеников')}, "
                        f"вышли {counted(moved.left, 'ученик', 'ученика', 'учеников')}", ".group", group_id=group_id)
    pupils = queries_groups.choices_of(db.session, course_id=group_id, class_id=class_id,
                                       day=day) if class_id else []
    ticked = set(form.numbers("pupil")) if form.sent else {one.pupil_id for one in pupils if one.member}
    return form.page("group_members", row=_row(listed), classes=classes, class_id=class_id, pupils=pupils,
                     behind=behind, ticked=ticked)


def _given(form: Form) -> acts.NewGroup:
    kind, scheme, terms = form.text("kind"), form.text("scheme"), form.text("term_scheme")
    if kind not in list(CourseKind):
        raise Refused("Выберите вид занятий", field="kind")
    if scheme not in list(MarkingScheme):
        raise Refused("Выберите, как ставят отметки", field="scheme")
    if terms not in list(TermScheme):
        raise Refused("Выберите четверти, полугодия или триместры", field="term_scheme")
    subject = form.text("new_subject") or form.text("subject")
    if not subject:
        raise Refused("Выберите предмет из списка или впишите новый", field="subject")
    return acts.NewGroup(
        name=form.text("name"), kind=CourseKind(kind), half_hours=form.half_hours("hours"),
        subject_id=ensure_subjects(db.session, **by(), names=[subject])[subject],
        scheme=MarkingScheme(scheme), term_scheme=TermScheme(terms), teacher_id=form.number_or_none("teacher_id"),
        bell_schedule_id=form.number_or_none("bell_schedule_id"))


def _bells() -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in bell_schedules(db.session)]


def _row(listed: Course) -> queries_classes.CourseRow:
    return queries_classes.course_row(db.session, course_id=listed.id, day=clock.today())


def _page(listed: Course, form: Form) -> ResponseReturnValue:
    day = day_within(school_year(listed.year_id), clock.today())
    return form.page("group", row=_row(listed), kinds=KINDS, bells=_bells(),
                     page=queries_groups.group_page(db.session, course_id=listed.id, day=day))
