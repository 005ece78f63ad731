"""Absences of a class, alike for its teacher and the office: announcements answered, certificates written down, the
day entered in one form, days and lessons missed. Whose class it is the views of either side have asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal import day_entry, excuses, queries_absences
from ejd.journal.day_entry import PupilOfDay, Said
from ejd.journal.excuses import Filled
from ejd.journal.excusing import LETTER_WORDS
from ejd.journal.models import Excuse
from ejd.journal.wording import OLD_PAGE
from ejd.refusal import Refused, Stale
from ejd.roster.models import SchoolClass
from ejd.roster.queries_classes import day_within
from ejd.school.models import SchoolYear
from ejd.web.excuse_form import read_excuse
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving
from ejd.words import counted

Listed = tuple[SchoolClass, SchoolYear]
RECENT = timedelta(days=30)
LESSONS = ("урок", "урока", "уроков")


def show_absences(listed: Listed, errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    """What waits for an answer, the form of a certificate, and what was written down lately or this year."""
    school_class, year = listed
    today = day_within(year, clock.today())
    since = year.starts_on if request.args.get("all") else today - RECENT
    page = render_template(
        "absences/class_absences.html", school_class=school_class, today=today, since=since, year=year,
        cards=queries_absences.excuses_of_class(db.session, class_id=school_class.id, since=since, today=today),
        pupils=queries_absences.pupils_of_class(db.session, class_id=school_class.id, day=today),
        errors=errors or {}, typed=request.form, key=token_urlsafe(12))
    return page, status


def add_excuse(listed: Listed) -> ResponseReturnValue:
    """A certificate or a word of the family, written down by the school: it holds at once."""
    school_class, year = listed
    try:
        with saving():
            filled = excuses.record_excuses(db.session, excuses=[read_excuse(
                request.form, pupil_id=_pupil(school_class, year), actor_id=g.actor.person_id, now=clock.now(),
                certificate=request.form.get("certificate") == "1")])
    except Refused as refused:
        return show_absences(listed, {refused.field or "form": str(refused)}, 422)
    _tell("Записано", filled)
    return redirect(url_for(".class_absences", class_id=school_class.id))


def answer_excuse(listed: Listed, excuse: Excuse) -> ResponseReturnValue:
    """Accept or decline what a guardian announced, or take back what stands."""
    act = request.form.get("act", "")
    try:
        with saving():
            said, filled = _answer(excuse, act)
    except Refused as refused:
        field, stale = refused.field or "answer", isinstance(refused, Stale)
        sentence = f"{refused}: сейчас «{refused.theirs}»" if isinstance(refused, Stale) else str(refused)
        return show_absences(listed, {f"{field}{excuse.id}": sentence}, 409 if stale else 422)
    _tell(said, filled)
    return redirect(url_for(".class_absences", class_id=listed[0].id))


def _answer(excuse: Excuse, act: str) -> tuple[str, Filled]:
    asked: dict[str, Any] = {"actor_id": g.actor.person_id, "excuse_id": excuse.id, "now": clock.now(),
                             "version": number_in(request.form, "version") or 0}
    answer = request.form.get("answer", "")
    if act == "accept":
        return "Принято", excuses.accept(db.session, **asked, code=request.form.get("code", ""), answer=answer)
    if act == "decline":
        excuses.decline(db.session, **asked, answer=answer)
        return "Отклонено, семья увидит ответ", Filled()
    if act != "withdraw":
        raise Refused(OLD_PAGE)
    changed = excuses.withdraw(db.session, **asked)
    return f"Снято, изменено: {counted(changed, *LESSONS)}" if changed else "Снято", Filled()


def show_day(listed: Listed, refused: str = "", status: int = 200) -> ResponseReturnValue:
    """Who is away that day, in one form."""
    school_class, year = listed
    day = _day(year)
    page = render_template(
        "absences/class_day.html", school_class=school_class, day=day, today=clock.today(), words=LETTER_WORDS,
        before=day - timedelta(days=1), after=day + timedelta(days=1), refused=refused, typed=request.form,
        lines=day_entry.day_of_class(db.session, class_id=school_class.id, day=day), key=token_urlsafe(12))
    return page, status


def save_day(listed: Listed) -> ResponseReturnValue:
    """All of the form is saved, or nothing with the reason."""
    school_class, year = listed
    day = _day(year)
    lines = day_entry.day_of_class(db.session, class_id=school_class.id, day=day)
    try:
        with saving():
            said = [one for line in lines if (one := _said(line))]
            filled = day_entry.record_day(db.session, class_id=school_class.id, day=day, said=said, now=clock.now(),
                                          actor_id=g.actor.person_id, settings=g.settings)
    except Refused as refused:
        name = next((f"{line.name}: " for line in lines if line.pupil_id == refused.pupil_id), "")
        both = f". Сейчас там «{refused.theirs}»" if isinstance(refused, Stale) else ""
        return show_day(listed, f"{name}{refused}{both}", 409 if isinstance(refused, Stale) else 422)
    _tell("День записан", filled)
    return redirect(url_for(".class_day", class_id=school_class.id, day=day))


def _said(line: PupilOfDay) -> Said | None:
    """What the form says of a pupil; None where it has no field."""
    code = request.form.get(f"c{line.pupil_id}")
    if code is None:
        return None
    if code not in {"", *LETTER_WORDS}:
        raise _of(line, OLD_PAGE)
    typed = request.form.get(f"f{line.pupil_id}", "").strip()
    number = number_in(request.form, f"f{line.pupil_id}")
    if typed and number is None:
        raise _of(line, "номер урока – число от 1 до 12")
    key = request.form.get("key", "")
    return Said(line.pupil_id, code, number, f"{key}.{line.pupil_id}" if key else "",
                number_in(request.form, f"x{line.pupil_id}"), number_in(request.form, f"v{line.pupil_id}") or 0)


def _of(line: PupilOfDay, sentence: str) -> Refused:
    refused = Refused(sentence)
    refused.pupil_id = line.pupil_id
    return refused


def _pupil(school_class: SchoolClass, year: SchoolYear) -> int:
    """The pupil whom the form names, of this class."""
    pupil_id = number_in(request.form, "pupil")
    day = day_within(year, day_in(request.form, "from_on") or clock.today())
    if pupil_id is None or all(one[0] != pupil_id for one in queries_absences.pupils_of_class(
            db.session, class_id=school_class.id, day=day)):
        raise Refused("Выберите ученика, который в эти дни учится в классе", field="pupil")
    return pupil_id


def _day(year: SchoolYear) -> date:
    return day_within(year, day_in(request.values, "day") or clock.today())


def _tell(done: str, filled: Filled) -> None:
    flash(f"{done}: {counted(filled.lessons, *LESSONS)}." if filled.lessons else f"{done}.")
    for sentence in excuses.in_sentences(filled):
        flash(sentence)
