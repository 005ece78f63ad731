"""How the summary sheet is drawn: rows for the page, and a table for Excel and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction

from markupsafe import Markup, escape

from ejd.documents.tables import Column, Share, Table, Value, in_words
from ejd.journal.cells import TINTS
from ejd.results import lists, offering
from ejd.results.queries import Slot
from ejd.results.summary import Cell, Pupil, SummarySheet
from ejd.words import average

LONG = 8  # letters that fit over a column on paper


Address = Callable[[int], str]  # of a pupil's own page


def rows_of(sheet: SummarySheet, slot: Slot, address: Address | None = None) -> Markup:
    """One period: a row for each pupil, then the class's average and shares by subject."""
    rows = []
    for number, pupil in enumerate(sheet.pupils_in(slot), 1):
        cells = "".join(_cell(sheet.cell(pupil.id, subject.id, slot)) for subject in sheet.subjects)
        rows.append(f"<tr><th scope=row><small>{number}</small> {_name(pupil, address)}{cells}"
                    f"{_behaviour(sheet, pupil.id, slot)}<td>{average(sheet.average_of(pupil.id, slot))}\n")
    return Markup("".join(rows))


def rows_of_all(sheet: SummarySheet, address: Address | None = None) -> Markup:
    """The classical form: under each pupil a line for each period."""
    rows = []
    slots = shown_slots(sheet)
    for number, pupil in enumerate(sheet.pupils, 1):
        left = "" if pupil.left_on is None or pupil.left_on >= sheet.today else " <small>выбыл</small>"
        for index, slot in enumerate(slots):
            name = (f"<th scope=rowgroup rowspan={len(slots)}><small>{number}</small> {_name(pupil, address)}{left}"
                    if index == 0 else "")
            cells = "".join(_cell(sheet.cell(pupil.id, subject.id, slot)) for subject in sheet.subjects)
            rows.append(f"<tr>{name}<td>{escape(slot.head)}{cells}{_behaviour(sheet, pupil.id, slot)}"
                        f"<td>{average(sheet.average_of(pupil.id, slot))}\n")
    return Markup("".join(rows))


def feet_of(sheet: SummarySheet, slot: Slot) -> list[tuple[str, list[str]]]:
    """By subject: the average, успеваемость and качество, in words."""
    return [(title, [in_words(value) for value in values]) for title, values in _figures(sheet, slot)]


def _figures(sheet: SummarySheet, slot: Slot) -> list[tuple[str, list[Value]]]:
    columns = [sheet.values_in(subject.id, slot) for subject in sheet.subjects]
    shares = [lists.shares_of(values) for values in columns]
    return [("Средний балл", [offering.mean_of(values) for values in columns]),
            ("Успеваемость", [_share(passing) for passing, _ in shares]),
            ("Качество", [_share(well) for _, well in shares])]


def shown_slots(sheet: SummarySheet) -> list[Slot]:
    """The periods begun, and those in which something stands."""
    filled = {code for _, _, code in sheet.cells}
    return [slot for slot in sheet.slots if slot.code in filled or (slot.term and slot.term.starts_on <= sheet.today)]


def table_of(sheet: SummarySheet, slot: Slot | None, *, school: str, made_on: date, on_paper: bool) -> Table:
    """The sheet of one period, or of all, for Excel and paper, where subjects are shortened. A suggestion stands in
    brackets."""
    columns = [Column("№", 7, "right"), Column("Ученик", 48)]
    if slot is None:
        columns.append(Column("Период", 20))
    columns += [Column(narrow(subject.short) if on_paper else subject.name, 15) for subject in sheet.subjects]
    columns += [Column("Поведение", 18)] if sheet.behaviour_marked else []
    columns.append(Column("Ср.", 12, "right"))
    rows = list(_lines(sheet, [slot] if slot else shown_slots(sheet), slot is None))
    if slot is not None:
        blank: list[Value] = [""] * (1 + sheet.behaviour_marked)
        rows += [["", title, *values, *blank] for title, values in _figures(sheet, slot)]
    title = f"Сводная ведомость {sheet.class_name}, {slot.title if slot else 'весь год'}"
    brackets = "В скобках – предложение программы, отметка не выставлена"
    told = " · ".join(filter(None, (school, sheet.year_name, brackets)))
    return Table(title, told, columns, rows, made_on=made_on)


def narrow(name: str) -> str:
    """A subject over a narrow column: long words cut after a consonant, «Геометр.», «Иностр. язык (английс.)»."""
    words = []
    for word in name.split():
        core = word.strip("()")
        words.append(word.replace(core, core[:7].rstrip("аеёиоуыэюяйьъ") + ".") if len(core) > LONG else word)
    return " ".join(words)


def _lines(sheet: SummarySheet, slots: Iterable[Slot], named: bool) -> Iterator[list[Value]]:
    slots = list(slots)
    pupils = sheet.pupils if named else sheet.pupils_in(slots[0])
    for number, pupil in enumerate(pupils, 1):
        for index, slot in enumerate(slots):
            first: list[Value] = [number, pupil.name] if index == 0 else ["", ""]
            if named:
                first.append(slot.head)
            cells: list[Value] = [_told(sheet.cell(pupil.id, subject.id, slot)) for subject in sheet.subjects]
            manners = [sheet.behaviour.get((pupil.id, slot.code), "")] if sheet.behaviour_marked else []
            yield [*first, *cells, *manners, sheet.average_of(pupil.id, slot)]


def _name(pupil: Pupil, address: Address | None) -> str:
    name = escape(pupil.name)
    return f'<a href="{escape(address(pupil.id))}">{name}</a>' if address else name


def _told(cell: Cell) -> Value:
    if cell.value:
        return int(cell.value) if cell.value.isdigit() else cell.value
    return f"({cell.suggested})" if cell.suggested else ""


def _cell(cell: Cell) -> str:
    if cell.value:
        sign = '<small title="предложена другая">≠</small>' if cell.different else ""
        tint = TINTS.get(cell.value)
        return f"<td><b{f' class={tint}' if tint else ''}>{escape(cell.value)}</b>{sign}"
    return f"<td><i>{escape(cell.suggested)}</i>" if cell.suggested else "<td>"


def _behaviour(sheet: SummarySheet, pupil_id: int, slot: Slot) -> str:
    return f"<td>{escape(sheet.behaviour.get((pupil_id, slot.code), ''))}" if sheet.behaviour_marked else ""


def _share(share: Fraction | None) -> Value:
    return None if share is None else Share(share)
