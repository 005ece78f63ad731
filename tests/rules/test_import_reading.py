"""A file as sheets of cells; a wrong file gets one clear sentence: picture, password, zeros, formula, UTF-16."""

import io
import subprocess
import sys
import zipfile
from datetime import date, time
from pathlib import Path
from time import monotonic, process_time

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ejd.importing import opening, workbooks
from ejd.importing.planning import records_of
from ejd.importing.reading import Unreadable, Upload, read, safe_name
from ejd.importing.recognising import Kind, Meaning, corrected, recognise
from ejd.importing.sheets import Sheet

TODAY = date(2026, 9, 1)
LIST = "Класс;ФИО\r\n7А;Ёлкин Егор\r\n"


def workbook(fill):
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Лист"))
    return body.getvalue()


def archive(**parts):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return body.getvalue()


def locked_archive():
    body = bytearray(archive(xl__workbook_xml="x"))
    body[6] |= 1
    body[body.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


GOOD = workbook(lambda _book, sheet: sheet.write_row(0, 0, ["Класс", "ФИО"]))
SENTENCES = {
    "пуст": b"",
    "картинка": b"\x89PNG\r\n\x1a\n" + b"x" * 50,
    "PDF": b"%PDF-1.7 x",
    "архив": b"Rar!\x1a\x07",
    "одни нули": b"\0" * 50_000,
    "больше": b"\0" * 50_000_000,
    "под видом": b"<html><table><tr><td>1</td></tr></table>",
    "паролем": workbooks.OLE + b"\0" * 600 + workbooks.ENCRYPTED + b"\0" * 600,
    "Снимите пароль": locked_archive(),
    "повреждён": GOOD[:len(GOOD) // 2],
    "Файл повреждён": workbooks.OLE + b"\1" * 600,
    "не таблица Excel": archive(word__document_xml="<w/>"),
    "сотни мегабайт": archive(xl__workbook_xml="x", bomb=b"\0" * 70_000_000),
    "слишком много": workbook(lambda _book, sheet: (sheet.write(0, 0, "а"), sheet.write(1_048_575, 16_383, "б"))),
    "слишком много строк": ("а;б\n" * 25_000).encode(),
    "A2 формула без значения": workbook(lambda _book, sheet: sheet.write_formula(1, 0, "=B1", None, "")),
    "ошибка формулы": workbook(lambda _book, sheet: sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")),
    "ни одной заполненной": workbook(lambda _book, _sheet: None),
    "не текст": bytes(range(1, 32)) * 40,
}


@pytest.mark.parametrize(("words", "body"), SENTENCES.items(), ids=list(SENTENCES))
def test_a_wrong_file_gets_one_clear_sentence(words, body):
    with pytest.raises(Unreadable) as refused:
        read(Upload("list.xlsx", body))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_in_any_usual_encoding(encoding, delimiter):
    [sheet] = read(Upload("list.csv", LIST.replace(";", delimiter).encode(encoding)))
    assert sheet.rows == (("Класс", "ФИО"), ("7А", "Ёлкин Егор"))


def test_cells_keep_their_kinds():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["  два  слова ", 2, 0.5])
        sheet.write_datetime(1, 0, date(2019, 1, 16), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 1, 8.5 / 24, book.add_format({"num_format": "hh:mm"}))
        sheet.write(1, 2, "строка\n вторая")

    [sheet] = read(Upload("a.xlsx", workbook(fill)))
    assert sheet.rows == (("два слова", 2, 0.5), (date(2019, 1, 16), time(8, 30), "строка\nвторая"))


def open_document(rows):
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                     for name in ("office", "table", "text"))
    content = (f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='Лист'>"
               f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>")
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                      "META-INF/manifest.xml": manifest})


FILLED = '<table:table-cell office:value-type="string"{}><text:p>7А</text:p></table:table-cell>'
EMPTY_END = ('<table:table-cell table:number-columns-repeated="16382"/></table:table-row><table:table-row '
             'table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>')


def test_an_open_document_is_read_to_its_last_filled_cell():
    body = open_document(f"<table:table-row>{FILLED.format('')}{FILLED.format('')}{EMPTY_END}</table:table-row>")
    assert read(Upload("a.ods", body))[0].rows == (("7А", "7А"),)


def test_an_open_document_of_billions_of_cells_is_not_unrolled():
    cell = FILLED.format(' table:number-columns-repeated="16384"')
    body = open_document(f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>')
    with pytest.raises(Unreadable, match="слишком много"):
        read(Upload("a.ods", body))


@pytest.mark.parametrize(("part", "piece"), [
    ("xl__worksheets__sheet1_xml", b"<c>"), ("xl__worksheets__sheet1_xml", b'<c r="A1">'),
    ("xl__worksheets__sheet1_xml", b"<c"), ("xl__worksheets__sheet1_xml", b"<row "),
    ("content_xml", b"<table:table-row>"), ("content_xml", b"<table:table-row><text:p"),
    ("content_xml", b'<table:table-row number-rows-repeated="')])
def test_a_megabyte_of_opened_tags_is_answered_at_once(part, piece):
    body = archive(**{"xl__workbook_xml": b"x", part: piece * (1_000_000 // len(piece))})
    began = process_time()
    with pytest.raises(Unreadable):
        read(Upload("a.xlsx", body))
    assert process_time() - began < 1


def test_millions_of_cells_without_a_place_are_too_many():
    body = archive(xl__workbook_xml=b"x", xl__worksheets__sheet1_xml=b"<c>" * 1_200_000)
    with pytest.raises(Unreadable, match="слишком много"):
        read(Upload("a.xlsx", body))


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
HUGE = (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row>' + FAR)


def repacked(change, *, sheet="xl/worksheets/sheet1.xml", more=None):
    """A workbook that is right but for its sheet, and where that lies."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in good.namelist():
            text = good.read(part)
            if part == "xl/worksheets/sheet1.xml":
                packed.writestr(sheet, change)
            elif part.endswith((".rels", "[Content_Types].xml")):
                packed.writestr(part, text.replace(b"worksheets/sheet1.xml", sheet.removeprefix("xl/").encode()))
            else:
                packed.writestr(part, (more or {}).get(part, lambda same: same)(text))
    return body.getvalue()


def sheets_on_one_part(count):
    """The same sheet under many names."""
    return {"xl/workbook.xml": lambda text: text.replace(
        b"</sheets>", b"".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>'.encode() for n in range(2, count + 2))
        + b"</sheets>")}


def long_text_in_every_cell():
    def fill(_book, sheet):
        for row in range(13_000):
            sheet.write_row(row, 0, ["ы" * 30_000] * 2)

    return workbook(fill)


FULL = b"<worksheet><sheetData>" + b"".join(
    b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>" for _ in range(4_000)) + b"</sheetData></worksheet>"
HARM = {
    "plain": repacked(HUGE),
    "another folder": repacked(HUGE, sheet="xl/sheets/one.xml"),
    "capital letters": repacked(HUGE, sheet="xl/Worksheets/SHEET1.XML"),
    "single quotes": repacked(HUGE.replace(b'"', b"'")),
    "spaces around =": repacked(HUGE.replace(b"r=", b"r = ")),
    "small letters": repacked(HUGE.replace(b"XFD", b"xfd")),
    "a longer column": repacked(HUGE.replace(b"XFD1048576", b"ZZZZZ99999")),
    "a row out of the sheet": repacked(HUGE.replace(b"1048576", b"4294967295")),
    "entities": repacked(HUGE.replace(b"XFD1048576", b"&#88;FD1048576")),
    "a bracket in an attribute": repacked(HUGE.replace(b'<c r="XFD', b'<c x=">" r="XFD').replace(
        b'<row r="1048576">', b"<row>")),
    "a long attribute": repacked(HUGE.replace(b'<c r="XFD', b'<c x="' + b"x" * 500 + b'" r="XFD').replace(
        b'<row r="1048576">', b"<row>")),
    "rows without a place": repacked(HUGE.replace(b'<row r="1048576">', b"<row>")),
    "a thousand sheets": repacked(FULL, more=sheets_on_one_part(1_000)),
    "ninety full sheets": repacked(FULL, more=sheets_on_one_part(90)),
    "a long text": long_text_in_every_cell(),
    "twenty thousand parts": archive(**{"xl__workbook_xml": "x"} | {f"p{n}": "" for n in range(20_000)}),
    "an open document of a long text": open_document(
        '<table:table-row table:number-rows-repeated="9000">'
        + FILLED.format(' table:number-columns-repeated="150"').replace("7А", "ы" * 30_000) + "</table:table-row>"),
}


@pytest.mark.parametrize("body", HARM.values(), ids=list(HARM))
def test_a_workbook_made_to_do_harm_is_refused_soon_and_leaves_the_server_alone(body):
    began = monotonic()
    with pytest.raises(Unreadable):
        read(Upload("a.xlsx", body))
    assert monotonic() - began < 5


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by the system")
@pytest.mark.parametrize("body", HARM.values(), ids=list(HARM))
def test_what_opens_workbooks_dies_alone_when_nobody_has_looked_before(body):
    program = [sys.executable, "-I", str(Path(opening.__file__))]
    opened = subprocess.run(program, input=body, capture_output=True, timeout=opening.MOST_SECONDS + 5, check=False)
    assert opened.returncode != 0
    assert opened.stderr == b"" or b"memory allocation" in opened.stderr


def test_a_workbook_is_opened_as_soon_as_before():
    read(Upload("a.xlsx", GOOD))
    began = monotonic()
    for _ in range(7):
        read(Upload("a.xlsx", GOOD))
    assert monotonic() - began < 2


def test_a_chart_beside_the_list_is_no_sheet():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Класс", 7])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Лист!$B$1:$B$1"})
        sheet.insert_chart("D2", chart)

    assert read(Upload("a.xlsx", workbook(fill)))[0].rows == (("Класс", 7),)


def test_hidden_sheets_are_not_read():
    def fill(book, sheet):
        sheet.write(0, 0, "видно")
        hidden = book.add_worksheet("Скрыт")
        hidden.write(0, 0, "секрет")
        hidden.hide()

    assert [sheet.name for sheet in read(Upload("a.xlsx", workbook(fill)))] == ["Лист"]


def test_a_files_name_loses_its_folders():
    assert safe_name("C:\\Users\\Мария\\список.csv") == "список.csv"
    assert safe_name("../../\x00") == "без имени"


CELLS = st.one_of(st.text(max_size=40), st.integers(), st.floats(allow_nan=False), st.dates(), st.times(),
                  st.sampled_from(["Класс", "ФИО", "Дата рождения", "Предмет", "Часов", "7А", "7-Б", "Понедельник", "1",
                                   "№ урока", "Начало", "Конец", "8:30", "Ким Яна", "01.02.2013", "Представитель"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe\x00")
@example(b'"')
def test_no_bytes_break_the_reader(body):
    try:
        sheets = read(Upload("x", body))
    except Unreadable:
        return
    records_of([(sheet, recognise(sheet)) for sheet in sheets], TODAY)


GOOD_DOCUMENT = open_document(f"<table:table-row>{FILLED.format('')}{EMPTY_END}</table:table-row>")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([GOOD, GOOD_DOCUMENT]), st.floats(0, 1, exclude_max=True), st.integers(0, 255))
def test_no_spoilt_workbook_breaks_the_reader(good, place, byte):
    """One byte of a workbook of Excel or of an open document is another."""
    position = int(place * len(good))
    spoilt = good[:position] + bytes([byte]) + good[position + 1:]
    try:
        assert read(Upload("x", spoilt))
    except Unreadable as refused:
        assert str(refused)


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=12), st.sampled_from(list(Kind)),
       st.lists(st.sampled_from(list(Meaning)), min_size=8, max_size=8))
def test_no_sheet_breaks_recognising_whatever_a_person_says_it_is(rows, kind, meanings):
    sheet = Sheet("x", "Лист", tuple(tuple(row) for row in rows))
    found = recognise(sheet)
    told = corrected(found, kind, dict(enumerate(meanings[:len(found.columns)])), remembered=False)
    for one in (found, told):
        records = records_of([(sheet, one)], TODAY)
        assert all(rejection.wrong and rejection.right for rejection in records.rejections)
