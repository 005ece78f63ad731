"""Everything about one person: nothing that the database keeps is forgotten, nothing of others is told (R40)."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd.db import Base
from ejd.privacy import headings
from ejd.privacy.everything import Everything, Section, column_of, everything_about
from ejd.privacy.everything_paper import as_json, as_pdf
from ejd.privacy.labels import LABELS
from ejd.privacy.sealing import key_of, new_key
from ejd.roster.belonging import references
from ejd.schedule.feeds import make_feed
from tests.diary_facts import MON, lesson_of
from tests.forms import signs
from tests.homework import give
from tests.journal import Hand
from tests.privacy import graduate, keep_passport
from tests.rows import row_of
from tests.world import NOW, TODAY

pytestmark = pytest.mark.usefixtures("app")


def test_every_column_that_names_a_person_is_told_or_counted():
    named = {f"{column.table.name}.{column.name}" for column in references()}
    assert headings.ABOUT.keys() | headings.MADE.keys() == named
    assert not headings.ABOUT.keys() & headings.MADE.keys()


def test_every_table_that_hangs_on_such_a_row_alone_is_told():
    """A table without a person of its own that names a row about one."""
    about = {column_of(key).table.name for key in headings.ABOUT}
    hanging = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables if table.name not in about
               for column in table.columns for key in column.foreign_keys if key.column.table.name in about}
    assert hanging - headings.THROUGH.keys() <= {"card_batch.job_id"}


@pytest.mark.parametrize("key", [*headings.ABOUT, *headings.THROUGH])
def test_every_column_of_such_a_row_is_told_or_said_not_to_be(key):
    shown = (headings.ABOUT.get(key) or headings.THROUGH.get(key))[-1].split()
    table = column_of(key).table
    columns = {column.name for column in table.columns}
    assert columns - set(shown) - headings.UNTOLD - set(headings.OMITTED.get(table.name, "").split()) \
        - {key.split(".")[1]} == set()
    assert set(shown) <= columns and set(shown) <= headings.COLUMNS.keys()
    assert {next(iter(table.c[name].foreign_keys)).column.table.name for name in shown
            if table.c[name].foreign_keys} <= LABELS.keys()


def found_of(school, person) -> Everything:
    return everything_about(school.session, person=person, today=TODAY)


def section(found, title) -> Section:
    return next(one for one in found.sections if one.title == title)


def test_витя_reads_his_marks_and_no_name_of_another_family(school):
    hand = Hand(school, school.anna)
    mark = hand.puts(lesson_of(school, "Матем", MON), school.vitya, "4", comment="Молодец")
    hand.corrects(mark, "5")
    hand.notes(lesson_of(school, "Матем", MON), school.vitya, "о")
    give(school, lesson_of(school, "Матем", MON), [school.vitya])
    found = found_of(school, school.vitya)
    [row] = section(found, "Отметки").rows
    assert row["отметка"] == "5" and row["комментарий"] == "Молодец" and row["учитель"] == "Андреева\u00a0А.\u00a0А."
    assert "Математика" in row["урок"] and section(found, "Исправления отметок").rows[0]["было"] == "4"
    assert section(found, "Посещаемость").rows[0]["отметка"] == "опоздал"
    assert section(found, "Классы").rows[0]["класс"] == "7А" and section(found, "Домашние задания лично").rows
    said = as_json(found, school="Школа № 12").decode()
    for stranger in ("Зимин", "Белова", "Волкова Вера", "Волкова Мария"):
        assert stranger not in said


def test_вера_reads_of_which_child_each_row_is(school):
    """R33: two children, told apart."""
    signs(school, "refusal", school.masha, school.vera)
    make_feed(school.session, owner_id=school.vera.id, pupil_id=school.vitya.id, now=NOW)
    found = found_of(school, school.vera)
    assert {row["ученик"] for row in section(found, "Представитель ребёнка").rows} == {
        "Волков Виктор Павлович", "Волкова Мария Павловна"}
    assert [row["ученик"] for row in section(found, "Бумаги представителя").rows] == ["Волкова Мария Павловна"]
    assert [row["ученик"] for row in section(found, "Форма услуги у представителя").rows] == ["Волкова Мария Павловна"]
    feeds = section(found, "Адреса расписания для телефона")
    assert feeds.rows[0]["ученик"] == "Волков Виктор Павлович" and "по отказу" in feeds.note
    assert "Зимина" not in as_json(found, school="").decode()


def test_codes_and_fractions_are_told_in_words(school):
    row_of(school, column_of("term_mark.pupil_id").table, {"pupil_id": school.vitya.id, "average": "13/3"})
    [row] = section(found_of(school, school.vitya), "Итоговые отметки").rows
    assert row["средний балл"] == "4,33" and row["за что"] == "год"


def test_what_анна_has_written_about_others_is_only_counted(school):
    Hand(school, school.anna).puts(lesson_of(school, "Матем", MON), school.vitya, "4", comment="Волков старается")
    found = found_of(school, school.anna)
    assert ("Отметки: внесено", 1) in found.made and "Волков" not in as_json(found, school="").decode()
    assert {"Должности", "Нагрузка", "Классное руководство"} <= {one.title for one in found.sections}
    assert section(found, "Должности").rows[0]["должность"] == "Учитель"


def test_of_a_passport_only_that_it_is_kept(school):
    ira = graduate(school)
    keep_passport(school, ira, key_of(new_key()))
    found = found_of(school, ira)
    assert "зашифрованными" in section(found, "Паспортные данные").note
    assert "123445" not in as_json(found, school="").decode()


def test_the_paper_is_readable_and_the_json_says_the_same(school):
    Hand(school, school.anna).puts(lesson_of(school, "Матем", MON), school.vitya, "4")
    found = found_of(school, school.vitya)
    pages = PdfReader(BytesIO(as_pdf(found, school="Школа № 12"))).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
    assert "Сведения, которые хранятся о человеке: Волков Виктор Павлович" in words
    assert "Дата рождения: 04.03.2013" in words and "отметка: 4" in words and "Страница 1 из 1" in words
    told = json.loads(as_json(found, school="Школа № 12"))
    assert told["format"] == "ejd-person-1" and told["person"]["birth_date"] == "2013-03-04"
    assert {one["title"] for one in told["sections"]} == {one.title for one in found.sections}


def test_a_long_life_goes_on_over_many_pages():
    rows = [{"отметка": "5", "комментарий": "очень подробный комментарий " * 12, "день": date(2026, 9, 1)}] * 200
    found = Everything("Мамин-Сибиряк Константин", None, TODAY, [Section("mark", "Отметки", rows)], [("Отметки", 3)])
    pages = PdfReader(BytesIO(as_pdf(found, school="Школа"))).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) > 10 and words.count("очень подробный") == 200 * 12
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Страница {number} из {len(pages)}" in text
        assert ("Мамин-Сибиряк Константин. Сведения, которые хранятся. Выписано 17.09.2026" in text) is (number > 1)
