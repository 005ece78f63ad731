"""What a passport's data are, when they are kept, and when they must go (R41). Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

EXAM_GRADE = 11
OCTOBER = 10  # re-sits are in September
LONGEST = 200
SERIES, NUMBER, CODE = re.compile(r"\d{4}"), re.compile(r"\d{6}"), re.compile(r"\d{3}-\d{3}")
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212/.,№]+")  # as people put them between and before figures
FOREIGN = re.compile(r"[0-9A-ZА-ЯЁ]{5,15}")
NOT_THEIRS = ("Паспортные данные хранят только об учениках 11 класса: они нужны, чтобы получить результаты экзаменов. "
              "Об этом человеке их хранить нельзя.")


REVOKED = ("Согласие на обработку персональных данных отозвано, поэтому паспортных данных хранить нельзя. Сначала "
           "запишите новое основание.")


@dataclass(frozen=True, slots=True)
class PassportData:
    """Of a passport of another state series and code are empty."""

    series: str
    number: str
    issued_by: str
    issued_on: date
    code: str = ""

    @property
    def masked(self) -> str:
        return masked(self.number)

    def packed(self) -> bytes:
        return json.dumps(asdict(self) | {"issued_on": self.issued_on.isoformat()}, ensure_ascii=False).encode()


def unpacked(packed: bytes) -> PassportData:
    values = json.loads(packed)
    return PassportData(**values | {"issued_on": date.fromisoformat(values["issued_on"])})


def masked(number: str) -> str:
    """«•••• 45»: enough to tell two papers apart."""
    return f"••••\u00a0{number[-2:]}"


def reason_not_to_keep(grade: int | None, *, revoked: bool) -> str | None:
    """Why no passport is kept about somebody in this class, or in none, or whose basis was revoked (R42)."""
    if grade != EXAM_GRADE:
        return NOT_THEIRS
    return REVOKED if revoked else None


def tidied(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with the usual separators taken out of series and number and put right in the code: «45 23»,
    «123-445», «770 001» are taken as they are meant."""
    series, number, code = (SEPARATORS.sub("", typed[name]) for name in ("series", "number", "code"))
    if NUMBER.fullmatch(code):
        code = f"{code[:3]}-{code[3:]}"
    return {"series": series, "number": number.upper(), "issued_by": typed["issued_by"], "code": code}


def faults(typed: Mapping[str, str], issued_on: date | None, *, born: date | None, today: date) -> dict[str, str]:
    """What is wrong, by field; the values are tidy already."""
    found = {}
    if typed["series"]:
        if not SERIES.fullmatch(typed["series"]):
            found["series"] = "Серия – четыре цифры; у паспорта другого государства её нет"
        if not NUMBER.fullmatch(typed["number"]):
            found["number"] = "Номер – шесть цифр"
        if not CODE.fullmatch(typed["code"]):
            found["code"] = "Код подразделения пишется так: 770-001"
    elif not FOREIGN.fullmatch(typed["number"]):
        found["number"] = "Номер – от 5 до 15 цифр и букв; у российского паспорта впишите и серию"
    elif typed["code"]:
        found["code"] = "Код подразделения бывает только у российского паспорта: впишите серию или уберите код"
    if not typed["issued_by"]:
        found["issued_by"] = "Впишите, кем выдан"
    elif len(typed["issued_by"]) > LONGEST:
        found["issued_by"] = f"Не длиннее {LONGEST} знаков"
    if issued_on is None:
        found["issued_on"] = "Дата пишется так: 01.09.2026"
    elif not (born or date(1990, 1, 1)) <= issued_on <= today:
        found["issued_on"] = "Паспорт выдан после рождения и не позже сегодняшнего дня"
    return found


def keeps_until_october(day: date) -> date:
    """Whoever was in class 11 of a year that ends on this day or later may still have re-sits in September: the
    first of January before which a year's end lets the data go."""
    return date(day.year + (day.month >= OCTOBER), 1, 1)


def must_go(*, grade: int | None, left_11_on: date | None, year_ended_on: date | None, today: date) -> bool:
    """Whether the exam results are in, September's re-sits included, or the pupil has left: what is kept must go.

    `grade` is today's; `left_11_on` the last day in class 11, `year_ended_on` the end of that school year.
    """
    if grade == EXAM_GRADE:
        return False
    if left_11_on is None or year_ended_on is None or left_11_on < year_ended_on:
        return True
    return year_ended_on < keeps_until_october(today)
