"""The report to the authority: our reader and the published schema say the same of every file (R60)."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ejd.compliance.authority_report import FIGURES, OF_CONTROL, SHARES, SchoolReport, read_json, schema, to_json
from ejd.compliance.metrics import Figure
from ejd.refusal import Refused

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
REPORT = SchoolReport("Школа № 12", date(2026, 9, 1), date(2026, 10, 23), date(2026, 10, 30),
                      {name: place for place, name in enumerate(FIGURES)})


def test_the_published_schema_is_a_schema_and_is_the_programs_own():
    """Written anew by `flask --app app report schema > docs/report.schema.json`."""
    Draft202012Validator.check_schema(SCHEMA)
    assert schema() == SCHEMA
    assert list(SCHEMA["properties"]["figures"]["properties"]) == list(FIGURES)


def test_no_figure_of_control_is_reported_twice():
    assert len(set(OF_CONTROL.values()) & set(Figure)) == len(OF_CONTROL)


def test_what_is_written_is_read_back():
    assert read_json(to_json(REPORT).encode()) == REPORT
    assert not list(VALIDATOR.iter_errors(json.loads(to_json(REPORT))))


def changed(path, value):
    given = json.loads(to_json(REPORT))
    *way, last = path.split("/")
    place = given
    for step in way:
        place = place[step]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return given


@pytest.mark.parametrize(("path", "value", "says"), [
    ("format", "другой", "не отчёт школы"), ("format", KeyError, "не отчёт школы"),
    ("version", 1, "другая версия"), ("version", "1", "другая версия"),
    ("school", "", "нет названия"), ("school", "  ", "нет названия"), ("school", 12, "нет названия"),
    ("school", "Ш" * 201, "нет названия"),
    ("first", "01.09.2026", "в «first» не дата"), ("first", "2026-02-30", "в «first» не дата"),
    ("last", None, "в «last» не дата"), ("made_on", KeyError, "в «made_on» не дата"),
    ("figures", [], "нет чисел"), ("figures", KeyError, "нет чисел"),
    ("figures/marks_late", KeyError, "нет числа «marks_late»"),
    ("figures/marks_late", -1, "в «marks_late» не целое число"),
    ("figures/marks_late", 1.5, "в «marks_late» не целое число"),
    ("figures/marks_late", "5", "в «marks_late» не целое число"),
    ("figures/marks_late", True, "в «marks_late» не целое число"),
    ("figures/marks_late", 10**12, "в «marks_late» не целое число"),
    ("figures/names", 1, "лишнее число «names»"), ("pupils", ["Волков"], "лишнее поле «pupils»"),
])
def test_what_is_wrong_is_named_and_the_schema_refuses_it_too(path, value, says):
    given = changed(path, value)
    with pytest.raises(Refused, match=says):
        read_json(json.dumps(given, ensure_ascii=False).encode())
    assert list(VALIDATOR.iter_errors(given))


@pytest.mark.parametrize("body", [
    b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"format": NaN}', b" " * 200_000])
def test_a_file_of_something_else_is_refused_in_words(body):
    with pytest.raises(Refused):
        read_json(body)


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refused, match="раньше первого"):
        read_json(json.dumps(changed("last", "2026-08-31")).encode())


def test_shares_are_exact_and_nothing_has_no_share():
    figures = dict.fromkeys(FIGURES, 0) | {"marks_on_time": 2, "marks_late": 1}
    report = SchoolReport("Школа", date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3), figures)
    assert report.share("Отметки вовремя") == Fraction(2, 3)
    assert report.share("Листы выданы") is None
    assert {name for part, whole in SHARES.values() for name in (part, *whole)} <= FIGURES.keys()
