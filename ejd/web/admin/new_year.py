"""The turn of the school year, in steps that only ask, until it is confirmed; the closing of a year that is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db, let_others_write
from ejd.office import closing_year, new_year, queries_new_year
from ejd.office.moving_up import (
    LEAVE,
    STAY,
    ClassMove,
    Turning,
    fault_of,
    goes_to,
    keeps_teachers,
    name_of,
    usual_name,
)
from ejd.office.queries_new_year import ClassBefore, Waiting, Years
from ejd.refusal import Refused
from ejd.roster.belonging import ONE_DAY
from ejd.school.queries import years as school_years
from ejd.school.year_plan import usual_span
from ejd.web.access import needs, school_year
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done
from ejd.web.saving import saving
from ejd.words import counted

AT_ONCE = 25  # lesson plans of one short transaction


@bp.get("/new-year")
@needs(Act.TURN_YEAR)
def new_year_classes() -> ResponseReturnValue:
    """The first step: the next year, and where each class goes."""
    years = _years()
    first, last = usual_span(years.old.ends_on)
    rows = queries_new_year.classes_before(db.session, years)
    offered: dict[str, Any] = {"starts_on": first, "ends_on": last, "groups": "1", "plans": "1",
                               "leavers_on": years.old.ends_on.replace(month=6, day=30)}
    for row in rows:
        offered[f"class-{row.id}"] = row.to or usual_name(row.grade, row.letter)
        offered[f"teacher-{row.id}"] = offered[f"load-{row.id}"] = "1" if keeps_teachers(row.grade) else ""
    return _classes_page(years, rows, Form(**offered))


@bp.post("/new-year/open")
@needs(Act.TURN_YEAR)
def open_next_year() -> ResponseReturnValue:
    """Open the next year's calendar: usual terms and holidays, to be put right afterwards."""
    years, form = _years(), Form()
    with form.saving():
        new_year.open_next(db.session, **by(), old=years.old, starts_on=form.day("starts_on"),
                           ends_on=form.day("ends_on"))
    if form.errors:
        return _classes_page(years, queries_new_year.classes_before(db.session, years), form)
    return done("Год открыт. Четверти, полугодия и каникулы заполнены обычными датами: поправьте их в календаре.",
                ".new_year_classes")


@bp.post("/new-year/preview")
@needs(Act.TURN_YEAR)
def new_year_preview() -> ResponseReturnValue:
    """The second step: what would happen, and which pupils do otherwise than their class."""
    years, form = _years(), Form()
    rows = queries_new_year.classes_before(db.session, years)
    try:
        moves = _moves(form, rows)
    except Refused as refused:
        form.errors[refused.field or "form"] = str(refused)
        return _classes_page(years, rows, form)
    return _preview(years, rows, moves, form)


@bp.post("/new-year")
@needs(Act.TURN_YEAR)
def turn_year() -> ResponseReturnValue:
    """Take the school into the next year, as the preview said."""
    years, form = _years(), Form()
    if years.new is None:
        abort(422, "Сначала откройте следующий учебный год.")
    rows = queries_new_year.classes_before(db.session, years)
    moves: Sequence[ClassMove] = ()
    with form.saving():
        moves = _moves(form, rows)
        turning = Turning(years.old.id, years.new.id, form.day("leavers_on"), tuple(moves), _exceptions(years, form),
                          groups=bool(form.text("groups")))
        turned = new_year.turn_year(db.session, **by(), turning=turning)
    if form.errors:
        return _preview(years, rows, moves, form) if moves else _classes_page(years, rows, form)
    plans = _copy_plans() if form.text("plans") else 0
    return done(_in_words(turned, plans), ".new_year_classes")


@bp.route("/calendar/<int:year_id>/close", methods=["GET", "POST"])
@needs(Act.TURN_YEAR)
def close_year(year_id: int) -> ResponseReturnValue:
    """Close a year that is over, or open it again."""
    year, form = school_year(year_id), Form()
    if form.sent:
        act = closing_year.reopen_year if form.text("reopen") else closing_year.close_year
        with form.saving():
            form.sure()
            act(db.session, **by(), year_id=year_id)
        if not form.errors:
            return done(f"Учебный год {year.name} {'снова открыт' if form.text('reopen') else 'закрыт'}", ".calendar",
                        year_id=year_id)
    return form.page("year_close", year=year, left=closing_year.by_term(closing_year.open_terms(db.session, year_id)),
                     over=clock.today() > year.ends_on)


def _years() -> Years:
    return queries_new_year.years_at(db.session, clock.today()) or abort(
        422, "Учебный год ещё не открыт: сначала откройте его в календаре школы.")


def _moves(form: Form, rows: Sequence[ClassBefore]) -> list[ClassMove]:
    """Where each class goes, as the form says."""
    moves = []
    for row in rows:
        typed = form.text(f"class-{row.id}")
        to = name_of(typed)
        if typed and to is None:
            raise Refused("Класс пишется так: 8А", field=f"class-{row.id}")
        moves.append(ClassMove(row.id, row.grade, row.letter, to, bool(form.text(f"teacher-{row.id}")),
                               bool(form.text(f"load-{row.id}"))))
    if fault := fault_of(moves):
        raise Refused(fault[1], field=f"class-{fault[0]}")
    return moves


def _exceptions(years: Years, form: Form) -> dict[int, str | tuple[int, str]]:
    """Pupils who do otherwise than their class."""
    said: dict[int, str | tuple[int, str]] = {}
    for pupil in queries_new_year.waiting_pupils(db.session, years):
        name = f"pupil-{pupil.pupil_id}"
        typed = form.text(name)
        if typed in (LEAVE, STAY):
            said[pupil.pupil_id] = typed
        elif typed:
            said[pupil.pupil_id] = name_of(typed) or _refuse("Выберите класс из списка", name)
    return said


def _refuse(reason: str, field: str) -> tuple[int, str]:
    raise Refused(reason, field=field)


def _copy_plans() -> int:
    """Lesson plans, some at a time, so that nobody who saves waits long."""
    pairs, copied = queries_new_year.plans_to_copy(db.session, _years()), 0
    for start in range(0, len(pairs), AT_ONCE):
        if start:
            let_others_write(db.session)
        with saving():
            copied += new_year.copy_plans(db.session, **by(), pairs=pairs[start:start + AT_ONCE])
    return copied


def _in_words(turned: new_year.Turned, plans: int) -> str:
    parts = [("открыто классов", turned.classes), ("журналов", turned.journals), ("групп", turned.groups),
             ("планов уроков", plans), ("переведено учеников", turned.placed), ("выбывает", turned.left)]
    made = ", ".join(f"{word} {count}" for word, count in parts if count)
    return f"Школа переведена: {made}." if made else "Ничего не изменилось: всё уже переведено."


def _classes_page(years: Years, rows: Sequence[ClassBefore], form: Form) -> ResponseReturnValue:
    new = years.new
    return form.page("new_year", years=years, rows=rows, groups=queries_new_year.groups_before(db.session, years),
                     first_classes=queries_new_year.has_first_classes(db.session, new) if new else False,
                     to_close=[year for year in school_years(db.session) if year.ends_on < clock.today()
                               and year.closed_at is None])


def _preview(years: Years, rows: Sequence[ClassBefore], moves: Sequence[ClassMove], form: Form) -> ResponseReturnValue:
    """Each class with its pupils who wait, where it goes, and what else they may do."""
    if years.new is None:
        return _classes_page(years, rows, form)
    waiting: dict[int, list[Waiting]] = {}
    for pupil in queries_new_year.waiting_pupils(db.session, years):
        waiting.setdefault(pupil.class_id, []).append(pupil)
    names = sorted({move.to for move in moves if move.to})
    said = {pupil.pupil_id: form.text(f"pupil-{pupil.pupil_id}") for of_class in waiting.values()
            for pupil in of_class}
    going = sum(goes_to(move, None) is not None for move in moves for _ in waiting.get(move.class_id, ()))
    return form.page(
        "new_year_preview", years=years, form_fields=_carried(request.form.items(multi=True)), said=said,
        plan=[(row, move, waiting.get(row.id, []), _ways(move, names)) for row, move in zip(rows, moves, strict=True)],
        moving=counted(going, "ученик", "ученика", "учеников"), last_day=years.new.starts_on - ONE_DAY,
        leaving=counted(sum(map(len, waiting.values())) - going, "ученик", "ученика", "учеников"))


def _carried(fields: Any) -> list[tuple[str, str]]:
    """What the first step said, for the second to send along."""
    return [(name, value) for name, value in fields
            if name.startswith(("class-", "teacher-", "load-")) or name in {"groups", "plans", "leavers_on"}]


def _ways(move: ClassMove, names: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """What a pupil of the class may do: go up as said, to a parallel class, stay a year, leave."""
    usual = f"в {move.to[0]}{move.to[1]}" if move.to else "выбывает"
    ways = [("", usual)]
    ways += [(f"{grade}{letter}", f"в {grade}{letter}") for grade, letter in names
             if grade == move.grade + 1 and (grade, letter) != move.to]
    if (move.grade, move.letter) in names:
        ways.append((STAY, f"остаётся в {move.grade}{move.letter}"))
    return ways + ([(LEAVE, "выбывает")] if move.to else [])
