"""A journal to look into, for who may see the marks of the school (R34). Nothing can be written there but the day on
which a mark was received, put right for the teacher, with the reason (R3)."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.journal import queries_mark
from ejd.journal.marks import redate_mark
from ejd.journal.queries import journal_page
from ejd.journal.wording import OLD_PAGE
from ejd.web.access import course_seen, mark_dated, needs
from ejd.web.access_lessons import file_of_course, lesson_of_course
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, done
from ejd.web.attaching import hand_out
from ejd.web.given import day_in
from ejd.web.lesson_to_read import lesson_history, lesson_to_read


@bp.get("/courses/<int:course_id>/journal")
@needs(Act.SEE_MARKS)
def journal(course_id: int) -> ResponseReturnValue:
    """The grid of a term: by its id, else that of a day."""
    course = course_seen(course_id)
    page = journal_page(db.session, course_id=course.id, term_id=request.args.get("term", type=int),
                        day=day_in(request.args, "day"), settings=g.settings, today=clock.today(), now=clock.now(),
                        reader=g.actor)
    return render_template("admin/journal.html", course=course, page=page, today=clock.today(),
                           redates=may(g.actor, Act.OVERRIDE_RECEIVED_ON), remarks=may(g.actor, Act.REMARK_ON_JOURNALS))


@bp.get("/courses/<int:course_id>/lessons/<int:lesson_id>")
@needs(Act.SEE_MARKS)
def journal_lesson(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """A lesson of the journal: topic, works, homework."""
    return lesson_to_read(
        course_seen(course_id), lesson_id, journal=lambda day: url_for(".journal", course_id=course_id, day=day),
        file=lambda file_id: url_for(".journal_file", course_id=course_id, lesson_id=lesson_id, file_id=file_id),
        more=_more(course_id, lesson_id))


@bp.get("/courses/<int:course_id>/lessons/<int:lesson_id>/history")
@needs(Act.SEE_MARKS)
def journal_lesson_history(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Who did what with the lesson."""
    course = course_seen(course_id)
    lesson, _ = lesson_of_course(course, lesson_id)
    return lesson_history(course.title, lesson,
                          back=url_for(".journal_lesson", course_id=course.id, lesson_id=lesson.id))


@bp.get("/courses/<int:course_id>/lessons/<int:lesson_id>/files/<int:file_id>")
@needs(Act.SEE_MARKS)
def journal_file(course_id: int, lesson_id: int, file_id: int) -> ResponseReturnValue:
    return hand_out(file_of_course(course_seen(course_id), lesson_id, file_id))


@bp.get("/courses/<int:course_id>/late-marks")
@needs(Act.OVERRIDE_RECEIVED_ON)
def late_marks(course_id: int) -> ResponseReturnValue:
    """The marks of a journal that were entered later than a week, each with the way to its day."""
    course = course_seen(course_id)
    return render_template("admin/late_marks.html", course=course,
                           marks=queries_mark.late_marks(db.session, course_id=course.id))


@bp.route("/marks/<int:mark_id>/received", methods=["GET", "POST"])
@needs(Act.OVERRIDE_RECEIVED_ON)
def mark_received(mark_id: int) -> ResponseReturnValue:
    """Name another day on which a mark was received; the teacher sees it, and who did it, at the mark."""
    mark = mark_dated(mark_id)
    course = course_seen(mark.course_id)
    form = Form(received_on=mark.received_on, received_reason=mark.received_reason, version=mark.version,
                key=token_urlsafe(12))
    if form.sent:
        with form.saving():
            redate_mark(db.session, actor_id=g.actor.person_id, mark_id=mark.id, settings=g.settings, now=clock.now(),
                        version=form.number("version", OLD_PAGE), key=form.text("key"),
                        received_on=form.day("received_on"), reason=form.text("received_reason"))
        if not form.errors:
            return done("День получения отметки изменён", ".late_marks", course_id=course.id)
    page = render_template("admin/mark_received.html", form=form, mark=mark, course=course)
    return page, 422 if form.errors else 200


def _more(course_id: int, lesson_id: int) -> list[tuple[str, str]]:
    """Where else the administration goes from a lesson."""
    place: dict[str, Any] = {"course_id": course_id, "lesson_id": lesson_id}
    remark = [("Сделать замечание", url_for(".remark_on_lesson", **place))]
    return [("История урока", url_for(".journal_lesson_history", **place)),
            *(remark if may(g.actor, Act.REMARK_ON_JOURNALS) else [])]
