"""The register of certifications as a table: on paper, and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ejd import clock
from ejd.certification.queries import Line
from ejd.documents.tables import Column, Table

COLUMNS = (Column("№", 10, "right"), Column("Дата", 20), Column("Класс", 14), Column("Период", 26),
           Column("Листов", 14, "right"), Column("Страниц", 15, "right"), Column("Напечатан", 28),
           Column("Контрольная сумма содержания", 60), Column("Директор", 34), Column("Состояние", 40))
SHOWN = 16  # characters of a checksum that tell copies apart


def register_table(lines: Sequence[Line], *, year_name: str, school: str, made_on: date) -> Table:
    return Table(
        title=f"Журнал заверений печатных журналов, {year_name}", subtitle=school, columns=COLUMNS,
        rows=[(line.number, line.certified_on, line.class_name, line.period, line.sheets, line.pages,
               clock.local(line.printed_at).replace(tzinfo=None), line.checksum[:SHOWN], line.by, state_of(line))
              for line in lines],
        made_on=made_on, below=("", "Директор ____________________ / ____________________ /"))


def state_of(line: Line) -> str:
    """What has become of a line."""
    if line.withdrawn_at is not None:
        return f"отменена {clock.local(line.withdrawn_at):%d.%m.%Y}"
    if line.replaced:
        return "заменён новым экземпляром"
    return "устарел: журнал изменился" if line.changed else "действует"
