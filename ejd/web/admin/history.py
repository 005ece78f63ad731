"""The search over the record of acts, for director and deputy: by who acted, by person, class or journal, by the day of
a lesson, by kind of act and days; as a file only with the password, and told to the director."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.audit.leaving import Leaving, leave
from ejd.audit.wording import GROUP_NAMES, Group
from ejd.db import db
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx
from ejd.office import history as record
from ejd.office.history import Entry, Question
from ejd.refusal import Refused
from ejd.roster import finding
from ejd.roster.queries_classes import class_choices
from ejd.roster.queries_people import subjects_by_id
from ejd.typed import day_of, number_of
from ejd.web.access import needs, school_year_asked
from ejd.web.admin import bp
from ejd.web.confirming import wrong_confirmation
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.saving import saving, unlocked
from ejd.words import counted, long_date, number

A_PAGE, MOST = 50, 20_000
A_MONTH = timedelta(days=30)
BY_ID = {"actor": "actor_id", "person": "person_id", "class": "class_id", "course": "course_id",
         "subject": "subject_id"}
COLUMNS = (Column("Когда", 28), Column("Кто", 40), Column("Что сделано", 170))


@bp.get("/history")
@needs(Act.SEE_HISTORY)
def history() -> ResponseReturnValue:
    """Acts in words, the latest first."""
    question, errors = _asked(request.args)
    entries, more = record.search(db.session, question, most=A_PAGE, before=_before(request.args.get("before", "")))
    return _page(question, errors, entries=entries, more=more)


@bp.post("/history/find")
@needs(Act.SEE_HISTORY)
def find_in_history() -> ResponseReturnValue:
    """People by name, each with the ways to what they did and what was done to them. No name stands in an address."""
    question, errors = _asked(request.form)
    found = finding.find(db.session, request.form.get("name", ""), day=clock.today())
    return render_template("admin/history/people.html", found=found, address=_address(question), errors=errors)


@bp.post("/history/file")
@needs(Act.SEE_HISTORY)
def history_file() -> ResponseReturnValue:
    """The whole of what was asked, as a workbook or on paper."""
    question, errors = _asked(request.form)
    if not errors and (error := wrong_confirmation()):
        errors["password"] = error
    if errors:
        entries, more = record.search(db.session, question, most=A_PAGE)
        return _page(question, errors, entries=entries, more=more)
    with unlocked():
        entries, more = record.search(db.session, question, most=MOST)
    if more:
        raise Refused(f"Записей больше {number(MOST)}: выберите меньше дней, одного человека или вид действий")
    with saving():
        leave(db.session, kind=Leaving.AUDIT, amount=len(entries), actor_id=g.actor.person_id, now=clock.real_now())
    return _file(question, entries)


def _file(question: Question, entries: list[Entry]) -> ResponseReturnValue:
    words = [g.settings.value("school.name", on=None), f"{long_date(question.first)} – {long_date(question.last)}",
             GROUP_NAMES[question.group] if question.group else "", *_titles(question).values(),
             counted(len(entries), "запись", "записи", "записей")]
    rows = [(clock.local(entry.at), entry.who, entry.said) for entry in entries]
    table = Table("Журнал действий", " · ".join(filter(None, words)), COLUMNS, rows, made_on=clock.today())
    with unlocked():
        if request.form.get("form") == "xlsx":
            return download(as_xlsx(table), XLSX, f"{table.title}.xlsx")
        return download(as_pdf(table, landscape=True), PDF, f"{table.title}.pdf")


def _asked(given: Mapping[str, str]) -> tuple[Question, dict[str, str]]:
    """The question of this request; what can't be understood is said by field, and left out."""
    errors: dict[str, str] = {}
    first, last = (_day(given, name, errors) for name in ("from", "to"))
    last = last or max(clock.today(), first or date.min)
    first = first or last - A_MONTH
    if last < first:
        errors["to"], last = "Последний день раньше первого: поменяйте даты местами", first
    group = given.get("group", "")
    ids: dict[str, Any] = {field: number_of(given.get(name, "")) for name, field in BY_ID.items()}
    if sum(ids[field] is not None for field in ("person_id", "class_id", "course_id")) > 1:
        errors["class"], ids["class_id"] = "Выберите что-то одно: человека, класс или журнал", None
    lesson_day = _day(given, "lesson", errors)
    if ids["subject_id"] is not None and ids["class_id"] is None:
        errors["subject"], ids["subject_id"] = "Выберите ещё и класс: предмет ищут в нём", None
    if lesson_day and ids["person_id"] is not None:
        errors["lesson"], lesson_day = "День урока – с классом, предметом или сам по себе: человека снимите", None
    return Question(first, last, Group(group) if group in set(Group) else None, lesson_day=lesson_day, **ids), errors


def _day(given: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    typed = given.get(name, "").strip()
    found = day_of(typed)
    if typed and (found is None or not 1900 < found.year < 2200):
        errors[name], found = "Дата записывается как 01.09.2026", None
    return found


def _before(place: str) -> tuple[date, int] | None:
    """Where the page goes on from; an address that says something else is no page."""
    if not place:
        return None
    day, _, number = place.partition(".")
    found, last = day_of(day), number_of(number)
    return (found, last) if found and last is not None else abort(404)


def _address(question: Question) -> dict[str, Any]:
    """What an address has to carry to ask the same."""
    given = {"from": question.first.isoformat(), "to": question.last.isoformat(),
             "group": question.group and question.group.value,
             "lesson": question.lesson_day and question.lesson_day.isoformat(),
             **{name: getattr(question, field) for name, field in BY_ID.items()}}
    return {name: value for name, value in given.items() if value is not None}


def _titles(question: Question) -> dict[str, str]:
    """Who and what is asked about, by field; whoever is not there is 404."""
    names = record.title_of(db.session, class_id=question.class_id, course_id=question.course_id,
                            subject_id=question.subject_id, person_ids=[
                                one for one in (question.actor_id, question.person_id) if one is not None])
    said = {"actor": "действовал: ", "person": "о ком: ", "class": "", "course": "", "subject": ""}
    noun = {"actor": "person"}
    asked = {name: getattr(question, field) for name, field in BY_ID.items() if getattr(question, field) is not None}
    titles = {name: said[name] + (names.get((noun.get(name, name), key)) or abort(404)) for name, key in asked.items()}
    return titles | ({"lesson": f"уроки {long_date(question.lesson_day)}"} if question.lesson_day else {})


def _page(question: Question, errors: dict[str, str], *, entries: list[Entry], more: bool) -> ResponseReturnValue:
    year, titles = school_year_asked()[0], _titles(question)
    classes = class_choices(db.session, year.id) if year else []
    if question.class_id and question.class_id not in dict(classes):
        classes = [*classes, (question.class_id, titles["class"])]
    page = render_template("admin/history/search.html", question=question, errors=errors, entries=entries, more=more,
                           classes=classes, subjects=subjects_by_id(db.session), groups=GROUP_NAMES, titles=titles,
                           address=_address(question), typed=request.values)
    return page, 422 if errors else 200
