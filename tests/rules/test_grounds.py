"""R42: receiving the service is the basis, or a signed consent is; it has a date and may be revoked."""

from datetime import date

import pytest

from ejd.privacy.grounds import fault_of_basis, fault_of_revocation

TODAY = date(2026, 9, 17)


@pytest.mark.parametrize(("kind", "number", "from_on", "field"), [
    ("service", "", date(2026, 9, 1), None),
    ("service", "", TODAY, None),
    ("consent", "12", date(2026, 9, 1), None),
    ("consent", "", date(2026, 9, 1), "number"),  # a paper has a number
    ("service", "", None, "from_on"),
    ("service", "", date(2026, 9, 18), "from_on"),
    ("service", "", date(1999, 12, 31), "from_on"),
    ("law", "", date(2026, 9, 1), "kind"),
    ("", "", date(2026, 9, 1), "kind"),
])
def test_what_can_be_noted(kind, number, from_on, field):
    fault = fault_of_basis(kind, number, from_on, TODAY)
    assert (fault and fault[0]) == field


@pytest.mark.parametrize(("on", "taken"), [
    (date(2026, 9, 1), True), (TODAY, True), (date(2026, 8, 31), False), (date(2026, 9, 18), False), (None, False)])
def test_when_it_can_be_revoked(on, taken):
    assert (fault_of_revocation(date(2026, 9, 1), on, TODAY) is None) is taken
