"""Loading lists on the web: Ольга of the office and Дина, the deputy head, bring files in; others may not."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func, select

from ejd import clock
from ejd.roster.classes import found_class
from ejd.roster.models import Enrolment, Person
from ejd.web.access import IMPORTS
from tests.world import NOW

HEADER = "Класс;ФИО;Дата рождения;Телефон;Мать"
CLASS_7B = ("7Б;Ершов Егор Андреевич;01.03.2013;1;", "7Б;Зимина Зоя Захаровна;02.03.2013;2;",
            "7Б;Петров Пётр Петрович;03.03.2013;3;")
DATA = Path(__file__).parent.parent / "data"


def csv(*lines, name="7Б.csv"):
    return io.BytesIO("\n".join((HEADER, *lines)).encode("cp1251")), name


def send(visitor, *files):
    """Choose the files; the preview that follows."""
    answer = visitor.post("/admin/import", {"files": list(files)}, content_type="multipart/form-data").response
    return visitor.get(answer.location)


def people(session):
    return session.scalar(select(func.count()).select_from(Person))


def test_files_are_shown_before_anything_is_written(as_, school, session):
    before = people(session)
    page = send(as_(school.olga), csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    assert "Лев Ян Львович, 7Б, 05.11.2012" in page.words
    assert "Хранить нельзя, не загружаются: Телефон" in page.words
    assert people(session) == before


def test_confirming_writes_and_reports(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;", "7Б;Ли;05.11.2012;4;"))
    answer = visitor.submit(page, "#confirm").response
    report = visitor.get(answer.location)
    assert report.h1.text == "Загрузка закончена"
    assert "строка 6, «ФИО»" in report.words
    assert school.person("Лев", "Ян")


def test_the_same_files_again_change_nothing(as_, school):
    page = send(as_(school.olga), csv(*CLASS_7B))
    assert "Школа уже такая, как в файлах" in page.words
    assert not page.select("#confirm button")


def test_no_file_is_explained_next_to_the_field(as_, school):
    page = as_(school.olga).post("/admin/import", {}, status=422)
    assert page.select_one("#files-error").text == "Выберите файлы со списками"


def test_a_picture_is_explained(as_, school):
    page = send(as_(school.olga), (io.BytesIO(b"\x89PNG\r\n"), "фото.png"))
    assert "фото.png : Это картинка, а нужна таблица" in page.words
    assert not page.select("#confirm")
    assert "Как прочитаны файлы" not in page.words
    assert page.select_one("#unread").parent.select_one("a[href='/admin/import']").text == "Выбрать другие файлы"


def test_a_file_that_is_too_long_leads_back_to_choosing(as_, school, monkeypatch):
    monkeypatch.setitem(current_app.config, "MAX_CONTENT_LENGTH", 2_000)
    body = io.BytesIO(b"0" * 3_000), "list.csv"
    page = as_(school.olga).post("/admin/import", {"files": [body]}, content_type="multipart/form-data", status=413)
    assert page.select_one("main a[href='/admin/import']").text == "Выбрать другой файл"


def test_lists_that_rest_on_an_unclear_one_wait_for_it(as_, school):
    page = send(as_(school.olga), (io.BytesIO("Класс;ФИО;Когда\n1Я;Лев Ян;весной".encode()), "pupils.csv"),
                (io.BytesIO("Класс;Предмет;Часов;Учитель\n1Я;Физика;2;".encode()), "load.csv"))
    assert "Ждёт: сначала укажите столбцы списка учеников" in page.words
    assert "Класса 1Я" not in page.words and not page.select("#confirm")


def test_lessons_missing_from_a_timetable_stay_unless_ticked(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, (io.BytesIO("День;№ урока;7Б\nПонедельник;3;Математика".encode()), "week.csv"))
    [box] = page.select("input[name=left]")
    assert "7Б: среда, урок 2 – Математика" in box.parent.text and not box.has_attr("checked")
    visitor.submit(page, "#confirm", {"left": box["value"]})
    again = send(visitor, (io.BytesIO("День;№ урока;7Б\nПонедельник;3;Математика".encode()), "week.csv"))
    assert not again.select("input[name=left]")


def test_an_unanswered_question_is_told_at_its_place_and_nothing_is_lost(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B[:2], "7Б;Петров Пётр Петрович;30.03.2013;3;",
                             "7Б;Громов Лев Львович;05.11.2012;4;Громова Галина Григорьевна"))
    first, second = (field["name"] for field in page.select("fieldset input[value=same]"))
    again = visitor.submit(page, "#confirm", {first: "other"}, status=422)
    assert again.title.text.startswith("Ошибка:")
    assert again.select_one("fieldset [role=alert]").text == "Выберите ответ"
    assert again.select_one(f"input[name={first}][value=other]").has_attr("checked")
    before = people(session)
    done = visitor.post(page.select_one("#confirm")["action"], {
        "seen": page.select_one("[name=seen]")["value"], first: "same", second: "same", "since": ""}).response
    assert done.status_code == 302
    assert people(session) == before + 1  # Лев; his mother is Галина, Пётр is mended
    assert school.person("Петров", "Пётр").birth_date.day == 30


def test_who_is_missing_stays_unless_ticked(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B[:2]))
    [box] = page.select("input[name=left]")
    assert not box.has_attr("checked")
    visitor.submit(page, "#confirm", {"left": box["value"]})
    petrov = school.person("Петров", "Пётр")
    assert session.scalars(select(Enrolment.to_on).filter_by(pupil_id=petrov.id)).one() is not None


def test_a_proposed_guardian_is_ticked_and_can_be_unticked(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Волков Олег Павлович;05.11.2011;4;Волкова Вера Викторовна"))
    assert page.select_one("input[name=accepted]").has_attr("checked")
    before = people(session)
    visitor.post(page.select_one("#confirm")["action"], {"seen": page.select_one("[name=seen]")["value"]})
    assert people(session) == before + 2  # Олег, and a mother of the same name


def test_a_day_out_of_the_year_is_refused_at_its_field(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    before = people(session)
    for day, reason in (("2031-01-01", "2026/2027"), ("вчера", "Дата записывается как")):
        again = visitor.submit(page, "#confirm", {"since": day}, status=422)
        assert reason in again.select_one("#since-error").text
    again = visitor.submit(page, "#confirm", {"since": "2031-01-01"}, status=422)
    assert again.select_one("#since")["value"] == "2031-01-01"
    assert people(session) == before


def test_a_timetable_from_a_day_out_of_the_year_is_refused_at_its_field(as_, school):
    visitor = as_(school.olga)
    week = "День;№ урока;7Б\nПонедельник;3;Математика\nпт;2;Математика"
    page = send(visitor, (io.BytesIO(week.encode()), "week.csv"))
    again = visitor.submit(page, "#confirm", {"since": "2031-01-01"}, status=422)
    assert "внутри учебного года" in again.select_one("#since-error").text


def test_a_school_that_changed_meanwhile_is_shown_anew(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    found_class(session, actor_id=None, year_id=school.school_class("7А").year_id, grade=8, letter="А", now=NOW)
    again = visitor.submit(page, "#confirm", status=409)
    assert "списки школы изменились" in again.select_one("[role=alert]").text
    visitor.submit(again, "#confirm")
    assert school.person("Лев", "Ян")


def test_columns_can_be_corrected_and_the_correction_is_remembered(as_, school):
    visitor = as_(school.olga)
    given = io.BytesIO("Группа ребят;Кто;Когда\n7Б;Лев Ян Львович;05.11.2012".encode()), "odd.csv"
    page = send(visitor, given)
    assert "Не понятно, что это за список" in page.words or "Не найдены столбцы" in page.words
    visitor.submit(page, "details form", {"kind": "pupils", "column-0": "class"})
    page = visitor.get(page.select_one("#confirm, details form")["action"].rsplit("/", 1)[0])
    assert "Лев Ян Львович, 7Б, 05.11.2012" in page.words
    visitor.submit(page, "#confirm")
    again = send(visitor, (io.BytesIO("Группа ребят;Кто;Когда\n7Б;Ли Ян Львович;06.11.2012".encode()), "odd.csv"))
    assert "Ли Ян Львович, 7Б, 06.11.2012" in again.words


@pytest.mark.parametrize("form", [
    {}, {"sheet": "x", "kind": "pupils"}, {"sheet": "99999999999", "kind": "pupils"}, {"sheet": "7", "kind": "load"},
    {"sheet": "0", "kind": "мяу"}, {"sheet": "0", "kind": "load", "column-99": "class", "column-x": "class",
                                    "column-0": "мяу", "column-²": "class"}])
def test_garbage_about_a_sheet_breaks_nothing(as_, school, form):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B))
    action = page.select_one("details form")["action"]
    visitor.post(action, form, status=302)
    visitor.get(action.rsplit("/", 1)[0])


def test_garbage_for_answers_breaks_nothing(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B[:2], "7Б;Петров Пётр Петрович;30.03.2013;3;"))
    action, before = page.select_one("#confirm")["action"], people(session)
    name = page.select_one("fieldset input")["name"]
    for form in ({}, {"seen": "x"}, {"seen": page.select_one("[name=seen]")["value"], name: "мяу", "left": "course-x"}):
        assert visitor.post(action, form, status=422 if "seen" in form and form["seen"] != "x" else 409)
    assert people(session) == before


def test_files_can_be_dropped(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B))
    address = page.select_one("#confirm")["action"].rsplit("/", 1)[0]
    visitor.submit(page, "form[action$=discard]")
    assert "файлы удалены" in visitor.get(address, status=404).words


def test_a_stranger_does_not_learn_that_the_files_exist(as_, school):
    page = send(as_(school.olga), csv(*CLASS_7B))
    address = page.select_one("#confirm")["action"].rsplit("/", 1)[0]
    as_(school.dina).get(address, status=404)
    as_(school.inna).get(address, status=403)
    as_(school.anna).get("/admin/import", status=403)
    as_(school.olga).get("/admin/import/..%2F..%2Fsecret", status=404)


def test_after_a_day_the_files_are_gone(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B))
    address = page.select_one("#confirm")["action"].rsplit("/", 1)[0]
    root = Path(current_app.instance_path) / IMPORTS
    about = root / address.rsplit("/", 1)[1] / "about.json"
    told = json.loads(about.read_text(encoding="utf-8"))
    told["at"] = (clock.real_now() - timedelta(hours=25)).isoformat()
    about.write_text(json.dumps(told), encoding="utf-8")
    assert "прошло больше суток" in visitor.get(address, status=404).words
    visitor.get("/admin/import")
    assert not about.exists()


def test_the_files_are_removed_once_they_are_written(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    folder = Path(current_app.instance_path) / IMPORTS / page.select_one("#confirm")["action"].split("/")[-2]
    assert list(folder.glob("*.bin"))
    visitor.submit(page, "#confirm")
    assert not list(folder.glob("*.bin"))


def test_files_dropped_in_another_window_are_explained(as_, school):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    address = page.select_one("#confirm")["action"].rsplit("/", 1)[0]
    for body in (Path(current_app.instance_path) / IMPORTS / address.rsplit("/", 1)[1]).glob("*.bin"):
        body.unlink()
    assert visitor.submit(page, "#confirm").response.location == address
    visitor.get(address, status=404)


def test_confirming_twice_writes_once(as_, school, session):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, "7Б;Лев Ян Львович;05.11.2012;4;"))
    visitor.submit(page, "#confirm")
    after = people(session)
    visitor.submit(page, "#confirm")
    assert people(session) == after


def test_a_whole_school_is_shown_with_what_it_asks(as_, school):
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in sorted((DATA / "school-b").iterdir())
             if path.suffix != ".json"]
    page = send(as_(school.olga), *files)
    assert len(page.select("details.sheet-read")) == 7
    assert "Цой Владимир Игоревич" in page.words and "Сафонова Анна Петровна" in page.words


def test_the_preview_does_not_ask_per_row(as_, school, at_most):
    visitor = as_(school.olga)
    page = send(visitor, csv(*CLASS_7B, *(f"7Б;Ли Ян Львович;{day:02}.11.2012;4;" for day in range(1, 31))))
    address = page.select_one("#confirm")["action"].rsplit("/", 1)[0]
    with at_most(28):
        visitor.get(address)
