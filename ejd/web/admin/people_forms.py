"""What was typed into a form of the roster: read field by field, shown again with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypedDict

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.names import tidy
from ejd.refusal import Refused, Stale
from ejd.roster import finding, people
from ejd.typed import number_of
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving

HOURS = re.compile(r"([0-9]{1,2})(?:[.,]([05])0?)?")


class By(TypedDict):
    actor_id: int
    now: datetime


def by() -> By:
    """Who acts, and when: what every act of the roster is handed."""
    return {"actor_id": g.actor.person_id, "now": clock.now()}


class Form:
    """A form as it was sent, or as it is first offered (`offered`); `errors` by field, «form» for the whole."""

    def __init__(self, **offered: Any) -> None:
        self.sent = request.method == "POST"
        self.errors: dict[str, str] = {}
        self.namesakes: Sequence[finding.FoundPerson] = ()
        self._values = request.form if self.sent else offered

    def value(self, name: str) -> Any:
        """What stands in a field."""
        return self._values.get(name, "")

    def text(self, name: str) -> str:
        return tidy(str(self.value(name)))

    def day(self, name: str, missing: str = "Укажите дату") -> date:
        """A date, as the browser's calendar sends it or as it is written: 01.09.2026."""
        typed = self.text(name)
        if not typed:
            raise Refused(missing, field=name)
        found = day_in(self._values, name)
        if found is None:
            raise Refused(f"Дата пишется так: 01.09.2026. «{typed[:20]}» не подходит", field=name)
        return found

    def day_or_none(self, name: str) -> date | None:
        return self.day(name) if self.text(name) else None

    def number_or_none(self, name: str) -> int | None:
        """The number of something chosen from a list; None when nothing was."""
        return number_in(self._values, name)

    def numbers(self, name: str) -> list[int]:
        """The numbers of all that was ticked."""
        return [found for typed in request.form.getlist(name) if (found := number_of(typed)) is not None]

    def number(self, name: str, missing: str) -> int:
        found = self.number_or_none(name)
        if found is None:
            raise Refused(missing, field=name)
        return found

    def half_hours(self, name: str) -> int:
        """Weekly hours × 2: «2», «0,5»."""
        typed = HOURS.fullmatch(self.text(name))
        if typed is None:
            raise Refused("Часы в неделю пишутся числом: 2 или 0,5", field=name)
        return int(typed[1]) * 2 + (typed[2] == "5")

    def sure(self) -> None:
        """A page that said what will happen was read and answered."""
        if not self.text("sure"):
            raise Refused("Подтвердите: прочтите, что произойдёт, и нажмите кнопку")

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Acts inside are saved together; a refusal lands beside its field."""
        try:
            with saving():
                yield
        except Stale:
            raise
        except Refused as refused:
            self.errors[refused.field or "form"] = str(refused)

    def person(self, birth_date: date | None = None) -> int:
        """The person whose name was typed: a new one, or a namesake once somebody said that it is the same (R33)."""
        full = {name: self.text(name) for name in ("last_name", "first_name", "patronymic")}
        chosen = self.text("same")
        self.namesakes = finding.namesakes(db.session, **full, day=clock.today())
        if any(chosen == str(one.id) for one in self.namesakes):
            return int(chosen)
        if self.namesakes and chosen != "new":
            raise Refused("Человек с таким именем в школе уже записан: тот же это человек или другой?", field="same")
        return people.add_person(db.session, **by(), **full, birth_date=birth_date).id

    def page(self, template: str, **values: Any) -> ResponseReturnValue:
        """The form's page; 422 when something is wrong in it."""
        return show(template, form=self, **values), 422 if self.errors else 200


def show(template: str, **values: Any) -> str:
    """A page of the roster, told what its reader may do."""
    return render_template(f"admin/roster/{template}.html", keeps=may(g.actor, Act.KEEP_ROSTER),
                           turns_year=may(g.actor, Act.TURN_YEAR), issues=may(g.actor, Act.ISSUE_PASSWORD),
                           sees_marks=may(g.actor, Act.SEE_MARKS), takes_in=may(g.actor, Act.TAKE_IN_MARKS),
                           remarks=may(g.actor, Act.REMARK_ON_JOURNALS), sees_history=may(g.actor, Act.SEE_HISTORY),
                           today=clock.today(), **values)


def done(message: str, endpoint: str, **where: Any) -> ResponseReturnValue:
    """Back to a page, with what was done."""
    flash(message)
    return redirect(url_for(endpoint, **where), 303)
