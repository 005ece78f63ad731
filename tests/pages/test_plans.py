"""Lesson plans («КТП»): the list with the lag, a plan as a table, bringing it in, copying it, merging topics."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from ejd import clock
from ejd.journal.from_plan import take_from_plan
from ejd.plans.models import Plan, PlanTopic
from ejd.plans.queries import untold_lessons
from ejd.plans.services import NewTopic, active_topics, fill_plan
from ejd.schedule.models import Lesson
from ejd.school.models import Setting
from ejd.web.teacher.plan_table import rows_of

THURSDAY = date(2026, 9, 17)
HEADER = ("№", "Раздел", "Тема урока", "Часы", "Домашнее задание", "Вид контроля")
TABLE = (("КТП, 7 класс",), HEADER, ("1", "Числа", "Делимость", "2", "§ 1", ""),
         ("2", "", "Контрольная работа № 1", "1", "", "к/р"), ("", "", "Итого", "3"))
FIELDS = ("pasted", "act", "chosen", "shown", "column-0", "how", "version", "name-0", "sheet-0")
PASTED = "\n".join("\t".join(row) for row in TABLE)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def plan(school, maths):
    return fill_plan(school.session, actor_id=school.anna.id, course_id=maths.id, now=clock.now(), topics=[
        NewTopic("Делимость", 2, "Числа", "§ 1"), NewTopic("Дроби", section="Числа"), NewTopic("Углы")])


@pytest.fixture
def url(maths):
    return f"/teacher/courses/{maths.id}/plan"


def titles(school, course):
    plan_id = school.session.scalar(select(Plan.id).filter_by(course_id=course.id))
    return [topic.title for topic in active_topics(school.session, plan_id)] if plan_id else []


def topic(school, plan, title):
    return school.session.scalars(select(PlanTopic).filter_by(plan_id=plan.id, title=title)).one()


def hidden(page):
    return {field["name"]: field.get("value", "") for field in page.select("#form input[type=hidden]")}


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def uploads(visitor, url, body, name="ктп.xlsx", status=200):
    return visitor.post(f"{url}/import", {"file": (io.BytesIO(body), name)}, status=status,
                        content_type="multipart/form-data")


def test_the_list_tells_the_lag_and_where_there_is_no_plan(as_, school, maths, plan):
    """Nine lessons were held, none took a topic: the four hours of the plan are behind."""
    page = as_(school.anna).get("/teacher/plans")
    mine, other = page.select("tbody tr")
    assert "7А, Математика" in mine.text and "4 ч" in mine.select_one("[data-title=Отставание]").text
    assert "плана нет" in other.text
    assert other.select_one(f"a[href$='/{school.course('7Б', 'Математика').id}/plan/import']")


def test_the_plan_shows_sections_lessons_and_what_is_next(as_, school, maths, plan, url):
    lesson = school.lesson(maths, THURSDAY)
    take_from_plan(school.session, actor_id=school.anna.id, lesson_id=lesson.id, text="Делимость", now=clock.now(),
                   topic_ids=[topic(school, plan, "Делимость").id])
    page = as_(school.anna).get(url)
    assert [row.text.strip() for row in page.select("tr.total")] == ["Числа"]
    row = page.select_one(f"#t{topic(school, plan, 'Делимость').id}")
    assert row.select_one(f"a[href='/teacher/lessons/{lesson.id}']").text == "17.09"
    assert "следующая" in row.text, "one of its two hours is left"
    assert "отставание 3 часа" in page.words
    assert "Уроки без темы плана: 01.09 , 03.09" in page.words


def test_an_empty_plan_says_what_to_do(as_, school, url):
    page = as_(school.anna).get(url)
    assert "Загрузите его из файла Excel" in page.select_one(".empty").text
    assert "нет плана" in as_(school.anna).get(f"{url}/merge", status=422).words
    assert "нет плана" in as_(school.anna).get(f"{url}.xlsx", status=422).words


def test_a_topic_is_added_changed_moved_and_dropped_by_plain_forms(as_, school, maths, plan, url):
    anna = as_(school.anna)
    anna.submit(anna.get(f"{url}/topics/new"), "#form", {"title": "Ноль", "position": "1"})
    assert titles(school, maths) == ["Ноль", "Делимость", "Дроби", "Углы"]
    edit = f"{url}/topics/{topic(school, plan, 'Углы').id}"
    anna.submit(anna.get(edit), "#form", {"title": "Углы и лучи", "position": "2", "hours": "3"})
    assert titles(school, maths) == ["Ноль", "Углы и лучи", "Делимость", "Дроби"]
    page = anna.get(f"{edit}/drop")
    assert "На уроках её ещё не было, поэтому она удалится" in page.words
    anna.submit(page, "#form")
    assert titles(school, maths) == ["Ноль", "Делимость", "Дроби"]


def test_a_topic_that_was_at_lessons_goes_beside_the_plan_and_back(as_, school, maths, plan, url):
    anna, first = as_(school.anna), topic(school, plan, "Делимость")
    take_from_plan(school.session, actor_id=school.anna.id, lesson_id=school.lesson(maths, THURSDAY).id,
                   topic_ids=[first.id], text="Делимость", now=clock.now())
    page = anna.get(f"{url}/topics/{first.id}/drop")
    assert "их записи останутся" in page.words
    anna.submit(page, "#form")
    assert titles(school, maths) == ["Дроби", "Углы"]
    anna.submit(anna.get(url), "form[action$=restore]")
    assert titles(school, maths) == ["Делимость", "Дроби", "Углы"]


@pytest.mark.parametrize(("typed", "place"), [
    ({"title": " "}, "#title-error"), ({"hours": "0"}, "#hours-error"), ({"hours": "полтора"}, "#hours-error"),
    ({"position": "первая"}, "#position-error"), ({"title": "т" * 501}, "#title-error")])
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(as_, school, maths, plan, url, typed, place):
    anna = as_(school.anna)
    typed = {"title": "Новое", "homework": "§ 9", **typed}
    page = anna.submit(anna.get(f"{url}/topics/new"), "#form", typed, status=422)
    assert page.select_one(place) and page.title.text.startswith("Ошибка: ")
    assert page.select_one("#homework").text.strip() == "§ 9"
    assert titles(school, maths) == ["Делимость", "Дроби", "Углы"]


def test_a_second_hand_is_shown_and_said_again_it_replaces(as_, school, maths, plan, url):
    anna, edit = as_(school.anna), f"{url}/topics/{topic(school, plan, 'Дроби').id}"
    old = anna.get(edit)
    anna.submit(anna.get(edit), "#form", {"title": "Доли"})
    page = anna.submit(old, "#form", {"title": "Части"}, status=409)
    assert "Сейчас там: № 2 «Доли», 1 ч" in page.words and page.select_one("#title").text.strip() == "Части"
    assert titles(school, maths) == ["Делимость", "Доли", "Углы"]
    anna.submit(page, "#form")
    assert titles(school, maths) == ["Делимость", "Части", "Углы"]


def test_a_workbook_is_read_shown_and_written(as_, school, maths, url):
    anna = as_(school.anna)
    page = uploads(anna, url, workbook(TABLE))
    assert "2 темы на 3 часа, 1 раздел" in page.words and "Не загрузятся 2 строки" in page.words
    assert titles(school, maths) == [], "nothing is written before it is confirmed"
    anna.post(f"{url}/import", {**hidden(page), "act": "save"})
    plan = school.session.scalars(select(Plan).filter_by(course_id=maths.id)).one()
    first, second = active_topics(school.session, plan.id)
    assert (first.title, first.hours, first.section, first.homework) == ("Делимость", 2, "Числа", "§ 1")
    assert (second.title, second.kind_id) == ("Контрольная работа № 1", school.kind("test").id)


@pytest.mark.parametrize(("body", "name"), [
    (PASTED.replace("\t", ";").encode("cp1251"), "план.csv"), (PASTED.encode("utf-16"), "план.txt")])
def test_a_csv_is_read_whatever_program_wrote_it(as_, school, url, body, name):
    assert "2 темы на 3 часа" in uploads(as_(school.anna), url, body, name).words


def test_a_table_is_pasted_from_the_clipboard(as_, school, maths, url):
    anna = as_(school.anna)
    page = anna.submit(anna.get(f"{url}/import"), "#form", {"pasted": PASTED}, status=200)
    assert "2 темы на 3 часа" in page.words
    anna.post(f"{url}/import", {**hidden(page), "act": "save"})
    assert titles(school, maths) == ["Делимость", "Контрольная работа № 1"]


def test_a_quote_in_a_pasted_topic_is_a_letter():
    """A cell of several lines comes from the clipboard in quotes; others may have them anywhere."""
    assert rows_of("\"Слово\" о полку\t1\n«Недоросль\"\nИтоги, выводы") == [
        ["\"Слово\" о полку", "1"], ["«Недоросль\""], ["Итоги, выводы"]]
    assert rows_of("\"Дроби\nи доли\"\t2") == [["Дроби\nи доли", "2"]]


def test_columns_can_be_said_otherwise(as_, school, maths, url):
    anna = as_(school.anna)
    page = anna.post(f"{url}/import", {"pasted": "Что\tСколько\nДроби\t2\nУглы\t1"}, status=200)
    page = anna.post(f"{url}/import", {**hidden(page), "column-0": "title", "column-1": "hours", "act": "look"},
                     status=200)
    assert "2 темы на 3 часа" in page.words
    assert page.select_one("#column-1 option[selected]")["value"] == "hours"
    anna.post(f"{url}/import", {**hidden(page), "column-0": "title", "column-1": "hours", "act": "save"})
    assert titles(school, maths) == ["Дроби", "Углы"]


def test_of_several_sheets_the_plan_is_found_and_another_can_be_chosen(as_, school, url):
    book = Workbook()
    book.active.title = "Титул"
    book.active.append(("Рабочая программа",))
    for name, many in (("7 класс", 3), ("8 класс", 2)):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        for number in range(many):
            sheet.append((number + 1, "", f"{name}, тема {number + 1}", 1))
    body = io.BytesIO()
    book.save(body)
    anna = as_(school.anna)
    page = uploads(anna, url, body.getvalue())
    assert page.select_one("#chosen option[selected]").text == "7 класс" and "3 темы" in page.words
    page = anna.post(f"{url}/import", {**hidden(page), "chosen": "2", "column-2": "ignored"}, status=200)
    assert "8 класс, тема 2" in page.words


def test_a_plan_that_stands_is_named_and_not_overwritten_silently(as_, school, maths, plan, url):
    anna = as_(school.anna)
    page = anna.post(f"{url}/import", {"pasted": PASTED}, status=200)
    assert "В журнале уже есть план: 3 темы на 4 часа, пройдено 0 часов" in page.words
    page = anna.post(f"{url}/import", {**hidden(page), "act": "save"}, status=422)
    assert "выберите, что с ним сделать" in page.words
    assert titles(school, maths) == ["Делимость", "Дроби", "Углы"]
    anna.post(f"{url}/import", {**hidden(page), "act": "save", "how": "append"})
    assert titles(school, maths) == ["Делимость", "Дроби", "Углы", "Делимость", "Контрольная работа № 1"]


def test_a_plan_changed_meanwhile_is_not_replaced(as_, school, maths, plan, url):
    anna = as_(school.anna)
    page = anna.post(f"{url}/import", {"pasted": PASTED}, status=200)
    anna.submit(anna.get(f"{url}/topics/new"), "#form", {"title": "Круг"})
    page = anna.post(f"{url}/import", {**hidden(page), "act": "save", "how": "replace"}, status=409)
    assert "План уже изменили. Сейчас там: 4 темы" in page.words and "Делимость" in page.words
    anna.post(f"{url}/import", {**hidden(page), "act": "save", "how": "replace"})
    assert titles(school, maths) == ["Делимость", "Контрольная работа № 1"]


@pytest.mark.parametrize("body", [b"", b"\x00" * 50, b"PK\x03\x04broken", b"\x89PNG\r\n", b"%PDF-1.4", b"<html>",
                                  b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100])
def test_what_is_no_table_gets_one_sentence(as_, school, url, body):
    page = uploads(as_(school.anna), url, body, status=422)
    assert page.select_one("#file-error").text.strip()


def test_nothing_sent_is_said_too(as_, school, url):
    assert "Выберите файл с планом" in as_(school.anna).post(f"{url}/import", {}, status=422).words
    page = as_(school.anna).post(f"{url}/import", {"pasted": "\t\n \t1"}, status=200)
    assert "Ни одной темы не найдено" in page.words
    as_(school.anna).post(f"{url}/import", {**hidden(page), "act": "save"}, status=422)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
       fields=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30), max_size=5))
def test_no_garbage_breaks_the_import(as_, school, url, body, fields):
    data = {**fields, "file": (io.BytesIO(body), "x.csv")} if body else fields
    visitor = as_(school.anna)
    response = visitor.open(f"{url}/import", method="POST", data={**data, "csrf_token": visitor.csrf()},
                            content_type="multipart/form-data")
    assert response.status_code in {200, 303, 400, 409, 422}


def test_what_is_written_out_is_read_in_again(as_, school, maths, plan, url):
    anna = as_(school.anna)
    body = anna.get(f"{url}.xlsx").response.data
    sheet = load_workbook(io.BytesIO(body)).active
    assert [cell.value for cell in sheet[5]][:5] == [1, "Числа", "Делимость", 2, "§ 1"]
    other = f"/teacher/courses/{school.course('7Б', 'Математика').id}/plan"
    page = uploads(anna, other, body)
    anna.post(f"{other}/import", {**hidden(page), "act": "save"})
    made = school.session.scalars(select(Plan).filter_by(course_id=school.course("7Б", "Математика").id)).one()
    said = [(one.section, one.title, one.hours, one.homework) for one in active_topics(school.session, made.id)]
    assert said == [(one.section, one.title, one.hours, one.homework)
                    for one in active_topics(school.session, plan.id)]


def test_a_plan_is_copied_to_the_parallel_class(as_, school, maths, plan, url):
    anna, to = as_(school.anna), school.course("7Б", "Математика")
    link = anna.get(url).select_one(f"a[href*='/courses/{to.id}/plan/copy']")
    page = anna.get(link["href"])
    assert page.select_one("#source option[selected]")["value"] == str(maths.id)
    anna.submit(page, "#form")
    assert titles(school, to) == ["Делимость", "Дроби", "Углы"]


def test_a_plan_is_copied_from_the_other_subgroup_of_another_teacher(as_, school, url):
    theirs, mine = school.course("7А", "Иностранный", 2), school.course("7А", "Иностранный", 1)
    fill_plan(school.session, actor_id=school.boris.id, course_id=theirs.id, topics=[NewTopic("Hello")],
              now=clock.now())
    eva, to = as_(school.eva), f"/teacher/courses/{mine.id}/plan/copy"
    page = eva.get(to)
    assert "Борисов" in page.select_one(f"#source option[value='{theirs.id}']").text
    assert "Выберите, чей план взять" in eva.submit(page, "#form", status=422).words
    eva.submit(page, "#form", {"source": str(theirs.id)})
    assert titles(school, mine) == ["Hello"]
    other = school.course("7А", "Математика")
    eva.post(to, {"source": str(other.id), "version": "1", "how": "append"}, status=422)
    assert titles(school, mine) == ["Hello"], "another subject is no source"


def test_where_nothing_can_be_copied_the_page_says_so(as_, school, url):
    assert "Взять план неоткуда" in as_(school.anna).get(f"{url}/copy").words


def test_topics_are_merged_where_lessons_fell_out(as_, school, maths, url):
    """Twelve lessons are left on fifteen hours: three topics are to be merged."""
    plan = fill_plan(school.session, actor_id=school.anna.id, course_id=maths.id, now=clock.now(),
                     topics=[NewTopic(f"Тема {number}") for number in range(1, 19)])
    anna = as_(school.anna)
    page = anna.get(f"{url}/merge")
    assert "объединять не обязательно – у 9 прошедших уроков тема плана ещё не отмечена" in page.words
    for lesson in untold_lessons(school.session, course_id=maths.id, today=THURSDAY):
        school.session.get(Lesson, lesson.id).state = "cancelled"
    page = anna.get(f"{url}/merge")
    assert "До конца года осталось 15 уроков на 18 часов плана: объедините 3 темы с соседними" in page.words
    assert "Объединить темы" in anna.get(url).words
    first, second = topic(school, plan, "Тема 1"), topic(school, plan, "Тема 5")
    anna.post(f"{url}/merge", {**hidden(page), "join": [first.id, second.id]})
    assert titles(school, maths)[0] == "Тема 1. Тема 2" and "Тема 5. Тема 6" in titles(school, maths)
    assert "осталось 15 уроков на 16 часов" in anna.get(f"{url}/merge").words
    page = anna.post(f"{url}/merge", hidden(anna.get(f"{url}/merge")), status=422)
    assert "Отметьте темы" in page.words


def test_a_colleague_does_not_learn_of_the_plan(as_, school, plan, url):
    for path in ("", "/import", "/copy", "/merge", ".xlsx", "/topics/new", f"/topics/{plan.id}"):
        as_(school.boris).get(url + path, status=404)
        as_(school.vera).get(url + path, status=403)
    as_(school.anna).get(f"{url}/topics/999999", status=404)


def test_pages_ask_a_bounded_number_of_statements(as_, school, maths, plan, url, at_most):
    anna = as_(school.anna)
    for page in ("/teacher/plans", url, f"{url}/copy", f"{url}/merge", f"{url}/topics/new", f"{url}/import"):
        with at_most(8):
            anna.get(page)


def test_topics_are_laid_out_over_the_lessons_already_given(as_, school, maths, plan, url):
    """The plan came in during the year: what was written stays, an empty record says the topic (R6, R60)."""
    lessons = untold_lessons(school.session, course_id=maths.id, today=THURSDAY)
    school.session.get(Lesson, lessons[1].id).topic = "Своя тема"
    school.session.commit()
    anna = as_(school.anna)
    page = anna.get(anna.get(url).select_one("a[href$='/plan/spread']")["href"])
    rows = [[cell.text for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows[:4] == [["1. Делимость", "–"], ["1. Делимость", "Своя тема"], ["2. Дроби", "–"], ["3. Углы", "–"]]
    assert "темы не хватило" in page.words and len(rows) == 4 < len(lessons)
    assert "Темы разложены: 4 урока" in anna.get(anna.submit(page, "main form").response.location).words
    told = [school.session.get(Lesson, one.id).topic for one in lessons[:4]]
    assert told == ["Делимость", "Своя тема", "Дроби", "Углы"]
    assert untold_lessons(school.session, course_id=maths.id, today=THURSDAY) == lessons[4:]


def test_what_changed_since_it_was_looked_at_is_looked_at_again(as_, school, maths, plan, url):
    anna = as_(school.anna)
    page = anna.get(f"{url}/spread")
    [first, *_] = untold_lessons(school.session, course_id=maths.id, today=THURSDAY)
    take_from_plan(school.session, actor_id=school.anna.id, lesson_id=first.id, text="Углы", now=clock.now(),
                   topic_ids=[topic(school, plan, "Углы").id])
    school.session.commit()
    again = anna.submit(page, "main form", status=409)
    assert "посмотрите ещё раз" in again.words
    anna.submit(again, "main form")


def test_closed_lessons_are_left_as_they_are(as_, school, maths, plan, url):
    """R8"""
    first, second, *_ = untold_lessons(school.session, course_id=maths.id, today=THURSDAY)
    school.session.add(Setting(key="edit.days", value=(THURSDAY - second.day).days, valid_from=date(2026, 9, 1)))
    school.session.commit()
    anna = as_(school.anna)
    page = anna.get(f"{url}/spread")
    assert "для правки: их записи останутся как есть" in page.words
    assert page.select("tbody tr") and not page.select(f"tbody a[href*='/lessons/{first.id}/']")
