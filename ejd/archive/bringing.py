"""All data of a school into an empty installation, so that it is the same school (R54)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ejd.archive import packing
from ejd.archive.export import FILES, TABLES, WHAT
from ejd.archive.formats import FORMATS
from ejd.archive.tables import TableOut, meant, tables_out
from ejd.config import make_folder
from ejd.db import Session, continue_numbering
from ejd.files.store import put_back
from ejd.refusal import Refused

AT_ONCE = 1000
PREFILLED = frozenset({"work_kind"})  # what a new installation has of its own
NOT_EMPTY = "База не пуста: данные школы загружают только в новую установку, сразу после команды init"
BROKEN = "Файл не подходит: {what}"


def open_export(path: Path, *, revision: str) -> dict[str, Any]:
    """The manifest of a whole, unchanged export of this version of the program. Raises Refused otherwise."""
    checked = packing.check(path)
    if checked.faults:
        raise Refused("Файл изменён или повреждён: " + "; ".join(checked.faults[:5]))
    manifest = checked.manifest
    if manifest.get("what") != WHAT or manifest.get("form") not in FORMATS:
        raise Refused(BROKEN.format(what="это не выгрузка всех данных"))
    if manifest.get("revision") != revision:
        raise Refused(BROKEN.format(what=f"он сделан версией базы {manifest.get('revision')}, а здесь {revision}. "
                                         "Загрузите его той же версией программы, потом обновите её"))
    return manifest


def bring_in(session: Session, path: Path, manifest: Mapping[str, Any], *, files: Path) -> int:
    """Read back everything of a file that `open_export` found whole; how many rows. Attached files are put first: a
    file without its row harms nobody."""
    tables = tables_out(secrets=manifest["secrets"])
    _refuse_unless_empty(session)
    with zipfile.ZipFile(path) as packed:
        for name in manifest["files"]:
            if name.startswith(f"{FILES}/"):
                make_folder(files)
                put_back(files, packed.read(name))
        try:
            rows = sum(_fill(session, packed, one, manifest["form"]) for one in tables)
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            raise Refused(BROKEN.format(what=f"таблицы не читаются ({error})")) from error
    continue_numbering(session, [one.table for one in tables])
    return rows


def _refuse_unless_empty(session: Session) -> None:
    tables = [one.table for one in tables_out(secrets=True)]
    counts = session.execute(select(*(select(func.count()).select_from(table).scalar_subquery()
                                      for table in tables))).one()
    if any(count for table, count in zip(tables, counts, strict=True) if table.name not in PREFILLED):
        raise Refused(NOT_EMPTY)
    for table in tables:
        if table.name in PREFILLED:
            session.execute(delete(table))


def _fill(session: Session, packed: zipfile.ZipFile, one: TableOut, form: str) -> int:
    """Write the rows of a table; what a row says of others of its own table is written after all of them are there."""
    own = [column.name for column in one.table.columns
           if any(key.column.table is one.table for key in column.foreign_keys)]
    later: list[dict[str, Any]] = []
    part: list[dict[str, Any]] = []
    count = 0
    for row in _rows(packed, one, form):
        if any(row[name] is not None for name in own):
            later.append({"of_row": row["id"], **{f"to_{name}": row[name] for name in own}})
        part.append(row | dict.fromkeys(own))
        count += 1
        if len(part) == AT_ONCE:
            session.execute(insert(one.table), part)
            part = []
    if part:
        session.execute(insert(one.table), part)
    if later:
        session.execute(update(one.table).where(one.table.c.id == bindparam("of_row"))
                        .values({name: bindparam(f"to_{name}") for name in own}), later)
    return count


def _rows(packed: zipfile.ZipFile, one: TableOut, form: str) -> Iterator[dict[str, Any]]:
    kinds = {column.name: column.kind for column in one.columns}
    with packed.open(f"{TABLES}/{one.name}.{form}") as part:
        for row in FORMATS[form][1](io.TextIOWrapper(part, encoding="utf-8", newline="")):
            if row.keys() != kinds.keys():
                raise ValueError(f"{one.name}: столбцы другие")
            yield {name: meant(value, kinds[name]) for name, value in row.items()}
