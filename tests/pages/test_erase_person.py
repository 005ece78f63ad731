"""Галина erases the data of a pupil who has left (R40, R54): told first, typed, with the password, for good."""

from __future__ import annotations

import os
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select, update

from ejd import clock
from ejd.files import store
from ejd.files.models import StoredFile
from ejd.files.store import FOLDER, Sent
from ejd.journal.models import Mark
from ejd.privacy import erasing, unnamed
from ejd.privacy.commands import clear_unnamed_files
from ejd.roster.models import Enrolment, Guardianship, Person
from tests.diary_facts import MON, lesson_of
from tests.forms import second_guardian
from tests.homework import attach, give
from tests.journal import Hand, records
from tests.privacy import PASSWORD, with_password
from tests.rows import texts_with
from tests.world import FIRST_DAY, NOW

SURE = {"last_name": "Мамин-Сибиряк", "kept": "1", "password": PASSWORD}


@pytest.fixture
def kostya(school) -> Person:
    """Marks, a remark and homework with a file; he left on Tuesday."""
    pupil = school.person("Мамин-Сибиряк", "Константин")
    hand = Hand(school, school.anna)
    hand.puts(lesson_of(school, "Матем", MON), pupil, "4", comment="Мамин-Сибиряк спорит")
    attach(school, give(school, lesson_of(school, "Матем", MON), [pupil]), "Мамин.txt", "Константин\n".encode())
    school.session.execute(update(Enrolment).where(Enrolment.pupil_id == pupil.id).values(to_on=date(2026, 9, 15)))
    return pupil


@pytest.fixture
def galina(as_, school):
    visitor = as_(school.galina)
    with_password(school, school.galina)
    return visitor


def an_hour_passes(folder):
    then = (clock.real_now() - timedelta(minutes=61)).timestamp()
    for path in folder.glob("*/*/*"):
        os.utime(path, (then, then))


def page_of(person):
    return f"/admin/people/{person.id}/erase"


def test_the_page_says_what_goes_and_what_stays(galina, school, kostya, at_most):
    with at_most(8):
        page = galina.get(page_of(kostya))
    assert "комментарии к отметкам (1 запись)" in page.words and "Это навсегда" in page.words
    assert "2026/2027 учебный год: журнал хранить до 31.12.2032, сводную ведомость до 31.12.2052" in page.words


def test_it_is_done_and_the_pages_that_showed_him_still_work(galina, as_, school, kostya):
    files = Path(current_app.instance_path) / "files"
    sha256 = school.session.scalars(select(StoredFile.sha256).order_by(StoredFile.id.desc())).first()
    stored = files / sha256[:2] / sha256[2:4] / sha256
    assert stored.is_file()
    os.utime(stored, (0, 0))
    person_id = kostya.id
    done = galina.submit(galina.get(page_of(kostya)), "#form", SURE)
    assert done.response.location == "/admin/search"
    assert texts_with(school, "Мамин") == {} and not stored.exists()
    assert school.session.scalars(select(Mark.value).where(Mark.pupil_id == person_id)).all() == ["4"]
    assert records(school, "person.erased") == ["{}"]
    course, class_id = school.course("7А", "Матем"), school.school_class("7А").id
    journal = as_(school.anna).get(f"/teacher/courses/{course.id}/journal")
    assert "Мамин" not in journal.words
    anna = as_(school.anna)
    for url in (f"/teacher/classes/{class_id}", f"/teacher/classes/{class_id}/summary",
                f"/teacher/lessons/{lesson_of(school, 'Матем', MON).id}"):
        anna.get(url)
    for url in (f"/admin/classes/{class_id}", f"/admin/journals/{course.id}", "/admin/privacy", "/admin/forms",
                "/admin/search?q=Мамин", "/admin/"):
        if (found := galina.open(url).status_code) != 404:
            assert found == 200, url
            assert "Мамин" not in galina.get(url).words.replace("«Мамин»", ""), url
    galina.get(f"/admin/people/{person_id}", status=404)
    galina.get(page_of(kostya), status=404)


def test_a_file_that_a_crash_left_behind_is_found_and_cleared(school, kostya):
    """The erasure is saved, and the server is killed before the file is removed."""
    erasing.erase(school.session, actor_id=school.galina.id, person_id=kostya.id, now=NOW, real_now=clock.real_now())
    school.session.commit()
    folder = Path(current_app.instance_path) / FOLDER
    assert unnamed.lying(school.session, folder) == [], "one that was put there just now may be going to be named"
    an_hour_passes(folder)
    [left] = unnamed.lying(school.session, folder)
    others = {path for path in folder.glob("*/*/*") if path != left}
    clear_unnamed_files(school.session())
    assert not left.exists() and unnamed.lying(school.session, folder) == []
    assert set(folder.glob("*/*/*")) == others


def test_a_file_that_is_just_being_attached_is_not_cleared(school, kostya):
    """The same bytes are attached again after the erasure; what names them is not saved yet."""
    erasing.erase(school.session, actor_id=school.galina.id, person_id=kostya.id, now=NOW, real_now=clock.real_now())
    school.session.commit()
    folder = Path(current_app.instance_path) / FOLDER
    an_hour_passes(folder)
    [left] = unnamed.lying(school.session, folder)
    with store.receiving(folder, [Sent("Ещё.txt", BytesIO("Константин\n".encode()))], longest=100, field="files"
                         ) as [received]:
        store.keep(school.session, folder=folder, file=received, now=NOW)
    clear_unnamed_files(school.session())
    assert left.read_text("utf-8") == "Константин\n"


def test_only_what_says_something_is_counted(galina, school, kostya):
    """One enrolment with a reason, one without; no word in the marks but one."""
    enrolment = school.session.scalars(select(Enrolment).filter_by(pupil_id=kostya.id)).one()
    assert "откуда прибыл" not in galina.get(page_of(kostya)).words
    enrolment.leave_reason = "Переезд"
    Hand(school, school.boris).puts(lesson_of(school, "Русск", MON), kostya, "5", key="wordless")
    page = galina.get(page_of(kostya))
    assert "откуда прибыл и почему выбыл (1 запись)" in page.words
    assert "комментарии к отметкам (1 запись)" in page.words


def test_guardians_without_another_child_are_named(galina, school, kostya):
    """Захар has Зоя in 7Б, Ева works here: they are needed; Павел is not."""
    for guardian in (school.zakhar, school.eva):
        school.session.add(Guardianship(guardian_id=guardian.id, pupil_id=kostya.id, from_on=FIRST_DAY))
    pavel = second_guardian(school, kostya)
    page = galina.get(page_of(kostya))
    assert [a["href"] for a in page.select("main ul a")] == [f"/admin/people/{pavel.id}"]
    assert "Кто останется без детей в школе" in page.words and "Волков Павел Петрович" in page.words
    galina.submit(page, "#form", SURE)
    again = galina.get(page_of(pavel))
    assert "Кто останется" not in again.words and again.select_one("#form")


@pytest.mark.parametrize(("given", "field"), [
    ({"last_name": "Мамин"}, "last_name"), ({"kept": ""}, "kept"), ({"password": "не тот"}, "password"),
    ({"last_name": ""}, "last_name")])
def test_not_by_a_slip(galina, school, kostya, given, field):
    page = galina.post(page_of(kostya), SURE | given, status=422)
    assert page.select_one(f"#{field}-error") and kostya.erased_at is None
    assert records(school, "person.erased") == []


def test_a_pupil_who_learns_is_refused(galina, school):
    page = galina.get(page_of(school.vitya))
    assert "сначала запишите выбытие" in page.words and not page.select("#form")
    refused = galina.post(page_of(school.vitya), SURE | {"last_name": "Волков"}, status=422)
    assert "сначала запишите выбытие" in refused.words and school.vitya.erased_at is None


@pytest.mark.parametrize("name", ["dina", "olga", "igor", "inna", "anna"])
def test_the_director_alone(as_, school, kostya, name):
    as_(getattr(school, name)).get(page_of(kostya), status=403)
    as_(getattr(school, name)).post(page_of(kostya), SURE, status=403)
