"""`privacy new-key` and `privacy rotate-key` on the server (R41)."""

from __future__ import annotations

import pytest

from ejd import clock
from ejd.config import from_environment
from ejd.db import db
from ejd.privacy import passports
from ejd.privacy.models import Passport
from ejd.privacy.sealing import key_of, new_key, seal
from ejd.roster.models import Person
from tests.privacy import IRA, with_key
from tests.test_cli import empty, run

__all__ = ["empty"]


def test_a_new_key_is_printed_alone_and_another_each_time(empty):
    keys = [run(empty, "privacy", "new-key").output.strip() for _ in range(2)]
    assert keys[0] != keys[1] and all(len(key_of(one).secret) == 32 for one in keys)


def test_rotation_goes_by_the_environment(empty, monkeypatch):
    run(empty, "init", "--first", "Зимина Вера Павловна")
    said = run(empty, "privacy", "rotate-key")
    assert said.exit_code != 0 and "EJD_DATA_KEY" in said.output and said.output.count("\n") == 1
    old, new, now = new_key(), new_key(), clock.now()
    person_id = db.session.query(Person.id).scalar()
    sealed = seal(key_of(old), IRA.packed(), bound_to=passports.bound_to(person_id))
    db.session.add(Passport(pupil_id=person_id, sealed=sealed, key_id=key_of(old).id, entered_at=now,
                            entered_by_id=person_id))
    db.session.commit()
    with_key(empty, monkeypatch, new)
    refused = run(empty, "privacy", "rotate-key")
    assert refused.exit_code != 0 and "другим ключом" in refused.output
    with_key(empty, monkeypatch, new, old=old)
    assert "новым ключом: 1" in run(empty, "privacy", "rotate-key").output
    assert "Менять нечего" in run(empty, "privacy", "rotate-key").output
    db.session.expire_all()
    assert passports.data_of(db.session.get(Passport, person_id), key_of(new)) == IRA


@pytest.mark.parametrize("given", ["short", "ключ", new_key()[:-4], new_key() + "AAAA"])
def test_a_key_that_is_none_stops_the_program_with_one_line(monkeypatch, given):
    monkeypatch.setenv("EJD_DATA_KEY", given)
    with pytest.raises(SystemExit, match="privacy new-key"):
        from_environment()
    monkeypatch.setenv("EJD_DATA_KEY", new_key())
    assert key_of(from_environment().data_key)
