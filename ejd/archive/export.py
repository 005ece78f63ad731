"""All data of the school as tables in one signed file (R54): CSV or JSON, with a description and the attached files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from ejd.archive.formats import FORMATS
from ejd.archive.packing import Pack
from ejd.archive.tables import TableOut, tables_out, told
from ejd.db import Session, one_snapshot
from ejd.files.models import StoredFile
from ejd.files.store import path_of

WHAT = "all_data"
DESCRIPTION, READ_ME = "description.json", "Описание.txt"
TABLES, FILES = "tables", "files"
KINDS = {"boolean": "да или нет", "integer": "число", "moment": "момент", "date": "дата", "time": "время суток",
         "bytes": "двоичное", "text": "текст"}

Tell = Callable[[int, int], None]


def rows_in_all(session: Session, *, secrets: bool = False) -> int:
    """How many rows would go. One statement."""
    counts = [select(func.count()).select_from(one.table).scalar_subquery() for one in tables_out(secrets=secrets)]
    return sum(session.execute(select(*counts)).one())


def export(session: Session, target: IO[bytes], *, key: Ed25519PrivateKey, files: Path, school: str, revision: str,
           form: str = "csv", secrets: bool = False, now: datetime, tell: Tell = lambda done, total: None) -> int:
    """Write everything into one file; how many rows. Everything is read in one snapshot."""
    one_snapshot(session)
    tables = tables_out(secrets=secrets)
    pack, rows = Pack(target), {}
    for done, one in enumerate(tables):
        tell(done, len(tables))
        rows[one.name] = _write_table(session, pack, one, form)
    missing = _write_files(session, pack, files)
    pack.add(DESCRIPTION, _described(tables, rows))
    pack.add(READ_ME, _read_me(tables, rows, form, secrets=secrets).encode())
    pack.seal(key, what=WHAT, school=school, made_at=now.isoformat(), revision=revision, form=form, secrets=secrets,
              rows=sum(rows.values()), files_not_found=missing)
    return sum(rows.values())


def _write_table(session: Session, pack: Pack, one: TableOut, form: str) -> int:
    table, names = one.table, [column.name for column in one.columns]
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=2000)
    instead = [(names.index(name), value) for name, value in one.instead.items()]

    def rows() -> Any:
        for row in session.execute(query):
            cells = [told(value) for value in row]
            for place, value in instead:
                cells[place] = value
            yield cells

    with pack.file(f"{TABLES}/{one.name}.{form}") as out:
        return FORMATS[form][0](out, names, rows())


def _write_files(session: Session, pack: Pack, folder: Path) -> list[str]:
    """Add what people attached; the checksums of files that are not on the disk any more."""
    missing = []
    for sha256 in session.scalars(select(StoredFile.sha256).order_by(StoredFile.id)):
        if (place := path_of(folder, sha256)) is None:
            missing.append(sha256)
        else:
            pack.add(f"{FILES}/{sha256}", place.read_bytes())
    return missing


def _described(tables: list[TableOut], rows: dict[str, int]) -> bytes:
    told_of = [{"table": one.name, "title": one.title, "meaning": one.meaning, "rows": rows[one.name],
                "key": [column.name for column in one.table.primary_key.columns],
                "columns": [{"name": column.name, "kind": column.kind, "may_be_empty": column.empty,
                             "refers_to": column.refers, "meaning": column.meaning,
                             **({"codes": dict(column.codes)} if column.codes else {}),
                             **({"left_out": True} if column.name in one.instead else {})} for column in one.columns]}
               for one in tables]
    return (json.dumps(told_of, ensure_ascii=False, indent=1) + "\n").encode()


def _read_me(tables: list[TableOut], rows: dict[str, int], form: str, *, secrets: bool) -> str:
    lines = [
        "Все данные школы: таблицы программы ЭЖД, как они лежат в базе.", "",
        f"В папке {TABLES} – по файлу {form.upper()} на таблицу, кодировка UTF-8. Таблицы связаны номерами (id).",
        "Даты: ГГГГ-ММ-ДД. Моменты времени – по Гринвичу (UTC). Двоичное – base64.",
        "У каждого столбца стоит его вид, таблица и столбец, на которые он ссылается (→), и значения его кодов.",
        *(["Пустое значение в CSV записано как \\N; текст, который начинается с \\, получает ещё одну."]
          if form == "csv" else []),
        f"В папке {FILES} – файлы, которые прикладывали к заданиям и заявлениям, под их SHA-256 (таблица stored_file).",
        f"{DESCRIPTION} – описание таблиц и столбцов для программ; ниже то же словами.",
        "Открытых сеансов, неудачных входов и очереди заданий здесь нет." if secrets else
        "Паролей, вторых факторов, паспортов, секретных адресов и открытых сеансов здесь нет.", ""]
    for one in tables:
        lines += ["", f"{one.name} – {one.title}: {one.meaning}. Строк: {rows[one.name]}"]
        for column in one.columns:
            lines += [f"  {column.name} – {column.meaning} ({KINDS[column.kind]}"
                      f"{', может быть пусто' if column.empty else ''}{f', → {column.refers}' if column.refers else ''}"
                      f"{', не выгружается' if column.name in one.instead else ''})",
                      *(f"    {code} – {words}" for code, words in column.codes.items())]
    return "\n".join(lines) + "\n"


