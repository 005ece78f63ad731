"""Everything the files say against everything the school has: what would be written, and what is shown before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ejd.access import Position
from ejd.importing import (
    comparing_adults,
    comparing_guardians,
    comparing_load,
    comparing_pupils,
    comparing_timetable,
    comparing_year,
)
from ejd.importing.comparing_adults import AdultsPlan
from ejd.importing.comparing_load import LoadPlan
from ejd.importing.comparing_pupils import PupilsPlan
from ejd.importing.comparing_timetable import TimetablePlan
from ejd.importing.comparing_year import YearPlan
from ejd.importing.preview import Decisions, Findings
from ejd.importing.recognising import Kind, Meaning, Recognised
from ejd.importing.records import ClassKey, Records, class_title, read_sheet
from ejd.importing.sheets import Sheet
from ejd.importing.standing import Standing

FIRST_MONTH = 6  # from June on lists are for the year to come
FIVE_DAYS, SIX_DAYS = 5, 6  # school days a week


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a sheet is."""

    kind: Kind
    columns: Mapping[int, Meaning] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All that would be written, by natural keys."""

    since: date
    year: YearPlan
    classes: dict[ClassKey, int]  # new ones and their school days a week
    pupils: PupilsPlan
    adults: AdultsPlan
    load: LoadPlan
    timetable: TimetablePlan

    @property
    def moves_lessons(self) -> bool:
        """Whether lessons that stand must be brought into line."""
        return bool(self.year.terms or self.year.days_off is not None or self.year.bells or self.load.opened
                    or self.load.assigned or self.load.retired or self.adults.gone)

    @property
    def adds_ground(self) -> bool:
        """Whether the timetable rests on something that is not in the database yet."""
        return self.year.is_new or bool(self.classes) or self.moves_lessons or bool(self.adults.who)


def first_year(today: date) -> int:
    """The calendar year in which the school year in hand begins."""
    return today.year if today.month >= FIRST_MONTH else today.year - 1


def records_of(sheets: Sequence[tuple[Sheet, Recognised]], today: date) -> Records:
    records = Records()
    for sheet, found in sheets:
        read_sheet(sheet, found, records, today)
    return records


def plan(records: Records, standing: Standing, decisions: Decisions, *, today: date,
         year_begins: int, closed: frozenset[Position] = frozenset()) -> tuple[Plan, Findings]:
    """In the order in which one list rests on another."""
    findings = Findings(rejections=list(records.rejections))
    year = comparing_year.compare(records, standing, findings, year_begins=year_begins, today=today)
    classes = standing.classes.keys() | {row.class_key for row in records.pupils}
    adults = comparing_adults.compare(records, standing, decisions, findings, classes, closed)
    since = decisions.since or _since(standing, year, today)
    pupils = comparing_pupils.compare(records, standing, decisions, findings, since)
    comparing_guardians.compare(pupils, adults, standing, decisions, findings)
    comparing_pupils.finish(pupils, next(one for one in findings.sections if one.title == "Ученики"))
    load = comparing_load.compare_load(records, standing, adults, decisions, findings, classes)
    comparing_load.compare_subgroups(records, standing, pupils, load, findings, classes)
    timetable = comparing_timetable.compare(records, standing, adults, load, decisions, findings, classes,
                                            _bell_numbers(year, standing))
    new = {key: SIX_DAYS if key in timetable.saturdays else FIVE_DAYS
           for key in sorted(classes - standing.classes.keys())}
    if new:
        findings.notes.append(f"Новые классы: {_titles(new)}")
    if late := sorted(key for key in timetable.saturdays - new.keys() if standing.days.get(key) == FIVE_DAYS):
        findings.notes.append(f"Пятидневная неделя, а в расписании есть уроки в субботу: {_titles(late)}. Они не "
                              "появятся, пока на странице «Недели классов» этим классам не выбраны «6 дней»")
    return Plan(since, year, new, pupils, adults, load, timetable), findings


def _titles(classes: Iterable[ClassKey]) -> str:
    return ", ".join(class_title(key) for key in classes)


def _since(standing: Standing, year: YearPlan, today: date) -> date:
    """Until a school has its first timetable its lists hold from the year's first day, later ones from today."""
    return year.starts_on if not standing.versions else min(max(today, year.starts_on), year.ends_on)


def _bell_numbers(year: YearPlan, standing: Standing) -> set[int]:
    new = {bell.number for bell in year.bells[1]} if year.bells else set()
    return new | {bell.number for _, bells in standing.bells for bell in bells}
