"""What a school's report to the education authority says, and how its JSON is written, read and checked (R60). Pure.

No personal data: figures of the whole school alone. `docs/report.schema.json` publishes the same for other programs; a
test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from ejd.compliance.metrics import MEANINGS, Figure
from ejd.refusal import Refused

FORMAT, VERSION = "ejd-school-report", 2
LARGEST = 10**9
LONGEST_NAME = 200
LONGEST_FILE = 100_000  # bytes: thirty times what a report has


class Part(StrEnum):
    """A page of the report."""

    JOURNALS = "journals"
    FAMILIES = "families"
    SHEETS = "sheets"


PART_TITLES = {Part.JOURNALS: "Журналы", Part.FAMILIES: "Семьи и заверение", Part.SHEETS: "Недельные листы"}


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the report: its page, its name, and in a sentence how it is counted."""

    part: Part
    title: str
    sentence: str


# Those of the control page, by their name in the file.
OF_CONTROL: dict[str, Figure] = {
    "lessons": Figure.LESSONS,
    "lessons_cancelled": Figure.LESSONS_CANCELLED,
    "lessons_held": Figure.LESSONS_HELD,
    "lessons_filled": Figure.LESSONS_FILLED,
    "lessons_unfilled": Figure.LESSONS_UNFILLED,
    "attendance_recorded": Figure.ATTENDED,
    "attendance_missing": Figure.NOT_ATTENDED,
    "journals": Figure.JOURNALS,
    "marks_entered": Figure.ENTERED,
    "marks_on_time": Figure.ON_TIME,
    "marks_over_school_term": Figure.OVER_TERM,
    "marks_late": Figure.LATE,
    "marks_before_control": Figure.BEFORE_LAUNCH,
    "marks_overdue": Figure.OVERDUE,
    "marks_awaited": Figure.AWAITED,
    "marks_closed_early": Figure.CLOSED_EARLY,
    "marks_corrected_late": Figure.CORRECTED,
    "homework_owed": Figure.HOMEWORK_OWED,
    "homework_on_time": Figure.HOMEWORK_ON_TIME,
    "homework_late": Figure.HOMEWORK_LATE,
    "homework_missing": Figure.HOMEWORK_MISSING,
    "homework_awaited": Figure.HOMEWORK_AWAITED,
    "homework_not_set": Figure.HOMEWORK_NOT_SET,
}
WHOSE = {"marks": "Отметки", "homework": "Домашние задания", "lessons": "Уроки"}


def _titled(name: str, title: str) -> str:
    """A title of the control page with what it is about: in a row of columns «Вовремя» alone says nothing."""
    about = WHOSE.get(name.partition("_")[0])
    return f"{about}: {title[0].lower()}{title[1:]}" if about else title


FIGURES: dict[str, Told] = {
    "pupils": Told(Part.JOURNALS, "Учеников в журналах", "Ученики журналов, где в эти дни состоялся урок."),
    **{name: Told(Part.JOURNALS, _titled(name, MEANINGS[figure].title), MEANINGS[figure].sentence)
       for name, figure in OF_CONTROL.items()},
    "marks_longest_delay": Told(Part.JOURNALS, "Отметки: самое долгое опоздание, дней",
                                "На сколько дней позже 7-го дня внесена самая поздняя отметка."),
    "classes": Told(Part.FAMILIES, "Классов", "Классы учебного года."),
    "certification_due": Told(Part.FAMILIES, "Заверение: печатных журналов положено",
                              "Журналы классов за закончившиеся четверти и год, на сегодня."),
    "certification_certified": Told(Part.FAMILIES, "Заверение: заверено",
                                    "Заверены, и с тех пор в журнале ничего не изменилось."),
    "certification_overdue": Told(Part.FAMILIES, "Заверение: просрочено", "Срок прошёл, заверенной копии нет."),
    "certification_out_of_date": Told(Part.FAMILIES, "Заверение: изменилось после",
                                      "После заверения в журнале что-то изменилось: нужна новая копия."),
    "guardians": Told(Part.FAMILIES, "Семьи: представителей",
                      "Пары «ученик – представитель» на последний из этих дней."),
    "guardians_electronic": Told(Part.FAMILIES, "Семьи: электронно", "Из этих пар: электронная форма."),
    "guardians_no_internet": Told(Part.FAMILIES, "Семьи: на бумаге, нет интернета",
                                  "Из этих пар: заявили, что интернета нет."),
    "guardians_refused": Told(Part.FAMILIES, "Семьи: на бумаге, отказ", "Из этих пар: письменный отказ."),
    "guardians_limited": Told(Part.FAMILIES, "Семьи: ограничены судом", "Из этих пар: ограничены решением суда."),
    "logins_due": Told(Part.FAMILIES, "Входы: положено",
                       "Представители и ученики, которым положена карточка, на сегодня: каждый один раз, в скольких бы "
                       "классах ни были его дети."),
    "logins_used": Told(Part.FAMILIES, "Входы: вошли хотя бы раз", "Из них сменили первый пароль на свой."),
    "sheets_due": Told(Part.SHEETS, "Недельные листы: положено",
                       "Семьям с бумажной формой, за недели, листы которых пора было выдать в эти дни."),
    "sheets_printed": Told(Part.SHEETS, "Недельные листы: напечатано", "Из них напечатаны."),
    "sheets_handed": Told(Part.SHEETS, "Недельные листы: выдано", "Из них отмечены выданными."),
    "sheets_in_time": Told(Part.SHEETS, "Недельные листы: выдано в срок",
                           "Из них не позже первого учебного дня после недели."),
}
# Which part of which makes a share worth comparing between schools.
SHARES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Отметки вовремя": ("marks_on_time", ("marks_on_time", "marks_late")),
    "Домашние задания вовремя": ("homework_on_time", ("homework_on_time", "homework_late", "homework_missing")),
    "Уроки заполнены": ("lessons_filled", ("lessons_filled", "lessons_unfilled")),
    "Журналы заверены": ("certification_certified", ("certification_due",)),
    "Вошли в дневник": ("logins_used", ("logins_due",)),
    "Листы выданы": ("sheets_handed", ("sheets_due",)),
}


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """One school's figures for a span of days, as of a day."""

    school: str
    first: date
    last: date
    made_on: date
    figures: Mapping[str, int] = field(default_factory=dict)

    def share(self, title: str) -> Fraction | None:
        """None where there is nothing to have a share of."""
        part, whole = SHARES[title]
        total = sum(self.figures.get(name, 0) for name in whole)
        return Fraction(self.figures[part], total) if total else None


def to_json(report: SchoolReport) -> str:
    """The report as the file that goes to the authority."""
    return json.dumps({"format": FORMAT, "version": VERSION, "school": report.school,
                       "made_on": report.made_on.isoformat(), "first": report.first.isoformat(),
                       "last": report.last.isoformat(), "figures": dict(report.figures)}, ensure_ascii=False, indent=1)


def read_json(body: bytes) -> SchoolReport:
    """A report out of its file. Raises Refused with what is wrong in it."""
    if len(body) > LONGEST_FILE:
        raise Refused("слишком большой файл для отчёта школы")
    try:
        given = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused("это не JSON") from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise Refused("это не отчёт школы")
    if given.get("version") != VERSION:
        raise Refused(f"другая версия отчёта; здесь читают версию {VERSION}: обновите программу там или здесь")
    if unknown := given.keys() - set(schema()["required"]):
        raise Refused(f"лишнее поле «{min(unknown)[:40]}»")
    school = given.get("school")
    if not isinstance(school, str) or len(school) > LONGEST_NAME or not school.isprintable() or not school.strip():
        raise Refused("нет названия школы")
    first, last, made_on = (_day(given, name) for name in ("first", "last", "made_on"))
    if last < first:
        raise Refused("последний день раньше первого")
    return SchoolReport(school, first, last, made_on, _figures(given.get("figures")))


def schema() -> dict[str, Any]:
    """What `docs/report.schema.json` publishes: JSON Schema of the file."""
    day = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    head: dict[str, Any] = {
        "format": {"const": FORMAT}, "version": {"const": VERSION},
        "school": {"description": "Название школы.", "type": "string", "minLength": 1, "maxLength": LONGEST_NAME,
                   "pattern": "\\S"},
        "made_on": {"description": "День, когда отчёт составлен.", **day},
        "first": {"description": "Первый день, о котором отчёт.", **day},
        "last": {"description": "Последний день, не раньше first.", **day}}
    figures = {name: {"title": told.title, "description": told.sentence, "type": "integer", "minimum": 0,
                      "maximum": LARGEST} for name, told in FIGURES.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Отчёт школы о ведении электронного журнала",
        "description": "Что школа отправляет управлению образования: числа по всей школе за дни с first по last, без "
                       "персональных данных. Новая версия – другое число в version.",
        **_closed(head | {"figures": _closed(figures)})}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with all of these and nothing else."""
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


def _figures(given: Any) -> dict[str, int]:
    if not isinstance(given, dict):
        raise Refused("нет чисел (figures)")
    if missing := FIGURES.keys() - given.keys():
        raise Refused(f"нет числа «{min(missing)}»")
    if unknown := given.keys() - FIGURES.keys():
        raise Refused(f"лишнее число «{min(unknown)[:40]}»")
    for name, value in given.items():
        if type(value) is not int or not 0 <= value <= LARGEST:
            raise Refused(f"в «{name}» не целое число от 0")
    return {name: given[name] for name in FIGURES}


def _day(given: Mapping[str, Any], name: str) -> date:
    value = given.get(name)
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.isoformat() != value:
        raise Refused(f"в «{name}» не дата")
    return found


def _no_number(_constant: str) -> None:
    raise ValueError("NaN and infinity are no numbers of a report")
