"""Calendar and bells of the files against those of the school."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ejd import names
from ejd.importing import cell_values as cells
from ejd.importing.preview import Findings, Section
from ejd.importing.records import CalendarRow, Records, Rejection
from ejd.importing.standing import Standing
from ejd.school.year_plan import (
    MOST_TERMS,
    BellPlan,
    DayOffPlan,
    TermPlan,
    fault_of_bells,
    fault_of_days_off,
    fault_of_terms,
    fault_of_year,
)

HOLIDAYS = "каникул"
HALVES = (("I полугодие", (0, 1)), ("II полугодие", (2, 3)))
USUAL_BELLS = "Основное"
YEAR_BEGINS, YEAR_ENDS = (9, 1), (5, 26)  # month and day


@dataclass(slots=True)
class YearPlan:
    """The school year with its terms, days off and bells; None is left as it is."""

    name: str
    starts_on: date
    ends_on: date
    is_new: bool
    terms: dict[str, list[TermPlan]] = field(default_factory=dict)
    days_off: list[DayOffPlan] | None = None
    bells: tuple[str, list[BellPlan]] | None = None


def year_name(day: date) -> str:
    """«2026/2027» for a first day in 2026."""
    return f"{day.year}/{day.year + 1}"


def year_of(records: Records, year_begins: int) -> str | None:
    """The year that the calendar of the files is for, when it can be one."""
    terms = _terms(records.calendar)
    return year_name(_span_of(terms)[0]) if terms and _fault_of_calendar(terms, year_begins) is None else None


def compare(records: Records, standing: Standing, findings: Findings, *, year_begins: int, today: date) -> YearPlan:
    """Terms, days off and bells as the files want them, each list only when it can stand."""
    terms = _terms(records.calendar)
    fault = _fault_of_calendar(terms, year_begins) if terms else None
    plan = _plain_year(standing, year_begins, needed=bool(records.pupils or (terms and not fault)))
    if fault:
        place = records.calendar[0].place
        findings.rejections.append(Rejection(place, fault, "Исправьте даты периодов и загрузите календарь снова"))
    elif terms:
        plan.starts_on, plan.ends_on = _span_of(terms)
        plan.name, plan.terms = year_name(plan.starts_on), terms
    if records.calendar:
        _days_off(records.calendar, plan, standing, findings)
    _bells(records, standing, plan, findings)
    findings.sections += [_told_calendar(plan, standing, today), _told_bells(plan, standing, len(records.bells))]
    return plan


def _span_of(terms: dict[str, list[TermPlan]]) -> tuple[date, date]:
    every = [term for plans in terms.values() for term in plans]
    return min(term.starts_on for term in every), max(term.ends_on for term in every)


def _fault_of_calendar(terms: dict[str, list[TermPlan]], year_begins: int) -> str | None:
    """Why these can't be the terms of a year: all of a scheme must be there, for they make the year."""
    span = _span_of(terms)
    if abs(span[0].year - year_begins) > 1:
        return f"Это календарь {year_name(span[0])} учебного года: проверьте год в датах"
    for scheme, plans in terms.items():
        if len(plans) < MOST_TERMS[scheme]:
            return f"В календаре не все периоды: {', '.join(plan.name for plan in plans)}"
    faults = (fault_of_year(*span), *(fault_of_terms(scheme, plans, span) for scheme, plans in terms.items()))
    return next((fault for fault in faults if fault), None)


def _plain_year(standing: Standing, begins: int, *, needed: bool) -> YearPlan:
    if standing.starts_on and standing.ends_on:
        return YearPlan(standing.year_name, standing.starts_on, standing.ends_on, False)
    return YearPlan(f"{begins}/{begins + 1}", date(begins, *YEAR_BEGINS), date(begins + 1, *YEAR_ENDS), needed)


def _terms(rows: list[CalendarRow]) -> dict[str, list[TermPlan]]:
    """Terms by scheme; half-years follow from four quarters when the file names none (R15)."""
    found: dict[str, list[TermPlan]] = {}
    for row in rows:
        if told := cells.term_of(row.title):
            found.setdefault(told[0], []).append(TermPlan(told[1], row.title, row.first, row.last))
    for plans in found.values():
        plans.sort(key=lambda plan: plan.number)
    quarters = found.get("quarters", [])
    if [plan.number for plan in quarters] == [1, 2, 3, 4] and "half_years" not in found:
        found["half_years"] = [TermPlan(number, name, quarters[first].starts_on, quarters[last].ends_on)
                               for number, (name, (first, last)) in enumerate(HALVES, 1)]
    return found


def _days_off(rows: list[CalendarRow], plan: YearPlan, standing: Standing, findings: Findings) -> None:
    """All days off as the file wants them. When a row of it can't be read, the school loses none of its own."""
    wanted: list[DayOffPlan] = []
    for row in rows:
        if cells.term_of(row.title):
            continue
        first, last = cells.grades_of(row.title)
        day_off = DayOffPlan(row.title, row.first, row.last, HOLIDAYS in names.fold(row.title), first, last)
        if fault := fault_of_days_off([*wanted, day_off], (plan.starts_on, plan.ends_on)):
            findings.rejections.append(Rejection(row.place, fault, "Исправьте даты этой строки"))
        else:
            wanted.append(day_off)
    sheets = {(row.place.file, row.place.sheet) for row in rows}
    if any((one.place.file, one.place.sheet) in sheets for one in findings.rejections):
        named = {_named(row) for row in wanted}
        wanted += [row for row in standing.days_off if _named(row) not in named]
    plan.days_off = wanted or None


def _bells(records: Records, standing: Standing, plan: YearPlan, findings: Findings) -> None:
    bells: list[BellPlan] = []
    for row in records.bells:
        bell = BellPlan(row.number, row.begins, row.ends)
        if fault := fault_of_bells([*bells, bell]):
            findings.rejections.append(Rejection(row.place, fault, "Исправьте начало и конец этого урока"))
        else:
            bells.append(bell)
    name, there = standing.bells[0] if standing.bells else (USUAL_BELLS, ())
    sheets = {(row.place.file, row.place.sheet) for row in records.bells}
    if any((one.place.file, one.place.sheet) in sheets for one in findings.rejections):  # a row is wrong, none is lost
        bells += [bell for bell in there if fault_of_bells([*bells, bell]) is None]
    if bells and sorted(bells, key=lambda bell: bell.number) != list(there):
        plan.bells = (name, bells)


def _told_calendar(plan: YearPlan, standing: Standing, today: date) -> Section:
    section = Section("Календарь")
    terms = {(term.scheme, term.number): (term.name, term.starts_on, term.ends_on) for term in standing.terms}
    if plan.is_new or plan.terms:
        there_is = (standing.starts_on, standing.ends_on) if standing.starts_on and standing.ends_on else None
        _tell(section, f"{plan.name} учебный год", (plan.starts_on, plan.ends_on), there_is)
    for scheme, plans in plan.terms.items():
        for term in plans:
            there = terms.get((scheme, term.number))
            _tell(section, term.name, (term.starts_on, term.ends_on), there and there[1:])
    if plan.days_off is not None:
        _tell_days_off(section, plan.days_off, list(standing.days_off), today)
    return section


def _tell_days_off(section: Section, wanted: list[DayOffPlan], there: list[DayOffPlan], today: date) -> None:
    """Equal rows first, then those of one name; what has begun is never taken away."""
    unequal = []
    for row in wanted:
        equal = next((one for one in there if _named(one) == _named(row) and _days(one) == _days(row)), None)
        if equal is None:
            unequal.append(row)
        else:
            there.remove(equal)
            section.unchanged += 1
    for row in unequal:
        named = next((one for one in there if _named(one) == _named(row)), None)
        if named is not None:
            there.remove(named)
        _tell(section, row.name, _days(row), _days(named) if named else None)
    section.changed += [f"убирается – {row.name}: {_span(*_days(row))}" for row in there if row.starts_on > today]


def _named(row: DayOffPlan) -> tuple[str, bool, int, int]:
    return names.fold(row.name), row.holidays, row.first_grade, row.last_grade


def _days(row: DayOffPlan) -> tuple[date, date]:
    return row.starts_on, row.ends_on


def _told_bells(plan: YearPlan, standing: Standing, told_of: int) -> Section:
    section = Section("Звонки", unchanged=0 if plan.bells else told_of)
    there = {bell.number: (bell.starts_at, bell.ends_at) for _, bells in standing.bells[:1] for bell in bells}
    for bell in plan.bells[1] if plan.bells else ():
        told = f"Урок {bell.number}: {bell.starts_at:%H:%M}–{bell.ends_at:%H:%M}"
        if bell.number not in there:
            section.new.append(told)
        elif there[bell.number] != (bell.starts_at, bell.ends_at):
            section.changed.append(f"{told}, было {there[bell.number][0]:%H:%M}–{there[bell.number][1]:%H:%M}")
        else:
            section.unchanged += 1
    return section


def _tell(section: Section, name: str, span: tuple[date, date], there: tuple[date, date] | None) -> None:
    if there is None:
        section.new.append(f"{name}: {_span(*span)}")
    elif there != span:
        section.changed.append(f"{name}: {_span(*span)}, было {_span(*there)}")
    else:
        section.unchanged += 1


def _span(first: date, last: date) -> str:
    return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"
