"""A school's list of pupils as a workbook, made up: 1,000 pupils of 40 classes with their guardians."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from xlsxwriter import Workbook

from bench.school import FIRST_NAMES, SURNAMES

PUPILS = 1000
CLASSES = [f"{grade}{letter}" for grade in range(1, 11) for letter in "АБВГ"]
HEADER = ("Класс", "Фамилия", "Имя", "Отчество", "Дата рождения", "Представитель 1", "Представитель 2")


def name(number: int, patronymics: tuple[str, str]) -> str:
    """Names that no two of the school's people share."""
    last = f"{SURNAMES[number % 25]}-{SURNAMES[number // 25 % 25]}"
    return f"{last} {FIRST_NAMES[number % 18]} {patronymics[number // 625]}"


def workbook() -> bytes:
    body = BytesIO()
    with Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Контингент")
        days = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADER)
        for number in range(PUPILS):
            class_name = CLASSES[number * len(CLASSES) // PUPILS]
            born = date(2020 - int(class_name[:-1]), 1, 1) + timedelta(days=number % 330)
            sheet.write_row(number + 1, 0, (class_name, *name(number, ("Петрович", "Иванович")).split()))
            sheet.write_datetime(number + 1, 4, born, days)
            sheet.write_row(number + 1, 5, (name(number, ("Павловна", "Игоревна")), name(number, ("Ильич", "Львович"))))
    return body.getvalue()
