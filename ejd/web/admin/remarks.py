"""Remarks on the journal (R61): made on a lesson, on a page, or to a teacher; closed, sent back, withdrawn; the list,
in a workbook and on paper."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx
from ejd.journal.wording import OLD_PAGE
from ejd.refusal import Refused, Stale
from ejd.remarks import queries, services
from ejd.remarks.rules import STATE_NAMES, State
from ejd.remarks.services import NewRemark
from ejd.web.access import course_seen, needs, person_listed
from ejd.web.access_lessons import lesson_of_course
from ejd.web.access_remarks import remark_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving, unlocked
from ejd.words import counted, day

GIVEN = ("first", "last", "due_on", "text")  # of a new remark, what an address may fill in
UNCLOSED = "unclosed"  # in an address: whatever has been said, the administration has not closed it
COLUMNS = (Column("Дата", 20), Column("О чём", 45), Column("Кому", 35), Column("Замечание", 70),
           Column("Срок", 20), Column("Ответ", 60), Column("Состояние", 25), Column("Кто написал", 35))


@bp.get("/remarks")
@needs(Act.SEE_CONTROL)
def remarks() -> ResponseReturnValue:
    """What was remarked, the newest first, by state, teacher and class."""
    asked, today, page = _asked(), clock.today(), max(1, number_in(request.args, "page") or 1)
    teachers, classes = queries.remarked(db.session, today=today)
    total = queries.how_many(db.session, asked=asked, today=today)
    pages = -(-total // queries.A_PAGE) or 1
    if page > pages:
        return redirect(url_for(".remarks", page=pages, **_address(asked)))
    return render_template("remarks/list.html", asked=asked, teachers=teachers, classes=classes, states=STATE_NAMES,
                           found=queries.found(db.session, asked=asked, today=today, page=page), total=total,
                           page=page, pages=pages, address=_address(asked), makes=may(g.actor, Act.REMARK_ON_JOURNALS))


@bp.get("/remarks.<form>")
@needs(Act.SEE_CONTROL)
def remarks_file(form: str) -> ResponseReturnValue:
    """The same list as a workbook or on paper."""
    if form not in {"xlsx", "pdf"}:
        abort(404)
    found = queries.found(db.session, asked=_asked(), today=clock.today())
    head = f"{g.settings.value('school.name', on=None)} · {counted(len(found), 'замечание', 'замечания', 'замечаний')}"
    table = Table("Замечания по ведению журналов", head, COLUMNS, queries.rows_of(found), made_on=clock.today())
    with unlocked():
        if form == "xlsx":
            return download(as_xlsx(table), XLSX, f"{table.title}.xlsx")
        return download(as_pdf(table, landscape=True), PDF, f"{table.title}.pdf")


@bp.route("/courses/<int:course_id>/lessons/<int:lesson_id>/remark", methods=["GET", "POST"])
@needs(Act.REMARK_ON_JOURNALS)
def remark_on_lesson(course_id: int, lesson_id: int) -> ResponseReturnValue:
    course = course_seen(course_id)
    lesson, teacher = lesson_of_course(course, lesson_id)
    whose = (teacher or "учителя нет").rstrip(".")
    return _new_page(f"{course.title}, урок {day(lesson.day)}", f"Отвечает, кто вёл урок: {whose}.",
                     url_for(".journal_lesson", course_id=course.id, lesson_id=lesson.id), lesson_id=lesson.id)


@bp.route("/courses/<int:course_id>/remark", methods=["GET", "POST"])
@needs(Act.REMARK_ON_JOURNALS)
def remark_on_page(course_id: int) -> ResponseReturnValue:
    """On a page of the journal: some days of it."""
    course = course_seen(course_id)
    return _new_page(course.title, "Отвечает, кто ведёт журнал сейчас.", url_for(".journal", course_id=course.id),
                     course_id=course.id)


@bp.route("/people/<int:person_id>/remark", methods=["GET", "POST"])
@needs(Act.REMARK_ON_JOURNALS)
def remark_to_teacher(person_id: int) -> ResponseReturnValue:
    person = person_listed(person_id)
    return _new_page(person.full_name, "Замечание о работе с журналами вообще: в печатный журнал класса не входит.",
                     url_for(".person", person_id=person.id), teacher_id=person.id)


@bp.get("/remarks/<int:remark_id>")
@needs(Act.SEE_CONTROL)
def remark(remark_id: int) -> ResponseReturnValue:
    return _page(remark_id, Form())


@bp.post("/remarks/<int:remark_id>/close")
@needs(Act.REMARK_ON_JOURNALS)
def close_remark(remark_id: int) -> ResponseReturnValue:
    """What was remarked is mended."""
    return _act(remark_id, "Замечание закрыто", lambda form: services.close_remark(
        db.session, remark_id=remark_id, version=form.number("version", OLD_PAGE), **by()))


@bp.post("/remarks/<int:remark_id>/back")
@needs(Act.REMARK_ON_JOURNALS)
def send_remark_back(remark_id: int) -> ResponseReturnValue:
    """The answer is not enough."""
    return _act(remark_id, "Замечание возвращено учителю", lambda form: services.send_back(
        db.session, remark_id=remark_id, version=form.number("version", OLD_PAGE),
        text=request.form.get("text", ""), due_on=form.day_or_none("due_on"), **by()))


@bp.route("/remarks/<int:remark_id>/withdraw", methods=["GET", "POST"])
@needs(Act.REMARK_ON_JOURNALS)
def withdraw_remark(remark_id: int) -> ResponseReturnValue:
    """A page that says what will happen, and the act."""
    card, _ = remark_listed(remark_id)
    form = Form(version=card.version)
    if form.sent:
        with form.saving():
            services.withdraw_remark(db.session, remark_id=remark_id,
                                     version=form.number("version", OLD_PAGE), **by())
        if not form.errors:
            return done("Замечание снято", ".remarks")
    return render_template("remarks/withdraw.html", remark=card, form=form), 422 if form.errors else 200


def _asked() -> queries.Asked:
    args = request.args
    state = args.get("state", "")
    return queries.Asked(State(state) if state in set(State) else None, number_in(args, "teacher"),
                         number_in(args, "class"), state == UNCLOSED, day_in(args, "from"), day_in(args, "to"))


def _address(asked: queries.Asked) -> dict[str, Any]:
    given = {"state": UNCLOSED if asked.unclosed else asked.state and asked.state.value, "teacher": asked.teacher_id,
             "class": asked.class_id, "from": asked.first and asked.first.isoformat(),
             "to": asked.last and asked.last.isoformat()}
    return {name: value for name, value in given.items() if value is not None}


def _new_page(title: str, who: str, back: str, **about: Any) -> ResponseReturnValue:
    """The form of a new remark, and what it does."""
    form = Form(key=token_urlsafe(12), **{name: request.args[name] for name in GIVEN if name in request.args})
    if form.sent:
        with form.saving():
            span: Any = {"first": form.day("first"), "last": form.day("last")} if "course_id" in about else {}
            made = services.make_remark(db.session, remark=NewRemark(
                request.form.get("text", ""), g.actor.person_id, clock.now(), form.text("key"),
                due_on=form.day_or_none("due_on"), **about, **span))
        if not form.errors:
            return done("Замечание отправлено учителю", ".remark", remark_id=made.id)
    page = render_template("remarks/new.html", form=form, title=title, who=who, back=back,
                           of_page="course_id" in about, today=clock.today())
    return page, 422 if form.errors else 200


def _act(remark_id: int, said: str, act: Any) -> ResponseReturnValue:
    """An act on a remark; refused beside its field, with what was typed (409 with what stands there now)."""
    remark_listed(remark_id)
    form, status = Form(), 422
    try:
        with saving():
            act(form)
    except Refused as refused:
        sentence, status = str(refused), 409 if isinstance(refused, Stale) else 422
        if isinstance(refused, Stale):
            sentence = f"{refused}: сейчас там «{refused.theirs}». Прочтите и повторите"
        form.errors[refused.field or "form"] = sentence
        return _page(remark_id, form, status)
    return done(said, ".remark", remark_id=remark_id)


def _page(remark_id: int, form: Form, status: int = 200) -> ResponseReturnValue:
    card, said = remark_listed(remark_id)
    return render_template("remarks/one.html", remark=card, said=said, form=form, State=State, states=STATE_NAMES,
                           today=clock.today(), makes=may(g.actor, Act.REMARK_ON_JOURNALS)), status
