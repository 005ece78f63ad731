"""Passport data in the database: encrypted, bound to the row, put under another key whole or not at all, gone when
they must go (R41)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.privacy import passports, queries
from ejd.privacy.models import Passport
from ejd.privacy.passport_data import must_go
from ejd.privacy.sealing import key_of, new_key
from ejd.refusal import Refused
from ejd.roster.models import Enrolment
from tests.privacy import IRA, graduate, keep_passport


@pytest.fixture
def key():
    return key_of(new_key())


def row_of(school, pupil):
    school.session.expire_all()
    return school.session.get(Passport, pupil.id)


def test_nothing_of_them_stands_in_the_database_in_clear(school, session, key):
    ira = graduate(school)
    keep_passport(school, ira, key)
    sealed = row_of(school, ira).sealed
    for part in ("123445", "4523", "МВД", "770-001", "2023"):
        assert part.encode() not in sealed
    said = "".join(session.scalars(select(AuditRecord.data).where(AuditRecord.verb.startswith("passport."))))
    assert "123445" not in said and passports.data_of(row_of(school, ira), key) == IRA


@pytest.mark.parametrize("grade", [10, 9, 1])
def test_another_class_is_refused(school, session, key, grade):
    with pytest.raises(Refused, match="только об учениках 11 класса"):
        keep_passport(school, graduate(school, grade=grade), key)
    assert session.scalars(select(Passport)).all() == []


def test_moved_to_another_row_they_do_not_open(school, session, key):
    ira, oleg = graduate(school), graduate(school, full=("Ильин", "Олег", ""))
    for pupil in (ira, oleg):
        keep_passport(school, pupil, key)
    stolen = row_of(school, ira).sealed
    session.execute(update(Passport).where(Passport.pupil_id == oleg.id).values(sealed=stolen))
    with pytest.raises(Refused, match="повреждена"):
        passports.data_of(row_of(school, oleg), key)


def test_another_key_opens_nothing_and_says_what_to_do(school, key):
    ira = graduate(school)
    keep_passport(school, ira, key)
    with pytest.raises(Refused, match="rotate-key"):
        passports.data_of(row_of(school, ira), key_of(new_key()))
    with pytest.raises(Refused, match="new-key"):
        passports.data_of(row_of(school, ira), None)


def test_rotation_is_whole_and_harmless_the_second_time(school, session, key):
    pupils = [graduate(school), graduate(school, full=("Ильин", "Олег", ""))]
    for pupil in pupils:
        keep_passport(school, pupil, key)
    new = key_of(new_key())
    assert passports.rotate(session, old=key, new=new, now=clock.now()) == (2, 0)
    assert passports.rotate(session, old=key, new=new, now=clock.now()) == (0, 2)
    assert passports.rotate(session, old=None, new=new, now=clock.now()) == (0, 2)
    assert [passports.data_of(row_of(school, one), new) for one in pupils] == [IRA, IRA]
    with pytest.raises(Refused):
        passports.data_of(row_of(school, pupils[0]), key)


def test_a_third_key_stops_the_rotation(school, session, key):
    ira, oleg = graduate(school), graduate(school, full=("Ильин", "Олег", ""))
    keep_passport(school, ira, key)
    keep_passport(school, oleg, key_of(new_key()))
    session.commit()
    with pytest.raises(Refused, match="третьим ключом"):
        passports.rotate(session, old=key, new=key_of(new_key()), now=clock.now())
    session.rollback()
    assert passports.data_of(row_of(school, ira), key) == IRA


LEFT = [  # the last day in class 11; today
    (None, date(2026, 9, 17)), (None, date(2027, 6, 30)), (date(2026, 12, 1), date(2026, 12, 2)),
    (date(2027, 6, 25), date(2027, 6, 26)), (date(2027, 5, 26), date(2027, 9, 30)),
    (date(2027, 5, 26), date(2027, 10, 1)), (date(2027, 5, 25), date(2027, 6, 1)),
    (date(2027, 6, 25), date(2028, 2, 1)), (date(2026, 12, 1), date(2026, 12, 1)),  # the last day itself
]


@pytest.mark.parametrize(("to_on", "today"), LEFT)
def test_the_list_of_what_must_go_says_what_the_rule_says(school, session, key, to_on, today):
    ira = graduate(school)
    keep_passport(school, ira, key)
    session.execute(update(Enrolment).where(Enrolment.pupil_id == ira.id).values(to_on=to_on))
    there = to_on is None or to_on >= today
    rule = must_go(grade=11 if there else None, left_11_on=to_on, year_ended_on=date(2027, 5, 26), today=today)
    assert (queries.pupils_to_erase(session, day=today) == [ira.id]) is rule
    assert session.scalar(queries.passports_to_erase(today)) == int(rule)
    assert [one.due for one in queries.passports(session, day=today)] == [rule]
