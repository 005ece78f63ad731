"""The weekly sheets behind the figures of paper: whose, of which week, what became of them, and where that is mended
(R25, R60)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from ejd.compliance.lists import CLASS, PUPIL, Listing
from ejd.compliance.metrics import Meaning
from ejd.compliance.scope import Scope
from ejd.db import Session
from ejd.documents.tables import Column
from ejd.families.queries_sheets import sheets_of_school
from ejd.families.sheets_in_span import Figures, InSpan


class SheetFigure(StrEnum):
    """A figure of weekly sheets; the value is the address of the list behind it."""

    NOT_HANDED = "sheets-not-handed"
    WAITING = "sheets-waiting"
    UNCOLLECTED = "sheets-uncollected"
    PRINTED = "sheets-printed"
    HANDED = "sheets-handed"
    IN_TIME = "sheets-in-time"
    DUE = "sheets-due"


F = SheetFigure
MEANINGS: dict[SheetFigure, Meaning] = {
    F.NOT_HANDED: Meaning("Не выдано", "Недельные листы, которые не выданы",
                          "Из положенных – те, у которых выдача не отмечена, напечатаны они или нет."),
    F.WAITING: Meaning("Напечатано, ждёт семью", "Недельные листы, которые напечатаны и не выданы",
                       "Напечатаны, выдача ещё не отмечена."),
    F.UNCOLLECTED: Meaning("Не забрано", "Недельные листы, которые семьи не забрали",
                           "Напечатаны, выдача не отмечена, а время забрать лист прошло."),
    F.PRINTED: Meaning("Напечатано", "Напечатанные недельные листы", "Из положенных – те, что уже напечатаны."),
    F.HANDED: Meaning("Выдано", "Выданные недельные листы", "Отмечено, кому лист вручён."),
    F.IN_TIME: Meaning("Выдано в срок", "Недельные листы, выданные в срок",
                       "Вручены не позже последнего дня выдачи."),
    F.DUE: Meaning("Положено", "Недельные листы, которые положены",
                   "Листы семьям, которые получают дневник на бумаге, за недели, последний день выдачи которых попал в "
                   "эти дни."),
}
COUNTED: dict[SheetFigure, tuple[Callable[[Figures], int], Callable[[InSpan], bool]]] = {  # in all, and one by one
    F.NOT_HANDED: (lambda all_: all_.due - all_.handed, lambda one: not one.handed),
    F.WAITING: (lambda all_: all_.waiting, lambda one: one.printed and not one.handed),
    F.UNCOLLECTED: (lambda all_: all_.uncollected, lambda one: one.uncollected),
    F.PRINTED: (lambda all_: all_.printed, lambda one: one.printed),
    F.HANDED: (lambda all_: all_.handed, lambda one: one.handed),
    F.IN_TIME: (lambda all_: all_.in_time, lambda one: one.in_time),
    F.DUE: (lambda all_: all_.due, lambda one: True),
}
COLUMNS = (CLASS, PUPIL, Column("Семья", 34), Column("Неделя с", 22), Column("Выдать до", 22),
           Column("Напечатан", 22), Column("Выдан", 22), Column("Как стоит", 58))


class SheetPlace(NamedTuple):
    """Where sheets of a class are printed and handed out; those handed out stand in its log."""

    class_id: int
    printed: bool
    handed: bool


def many(figure: SheetFigure, sheets: Figures) -> int:
    """The figure of a class or of the whole."""
    return COUNTED[figure][0](sheets)


def listing(session: Session, *, figure: SheetFigure, year_id: int, scope: Scope, now: datetime, today: date,
            limit: int, offset: int = 0) -> Listing:
    """Rows `offset` to `offset + limit`, by class, week and pupil; of a filter the class alone. Six statements."""
    sheets = sheets_of_school(session, year_id=year_id, first=scope.first, last=scope.last, now=now).in_span
    found = [one for one in sheets if scope.class_id in (None, one.class_id) and COUNTED[figure][1](one)]
    shown = found[offset:offset + limit]
    return Listing(len(found), COLUMNS, [
        (one.class_name, one.pupil, one.guardian, one.monday, one.due_on, one.printed_on, one.handed_on,
         one.state(today)) for one in shown],
        [SheetPlace(one.class_id, one.printed, one.handed) for one in shown], CLASS.title)
