"""Which files may be attached: what the bytes are must agree with the name; and what a name may hold."""

from __future__ import annotations

import io
from time import process_time

import pytest

from ejd.files.kinds import LONGEST_NAME, clean_name, kind_of
from tests.homework import PDF, PNG, office_file, open_document

JPEG, WEBP = b"\xff\xd8\xff\xe0" + b"\0" * 20, b"RIFF\x10\0\0\0WEBPVP8 "
HEIC, MP3 = b"\0\0\0\x18ftypheic\0\0\0\0", b"ID3\x04\0\0\0\0\0\0"
OLD_WORD, PROGRAM = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, b"MZ\x90\0\x03\0\0\0"
WORD, EXCEL, SLIDES = (office_file(f"{part}/x.xml") for part in ("word", "xl", "ppt"))


@pytest.mark.parametrize(("name", "body"), [
    ("план.pdf", PDF), ("ПЛАН.PDF", PDF), ("a.docx", WORD), ("a.xlsx", EXCEL), ("a.pptx", SLIDES),
    ("a.odt", open_document()), ("a.ods", open_document("application/vnd.oasis.opendocument.spreadsheet")),
    ("фото.jpg", JPEG), ("фото.jpeg", JPEG), ("a.png", PNG), ("a.webp", WEBP), ("a.heic", HEIC), ("a.mp3", MP3),
    ("слова.txt", "Слова: кот,\nпёс\n".encode()), ("старый.txt", "Слова: кот".encode("cp1251")),
    ("a.b.c.pdf", PDF), ("a.pdf", b"\r\n" + PDF), ("a.pdf", b"\xef\xbb\xbf" + PDF),
])
def test_what_is_taken(name, body):
    assert kind_of(name, io.BytesIO(body)) is not None


@pytest.mark.parametrize(("name", "body"), [
    ("план.pdf", PNG), ("a.png", PDF), ("a.docx", EXCEL), ("a.xlsx", WORD), ("a.odt", WORD), ("a.docx", b"PK\x03\x04"),
    ("a.docx", b"PK\x03\x04" + b"\0" * 5000), ("a.docm", WORD), ("a.doc", OLD_WORD), ("a.zip", WORD),
    ("a.html", b"<!doctype html><p>x"), ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"), ("a.txt", b"\xef\xbb\xbf  <svg onload=alert(1)>"),
    ("a.txt", PROGRAM), ("a.txt", PNG), ("a.exe", PROGRAM), ("a.pdf.exe", PDF), ("a.js", b"alert(1)"),
    ("a.pdf", b""), ("pdf", PDF), ("", PDF), (".", PDF), ("a.", PDF), ("a.pdf\0.png", PDF),
    ("a.heic", b"\0\0\0\x18ftypmp42"),
    ("a.docx", office_file("word/document.xml", "word/vbaProject.bin")),
    ("a.docx", office_file("word/document.xml", "word/VBAPROJECT.BIN")),
    ("a.docx", office_file(types="<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>")),
    ("a.docx", office_file(types="<Types><Default ContentType='application/vnd.ms-office.vbaProject'/></Types>")),
    ("a.pdf", b"<!doctype html><script>alert(1)</script><!-- %PDF-1.7 -->"), ("a.pdf", b"x%PDF-1.7"),
])
def test_what_is_not(name, body):
    assert kind_of(name, io.BytesIO(body)) is None


def test_a_document_of_a_hundred_thousand_parts_is_answered_at_once():
    body = office_file("word/document.xml", *(f"p{number}" for number in range(100_000)))
    began = process_time()
    assert kind_of("a.docx", io.BytesIO(body)) is None
    assert process_time() - began < 0.5


@pytest.mark.parametrize(("name", "kept"), [
    ("План урока.pdf", "План урока.pdf"),
    ("../../etc/passwd.txt", "passwd.txt"),
    (r"C:\Users\Анна\план.docx", "план.docx"),
    ("план\u202efdp.exe.pdf", "план fdp.exe.pdf"),  # the sign that turns what follows the other way round
    ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
    ('сон "в летнюю" ночь?.PDF', "сон _в летнюю_ ночь_.pdf"),
    (".htaccess.txt", "htaccess.txt"),
    ("  много   пробелов .pdf", "много пробелов.pdf"),
    ("con.txt", "_con.txt"), ("LPT1.pdf", "_LPT1.pdf"),
    ("и\u0306ог.txt", "йог.txt"),  # as a Mac writes it
    (".pdf", "файл.pdf"), ("", "файл"), ("\u200b", "файл"),
])
def test_names_are_cleaned(name, kept):
    assert clean_name(name) == kept


def test_a_long_name_keeps_its_ending():
    cleaned = clean_name("ы" * 500 + ".docx")
    assert len(cleaned) == LONGEST_NAME and cleaned.endswith("ы.docx")
