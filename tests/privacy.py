"""Personal data as tests tell them: a class 11 with Ира in it, and a data key of the server."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask

from ejd import clock
from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.privacy import passports
from ejd.privacy.passport_data import PassportData
from ejd.privacy.sealing import DataKey, key_of, new_key
from ejd.roster.models import Enrolment, Person, SchoolClass
from tests.world import FIRST_DAY, World, _person

IRA = PassportData("4523", "123445", "ГУ МВД России по г. Москве", date(2023, 3, 10), "770-001")
PASSWORD = "лошадь батарейка"
TYPED = {"series": "4523", "number": "123445", "issued_by": "ГУ МВД России по г. Москве", "issued_on": "10.03.2023",
         "code": "770-001"}


def with_password(school: World, person: Person) -> None:
    """Somebody who is signed in confirms with the password."""
    account = school.session.query(Account).filter_by(person_id=person.id).one()
    account.password_hash = passwords.hash_password(PASSWORD)
    school.session.flush()


def graduate(school: World, *, grade: int = 11, to_on: date | None = None,
             full: tuple[str, str, str] = ("Иванова", "Ирина", "Игоревна")) -> Person:
    """A pupil of class 11, or of another."""
    known = school.session.query(SchoolClass).filter_by(grade=grade, letter="А").one_or_none()
    school_class = known or SchoolClass(year_id=school.school_class("7А").year_id, grade=grade, letter="А",
                                        term_scheme="half_years")
    school.session.add(school_class)
    school.session.flush()
    pupil = _person(full, date(2009, 3, 1))
    school.session.add(Enrolment(pupil_id=pupil.id, class_id=school_class.id, from_on=FIRST_DAY, to_on=to_on))
    school.session.flush()
    return pupil


def with_key(app: Flask, monkeypatch: Any, key: str | None = None, old: str = "") -> DataKey:
    """The server has a data key, as IT gives it by the environment."""
    text = key or new_key()
    monkeypatch.setitem(app.config, "EJD", replace(app.config["EJD"], data_key=text, data_key_old=old))
    made = key_of(text)
    assert made is not None
    return made


def keep_passport(school: World, pupil: Person, key: DataKey, data: PassportData = IRA) -> None:
    passports.enter(school.session, actor_id=school.olga.id, pupil_id=pupil.id, data=data, version=0, key=key,
                    now=clock.now())
