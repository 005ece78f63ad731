"""Everything about one person as a paper in readable Russian, and as JSON for another program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ejd.documents.flow_pdf import FULL_WIDTH, Block, Paper, Row, draw, paragraph
from ejd.documents.fonts import register
from ejd.privacy.everything import Everything, Plain
from ejd.words import NBSP, day_year

SIZE = 9.0
FORMAT = "ejd-person-1"
ABOUT_THE_REST = ("Записи, которые этот человек сделал о других, здесь только посчитаны: в них сведения третьих лиц. "
                  "Из чужих имён названы только имена учителей, как в журнале, и имена детей их представителю.")


def as_pdf(found: Everything, *, school: str) -> bytes:
    """On A4, in as many pages as it takes."""
    register()
    return draw([Paper(SIZE, [Block((tuple(_rows(found, school)),))])], title=f"Сведения о человеке: {found.name}",
                running=f"{found.name}. Сведения, которые хранятся. Выписано {day_year(found.made_on)}")


def as_json(found: Everything, *, school: str) -> bytes:
    """Dates are ISO 8601; headings are those of the paper, keys of sections are the program's own."""
    body: dict[str, Any] = {
        "format": FORMAT, "school": school, "made_on": found.made_on,
        "person": {"name": found.name, "birth_date": found.birth_date},
        "sections": [{"key": one.key, "title": one.title, "note": one.note, "rows": list(one.rows)}
                     for one in found.sections],
        "made_for_others": [{"title": title, "count": count} for title, count in found.made],
        "about": ABOUT_THE_REST,
    }
    return json.dumps(body, ensure_ascii=False, indent=1, default=lambda value: value.isoformat()).encode()


def in_words(value: Plain) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    return day_year(value) if isinstance(value, date) else str(value)


def _rows(found: Everything, school: str) -> Iterator[Row]:
    yield paragraph(school, SIZE, FULL_WIDTH)
    yield paragraph(f"Сведения, которые хранятся о человеке: {found.name}", SIZE, FULL_WIDTH, bold=True, scale=1.5)
    born = f"Дата рождения: {day_year(found.birth_date)}. " if found.birth_date else ""
    yield paragraph(f"{born}Выписано {day_year(found.made_on)}.", SIZE, FULL_WIDTH)
    for section in found.sections:
        yield _space()
        yield Row(1.3, paragraph(f"{section.title} ({len(section.rows)})", SIZE, FULL_WIDTH, bold=True,
                                 scale=1.15).texts, ground=True)
        if section.note:
            yield paragraph(section.note, SIZE, FULL_WIDTH)
        for row in section.rows:
            words = "; ".join(f"{heading}:{NBSP}{in_words(value)}" for heading, value in row.items())
            yield paragraph(words or "без подробностей", SIZE, FULL_WIDTH, indent=8)
    yield _space()
    yield Row(1.3, paragraph("Записи о других", SIZE, FULL_WIDTH, bold=True, scale=1.15).texts, ground=True)
    yield paragraph(ABOUT_THE_REST, SIZE, FULL_WIDTH)
    for title, count in found.made:
        yield paragraph(f"{title}: {count}", SIZE, FULL_WIDTH, indent=8)


def _space() -> Row:
    return Row(0.6, ())
