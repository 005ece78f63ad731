"""`flask --app app report make | combine`: the report to the authority, and several schools' reports in one table."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import click

from ejd import clock
from ejd.complaints import plainly, the_school
from ejd.compliance import authority
from ejd.compliance.authority_report import SchoolReport, read_json, to_json
from ejd.compliance.authority_report import schema as file_schema
from ejd.db import db
from ejd.documents.table_xlsx import FORMULA_SIGNS
from ejd.documents.tables import Table, as_pdf, as_xlsx, in_words
from ejd.refusal import Refused
from ejd.words import long_date

DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])
OUT = click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path))


@click.group("report", help="Отчёт школы управлению образования.")
def report() -> None:
    """The report to the education authority."""


@report.command("make", help="Составить отчёт школы: файл .json, .xlsx или .pdf.")
@click.option("--first", required=True, type=DAY, help="Первый день, например 2026-09-01.")
@click.option("--last", required=True, type=DAY, help="Последний день.")
@OUT
def make(first: datetime, last: datetime, out: Path) -> None:
    """Count this school's figures for a span of days and write them."""
    with plainly():
        settings = the_school()
        if last < first:
            raise Refused("Последний день раньше первого: поменяйте даты местами")
        writer = {".json": lambda made: to_json(made).encode(), ".xlsx": lambda made: as_xlsx(authority.as_table(made)),
                  ".pdf": lambda made: as_pdf(authority.as_table(made), landscape=True)}.get(out.suffix.lower())
        if writer is None:
            raise Refused("Имя файла кончается на .json, .xlsx или .pdf")
        made = authority.report_for(db.session, first=first.date(), last=last.date(), settings=settings,
                                    today=clock.today(), now=clock.now(), real_now=clock.real_now())
        _write(out, writer(made))
        click.echo(f"Отчёт: {out}")


@report.command("schema", help="Показать описание файла отчёта (JSON Schema).")
def show_schema() -> None:
    """The published schema, as docs/report.schema.json holds it."""
    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


@report.command("combine", help="Свести отчёты нескольких школ (файлы .json) в одну таблицу .xlsx или .csv.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@OUT
def combine(files: tuple[Path, ...], out: Path) -> None:
    """Lay several schools side by side."""
    with plainly():
        if out.suffix.lower() not in {".xlsx", ".csv"}:
            raise Refused("Имя таблицы кончается на .xlsx или .csv")
        reports = [_read(path) for path in files]
        _no_school_twice(reports, files)
        table = authority.side_by_side(reports, made_on=clock.today())
        _write(out, as_xlsx(table) if out.suffix.lower() == ".xlsx" else _as_csv(table))
        spans = {(one.first, one.last) for one in reports}
        if len(spans) > 1:
            click.echo("Отчёты за разные дни, сравнивать их числа нельзя: " + "; ".join(
                f"{long_date(first)} – {long_date(last)}" for first, last in sorted(spans)))
        click.echo(f"Школ: {len(reports)}. Таблица: {out}")


def _read(path: Path) -> SchoolReport:
    try:
        return read_json(path.read_bytes())
    except OSError:
        raise Refused(f"{path}: файл не читается") from None
    except Refused as refused:
        raise Refused(f"{path}: {refused}") from None


def _no_school_twice(reports: Sequence[SchoolReport], files: Sequence[Path]) -> None:
    seen: dict[tuple[str, date, date], Path] = {}
    for one, path in zip(reports, files, strict=True):
        key = (one.school, one.first, one.last)
        if other := seen.get(key):
            raise Refused(f"{path}: отчёт той же школы за те же дни, что и {other}")
        seen[key] = path


def _write(out: Path, body: bytes) -> None:
    try:
        out.write_bytes(body)
    except OSError as error:
        raise Refused(f"{out}: не записать: {error.strerror}") from None


def _as_csv(table: Table) -> bytes:
    """As Excel opens it in Russia: semicolons and a byte order mark; no text becomes a formula."""
    body = StringIO()
    writer = csv.writer(body, delimiter=";")
    writer.writerow(column.title for column in table.columns)
    for row in table.rows:
        cells = (str(value) if isinstance(value, int) else in_words(value) for value in row)
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell for cell in cells)
    return body.getvalue().encode("utf-8-sig")
