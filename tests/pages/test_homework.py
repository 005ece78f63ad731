"""Homework on the lesson's page: links, minutes, the day and its total, files, and tasks of named pupils (R5, R17)."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import count
from urllib.parse import quote

import pytest
from flask import current_app
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import Homework, HomeworkFile, HomeworkPupil
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.diary_facts import diary_of
from tests.homework import PDF, PNG, attach, folder, give, office_file
from tests.journal import Hand
from tests.world import NOW

TUESDAY, THURSDAY, FRIDAY, NEXT_TUESDAY = (date(2026, 9, day) for day in (15, 17, 18, 22))
FORM = "#record form"


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def lesson(school, maths):
    return school.lesson(maths, THURSDAY)


@pytest.fixture
def url(lesson):
    return f"/teacher/lessons/{lesson.id}"


def homework_of(school, lesson):
    return school.session.scalar(select(Homework).filter_by(lesson_id=lesson.id, named=False))


def files_of(school):
    return school.session.scalars(select(HomeworkFile).filter_by(removed_at=None).order_by(HomeworkFile.id)).all()


def upload(visitor, page, form, files, fields=None, **kw):
    """Send a form with files, as a browser does without JavaScript."""
    chosen = {"files": [(io.BytesIO(body), name) for name, body in files]}
    return visitor.submit(page, form, {**(fields or {}), **chosen}, content_type="multipart/form-data", **kw)


# Text, day, time

def test_an_address_becomes_a_link_and_nothing_else_becomes_anything(as_, school, maths, url):
    """The diary of the family, and the page of the lesson that it was set for."""
    anna = as_(school.anna)
    anna.submit(anna.get(url), FORM, {"homework": "<b>§ 5</b>, https://resh.edu.ru/13/ ."})
    for page in (as_(school.vera).get(diary_of(school.vitya)),
                 anna.get(f"/teacher/lessons/{school.lesson(maths, FRIDAY).id}")):
        [link] = page.select("a[rel~=nofollow]")
        assert (link["href"], link["rel"]) == ("https://resh.edu.ru/13/", ["noopener", "noreferrer", "nofollow"])
        assert "<b>§ 5</b>, https://resh.edu.ru/13/ ." in page.words


def test_homework_may_be_due_on_a_day_without_the_lesson(as_, school, lesson, url):
    anna = as_(school.anna)
    anna.submit(anna.get(url), FORM, {"homework": "проект", "due_on": "2026-09-21"})
    assert (homework_of(school, lesson).due_on, homework_of(school, lesson).due_lesson_id) == (date(2026, 9, 21), None)
    assert anna.get(url).select_one("#due_on")["value"] == "2026-09-21"
    anna.submit(anna.get(url), FORM, {"due_on": ""})
    assert homework_of(school, lesson).due_on is None and homework_of(school, lesson).due_lesson_id


@pytest.mark.parametrize(("typed", "field", "sentence"), [
    ({"minutes": "полчаса"}, "minutes", "целое число минут"), ({"minutes": "0"}, "minutes", "от 1 до 300"),
    ({"minutes": "301"}, "minutes", "от 1 до 300"), ({"minutes": "-5"}, "minutes", "целое число минут"),
    ({"due_on": "32.13.2026"}, "due_on", "Такой даты нет"), ({"due_on": "2026-09-17"}, "due_on", "после урока"),
    ({"due_on": "2028-01-01"}, "due_on", "внутри учебного года"),
    ({"homework": "ы" * 2001}, "homework", "Слишком длинно"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(as_, school, lesson, url, typed, field, sentence):
    anna = as_(school.anna)
    given = {"homework": "№ 12", "topic": "Дроби"} | typed
    page = anna.submit(anna.get(url), FORM, given, status=422)
    assert sentence in page.select_one(f"#{field}-error").text
    assert page.select_one("#homework").text.strip() == given["homework"]
    assert page.select_one("#topic")["value"] == "Дроби"
    for name in set(typed) - {"homework"}:
        assert page.select_one(f"#{name}")["value"] == typed[name]
    assert homework_of(school, lesson) is None and school.session.get(Lesson, lesson.id).topic == ""


def test_a_change_after_publication_is_told_to_teacher_and_family(as_, school, url):
    anna = as_(school.anna)
    anna.submit(anna.get(url), FORM, {"homework": "№ 12"})
    with clock.freeze(clock.at(THURSDAY, 14, 5)):
        anna.submit(anna.get(url), FORM, {"homework": "№ 13", "minutes": "20"})
        assert "Опубликовано 17 сентября в 12:00, изменено 17 сентября в 14:05" in anna.get(url).words
        assert "№ 13 20 мин, задано чт 17.09, опубликовано в 12:00, изменено 17.09 в 14:05" in as_(
            school.vera).get(diary_of(school.vitya)).words


# R17

def set_in(school, subject, day, minutes, due_day, subgroup=0):
    course = school.course("7А", subject, subgroup)
    Hand(school, school.anna).sets(school.lesson(course, day), f"{subject} {minutes}", minutes=minutes,
                                   due_on=due_day, at=NOW)


def load_said(page):
    return " ".join(page.select_one("#record .load").text.split())


def test_the_total_of_the_day_stands_beside_the_homework_with_the_subjects(as_, school, url):
    """R17: 2 h 30 min in class 7; subgroups work side by side."""
    set_in(school, "Русский", THURSDAY, 40, FRIDAY)
    set_in(school, "Иностр", TUESDAY, 20, FRIDAY, subgroup=1)
    set_in(school, "Иностр", TUESDAY, 30, FRIDAY, subgroup=2)
    anna = as_(school.anna)
    assert load_said(anna.get(url)) == (
        "На пт, 18 сентября классу уже задано 1 ч 10 мин из 2 ч 30 мин. Из них: русский язык – 40 мин, "
        "иностранный язык (английский) – 30 мин.")
    anna.submit(anna.get(url), FORM, {"homework": "№ 12", "minutes": "20"})
    page = anna.get(url)
    assert "уже задано 1 ч 30 мин" in load_said(page) and "математика – 20 мин" in load_said(page)
    assert not page.select("#record .load.warn")


def test_above_the_norm_is_a_warning_and_no_refusal(as_, school, lesson, url):
    set_in(school, "Русский", THURSDAY, 140, FRIDAY)
    anna = as_(school.anna)
    anna.submit(anna.get(url), FORM, {"homework": "№ 12", "minutes": "30"})
    assert homework_of(school, lesson).minutes == 30
    assert "2 ч 50 мин из 2 ч 30 мин: на 20 мин больше нормы" in load_said(anna.get(url))
    assert anna.get(url).select("#record .load.warn")


def test_each_day_that_it_may_be_due_tells_its_total(as_, school, maths, url):
    set_in(school, "Русский", THURSDAY, 40, NEXT_TUESDAY)
    options = [option.text.replace("\xa0", " ") for option in as_(school.anna).get(url).select("#due option")]
    assert options[:3] == ["пт, 18 сентября (следующий)", "пн, 21 сентября", "вт, 22 сентября – задано 40 мин"]
    assert "вт, 22 сентября" not in load_said(as_(school.anna).get(url))


def test_who_said_no_time_is_named(as_, school, url):
    set_in(school, "Русский", THURSDAY, None, FRIDAY)
    assert "Время не указано: русский язык." in load_said(as_(school.anna).get(url))


def test_what_named_pupils_have_is_not_the_classs(as_, school, lesson, url):
    give(school, lesson, [school.vitya], minutes=90)
    school.session.commit()
    assert "ещё ничего не задано" in load_said(as_(school.anna).get(url))


def test_the_norm_is_the_schools_and_holds_from_a_day(as_, school, url):
    settings.change(school.session(), actor_id=None, key="homework.minutes", value=[[1, 0], [11, 60]],
                    valid_from=date(2026, 9, 20), now=NOW)
    set_in(school, "Русский", THURSDAY, 70, FRIDAY)
    set_in(school, "Русский", TUESDAY_OF_RUSSIAN, 70, NEXT_TUESDAY)
    anna = as_(school.anna)
    assert "1 ч 10 мин из 2 ч 30 мин" in load_said(anna.get(url))
    later = str(school.lesson(school.course("7А", "Математика"), NEXT_TUESDAY).id)
    anna.submit(anna.get(url), FORM, {"homework": "№ 12", "due": later})
    assert "На вт, 22 сентября классу уже задано 1 ч 10 мин из 1 ч: на 10 мин больше нормы" in load_said(anna.get(url))


TUESDAY_OF_RUSSIAN = date(2026, 9, 16)  # Wednesday: Russian is taught on Monday, Wednesday and Thursday


# Files

def test_files_are_attached_without_javascript_and_stand_with_their_size(as_, school, lesson, url):
    anna = as_(school.anna)
    upload(anna, anna.get(url), FORM, [("План.pdf", PDF), ("слова.docx", office_file())], {"homework": "№ 12"})
    page = anna.get(url)
    assert [file.name for file in files_of(school)] == ["План.pdf", "слова.docx"]
    assert "План.pdf 1 КБ" in page.words and homework_of(school, lesson).changed_at is None
    assert "План.pdf 1 КБ" in as_(school.vera).get(diary_of(school.vitya)).words


def test_homework_is_not_changed_by_the_files_it_comes_with(as_, school, lesson, url, monkeypatch):
    """However long their saving takes."""
    anna, ticks = as_(school.anna), count()
    page, now = anna.get(url), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(milliseconds=next(ticks)))
    upload(anna, page, FORM, [("План.pdf", PDF)], {"homework": "№ 12"})
    assert len(files_of(school)) == 1 and homework_of(school, lesson).changed_at is None


def test_a_file_alone_says_that_the_task_is_in_it(as_, school, lesson, url):
    anna = as_(school.anna)
    upload(anna, anna.get(url), FORM, [("План.pdf", PDF)])
    assert homework_of(school, lesson).text == "Задание в приложенном файле"


def test_the_same_form_sent_twice_attaches_once(as_, school, url):
    anna = as_(school.anna)
    page = anna.get(url)
    for _ in range(2):
        upload(anna, page, FORM, [("План.pdf", PDF)], {"homework": "№ 12"})
    assert len(files_of(school)) == 1 and school.session.scalars(select(Homework)).one().text == "№ 12"


@pytest.mark.parametrize(("files", "sentence"), [
    ([("вирус.exe", b"MZ\x90")], "Файл «вирус.exe» не подходит"), ([("a.pdf", PNG)], "не то, что в названии"),
    ([("a.html", b"<!doctype html>")], "не подходит"), ([("a.svg", b"<svg/>")], "не подходит"),
    ([("пусто.pdf", b"")], "Файл «пусто.pdf» пуст"),
    ([("большой.pdf", PDF + b"0" * 10 * 1024 * 1024)], "больше 10 МБ"),
    ([(f"{number}.pdf", PDF + bytes([number])) for number in range(6)], "не больше 5 файлов"),
    ([("хороший.pdf", PDF + b"good"), ("вирус.exe", b"MZ")], "не подходит"),
])
def test_what_is_not_taken_is_refused_at_its_place_and_nothing_is_kept(as_, school, lesson, url, files, sentence):
    before = {path for path in folder().rglob("*") if path.is_file()}
    anna = as_(school.anna)
    page = upload(anna, anna.get(url), FORM, files, {"homework": "№ 12", "topic": "Дроби"}, status=422)
    assert sentence in page.select_one("#files-error").text.replace("\xa0", " ")
    assert page.select_one("#homework").text.strip() == "№ 12" and page.select_one("#topic")["value"] == "Дроби"
    assert page.select_one("#files").has_attr("hx-preserve"), "what was chosen stays chosen"
    assert homework_of(school, lesson) is None and not files_of(school)
    assert {path for path in folder().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["../../../etc/passwd.pdf", "..\\..\\план.pdf", "/план.pdf", "план\u202efdp.pdf",
                                  "con.pdf", "ы" * 400 + ".pdf", "<script>.pdf"])
def test_evil_names_are_only_names(as_, school, url, name):
    anna = as_(school.anna)
    upload(anna, anna.get(url), FORM, [(name, PDF + name.encode())], {"homework": "№ 12"})
    [file] = files_of(school)
    assert file.name.endswith(".pdf") and not set(file.name) & set("/\\\r\n<>\u202e") and len(file.name) <= 120
    answer = anna.open(f"{url}/files/{file.id}")
    assert answer.status_code == 200 and answer.get_data() == PDF + name.encode()


def test_a_school_may_allow_less(as_, school, url):
    for key, value in (("files.megabytes", 1), ("files.most", 1)):
        settings.change(school.session(), actor_id=None, key=key, value=value, valid_from=TUESDAY, now=NOW)
    anna = as_(school.anna)
    assert "до 1 файла, каждый не больше 1 МБ" in anna.get(url).words
    page = upload(anna, anna.get(url), FORM, [("a.pdf", PDF + b"0" * 1024 * 1024)], {"homework": "№ 12"}, status=422)
    assert "больше 1 МБ" in page.select_one("#files-error").text.replace("\xa0", " ")


def test_more_than_the_server_takes_at_once_says_so(as_, school, url, monkeypatch):
    monkeypatch.setattr(current_app.view_functions["teacher.record_lesson"], "longest_body", 2_000)
    anna = as_(school.anna)
    page = upload(anna, anna.get(url), FORM, [("a.pdf", PDF + b"0" * 3_000)], {"homework": "№ 12"}, status=413)
    assert "больше, чем сервер принимает" in page.words and page.select_one(f"main a[href='{url}']")


def test_a_file_is_taken_away_by_a_tick(as_, school, url):
    anna = as_(school.anna)
    upload(anna, anna.get(url), FORM, [("План.pdf", PDF), ("фото.png", PNG)], {"homework": "№ 12"})
    first = files_of(school)[0]
    page = anna.get(url)
    fields = {field["name"]: field.get("value", "") for field in page.select(f"{FORM} input[type=hidden]")}
    anna.post(url, fields | {"topic": "", "homework": "№ 12", "drop": [str(first.id), "x", "9" * 30]})
    assert [file.name for file in files_of(school)] == ["фото.png"]
    anna.get(f"{url}/files/{first.id}", status=404)
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/files/{first.id}", status=404)


def test_text_and_not_set_with_files_is_refused(as_, school, lesson, url):
    anna = as_(school.anna)
    page = upload(anna, anna.get(url), FORM, [("План.pdf", PDF)], {"not_set": "1"}, status=422)
    assert "Снимите отметку" in page.select_one("#record [role=alert]").text
    assert homework_of(school, lesson) is None


def test_a_stale_text_brings_no_files_in(as_, school, lesson, url):
    anna = as_(school.anna)
    old = anna.get(url)
    anna.submit(anna.get(url), FORM, {"homework": "№ 1"})
    page = upload(anna, old, FORM, [("План.pdf", PDF)], {"homework": "№ 2", "topic": ""}, status=409)
    assert "Сейчас там: «№ 1»" in page.words and not files_of(school)


# Handing files out

@pytest.fixture
def file_id(school, lesson):
    """Анна's file at Thursday's lesson, due on Friday."""
    return attach(school, Hand(school, school.anna).sets(lesson, "№ 12"), "План урока.pdf", PDF)


def test_a_file_is_handed_out_as_an_attachment_that_no_page_runs(as_, school, url, file_id):
    answer = as_(school.anna).open(f"{url}/files/{file_id}")
    assert answer.get_data() == PDF and answer.mimetype == "application/pdf"
    name = quote("План урока.pdf")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=\"file.pdf\"; filename*=UTF-8''{name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_gets_a_file(as_, school, maths, url, file_id):
    friday = school.lesson(maths, FRIDAY)
    friday.teacher_id, friday.substitutes_id = school.boris.id, school.anna.id
    school.session.commit()
    vitya, zoya = school.vitya.id, school.zoya.id
    for person, address, status in (
            (school.vera, f"/parent/children/{vitya}/files/{file_id}", 200),
            (school.vitya, f"/student/files/{file_id}", 200),
            (school.boris, f"/teacher/lessons/{friday.id}/files/{file_id}", 200),  # he stands in where it is due
            (school.boris, f"{url}/files/{file_id}", 404),
            (school.eva, f"{url}/files/{file_id}", 404),
            (school.zakhar, f"/parent/children/{vitya}/files/{file_id}", 404),
            (school.zakhar, f"/parent/children/{zoya}/files/{file_id}", 404),  # his own child is in another class
            (school.zoya, f"/student/files/{file_id}", 404),
            (school.dina, f"{url}/files/{file_id}", 403),
            (school.vera, f"/student/files/{file_id}", 403)):
        as_(person).get(address, status=status)
    assert as_(None).open(f"/student/files/{file_id}").status_code == 302


def test_a_file_of_a_named_pupil_is_his_alone(as_, school, lesson, url):
    file_id = attach(school, give(school, lesson, [school.vitya]), "карточка.pdf", PDF)
    school.session.commit()
    as_(school.vitya).get(f"/student/files/{file_id}")
    as_(school.person("Ким", "Софья")).get(f"/student/files/{file_id}", status=404)


def test_a_file_that_is_gone_from_the_disk_is_explained(as_, school, url, file_id):
    [kept] = [path for path in folder().rglob("*") if path.is_file() and path.read_bytes() == PDF]
    kept.rename(kept.with_suffix(".away"))
    try:
        assert "на сервере школы больше нет" in as_(school.anna).get(f"{url}/files/{file_id}", status=404).words
    finally:
        kept.with_suffix(".away").rename(kept)


# Named pupils

def test_homework_is_given_to_named_pupils_without_javascript(as_, school, lesson, url):
    anna = as_(school.anna)
    page = anna.get(anna.get(url).find("a", string="Задать отдельным ученикам")["href"])
    fields = {field["name"]: field.get("value", "") for field in page.select("main input[type=hidden]")}
    anna.post(f"{url}/homework", fields | {
        "homework": "карточка № 3", "minutes": "15", "due": page.select_one("#due option")["value"],
        "pupil": [str(school.vitya.id), str(school.person("Ким", "Софья").id)]})
    page = anna.get(url)
    assert "Волков Виктор, Ким Софья, на пт, 18 сентября, 15 мин карточка № 3" in page.words.replace(" ,", ",")
    assert len(school.session.scalars(select(HomeworkPupil)).all()) == 2
    week = as_(school.vera).get(diary_of(school.vitya)).words
    assert "лично: карточка № 3 15 мин, задано чт 17.09" in week
    assert homework_of(school, lesson) is None


def test_classmates_read_nothing_of_it(as_, school, lesson):
    give(school, lesson, [school.vitya])
    school.session.commit()
    assert "карточка" not in as_(school.person("Ким", "Софья")).get("/student/diary?week=2026-W38").words


def test_giving_to_nobody_is_refused_and_nothing_is_lost(as_, school, url):
    anna = as_(school.anna)
    page = anna.submit(anna.get(f"{url}/homework"), "main form", {"homework": "карточка № 3"}, status=422)
    assert "Отметьте, кому задано" in page.words
    assert page.select_one("#homework").text.strip() == "карточка № 3"


def test_who_is_ticked_stays_ticked_when_the_text_is_missing(as_, school, url):
    page = as_(school.anna).post(f"{url}/homework", {"key": "k", "pupil": [str(school.vitya.id)]}, status=422)
    assert page.select_one(f"#pupil-{school.vitya.id}").has_attr("checked")
    assert "Впишите задание" in page.select_one("#homework-error").text


def test_it_is_changed_and_a_second_hand_is_shown(as_, school, lesson, url):
    given = give(school, lesson, [school.vitya])
    school.session.commit()
    anna, place = as_(school.anna), f"{url}/homework/{given.id}"
    old = anna.get(place)
    anna.submit(anna.get(place), "main form", {"homework": "карточка № 4"})
    page = anna.submit(old, "main form", {"homework": "карточка № 5"}, status=409)
    assert "Сейчас там: «карточка № 4»" in page.words
    anna.submit(page, "main form")
    assert "карточка № 5" in anna.get(url).words


def test_taking_it_back_is_a_page_that_says_what_will_happen(as_, school, lesson, url):
    given = give(school, lesson, [school.vitya])
    school.session.commit()
    anna = as_(school.anna)
    page = anna.get(anna.get(f"{url}/homework/{given.id}").find("a", string="Снять задание")["href"])
    assert "исчезнет из дневников" in page.words
    anna.submit(page, "main form")
    assert "карточка" not in anna.get(url).words
    assert "карточка" not in as_(school.vera).get(diary_of(school.vitya)).words
    anna.get(f"{url}/homework/{given.id}", status=404)


@pytest.mark.parametrize("garbage", [{}, {"key": "k"}, {"key": "k", "homework": "№ 1", "pupil": ["x", "9" * 40]},
                                     {"homework": "№ 1"}, {"key": "k", "homework": "№ 1", "due": "abc"}])
def test_garbage_gets_a_sentence(as_, school, url, garbage):
    page = as_(school.anna).post(f"{url}/homework", garbage, status=422)
    assert page.select_one("main [role=alert]").text.strip()
    assert not school.session.scalars(select(Homework)).all()


def test_strangers_do_not_reach_it(as_, school, lesson, url):
    given = give(school, lesson, [school.vitya])
    school.session.commit()
    for end in ("/homework", f"/homework/{given.id}", f"/homework/{given.id}/withdraw"):
        as_(school.boris).get(url + end, status=404)
        as_(school.boris).post(url + end, {"homework": "№ 1"}, status=404)
        as_(school.vera).get(url + end, status=403)
    other = school.lesson(school.course("7Б", "Математика"), date(2026, 9, 14))
    as_(school.anna).get(f"/teacher/lessons/{other.id}/homework/{given.id}", status=404)


# The pupil's tick

def ticked(page):
    return [button["name"] for button in page.select("button[name=done], button[name=undone]")]


def test_a_pupil_ticks_homework_for_himself_and_the_parent_sees_it(as_, school, lesson):
    homework = Hand(school, school.anna).sets(lesson, "№ 12")
    school.session.commit()
    vitya, week = as_(school.vitya), "/student/diary?week=2026-W38"
    assert ticked(vitya.get(week)) == ["done"] and not ticked(as_(school.vera).get(diary_of(school.vitya)))
    answer = vitya.post("/student/homework", {"done": str(homework.id), "week": "2026-W38"})
    assert answer.response.location == f"/student/diary?week=2026-W38#h{homework.id}"
    assert ticked(vitya.get(week)) == ["undone"]
    assert "опубликовано в 12:00, сделано" in as_(school.vera).get(diary_of(school.vitya)).words
    assert "сделано" not in as_(school.anna).get(f"/teacher/lessons/{lesson.id}").select_one("#record").text
    vitya.post("/student/homework", {"undone": str(homework.id), "week": "2026-W38"})
    assert ticked(vitya.get(week)) == ["done"]


@pytest.mark.parametrize(("given", "status"), [({}, 422), ({"done": "x"}, 422), ({"done": "9" * 30}, 422),
                                               ({"done": "999999"}, 404)])
def test_a_tick_of_nothing(as_, school, given, status):
    as_(school.vitya).post("/student/homework", given, status=status)


def test_homework_of_others_is_not_ticked(as_, school, lesson):
    homework = Hand(school, school.anna).sets(lesson, "№ 12")
    school.session.commit()
    as_(school.zoya).post("/student/homework", {"done": str(homework.id)}, status=404)
    as_(school.vera).post("/student/homework", {"done": str(homework.id)}, status=403)


# Bounds

def test_pages_are_bounded(as_, school, lesson, url, at_most):
    given = give(school, lesson, [school.vitya])
    attach(school, given, "карточка.pdf", PDF)
    homework = Hand(school, school.anna).sets(lesson, "№ 12")
    attach(school, homework, "План.pdf", PDF)
    set_in(school, "Русский", THURSDAY, 40, FRIDAY)
    school.session.commit()
    for person, address in ((school.anna, url), (school.anna, f"{url}/homework"),
                            (school.anna, f"{url}/homework/{given.id}"), (school.vera, diary_of(school.vitya)),
                            (school.vitya, "/student/diary?week=2026-W38")):
        visitor = as_(person)
        with at_most(8):
            visitor.get(address)
