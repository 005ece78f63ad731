"""Дина, the deputy, looks for who did what: Анна put a mark and corrected it, and the record says so."""

from __future__ import annotations

from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd.audit.models import BulkExport
from ejd.credentials import passwords
from ejd.credentials.models import Account
from tests.journal import Hand

PASSWORD = "verno-dlinno-12"


@pytest.fixture
def dina(as_, school):
    return as_(school.dina)


@pytest.fixture
def mark(school):
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    return anna.corrects(anna.puts(lesson, school.vitya, "4"), "5")


def rows(page):
    return [" ".join(row.text.replace("\xa0", " ").split()) for row in page.select("tbody tr")]


def test_an_act_reads_as_a_sentence(dina, mark, at_most):
    with at_most(8):
        page = dina.get("/admin/history")
    said = [row for row in rows(page) if "Волков" in row]
    assert "Отметка исправлена 4 → 5: Волков В. П., 7А, Математика, 15 сентября 2026" in said[0]
    assert "Поставлена отметка 4" in said[1] and "Андреева А. А." in said[1]


@pytest.mark.parametrize("asked", [
    "person={vitya}", "actor={anna}", "course={course}", "class={class}", "group=marks",
    "actor={anna}&person={vitya}&group=marks", "actor={anna}&course={course}", "class={class}&subject={maths}",
    "lesson=2026-09-15", "class={class}&subject={maths}&lesson=2026-09-15&group=marks",
    "course={course}&lesson=15.09.2026", "actor={anna}&class={class}&lesson=2026-09-15",
])
def test_it_is_found_by_each_way_of_asking(dina, school, mark, at_most, asked):
    address = "/admin/history?" + asked.format(**{
        "vitya": school.vitya.id, "anna": school.anna.id, "course": school.course("7А", "Математика").id,
        "class": school.school_class("7А").id, "maths": school.course("7А", "Математика").subject_id})
    with at_most(8):
        assert any("4 → 5: Волков" in row for row in rows(dina.get(address)))


@pytest.mark.parametrize("asked", [
    "person={zoya}", "actor={boris}", "course={russian}", "class={other}", "group=schedule",
    "from=2026-08-01&to=2026-08-31", "class={own}&subject={spelling}", "class={other}&subject={maths}",
    "lesson=2026-09-14", "class={own}&subject={maths}&lesson=2026-09-14", "class={other}&lesson=2026-09-15",
    "class={own}&subject={spelling}&lesson=2026-09-15", "course={russian}&lesson=2026-09-15",
])
def test_and_not_by_another(dina, school, mark, asked):
    page = dina.get("/admin/history?" + asked.format(
        zoya=school.zoya.id, boris=school.boris.id, russian=school.course("7А", "Русский").id,
        other=school.school_class("7Б").id, own=school.school_class("7А").id,
        maths=school.course("7А", "Математика").subject_id, spelling=school.course("7А", "Русский").subject_id))
    assert not any("4 → 5" in row for row in rows(page))


def test_presence_is_found_by_the_pupil_though_the_record_is_of_the_lesson(dina, school):
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    anna.notes(lesson, school.vitya, "н")
    anna.notes(lesson, school.person("Белова", "Дарья"), "о")
    said = rows(dina.get(f"/admin/history?person={school.vitya.id}"))
    assert any("Посещаемость был → н: Волков В. П., 7А, Математика" in row for row in said)
    assert not any("Белова" in row for row in said)


def test_a_person_is_found_by_name_without_a_name_in_an_address(dina, school, mark):
    page = dina.get("/admin/history")
    found = dina.submit(page, "form[action$='/find']", {"name": "волков викт"}, status=200)
    link = next(one["href"] for row in found.select("tbody tr") if "Виктор Павлович" in row.text
                for one in row.select("a") if "что делали с ним" in one.text)
    assert "волков" not in link.lower()
    told = dina.get(link)
    assert "О ком: Волков В. П." in told.words and "4 → 5" in told.words
    nobody = dina.submit(page, "form[action$='/find']", {"name": "ящщщ"}, status=200)
    assert "Никого с таким именем нет" in nobody.words


def test_page_by_page_nothing_is_missed_or_told_twice(dina, school):
    anna = Hand(school, school.anna)
    lessons = [school.lesson(school.course("7А", "Математика"), date(2026, 9, day)) for day in (8, 10, 11, 15)]
    pupils = [school.vitya, school.person("Белова", "Дарья"), school.person("Ким", "Софья")]
    for lesson in lessons:
        for pupil in pupils:
            mark = anna.puts(lesson, pupil, "4")
            for value in ("5", "3", "2", "5"):
                mark = anna.corrects(mark, value)
    address, told = f"/admin/history?actor={school.anna.id}&group=marks", []
    while address:
        page = dina.get(address)
        told += [row.select_one("th").text for row in page.select("tbody tr")]
        more = page.select_one("nav[aria-label='Страницы журнала действий'] a")
        address = more["href"] if more else None
    assert len(told) == len(lessons) * len(pupils) * 5


@pytest.mark.parametrize(("asked", "says"), [
    ("from=вчера", "Дата записывается как"), ("from=2026-09-10&to=2026-09-01", "раньше первого"),
    ("person=1&class=1", "Выберите что-то одно"), ("subject=1", "Выберите ещё и класс"),
    ("lesson=вчера", "Дата записывается как"), ("person=1&lesson=2026-09-15", "человека снимите"),
])
def test_a_question_that_makes_no_sense_is_said(dina, asked, says):
    assert says in dina.get(f"/admin/history?{asked}", status=422).words


def test_any_other_garbage_is_harmless(dina, mark):
    dina.get("/admin/history?group=чепуха&class=x&actor=-1&person=")
    dina.get("/admin/history?actor=999999", status=404)
    dina.get("/admin/history?before=вчера", status=404)
    dina.get("/admin/history?before=2026-09-17.99999999999999999999", status=404)


def test_a_file_needs_the_password_and_is_told_to_the_director(dina, school, mark, tmp_path):
    account = school.session.scalars(select(Account).filter_by(person_id=school.dina.id)).one()
    account.password_hash = passwords.hash_password(PASSWORD)
    page = dina.get(f"/admin/history?person={school.vitya.id}")
    file = "form[action$='/file']"
    refused = dina.submit(page, file, {"password": "не тот", "form": "pdf"}, status=422)
    assert "Пароль не подходит" in refused.words and "4 → 5" in refused.words
    assert not school.session.scalars(select(BulkExport)).all()
    answer = dina.submit(page, file, {"password": PASSWORD, "form": "pdf"}, status=200).response
    (tmp_path / "record.pdf").write_bytes(answer.data)
    text = PdfReader(tmp_path / "record.pdf").pages[0].extract_text()
    assert "Отметка исправлена 4 –> 5" in text.replace("\n", " ").replace("\xa0", " ")
    [left] = school.session.scalars(select(BulkExport)).all()
    assert (left.kind, left.made_by_id) == ("audit", school.dina.id) and left.amount >= 2
    assert dina.submit(page, file, {"password": PASSWORD, "form": "xlsx"}, status=200).response.data[:2] == b"PK"


def test_only_director_and_deputy_look_into_it(as_, school):
    as_(school.galina).get("/admin/history")
    for person in (school.inna, school.olga, school.igor, school.anna):
        as_(person).get("/admin/history", status=403)


def test_what_was_chosen_stays_when_it_makes_no_sense(dina, school):
    subject = school.course("7А", "Математика").subject_id
    page = dina.get(f"/admin/history?subject={subject}&lesson=15.09", status=422)
    assert page.select_one("#subject option[selected]")["value"] == str(subject)
    assert page.select_one("#lesson")["value"] == "15.09"


def test_the_words_over_the_list_name_the_class_as_it_is_written(dina, school):
    page = dina.get(f"/admin/history?class={school.school_class('7А').id}&lesson=2026-09-15")
    assert "7А; уроки 15 сентября 2026. Снять отбор" in page.words
