"""R41: passport data exist for class 11 only, are shown masked, and go after September's re-sits or on leaving."""

from datetime import date

import pytest

from ejd.privacy.passport_data import PassportData, faults, masked, must_go, reason_not_to_keep, tidied, unpacked

BORN, TODAY = date(2009, 3, 1), date(2026, 9, 17)
GOOD = {"series": "4523", "number": "123445", "issued_by": "ГУ МВД России по г. Москве", "code": "770-001"}
YEAR_END = date(2027, 5, 26)


@pytest.mark.parametrize(("grade", "kept"), [(11, True), (10, False), (9, False), (1, False), (None, False)])
def test_only_of_class_11(grade, kept):
    assert (reason_not_to_keep(grade, revoked=False) is None) is kept


def test_not_while_the_basis_stands_revoked():
    assert "отозвано" in reason_not_to_keep(11, revoked=True)


@pytest.mark.parametrize(("number", "shown"), [("123445", "••••\u00a045"), ("N1234567", "••••\u00a067")])
def test_masked_by_default(number, shown):
    assert masked(number) == shown


@pytest.mark.parametrize(("typed", "issued_on", "fields"), [
    ({}, date(2023, 3, 10), set()),
    ({"series": "452"}, date(2023, 3, 10), {"series"}),
    ({"number": "12344"}, date(2023, 3, 10), {"number"}),
    ({"code": "770001"}, date(2023, 3, 10), {"code"}),
    ({"code": ""}, date(2023, 3, 10), {"code"}),
    ({"issued_by": ""}, date(2023, 3, 10), {"issued_by"}),
    ({"issued_by": "М" * 201}, date(2023, 3, 10), {"issued_by"}),
    ({}, None, {"issued_on"}),
    ({}, date(2026, 9, 18), {"issued_on"}),  # tomorrow
    ({}, date(2009, 2, 28), {"issued_on"}),  # before the birth
    ({"series": "", "number": "N1234567", "code": ""}, date(2023, 3, 10), set()),  # of another state
    ({"series": "", "code": ""}, date(2023, 3, 10), set()),
    ({"series": "", "number": "12", "code": ""}, date(2023, 3, 10), {"number"}),
    ({"series": "", "number": "N1234567"}, date(2023, 3, 10), {"code"}),
])
def test_what_is_wrong_is_said_at_its_field(typed, issued_on, fields):
    assert set(faults(GOOD | typed, issued_on, born=BORN, today=TODAY)) == fields


@pytest.mark.parametrize(("field", "typed", "taken"), [
    ("series", "45 23", "4523"), ("series", "45\u00a023", "4523"), ("series", "45-23", "4523"), ("series", "", ""),
    ("number", "123 445", "123445"), ("number", "№ 123445", "123445"), ("number", "n 1234567", "N1234567"),
    ("code", "770-001", "770-001"), ("code", "770001", "770-001"), ("code", "770 001", "770-001"),
    ("code", "770–001", "770-001"), ("code", "770 - 001", "770-001"),
    ("code", "77-00", "7700"), ("series", "45x3", "45x3"), ("issued_by", "ГУ МВД, г. Москва", "ГУ МВД, г. Москва"),
])
def test_the_usual_separators_are_taken(field, typed, taken):
    assert tidied(GOOD | {field: typed})[field] == taken


@pytest.mark.parametrize(("grade", "left_11_on", "year_ended_on", "today", "goes"), [
    (11, None, None, date(2026, 9, 17), False),
    (11, None, None, date(2027, 6, 30), False),  # still in the class's list
    (None, date(2026, 12, 1), YEAR_END, date(2026, 12, 2), True),  # left for another school in the year
    (10, date(2026, 12, 1), YEAR_END, date(2026, 12, 2), True),  # moved back
    (None, date(2027, 6, 25), YEAR_END, date(2027, 6, 26), False),  # finished; the results are not in
    (None, date(2027, 5, 26), YEAR_END, date(2027, 9, 30), False),  # September's re-sits
    (None, date(2027, 5, 26), YEAR_END, date(2027, 10, 1), True),
    (None, date(2027, 6, 25), YEAR_END, date(2028, 2, 1), True),
    (None, None, None, date(2026, 9, 17), True),  # entered by mistake: was never there
])
def test_when_they_must_go(grade, left_11_on, year_ended_on, today, goes):
    assert must_go(grade=grade, left_11_on=left_11_on, year_ended_on=year_ended_on, today=today) is goes


def test_what_is_packed_comes_back():
    data = PassportData("4523", "123445", "ГУ МВД", date(2023, 3, 10), "770-001")
    assert unpacked(data.packed()) == data
