"""Tables on paper and in workbooks: nothing cut, header on every page, fonts embedded, no text becomes a formula."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd.documents.fonts import REGULAR, register
from ejd.documents.table_pdf import wrap
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx

PUPIL = "Мамин-Сибиряк-Константинопольский Константин-Ярослав Константинович-оглы"
COLUMNS = (Column("Ученик", 40), Column("Отметка", 15), Column("Получена", 22), Column("Опоздание, дней", 22, "right"))


def table(rows, **changes) -> Table:
    return Table(**{"title": "Отметки с опозданием", "subtitle": "I четверть", "columns": COLUMNS, "rows": rows,
                    "made_on": date(2026, 9, 17)} | changes)


def pages(body: bytes) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(body)).pages]


def sheet(body: bytes):
    return load_workbook(BytesIO(body)).active


@pytest.mark.parametrize("landscape", [False, True])
def test_paper_has_title_rows_and_the_day_it_was_made(landscape):
    [page] = pages(as_pdf(table([("Ёлкин Егор", "5", date(2026, 9, 3), 1234)]), landscape=landscape))
    for words in ("Отметки с опозданием", "I четверть", "Ёлкин Егор", "03.09.2026", "1 234", "Составлено 17.09.2026",
                  "Страница 1 из 1"):
        assert words in page


def test_the_sheet_is_a4_upright_or_lying():
    upright, lying = (PdfReader(BytesIO(as_pdf(table([]), landscape=side))).pages[0].mediabox for side in (False, True))
    assert (round(upright.width), round(upright.height)) == (595, 842)
    assert (round(lying.width), round(lying.height)) == (842, 595)


def test_every_page_repeats_the_header_and_counts_pages():
    found = pages(as_pdf(table([(f"Ученик {number}", "4", None, number) for number in range(200)])))
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert "Опоздание, дней" in page
        assert f"Страница {number} из {len(found)}" in page
    names = re.findall(r"Ученик (\d+)", " ".join(found))
    assert [int(name) for name in names] == list(range(200))


def test_long_names_and_texts_are_whole_on_paper():
    text = "Прочитать § 12 и ответить на вопросы " * 120 + "конец задания"
    found = "".join(pages(as_pdf(table([(PUPIL, text, None, None)]))))
    together = found.replace(" ", "")
    assert PUPIL.replace(" ", "") in together
    assert found.count("Прочитать") == 120 and "конец" in found


def test_a_word_wider_than_its_column_breaks_after_its_hyphen():
    register()
    lines = wrap("Мамин-Сибиряк", REGULAR, 8.5, 36)
    assert lines == ("Мамин-", "Сибиряк")


@pytest.mark.parametrize("width", [6, 20, 55, 300])
@pytest.mark.parametrize("text", [PUPIL, "", "а" * 300, "один  два", "строка\nвторая", "1/2–3/4–5/6 и ещё"])
def test_wrapping_loses_no_letter(text, width):
    register()
    kept = re.sub(r"\s", "", "".join(wrap(text, REGULAR, 8.5, width)))
    assert kept == re.sub(r"\s", "", text)


def test_fonts_travel_with_the_paper():
    fonts = PdfReader(BytesIO(as_pdf(table([(PUPIL, "5", None, None)])))).pages[0]["/Resources"]["/Font"]
    ours = [font.get_object() for font in fonts.values() if "PTSans" in font.get_object()["/BaseFont"]]
    assert ours and all("/FontFile2" in font["/FontDescriptor"] for font in ours)


def test_the_font_has_every_letter_that_papers_use():
    register()
    from reportlab.pdfbase.pdfmetrics import getFont

    known = getFont(REGULAR).face.charToGlyph
    letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя0123456789«»–—№§•\u00a0…ʼ’"
    assert not [letter for letter in letters if ord(letter) not in known]


def test_paper_is_made_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Ёлкин" in pages(as_pdf(table([("Ёлкин", "5", None, None)])))[0]


def test_a_workbook_keeps_numbers_dates_and_texts_apart():
    cells = sheet(as_xlsx(table([("Ёлкин Егор", "5", date(2026, 9, 3), 12)])))
    assert cells["A1"].value == "Отметки с опозданием" and cells["A2"].value == "I четверть"
    assert [cell.value for cell in cells[4]] == [column.title for column in COLUMNS]
    name, mark, day, late = (cell.value for cell in cells[5])
    assert (name, mark, day, late) == ("Ёлкин Егор", "5", datetime(2026, 9, 3), 12)
    assert cells["C5"].number_format == "dd.mm.yyyy" and cells.freeze_panes == "A5"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://зло","нажми")', "+7 900", "-1", "@SUM(A1)", "=1+1", "\t=1"])
def test_a_text_is_never_a_formula(text):
    cell = sheet(as_xlsx(table([(text, "5", None, None)])))["A5"]
    assert cell.data_type == "s" and cell.value.strip() == text.strip()
    assert cell.quotePrefix


def test_an_address_is_not_a_link_and_digits_stay_text():
    cells = sheet(as_xlsx(table([("http://example.org", "12", None, None)])))
    assert cells["A5"].hyperlink is None and cells["B5"].value == "12"


def test_a_moment_is_the_wall_clocks():
    rows = [("Ёлкин", "5", datetime(2026, 9, 3, 14, 5), None)]
    assert sheet(as_xlsx(table(rows)))["C5"].value == datetime(2026, 9, 3, 14, 5)
    assert "03.09.2026 14:05" in pages(as_pdf(table(rows)))[0]


def test_an_empty_table_is_still_a_paper_and_a_workbook():
    assert "Ученик" in pages(as_pdf(table([])))[0]
    assert sheet(as_xlsx(table([])))["A4"].value == "Ученик"


def test_a_text_longer_than_a_workbooks_cell_does_not_break_it():
    assert len(sheet(as_xlsx(table([("я" * 40_000, "5", None, None)])))["A5"].value) == 32_767
