"""The class teacher's room (R33): the own class at a glance, how it learns, and its journals, whoever keeps them, to
look into."""

from __future__ import annotations

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.homeroom.glance import glance_at
from ejd.journal.queries import journal_page
from ejd.results.behaviour import scale_on
from ejd.results.lists import Group
from ejd.results.summary import sheet_of
from ejd.roster.queries_classes import day_within, groups_with_pupils_of, load_of_class
from ejd.web import access
from ejd.web.access_lessons import file_of_course
from ejd.web.attaching import hand_out
from ejd.web.given import day_in, number_in
from ejd.web.lesson_to_read import lesson_to_read
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>")
def own_class(class_id: int) -> ResponseReturnValue:
    """Who needs attention, and every pupil's standing in the term."""
    school_class, _ = access.own_class(g.actor, class_id)
    page = glance_at(db.session, school_class, number=number_in(request.args, "term"), settings=g.settings,
                     today=clock.today())
    return render_template("teacher/own_class.html", school_class=school_class, page=page, before=page.before(),
                           behaviour=scale_on(g.settings, clock.today()), today=clock.today())


@bp.get("/classes/<int:class_id>/achievement")
def class_achievement(class_id: int) -> ResponseReturnValue:
    """Excellent, good, one «4», one «3», failing; успеваемость and качество, of the class and by subject."""
    school_class, _ = access.own_class(g.actor, class_id)
    sheet = sheet_of(db.session, class_id=class_id, settings=g.settings, today=clock.today())
    code = request.args.get("period") or None
    slot = sheet.slot_of(code)
    if code and slot is None:
        abort(404, "Такого периода нет. Выберите период на странице успеваемости.")
    return render_template("teacher/achievement.html", school_class=school_class, sheet=sheet, slot=slot,
                           achievement=sheet.achievement(slot) if slot else None,
                           groups=[group for group in Group if group is not Group.NO_DATA])


@bp.get("/classes/<int:class_id>/journals")
def own_class_journals(class_id: int) -> ResponseReturnValue:
    school_class, year = access.own_class(g.actor, class_id)
    day = day_within(year, clock.today())
    courses = load_of_class(db.session, class_id=class_id, day=day)
    return render_template("teacher/own_class_journals.html", school_class=school_class, courses=courses,
                           groups=groups_with_pupils_of(db.session, class_id=class_id, day=day))


@bp.get("/classes/<int:class_id>/journals/<int:course_id>")
def own_class_journal(class_id: int, course_id: int) -> ResponseReturnValue:
    course = access.course_of_own_class(g.actor, class_id, course_id)
    page = journal_page(db.session, course_id=course.id, term_id=request.args.get("term", type=int),
                        day=day_in(request.args, "day"), settings=g.settings, today=clock.today(), now=clock.now(),
                        reader=g.actor)
    return render_template("teacher/own_class_journal.html", course=course, class_id=class_id, page=page,
                           today=clock.today())


@bp.get("/classes/<int:class_id>/journals/<int:course_id>/lessons/<int:lesson_id>")
def own_class_lesson(class_id: int, course_id: int, lesson_id: int) -> ResponseReturnValue:
    """A lesson of such a journal: topic, works, homework."""
    return lesson_to_read(
        access.course_of_own_class(g.actor, class_id, course_id), lesson_id,
        journal=lambda day: url_for(".own_class_journal", class_id=class_id, course_id=course_id, day=day),
        file=lambda file_id: url_for(".own_class_file", class_id=class_id, course_id=course_id, lesson_id=lesson_id,
                                     file_id=file_id))


@bp.get("/classes/<int:class_id>/journals/<int:course_id>/lessons/<int:lesson_id>/files/<int:file_id>")
def own_class_file(class_id: int, course_id: int, lesson_id: int, file_id: int) -> ResponseReturnValue:
    return hand_out(file_of_course(access.course_of_own_class(g.actor, class_id, course_id), lesson_id, file_id))
