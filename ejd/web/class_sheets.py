"""Weekly sheets of a class, alike for its teacher and the administration: what is due, printing, printing again,
handing out, the log (R21, R25). Whose class it is the views of either side have asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import queries_sheets, sheets, slips
from ejd.families.models import WeeklySheet
from ejd.families.sheets import Seen, Written
from ejd.refusal import Refused, Stale
from ejd.roster.models import SchoolClass
from ejd.school.calendar import monday_of
from ejd.school.models import SchoolYear
from ejd.school.queries import calendar_of
from ejd.web.access_sheets import fresh_batch
from ejd.web.downloads import PDF, download
from ejd.web.given import day_in, number_in, numbers_of
from ejd.web.saving import saving, unlocked
from ejd.words import counted, day_month

Listed = tuple[SchoolClass, SchoolYear]
SHEETS = ("лист", "листа", "листов")
LATELY = timedelta(days=28)


def show_sheets(listed: Listed, errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    """What is to print now, and what is printed and waits to be collected."""
    school_class, _ = listed
    found = queries_sheets.sheets_of_class(db.session, school_class, now=clock.now(), today=clock.today())
    fresh = request.args.get("printed", "")
    page = render_template(
        "sheets/class_sheets.html", school_class=school_class, found=found, errors=errors or {}, typed=request.form,
        today=clock.today(), key=request.form.get("key") or token_urlsafe(12), handed_to=sheets.HANDED_TO,
        ticked=request.form.getlist("sheet") if "print" in (errors or {}) else None,
        picked=request.form.getlist("handed"), fresh=fresh, copy=number_in(request.args, "copy"))
    return page, status


def print_sheets(listed: Listed) -> ResponseReturnValue:
    """Keep what the ticked sheets say, then offer the file; the same form again offers the same file."""
    school_class, _ = listed
    key = request.form.get("key", "")
    try:
        with unlocked():
            again = queries_sheets.batch_of(db.session, class_id=school_class.id, key=key)
            written = [] if again else _write(school_class)
        with saving():
            kept = sheets.print_sheets(db.session, sheets=written, actor_id=g.actor.person_id, key=key, now=clock.now())
    except Refused as refused:
        return show_sheets(listed, {"print": str(refused)}, 422)
    flash(f"Готово: {counted(len(kept), *SHEETS)}. Скачайте файл и напечатайте.")
    return redirect(url_for(".class_sheets", class_id=school_class.id, printed=key))


def _write(school_class: SchoolClass) -> list[Written]:
    now = clock.now()
    found = queries_sheets.sheets_of_class(db.session, school_class, now=now, today=clock.today())
    owed = sheets.chosen(found, request.form.getlist("sheet"))
    shared = found.shareable if request.form.get("share") else set()
    return sheets.write_sheets(db.session, owed=owed, shared=shared, settings=g.settings, now=now)


def sheets_file(listed: Listed, key: str) -> ResponseReturnValue:
    """What was printed just now, as one PDF."""
    school_class, _ = listed
    return _file(fresh_batch(school_class.id, key), f"Недельные листы {school_class.name}")


def print_again(listed: Listed, sheet: WeeklySheet) -> ResponseReturnValue:
    """A spoiled copy once more, marked so."""
    try:
        with saving():
            sheets.print_again(db.session, actor_id=g.actor.person_id, seen=_seen(sheet.id), now=clock.now())
    except Refused as refused:
        return show_log(listed, {sheet.id: _both(refused)}, 409 if isinstance(refused, Stale) else 422)
    flash("Повторная печать записана. Скачайте файл: на листе стоит пометка «повторная печать».")
    return redirect(url_for(".sheets_log", class_id=listed[0].id, copy=sheet.id))


def print_without_homework(listed: Listed, sheet: WeeklySheet) -> ResponseReturnValue:
    """In place of a sheet with homework that was printed before a refusal came."""
    try:
        with saving():
            right, keep = sheets.print_without_homework(db.session, actor_id=g.actor.person_id, seen=_seen(sheet.id),
                                                        now=clock.now())
    except Refused as refused:
        return show_sheets(listed, {"handed": _both(refused)}, 409 if isinstance(refused, Stale) else 422)
    flash("Лист без домашних заданий готов. " + (
        f"Скачайте его. Напечатанный до отказа отдайте только тем, кто не отказался: {keep}" if keep
        else "Скачайте его, а напечатанный до отказа уничтожьте."))
    return redirect(url_for(".class_sheets", class_id=listed[0].id, copy=right.id))


def copy_file(sheet: WeeklySheet) -> ResponseReturnValue:
    """A further copy of one sheet, unchanged."""
    if not sheet.reprints:
        raise Refused("Сначала запишите повторную печать в журнале листов")
    return _file([sheet], f"Недельный лист {day_month(sheet.monday)}, повторно")


def hand_out(listed: Listed) -> ResponseReturnValue:
    """The ticked sheets, or all that wait, to whom and when."""
    everything = request.form.get("all") == "1"
    ids = numbers_of(request.form.getlist("waiting" if everything else "handed"))
    try:
        with saving():
            count = sheets.hand_out(
                db.session, actor_id=g.actor.person_id, class_id=listed[0].id, sheets=[_seen(one) for one in ids],
                to=request.form.get("to", ""), on=day_in(request.form, "on"), now=clock.now())
    except Refused as refused:
        return show_sheets(listed, {refused.field or "handed": _both(refused)},
                           409 if isinstance(refused, Stale) else 422)
    flash(f"Выдача записана: {counted(count, *SHEETS)}.")
    return redirect(url_for(".class_sheets", class_id=listed[0].id))


def take_back(listed: Listed, sheet: WeeklySheet) -> ResponseReturnValue:
    """A hand-out was noted by mistake."""
    try:
        with saving():
            sheets.take_back(db.session, actor_id=g.actor.person_id, seen=_seen(sheet.id), now=clock.now())
    except Refused as refused:
        return show_log(listed, {sheet.id: _both(refused)}, 409 if isinstance(refused, Stale) else 422)
    flash("Отметка о выдаче снята: лист снова ждёт выдачи.")
    return redirect(url_for(".sheets_log", class_id=listed[0].id))


def show_log(listed: Listed, errors: Mapping[int, str] | None = None, status: int = 200) -> ResponseReturnValue:
    """Every sheet printed lately, or this year: when, by whom, handed to whom (R25)."""
    school_class, year = listed
    since = year.starts_on if request.args.get("all") else max(year.starts_on, clock.today() - LATELY)
    printed = queries_sheets.printed_in(db.session, [school_class], calendar_of(db.session, year.id),
                                        today=clock.today(), since=monday_of(since))
    return render_template("sheets/log.html", school_class=school_class, year=year, since=since, errors=errors or {},
                           printed=[one for one in printed if one.first_of_shared], today=clock.today(),
                           copy=number_in(request.args, "copy"), handed_to=sheets.HANDED_TO), status


def _file(kept: Sequence[WeeklySheet], name: str) -> ResponseReturnValue:
    """Without the sheets that are not to be handed out; the reason when none is left."""
    contents = sheets.contents(db.session, kept, day=clock.today())
    if not contents:
        for one in kept:
            sheets.refuse_amiss(db.session, one, clock.today())
        raise Refused(sheets.EMPTIED)
    with unlocked():
        from ejd.families.sheet_pdf import sheets_pdf  # ReportLab is brought in when a paper is drawn

        return download(sheets_pdf(contents), PDF, f"{name}.pdf")


def _seen(sheet_id: int) -> Seen:
    return Seen(sheet_id, number_in(request.form, f"version{sheet_id}") or 0)


def _both(refused: Refused) -> str:
    return f"{refused}: {refused.theirs}" if isinstance(refused, Stale) else str(refused)



def show_slips(listed: Listed, error: str = "", status: int = 200) -> ResponseReturnValue:
    """The days that slips are wanted for, and who gets none."""
    school_class, year = listed
    try:
        first, last = _span(year)
    except Refused as refused:
        error, status, (first, last) = str(refused), 422, _last_week()
    found = slips.slips_of_class(db.session, school_class, first=first, last=last, now=clock.now())
    return render_template("sheets/slips.html", school_class=school_class, found=found, first=first, last=last,
                           typed=request.args, error=error, today=clock.today()), status


def slips_file(listed: Listed) -> ResponseReturnValue:
    """The slips of the whole class in one PDF."""
    school_class, year = listed
    try:
        first, last = _span(year)
    except Refused:
        return show_slips(listed)
    found = slips.slips_of_class(db.session, school_class, first=first, last=last, now=clock.now())
    with unlocked():
        from ejd.families.slip_pdf import slips_pdf

        return download(slips_pdf(found.slips), PDF, f"Вклейки {school_class.name}.pdf")


def _last_week() -> tuple[date, date]:
    return monday_of(clock.today()) - timedelta(days=7), clock.today()


def _span(year: SchoolYear) -> tuple[date, date]:
    """The days that the address names; without any last week and this one so far."""
    if "first" not in request.args and "last" not in request.args:
        return _last_week()
    first, last = day_in(request.args, "first"), day_in(request.args, "last")
    if first is None or last is None or not year.starts_on <= first <= last <= year.ends_on:
        raise Refused(f"Укажите два дня учебного года {year.name}: первый не позже второго")
    return first, last
