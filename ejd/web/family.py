"""The diary's pages, alike for a parent and a pupil: the week, and the marks by subject. No JavaScript is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.diary import by_subject, queries
from ejd.diary.week import week_to_open, weeks_around
from ejd.homeroom.queries import words_of_week
from ejd.roster.scopes import Child
from ejd.school.calendar import monday_from, week_code
from ejd.web import offline

FOUR_DAYS, SEVEN_DAYS = timedelta(days=4), timedelta(days=7)
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose diary is open, how its addresses go on (`where`), and between whose one can switch."""

    pupil_id: int
    name: str
    where: dict[str, int] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    guardian_id: int | None = None  # who reads, when it is not the pupil
    own_class: str = ""  # of the class teacher who looks into it

    @property
    def ticks(self) -> bool:
        """The pupil himself ticks homework that is done; the family sees it."""
        return self.guardian_id is None and not self.own_class

    def page(self, name: str) -> str:
        """The endpoint of another page of the same diary."""
        return f".pupil_{name}" if self.own_class else f".{name}"


def show_week(whose: Whose) -> ResponseReturnValue:
    """The week that the address names, else the one a diary opens with."""
    today = clock.today()
    opens_with = week_to_open(today)
    monday = _monday(opens_with)
    words = words_of_week(db.session, pupil_id=whose.pupil_id, guardian_id=whose.guardian_id, monday=monday,
                          since=clock.now() - SEVEN_DAYS)
    week = queries.week_of(db.session, pupil_id=whose.pupil_id, monday=monday, today=today, now=clock.now(),
                           settings=g.settings, noted=words.notes.keys())
    since = week.since if week else queries.first_day_of(db.session, pupil_id=whose.pupil_id)
    before, after = weeks_around(monday, since=since, ends_on=week.ends_on if week else monday, opens_with=opens_with)
    page = make_response(_page(
        "diary/week.html", whose, week=week, words=words, week_code=week_code(monday), monday=monday, since=since,
        last_day=week.last_day if week else monday + FOUR_DAYS, before=before and week_code(before),
        after=after and week_code(after), current=monday == opens_with))
    return page if whose.own_class else offline.to_keep(page)


def show_marks(whose: Whose) -> ResponseReturnValue:
    """The marks of the term that the address names, else of the current one."""
    marks = by_subject.marks_of(db.session, pupil_id=whose.pupil_id, number=number_asked(), today=clock.today(),
                                now=clock.now(), settings=g.settings)
    if marks is None:
        abort(404, "Такого учебного периода нет. Выберите другой на странице отметок.")
    return _page("diary/marks.html", whose, marks=marks)


def _page(template: str, whose: Whose, **shown: object) -> str:
    """A page of the diary; on paper it names the school and the day it was printed."""
    return render_template(template, whose=whose, today=clock.today(), school=g.settings.value("school.name", on=None),
                           **shown)


def _monday(opens_with: date) -> date:
    code = request.args.get("week", "")
    monday = monday_from(code) if code else opens_with
    if monday is None or monday.year not in YEARS:
        abort(404, "Такой недели нет. Вернитесь в дневник и выберите неделю по ссылкам.")
    return monday


def number_asked() -> int | None:
    """The term's number in the address; None when it names none, 0 when it is not a number."""
    given = request.args.get("term", "")
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 0
