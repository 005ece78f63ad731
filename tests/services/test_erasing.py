"""Erasure: no trace of the name in the whole database, every mark and every line of the record still there (R40, R54;
engineering: the row of a person is emptied, its id stays)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import String, func, select

from ejd import clock
from ejd.access import Position
from ejd.credentials.models import Account, SignedSession
from ejd.db import Base
from ejd.privacy import emptied, erasing
from ejd.privacy.emptied import reason_not_to_erase, stem
from ejd.privacy.everything import column_of
from ejd.privacy.headings import ABOUT, MADE, THROUGH
from ejd.refusal import Refused
from ejd.roster.belonging import references
from ejd.roster.models import Employment, Enrolment, Guardianship, Person
from ejd.school.keeping import kept_until
from tests.rows import can_hold_words, row_of, texts_with
from tests.world import FIRST_DAY, TODAY, _person

SURNAME = "Кудеяров"
GO = {"saved_view", "second_factor", "news_asked"}  # no facts: deleted
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def gone(school) -> Person:
    """Somebody who has left, about whom and by whom there is a row in every table."""
    person = _person((SURNAME, "Афанасий", "Никитич"), date(2009, 3, 1))
    rows = {key: row_of(school, column_of(key).table, {column_of(key).name: person.id}, word=SURNAME)
            for key in sorted(ABOUT, key=lambda key: key in {"news_asked.person_id"})
            if key not in {"homework_pupil.pupil_id", "note_recipient.pupil_id"}}
    for key, (on, *_) in THROUGH.items():
        row_of(school, column_of(key).table, {column_of(key).name: rows[on]["id"]}, word=SURNAME)
    for key in MADE:
        row_of(school, column_of(key).table, {column_of(key).name: person.id})
    tables = Base.metadata.tables
    note = row_of(school, tables["note"], {}, word=SURNAME)
    row_of(school, tables["note_recipient"], {"note_id": note["id"], "pupil_id": person.id})
    homework = row_of(school, tables["homework"], {}, word=SURNAME)
    row_of(school, tables["homework_pupil"], {"homework_id": homework["id"], "pupil_id": person.id})
    row_of(school, tables["homework_change"], {"homework_id": homework["id"]}, word=SURNAME)
    row_of(school, tables["homework_file"], {"homework_id": homework["id"]}, word=SURNAME)
    course = row_of(school, tables["course"], {"class_id": None}, word=SURNAME)
    row_of(school, tables["course_member"], {"course_id": course["id"], "pupil_id": person.id})
    school.session.flush()
    return person


def erase(school, person, by=None):
    return erasing.erase(school.session, actor_id=(by or school.galina).id, person_id=person.id, now=clock.now(),
                         real_now=clock.real_now())


def counts(school):
    return {name: school.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()}


def named(school, person):
    return {f"{column.table.name}.{column.name}": school.session.scalar(
        select(func.count()).select_from(column.table).where(column == person.id)) for column in references()}


def test_no_trace_of_the_name_is_left_and_every_fact_is(school, gone):
    rows, ids = counts(school), named(school, gone)
    assert all(ids.values()), "a row in every table"
    assert len(texts_with(school, SURNAME)) > 25
    erase(school, gone)
    assert texts_with(school, SURNAME) == {} and texts_with(school, "kudeyarov") == {}
    assert texts_with(school, "Афанасий") == {}
    rows["audit_record"] += 2  # the passport and the person
    left = counts(school)
    assert {name for name in rows if rows[name] != left[name]} == GO
    after = named(school, gone)
    assert {key for key in ids if ids[key] != after[key]} == {"saved_view.owner_id", "news_asked.person_id"}
    kept = school.session.get(Person, gone.id)
    assert kept.full_name == f"Удалено по запросу {gone.id}" and kept.birth_date is None and kept.erased_at


def test_the_login_opens_nothing_any_more(school, gone):
    account = school.session.query(Account).filter_by(person_id=gone.id).one()
    erase(school, gone)
    assert not account.lets_in(clock.real_now()) and account.login == f"erased-{account.id}"
    assert all(one.ended_at for one in school.session.scalars(select(SignedSession).filter_by(account_id=account.id)))


def test_what_is_about_many_is_left_and_told_beforehand(school, gone):
    tables = Base.metadata.tables
    note = row_of(school, tables["note"], {"text": f"Поздравляем {SURNAME}а и Волкова"})
    for pupil in (gone, school.vitya):
        row_of(school, tables["note_recipient"], {"note_id": note["id"], "pupil_id": pupil.id})
    row_of(school, tables["lesson"], {"topic": f"Доклад {SURNAME}а", "course_id": school.course("7А", "Русск").id,
                                      "day": date(2026, 9, 30), "number": 7})
    page = erasing.preview(school.session, person=gone, actor_id=school.galina.id, today=TODAY)
    assert dict(page.mentions) == {"замечания и сообщения семьям": 1, "темы уроков": 1}
    erase(school, gone)
    assert texts_with(school, SURNAME) == {"note.text": 1, "lesson.topic": 1}


def test_every_text_of_the_database_is_emptied_left_or_a_code():
    by_key = {f"{column.split('.')[0]}.{name}" for one in emptied.EMPTIED for column in one.by for name in one.values}
    known = by_key | emptied.EMPTIED_ALONE | emptied.OF_MANY.keys() | {
        f"person.{name}" for name in ("last_name", "first_name", "patronymic", "sort_key", "search_key")}
    words = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
             if can_hold_words(column)}
    assert words - known == set()
    texts = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
             if isinstance(column.type, String)}
    assert emptied.CODED | emptied.OF_MANY.keys() <= texts


@pytest.mark.parametrize(("needed", "reason"), [
    ({}, None), ({"enrolled": True}, "выбытие"), ({"employed": True}, "должности"), ({"guards": True}, "представитель"),
    ({"oneself": True}, "Свои данные")])
def test_who_is_needed_is_not_erased(needed, reason):
    found = reason_not_to_erase(**{"oneself": False, "enrolled": False, "employed": False, "guards": False} | needed)
    assert (found is None) if reason is None else reason in found


def test_the_rule_is_asked_of_the_lists(school, gone):
    class_id = school.school_class("7А").id
    for row, reason in (
            (Enrolment(pupil_id=gone.id, class_id=class_id, from_on=TODAY), "выбытие"),
            (Employment(person_id=gone.id, position=Position.OFFICE.value, from_on=FIRST_DAY), "должности"),
            (Guardianship(guardian_id=gone.id, pupil_id=school.zoya.id, from_on=FIRST_DAY), "представитель")):
        school.session.add(row)
        school.session.flush()
        with pytest.raises(Refused, match=reason):
            erase(school, gone)
        school.session.delete(row)
        school.session.flush()
    with pytest.raises(Refused, match="Свои"):
        erase(school, gone, by=gone)
    erase(school, gone)
    with pytest.raises(Refused, match="в списках нет"):
        erase(school, gone)


@pytest.mark.parametrize(("last_name", "part"), [
    ("Волков", "Волков"), ("Волкова", "Волков"), ("Крайняя", "Крайн"), ("Крайний", "Крайн"), ("Ким", "Ким"),
    ("Цой", "Цой"), ("Гоголь", "Гогол")])
def test_the_surname_is_found_in_any_case(last_name, part):
    assert stem(last_name) == part


def test_until_when_the_papers_of_a_year_are_kept():
    assert kept_until(date(2027, 5, 26)) == (date(2032, 12, 31), date(2052, 12, 31))  # R54
