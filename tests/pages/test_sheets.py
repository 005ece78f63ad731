"""Анна prints and hands out the weekly sheets of 7А: Вера has no internet for Витя (R21, R25)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd import clock
from tests.families import guardian_of, on_paper, print_all, sheets_there
from tests.journal import Hand

FRIDAY = clock.at(date(2026, 9, 18), 13)  # after the week's last lesson
TUESDAY = clock.at(date(2026, 9, 22), 12)


@pytest.fixture
def anna(as_, school):
    return as_(school.anna)


@pytest.fixture
def url(school):
    return f"/teacher/classes/{school.school_class('7А').id}/sheets"


def text_of(response):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(response.data)).pages)


def print_form(page):
    return page.select_one("form[action$='/sheets']")


def test_sheets_are_printed_downloaded_and_handed_out(school, anna, url, at_most):
    on_paper(school, school.vera, school.vitya)
    lesson = school.lesson(school.course("7А", "Матем"), date(2026, 9, 8))
    Hand(school, school.anna).puts(lesson, school.vitya, "5", at=clock.at(date(2026, 9, 8), 12))
    with at_most(8):
        page = anna.get(url)
    assert "Волков Виктор" in page.words and "7–13 сентября" in page.words and "пн, 14 сентября" in page.words
    anna.submit(page, "form[action$='/sheets']")
    [sheet] = sheets_there(school)
    with at_most(8):
        page = anna.get(f"{url}?printed={sheet.key}")
    assert "Напечатаны, не выданы" in page.words and "не забран" in page.words
    pdf = anna.get(f"{url}/{sheet.key}.pdf").response
    assert pdf.mimetype == "application/pdf"
    assert "Волков Виктор, 7А" in text_of(pdf) and "Ответ на уроке" in text_of(pdf)
    anna.submit(page, "form[action$='/handed']", {"handed": str(sheet.id), "to": "pupil"})
    with at_most(8):
        log = anna.get(f"{url}/log")
    assert "ученику, чт, 17 сентября" in log.words and "Андреева" in log.words
