"""Who receives a pupil's card (R32): classes 1–6 the guardian with his own, class 7 and up the pupil, under signature
in table 2 of the register (R31); both bounds are the school's decision."""

import pytest

from ejd.credentials.logins import login_for
from ejd.credentials.receiving import Custom, Table


@pytest.mark.parametrize(("grade", "custom", "table"), [
    (1, Custom(), Table.GUARDIANS), (6, Custom(), Table.GUARDIANS), (7, Custom(), Table.PUPILS),
    (11, Custom(), Table.PUPILS),
    (4, Custom(first_login=5), None), (5, Custom(first_login=5), Table.GUARDIANS),
    (4, Custom(first_own=5), Table.GUARDIANS), (5, Custom(first_own=5), Table.PUPILS),
    (1, Custom(first_own=1), Table.PUPILS), (8, Custom(first_login=9, first_own=7), None)])
def test_by_class_and_the_school_s_decision(grade, custom, table):
    assert custom.table_of_pupil(grade) is table


def test_two_of_one_name_never_share_a_login():  # R30
    taken = set()
    for expected in ("mamin-sibiryak.k", "mamin-sibiryak.k2", "mamin-sibiryak.k3"):
        login = login_for("Мамин-Сибиряк", "Константин", taken)
        assert login == expected
        taken.add(login)
