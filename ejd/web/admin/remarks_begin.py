"""Where a new remark begins (R61): to a teacher, or on a journal of a class, by its page or by a lesson of a day. What
is chosen leads to the form of the remark itself."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.remarks.queries import lessons_on
from ejd.roster.queries_classes import class_choices, day_within, groups_with_pupils_of, load_of_class
from ejd.roster.queries_people import staff_choices
from ejd.school.models import SchoolYear
from ejd.web.access import course_seen, needs, school_year_named
from ejd.web.admin import bp
from ejd.web.given import day_in, number_in
from ejd.words import day as in_words

Errors = dict[str, str]


@bp.get("/remarks/new")
@needs(Act.REMARK_ON_JOURNALS)
def new_remark() -> ResponseReturnValue:
    """Choose whom or what the remark is about."""
    teacher_id, course_id = number_in(request.args, "teacher"), number_in(request.args, "course")
    if teacher_id is not None:
        return redirect(url_for(".remark_to_teacher", person_id=teacher_id))
    if course_id is not None:
        return _on_journal(course_id)
    return _page({"teacher": "Выберите учителя"} if "teacher" in request.args else {})


def _on_journal(course_id: int) -> ResponseReturnValue:
    """On its page, or on the lesson of the day that was named; several lessons of that day are offered."""
    typed, day = request.args.get("day", "").strip(), day_in(request.args, "day")
    course = course_seen(course_id)
    if not typed:
        return redirect(url_for(".remark_on_page", course_id=course.id))
    if day is None:
        return _page({"day": "Дата записывается как 01.09.2026"})
    lessons = lessons_on(db.session, course.id, day)
    if len(lessons) == 1:
        return redirect(url_for(".remark_on_lesson", course_id=course.id, lesson_id=lessons[0].id))
    if not lessons:
        return _page({"day": f"{in_words(day)} урока по этому журналу нет: назовите другой день или оставьте пустым"})
    return _page({}, course_id=course.id, lessons=lessons)


def _page(errors: Errors, **shown: object) -> ResponseReturnValue:
    year, today = school_year_named(), clock.today()
    classes = class_choices(db.session, year.id)
    class_id = number_in(request.args, "class")
    chosen = next((name for one, name in classes if one == class_id), "")
    page = render_template("remarks/begin.html", errors=errors, typed=request.args, classes=classes, chosen=chosen,
                           journals=_journals(year, class_id) if chosen and class_id else [], class_id=class_id,
                           teachers=staff_choices(db.session, today), today=today, **shown)
    return page, 422 if errors else 200


def _journals(year: SchoolYear, class_id: int) -> list[tuple[int, str]]:
    """The journals of the class and of groups that its pupils are in, with who keeps them."""
    day = day_within(year, clock.today())
    rows = [*load_of_class(db.session, class_id=class_id, day=day),
            *groups_with_pupils_of(db.session, class_id=class_id, day=day)]
    return [(row.id, f"{row.subject}{f', подгруппа {row.subgroup}' if row.subgroup else ''}"
                     f" – {row.teacher or 'учителя нет'}") for row in rows]
