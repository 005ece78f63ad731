"""Setting results as tests tell it: who, whose, which; each save with a new key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from ejd import clock
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.results.setting import NewResult, set_results
from ejd.roster.models import Course, Person
from ejd.school import settings as school_settings
from ejd.school.models import Term
from tests.world import World


@dataclass
class Setter:
    """Somebody setting results of one journal; `leads` for deputy and director."""

    school: World
    person: Person
    leads: bool = False
    _keys: count[int] = field(default_factory=lambda: count(1))

    def key(self) -> str:
        return f"r{self.person.id}-{next(self._keys)}"

    def sets(self, course: Course, values: dict[Person, str], period: str = "", **more: Any) -> None:
        at: datetime = more.pop("at", None) or clock.now()
        code = period or str(term(self.school, 1).id)
        set_results(self.school.session, course_id=course.id, code=code, actor_id=self.person.id, leads=self.leads,
                    settings=school_settings.load(self.school.session), now=at, results=[
                        NewResult(pupil.id, value, more.get("key") or self.key(),
                                  more.get("version", version_of(self.school, pupil, course, code)),
                                  more.get("reason", "")) for pupil, value in values.items()])


def term(school: World, number: int, scheme: str = "quarters") -> Term:
    return school.session.scalars(select(Term).filter_by(number=number, scheme=scheme)).one()


def result_of(school: World, pupil: Person, course: Course, period: str = "") -> TermMark | None:
    """What stands in the first quarter, or in the period with that code."""
    code = period or str(term(school, 1).id)
    query = select(TermMark).filter_by(pupil_id=pupil.id, subject_id=course.subject_id)
    query = query.filter_by(term_id=int(code)) if code.isdigit() else query.filter_by(period=code)
    return school.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def version_of(school: World, pupil: Person, course: Course, code: str) -> int:
    found = result_of(school, pupil, course, code)
    return found.version if found else 0


def corrections(school: World, mark: TermMark) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in school.session.scalars(
        select(TermMarkCorrection).filter_by(term_mark_id=mark.id).order_by(TermMarkCorrection.id))]


def put_setting(school: World, key: str, value: Any, valid_from: date = date(2026, 9, 1)) -> None:
    school_settings.change(school.session, actor_id=None, key=key, value=value, valid_from=valid_from,
                           now=clock.now())
