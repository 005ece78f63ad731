"""A school's report to the authority, counted from the same figures as control, certification, cards, forms and sheets
(R60); and several schools' reports side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime

from ejd.certification.queries import class_periods, figures_of
from ejd.compliance.authority_report import FIGURES, OF_CONTROL, PART_TITLES, SHARES, Part, SchoolReport
from ejd.compliance.metrics import By
from ejd.compliance.queries import report_of
from ejd.compliance.scope import Scope, launches
from ejd.credentials import holders, register
from ejd.db import Session
from ejd.documents.tables import Column, Share, Table, Value
from ejd.families.provision import Form
from ejd.families.queries import forms_of_school
from ejd.families.queries_sheets import sheets_figures
from ejd.families.sheets_in_span import in_all
from ejd.school.models import SchoolYear
from ejd.school.queries import year_on, years
from ejd.school.settings import Settings
from ejd.words import counted, long_date

ALL = frozenset(Part)
FORMS = {"guardians_electronic": Form.ELECTRONIC, "guardians_no_internet": Form.PAPER,
         "guardians_refused": Form.REFUSED, "guardians_limited": Form.LIMITED}
NO_SCHOOL = "Школа"  # where the settings name none


def report_for(session: Session, *, first: date, last: date, settings: Settings, today: date, now: datetime,
               real_now: datetime, parts: Collection[Part] = ALL) -> SchoolReport:
    """The school's figures; of some parts only, for a page of it. Six statements a part at most, and one."""
    year = year_on(years(session), last)
    figures: dict[str, int] = {}
    if Part.JOURNALS in parts:
        figures |= _of_journals(session, Scope(first, last), settings, today, now)
    if Part.FAMILIES in parts:
        figures |= _of_families(session, year, settings, today=today, last=last, real_now=real_now)
    if Part.SHEETS in parts:
        figures |= _of_sheets(session, year, first, last, now)
    return SchoolReport(settings.value("school.name", on=None) or NO_SCHOOL, first, last, today,
                        {name: figures[name] for name in FIGURES if name in figures})


def as_table(report: SchoolReport) -> Table:
    """The report as a table for people: figure, and how it is counted."""
    rows: list[list[Value]] = []
    for part in Part:
        rows += [[PART_TITLES[part], told.title, report.figures[name], told.sentence]
                 for name, told in FIGURES.items() if told.part is part and name in report.figures]
    rows += [["Доли", title, Share(share), ""] for title in SHARES if (share := report.share(title)) is not None]
    return Table("Отчёт о ведении электронного журнала",
                 f"{report.school} · {long_date(report.first)} – {long_date(report.last)}",
                 (Column("Раздел", 35), Column("Показатель", 60), Column("Число", 22, "right"),
                  Column("Как считается", 110)), rows, made_on=report.made_on)


def side_by_side(reports: Sequence[SchoolReport], *, made_on: date) -> Table:
    """Several schools, one a row: shares first, for these can be compared, then every figure."""
    columns = [Column("Школа", 50), Column("С", 20), Column("По", 20), Column("Составлен", 20),
               *(Column(title, 20, "right") for title in SHARES),
               *(Column(told.title, 20, "right") for told in FIGURES.values())]
    rows: list[list[Value]] = []
    for report in sorted(reports, key=lambda report: (report.school, report.first)):
        shares = (report.share(title) for title in SHARES)
        rows.append([report.school, report.first, report.last, report.made_on,
                     *(Share(share) if share is not None else None for share in shares),
                     *(report.figures[name] for name in FIGURES)])
    return Table("Отчёты школ", counted(len(reports), "отчёт", "отчёта", "отчётов"), columns, rows, made_on=made_on)


def _of_journals(session: Session, scope: Scope, settings: Settings, today: date, now: datetime) -> dict[str, int]:
    total = report_of(session, scope=scope, by=By.CLASS, launches=launches(settings), today=today, now=now).total
    return {"pupils": total.many_pupils, **{name: total[figure] for name, figure in OF_CONTROL.items()},
            "marks_longest_delay": total.worst}


def _of_families(session: Session, year: SchoolYear | None, settings: Settings, *, today: date, last: date,
                 real_now: datetime) -> dict[str, int]:
    copies = class_periods(session, year_id=year.id, today=today, settings=settings) if year else []
    certified = figures_of(copies)
    forms = Counter(row.form for row in forms_of_school(session, day=last) if row.guardian_id is not None)
    due, used = register.signed_in_of_all(session, custom=holders.custom_of(settings), today=today, real_now=real_now)
    return {"classes": len({copy.class_id for copy in copies}),
            **{f"certification_{name}": getattr(certified, name) for name in certified._fields},
            "guardians": forms.total(), **{name: forms[form] for name, form in FORMS.items()},
            "logins_due": due, "logins_used": used}


def _of_sheets(session: Session, year: SchoolYear | None, first: date, last: date, now: datetime) -> dict[str, int]:
    total = in_all(sheets_figures(session, year_id=year.id, first=first, last=last, now=now) if year else [])
    return {f"sheets_{name}": getattr(total, name) for name in ("due", "printed", "handed", "in_time")}
