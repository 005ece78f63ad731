"""Letters become PDF with every Cyrillic letter in place, whatever directory the program was started from; a letter
that would lose something is an error, never a paper with black squares. Read back by pypdf."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from jinja2 import DictLoader, UndefinedError
from pypdf import PdfReader

from ejd.documents import letters
from ejd.documents.letters import NoLetter, render_letter

LONGEST = "Преображенская-Константинопольская Александра-Виктория Константиновна"
OF_GUARDIAN = {"school": "МБОУ «Средняя общеобразовательная школа № 12 имени Героя Советского Союза А. П. Маресьева»",
               "director": "Громова Галина Григорьевна", "made_on": date(2026, 9, 17), "guardian": LONGEST,
               "relation": "мать", "pupil": LONGEST.replace("ая", "ий"), "class_name": "10А", "sentence": "да",
               "annulled_on": date(2026, 9, 1), "annulled_number": "12/3", "class_teacher": LONGEST}
KINDS = ("no_access", "refusal", "annulment", "pupil_request")
FRAME = ("<style>@font-face {{font-family: S; src: url('{{{{ fonts }}}}/PTSerif-Regular.ttf')}} html {{font-family: S}}"
         "</style>{}")


def words_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def own(monkeypatch):
    """Letters of the test's own, in place of the program's."""
    def put(body: str) -> None:
        environment = letters._letters().overlay(loader=DictLoader({"own.html": FRAME.format(body)}))
        monkeypatch.setattr(letters, "_letters", lambda: environment)
    return put


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_is_one_page_with_everything_on_it(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pdf = render_letter(kind, OF_GUARDIAN)
    text = words_of(pdf).replace("- ", "-")
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert "Александра-Виктория" in text and "имени Героя" in text and "17 сентября 2026 года" in text
    assert "■" not in text and "10А" in text


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_known_is_left_to_be_written_by_hand(kind):
    text = words_of(render_letter(kind, dict.fromkeys(OF_GUARDIAN) | {"sentence": "да"}))
    assert "____" in text and "None" not in text


def test_names_are_text_never_markup(own):
    own("<p>{{ name }}</p>")
    assert "<b>Анна</b> & Ко" in words_of(render_letter("own", {"name": "<b>Анна</b> & Ко"}))


@pytest.mark.parametrize(("body", "value"), [
    ("<p>漢字</p>", ""),
    ("<p>{{ name }}</p>", "☃"),
    ("<img src='https://example.org/logo.png'>", ""),
    ("<img src='/etc/hostname'>", ""),
    ("<img src='missing.png'>", ""),
])
def test_a_letter_that_would_lose_something_is_an_error(own, body, value):
    own(body)
    with pytest.raises(NoLetter):
        render_letter("own", {"name": value})


def test_a_value_that_was_forgotten_is_an_error(own):
    own("<p>{{ name }}</p>")
    with pytest.raises(UndefinedError):
        render_letter("own", {})
