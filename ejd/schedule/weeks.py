"""How each class spends its week: five or six days, which bells, which terms (R15). Lessons follow by remaking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ejd.audit import trail
from ejd.db import Session
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school.calendar import WEEKS
from ejd.school.models import BellSchedule, Term, TermScheme
from ejd.school.term_facts import classes_with_results


@dataclass(frozen=True, slots=True)
class Week:
    """A class's working week, its bells (None: the school's first schedule) and how it divides the year."""

    class_id: int
    class_name: str
    days_per_week: int
    bell_schedule_id: int | None
    term_scheme: str
    grade: int


def weeks_of(session: Session, year_id: int) -> list[Week]:
    """The classes of a year in order. One statement."""
    rows = session.scalars(select(SchoolClass).filter_by(year_id=year_id)).all()
    return [Week(row.id, row.name, row.days_per_week, row.bell_schedule_id, row.term_scheme, row.grade)
            for row in sorted(rows, key=lambda row: (row.grade, row.letter))]


def put_weeks(session: Session, *, actor_id: int | None, year_id: int, weeks: Sequence[Week], now: datetime) -> int:
    """Give each of the classes its week; how many changed. A scheme needs its terms in the calendar, and
    nothing settled by the former one (R8, R15)."""
    bells = set(session.scalars(select(BellSchedule.id)))
    schemes = set(session.scalars(select(Term.scheme).filter_by(year_id=year_id).distinct()))
    classes = {row.id: row for row in session.scalars(select(SchoolClass).filter_by(year_id=year_id))}
    settled = classes_with_results(session, [week.class_id for week in weeks
                                             if week.term_scheme != classes[week.class_id].term_scheme])
    acts = []
    for week in weeks:
        school_class = classes[week.class_id]
        wanted = (week.days_per_week, week.bell_schedule_id, week.term_scheme)
        if wanted == (school_class.days_per_week, school_class.bell_schedule_id, school_class.term_scheme):
            continue
        if week.days_per_week not in WEEKS:
            raise Refused(f"{school_class.name}: учебная неделя – пять или шесть дней", field=f"days-{week.class_id}")
        if week.bell_schedule_id is not None and week.bell_schedule_id not in bells:
            raise Refused(f"{school_class.name}: такого расписания звонков нет", field=f"bells-{week.class_id}")
        if week.term_scheme not in set(TermScheme) or week.term_scheme not in schemes:
            raise Refused(f"{school_class.name}: сначала заведите эти периоды в календаре",
                          field=f"scheme-{week.class_id}")
        if week.class_id in settled:
            raise Refused(f"{school_class.name}: за прежние периоды уже выставлены отметки, или они закрыты – делить "
                          "год иначе поздно", field=f"scheme-{week.class_id}")
        school_class.days_per_week, school_class.bell_schedule_id, school_class.term_scheme = wanted
        acts.append((week.class_id, {"days": wanted[0], "bells": wanted[1], "scheme": wanted[2]}))
    session.flush()
    trail.record_many(session, now=now, actor_id=actor_id, verb="week.changed", acts=acts)
    return len(acts)
