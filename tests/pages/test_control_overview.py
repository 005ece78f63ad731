"""The deputy's page «Контроль своевременности»: who is late, where, by how much (R1–R7, R60)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.compliance.breakdown import Show
from ejd.compliance.metrics import By, Figure
from ejd.journal.marks import NewMark, put_marks
from ejd.school import settings as school_settings
from ejd.school.models import SchoolYear, Setting, Term
from tests import half_term
from tests.half_term import HalfTerm

PAGE = "/admin/control"
FIRST_LESSONS = {"Математика": date(2026, 9, 1), "Русский язык": date(2026, 9, 2)}


def put(school, teacher, subject: str, *, days: int, many: int = 3) -> None:
    """Marks of the first lesson of a subject in 7А, entered so many days after it."""
    lesson = school.lesson(school.course("7А", subject), FIRST_LESSONS[subject])
    pupils = [school.vitya, school.person("Ёлкин", "Егор"), school.person("Ким", "Софья")][:many]
    put_marks(school.session, settings=school_settings.load(school.session), marks=[
        NewMark(lesson_id=lesson.id, pupil_id=pupil.id, value="4", key=f"{subject}-{days}-{pupil.id}",
                actor_id=teacher.id, at=lesson.ends_at + timedelta(days=days), kind_id=school.kind("oral").id)
        for pupil in pupils])


def rows(page) -> dict[str, dict[str, str]]:
    """The breakdown: its rows by name, figures by the words that stand beside them on a phone."""
    return {row.th.text.strip(): {cell["data-title"]: cell.text.strip() for cell in row.select("td")}
            for row in page.select("table.parts tbody:not(.total) tr")}


def test_the_deputy_finds_the_late_teacher_in_three_clicks(as_, school):
    put(school, school.anna, "Математика", days=1)
    put(school, school.boris, "Русский язык", days=11)
    dina = as_(school.dina)
    home = dina.get("/admin/")
    control = dina.get(home.find("a", string="Контроль")["href"])
    worst = control.select_one("table.parts tbody:not(.total) tr")
    assert worst.th.text == "Борисов\u00a0Б.\u00a0Б."
    assert worst.select_one("[data-title^=Самое]").text == "4"
    found = dina.get(worst.select_one("[data-title='С опозданием'] a")["href"])
    assert found.h1.text == "Отметки с опозданием"
    assert len(found.select("tbody tr")) == 3
    row = {cell["data-title"]: cell.text.replace("\u00a0", " ") for cell in found.select("tbody tr")[0].select("td")}
    assert (row["Получена"], row["Срок"], row["Внесена"]) == ("ср, 2 сентября", "ср, 9 сентября", "вс, 13 сентября")
    assert (row["Опоздание, дней"], row["Учитель"]) == ("4", "Борисов Б. Б.")


def test_what_is_late_and_what_is_on_time(as_, school):
    put(school, school.anna, "Математика", days=7)
    put(school, school.boris, "Русский язык", days=8)
    found = rows(as_(school.dina).get(PAGE))
    anna, boris = found["Андреева\u00a0А.\u00a0А."], found["Борисов\u00a0Б.\u00a0Б."]
    assert (anna["С опозданием"], anna["Вовремя"]) == ("0", "3")  # R1: the seventh day is on time
    assert (boris["С опозданием"].split()[0], boris["Самое долгое опоздание, дней"]) == ("3", "1")


@pytest.mark.parametrize(("by", "first_column", "name"), [
    ("class", "Класс", "7А"), ("subject", "Предмет", "Русский язык"), ("kind", "Вид работы", "Ответ на уроке")])
def test_the_same_by_class_subject_and_kind(as_, school, by, first_column, name):
    put(school, school.boris, "Русский язык", days=8)
    page = as_(school.dina).get(f"{PAGE}?by={by}")
    assert page.select_one("table.parts thead th").text == first_column
    assert rows(page)[name]["С опозданием"].split()[0] == "3"


def test_days_and_filter_narrow_the_figures(as_, school):
    put(school, school.anna, "Математика", days=9)
    put(school, school.boris, "Русский язык", days=9)
    dina = as_(school.dina)
    narrowed = dina.submit(dina.get(PAGE), "form.filters", {"teacher": str(school.boris.id)})
    assert set(rows(narrowed)) == {"Борисов\u00a0Б.\u00a0Б."}
    assert narrowed.select_one("#teacher option[selected]").text == "Борисов\u00a0Б.\u00a0Б."
    week = dina.get(narrowed.find("a", string="Эта неделя")["href"])
    assert week.select_one("#from")["value"] == "2026-09-14" and week.select_one("#to")["value"] == "2026-09-20"
    assert week.select_one("#teacher option[selected]"), "the filter stays when the days change"
    assert rows(week)["Борисов\u00a0Б.\u00a0Б."]["С опозданием"] == "0"


def test_opens_with_the_term(as_, school):
    page = as_(school.dina).get(PAGE)
    assert page.select_one("nav[aria-label=Дни] [aria-current]").text == "I четверть"
    assert (page.select_one("#from")["value"], page.select_one("#to")["value"]) == ("2026-09-01", "2026-10-23")


def test_each_figure_opens_a_list_of_exactly_so_many_rows(as_, school):
    HalfTerm(school, 3).live()
    with clock.freeze(half_term.NOW):
        dina = as_(school.dina)
        links = dina.get(PAGE).select("ul.figures a, table.parts a, details table a")
        for by, show in product((By.CLASS, By.SUBJECT, By.KIND), Show):  # narrowed otherwise: the first row will do
            links += dina.get(f"{PAGE}?by={by}&show={show}").select_one(
                "table.parts tbody:not(.total) tr").select("a")
        for link in links:
            if "," in link.text:  # an average: its list is of journals
                continue
            opened = dina.get(link["href"])
            counted = int(re.match(r"\d+", opened.caption.text)[0])
            assert str(counted) == link.text, (link, opened.caption)
            assert len(opened.select("tbody tr")) == min(counted, 50)
    assert {urlsplit(link["href"]).path.rpartition("/")[2] for link in links} >= {
        Figure.LATE, Figure.OVERDUE, Figure.CORRECTED, Figure.HOMEWORK_LATE, Figure.HOMEWORK_MISSING,
        Figure.LESSONS_UNFILLED, Figure.LESSONS_CANCELLED, Figure.NOT_ATTENDED, Figure.JOURNALS}
    assert len(links) > 60


def test_the_picture_has_its_numbers_in_words_and_in_a_table(as_, school):
    put(school, school.anna, "Математика", days=0, many=2)
    put(school, school.boris, "Русский язык", days=9, many=1)
    page = as_(school.dina).get(PAGE)
    picture = page.select_one("svg[aria-labelledby^=chart-title]")
    assert picture["role"] == "img"
    for part in picture["aria-labelledby"].split():
        assert page.select_one(f"#{part}").text
    table = {row.th.text.replace("\u00a0", " "): row.td.text for row in page.select("#days-title ~ details tbody tr")}
    assert table == {"в тот же день": "2", "опоздание 2 дн.": "1"}
    assert len(picture.select("g.late rect[height='60']")) == 1, "half as high as the highest"


def test_before_the_launch_nothing_is_late(as_, school):
    school.session.query(Setting).filter_by(key="launch.marks").update({"value": '"2026-09-07"'})
    put(school, school.boris, "Русский язык", days=11)
    page = as_(school.dina).get(PAGE)
    assert rows(page)["Борисов\u00a0Б.\u00a0Б."]["С опозданием"] == "0"
    assert "До начала контроля" in page.words and "ведётся с 7 сентября" in page.words


def test_a_school_that_has_not_started_is_told_so(as_, school):
    for key in ("launch.marks", "launch.homework"):
        school.session.query(Setting).filter_by(key=key).update({"value": "null"})
    page = as_(school.dina).get(PAGE)
    assert "День начала контроля отметок ещё не назначен" in page.words
    assert "День начала контроля домашних заданий ещё не назначен" in page.words


def test_days_without_anything_say_what_to_do(as_, school):
    page = as_(school.dina).get(f"{PAGE}?from=2026-08-01&to=2026-08-10")
    assert "Выберите другие дни" in page.select_one(".empty").text


@pytest.mark.parametrize(("query", "field", "sentence"), [
    ("from=31.02.2026", "from", "Дата записывается как 01.09.2026"),
    ("from=yesterday", "from", "Дата записывается как 01.09.2026"),
    ("to=0001-01-01", "to", "Дата записывается как 01.09.2026"),
    ("from=2026-09-10&to=2026-09-01", "to", "Последний день раньше первого"),
    ("teacher=999999", "teacher", "Такого учителя в списке нет"),
    ("class=7А", "class", "Такого класса в списке нет"),
    ("subject=-1", "subject", "Такого предмета в списке нет"),
    ("kind=99999999999999999999", "kind", "Такого вида работы в списке нет"),
])
def test_what_can_not_be_understood_is_said_at_its_field(as_, school, query, field, sentence):
    page = as_(school.dina).get(f"{PAGE}?{query}", status=422)
    assert page.select_one(f"#{field}-error").text.startswith(sentence)
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert page.title.text.startswith("Ошибка: ")


@pytest.mark.parametrize("query", ["by=moon", "days=x", "page=-1", "from=&to=&teacher=&by=", "from=01.09.2026",
                                   "unknown=1", "class=0", "teacher=0&by=kind"])
def test_the_rest_is_taken_sensibly(as_, school, query):
    as_(school.dina).get(f"{PAGE}?{query}")


def test_figures_keep_the_days_and_the_filter(as_, school):
    put(school, school.boris, "Русский язык", days=9)
    page = as_(school.dina).get(f"{PAGE}?from=2026-09-01&to=2026-09-30&class={school.school_class('7А').id}")
    asked = parse_qs(urlsplit(page.select_one("table.parts tbody:not(.total) a.late")["href"]).query)
    assert asked == {"from": ["2026-09-01"], "to": ["2026-09-30"], "class": [str(school.school_class("7А").id)],
                     "teacher": [str(school.boris.id)]}


def test_the_director_and_the_inspector_see_it_too(as_, school):
    for person in (school.galina, school.inna):
        page = as_(person).get(PAGE)
        [form] = page.select("main form[method=post]")
        assert form["action"].startswith("/admin/control/everything?"), "control is for reading: a file is all it makes"


def test_a_teacher_and_the_office_do_not(as_, school):
    for person in (school.anna, school.olga, school.igor):
        as_(person).get(PAGE, status=403)


def test_eight_statements_whatever_the_school(as_, school, at_most):
    HalfTerm(school, 4).live()
    dina = as_(school.dina)
    for by in By:
        for address in (f"{PAGE}?by={by}", f"{PAGE}?by={by}&show=lessons&compare=1", f"{PAGE}.xlsx?by={by}"):
            with at_most(8):
                dina.get(address)


def test_each_group_of_figures_has_its_light(as_, school):
    put(school, school.anna, "Математика", days=1)
    page = as_(school.dina).get(PAGE)
    lights = {title.contents[0].strip(): title.select_one(".badge").text for title in page.select("h3:has(.badge)")}
    assert lights == {"Отметки": "в норме", "Домашние задания": "тревога", "Уроки и посещаемость": "тревога",
                      "Накопляемость": "тревога"}
    put(school, school.boris, "Русский язык", days=9)
    assert as_(school.dina).get(PAGE).select_one("h3 .badge").text == "тревога"


def test_the_same_part_of_the_span_before_stands_beside_the_figures_when_asked(as_, school):
    """A mark of the first day is compared from the first school day on, one of the second from the second."""
    put(school, school.anna, "Математика", days=9)  # received on Tuesday, 1 September
    put(school, school.boris, "Русский язык", days=9, many=2)  # on the next day
    for today, part, change in ((date(2026, 11, 2), "I четверть, 1 учебный день от начала (по 1 сентября)", "−3"),
                                (date(2026, 11, 3), "I четверть, 2 учебных дня от начала (по 2 сентября)", "−5"),
                                (date(2027, 1, 6), "I четверть", "−5")):  # the holidays after it: the whole
        with clock.freeze(clock.at(today, 12)):
            dina = as_(school.dina)
            page = dina.get(PAGE)
            assert not page.select("ul.figures small"), "calm until asked"
            page = dina.get(page.find("a", string=lambda text: text and "Сравнить с прошлым" in text)["href"])
            assert f"разница с тем, что было: {part}." in page.words
            entered = next(one for one in page.select("ul.figures li") if one.b.text == "С опозданием")
            assert entered.small.text == change
            assert page.find("a", string="Не сравнивать")


def test_days_of_an_earlier_year_are_offered_with_its_terms(as_, school):
    year = SchoolYear(name="2025/2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26))
    school.session.add(year)
    school.session.flush()
    school.session.add(Term(year_id=year.id, scheme="quarters", number=1, name="I четверть тогда",
                            starts_on=date(2025, 9, 1), ends_on=date(2025, 10, 24)))
    dina = as_(school.dina)
    page = dina.get(PAGE)
    earlier = dina.get(page.find("a", string="Год 2025/2026")["href"])
    days = [link.text for link in earlier.select("nav[aria-label=Дни] a")]
    assert days == ["Эта неделя", "I четверть тогда", "Год 2025/2026", "Год 2026/2027"]
    assert earlier.select_one("#from")["value"] == "2025-09-01"


def test_classes_without_marks_have_no_density(as_, school):
    page = as_(school.dina).get(f"{PAGE}?by=class&show=density")
    assert rows(page)["1А"]["Отметок на ученика за урок"] == "" and rows(page)["1А"]["Журналов с отметками"] == "0"


@pytest.mark.parametrize("show", Show)
def test_the_breakdown_is_a_workbook_and_a_paper(as_, school, show):
    put(school, school.boris, "Русский язык", days=9)
    dina = as_(school.dina)
    page = dina.get(f"{PAGE}?by=class&show={show}&class={school.school_class('7А').id}")
    book, paper = (dina.get(link["href"]).response.data for link in page.select(".actions a"))
    sheet = load_workbook(BytesIO(book)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=5)] == ["Все вместе", "7А"]
    heads = [cell.value for cell in sheet[4]]
    assert sheet[6][heads.index("С опозданием")].value == 3 and sheet[6][heads.index("По расписанию")].value > 10
    text = re.sub(r"\s+", " ", " ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(paper)).pages))
    assert text.startswith("Контроль по классам Школа № 12 · 1 сентября 2026")
    assert "Отметки: с опозданием – 3" in text and "Домашние задания: нет задания" in text


def test_the_files_of_a_question_that_can_not_be_understood_are_refused(as_, school):
    for form in ("xlsx", "pdf"):
        as_(school.dina).get(f"{PAGE}.{form}?class=moon", status=422)


def test_pictures_are_of_the_figures_shown(as_, school):
    HalfTerm(school, 3).live()
    with clock.freeze(half_term.NOW):
        dina = as_(school.dina)
        for show in Show:
            page = dina.get(f"{PAGE}?show={show}")
            assert bool(page.select("#days-title")) == bool(page.select("#weeks-title")) == (show is Show.MARKS)
            picture = page.select_one("svg[aria-labelledby^=ranking-title]")
            assert picture.desc.text and picture.select("rect") and picture.select("text")
            assert not picture.select("[style]")
