"""The list behind each figure of control: what, whose, when received, due, entered, by whom; XLSX and PDF of it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.compliance import list_files
from ejd.compliance.metrics import Figure
from ejd.journal import marks, works
from ejd.journal.attendance import Taken, take_attendance
from ejd.journal.homework import NewHomework, publish_homework
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings
from ejd.school.models import Setting
from ejd.web.admin import control_list
from ejd.web.downloads import XLSX
from tests import half_term
from tests.half_term import HalfTerm

LATE = "/admin/control/late"


@pytest.fixture
def settings(school):
    return school_settings.load(school.session)


def late_marks(school, settings, *, lessons: int = 1) -> list[marks.Mark]:
    """Борис's Russian marks of 7А, each entered eleven days after its lesson."""
    course = school.course("7А", "Русский")
    found = school.session.query(Lesson).filter_by(course_id=course.id).order_by(Lesson.starts_at).limit(lessons).all()
    pupils = [school.vitya, school.person("Алиев", "Тимур"), school.person("Мамин-Сибиряк", "Константин")]
    return marks.put_marks(school.session, settings=settings, marks=[
        marks.NewMark(lesson_id=lesson.id, pupil_id=pupil.id, value="4", key=f"late-{lesson.id:04}-{number}-{pupil.id}",
                      actor_id=school.boris.id, at=lesson.ends_at + timedelta(days=11),
                      kind_id=school.kind("oral").id)
        for lesson in found for pupil in pupils for number in range(20)])


def rows(page) -> list[dict[str, str]]:
    """Rows by the words that stand beside their cells on a phone; the first cell by its column."""
    first = page.select_one("thead th").text if page.thead else ""
    return [{cell.get("data-title", first): cell.text.replace("\u00a0", " ").strip() for cell in row.select("th, td")}
            for row in page.select("tbody tr")]


def test_a_missing_mark_says_who_is_responsible(as_, school, settings):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 4))
    works.declare_works(school.session, settings=settings, works=[works.NewWork(
        lesson_id=lesson.id, kind_id=school.kind("test").id, actor_id=school.anna.id, at=lesson.ends_at,
        title="Дроби")])
    take_attendance(school.session, settings=settings, lessons=[Taken(lesson.id, school.anna.id, lesson.ends_at)])
    page = as_(school.dina).get("/admin/control/overdue")
    assert len(rows(page)) == 8
    row = next(row for row in rows(page) if row["Ученик"].startswith("Волков"))
    assert (row["Работа"], row["Вид работы"], row["Класс"]) == ("Дроби", "Контрольная работа", "7А")
    assert (row["Получена"], row["Срок"]) == ("пт, 4 сентября", "пт, 11 сентября")
    assert (row["Просрочено, дней"], row["Кто должен выставить"]) == ("6", "Андреева А. А.")  # R4, today is the 17th


def test_a_correction_after_the_limit_says_what_became_of_the_mark(as_, school, settings):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 1))
    mark = marks.put_mark(school.session, settings=settings, mark=marks.NewMark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, value="3", key="corrected-later", actor_id=school.anna.id,
        at=lesson.ends_at, kind_id=school.kind("oral").id))
    marks.correct_mark(school.session, settings=settings, actor_id=school.anna.id, mark_id=mark.id, version=1,
                       value="4", key="corrected-later-2", now=clock.at(date(2026, 9, 10), 12))
    dina = as_(school.dina)
    [row] = rows(dina.get("/admin/control/corrected"))
    assert (row["Что сделано"], row["Было"], row["Стало"]) == ("исправлена", "3", "4")
    assert (row["Изменена"], row["Через дней"], row["Кто изменил"]) == ("чт, 10 сентября", "9", "Андреева А. А.")
    [entered] = rows(dina.get("/admin/control/entered"))
    assert entered["Внесена"] == "вт, 1 сентября", "R3: correcting does not move when it was entered"


def test_homework_says_when_it_was_due_and_when_it_came(as_, school, settings):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    publish_homework(school.session, settings=settings, homework=[NewHomework(
        lesson_id=lesson.id, text="№ 12", actor_id=school.anna.id, key="homework-late",
        at=lesson.homework_due_at + timedelta(hours=7))])
    dina = as_(school.dina)
    [row] = rows(dina.get("/admin/control/homework-late"))
    assert (row["День"], row["Урок"], row["Опоздание"]) == ("вт, 15 сентября", "2", "7 ч")
    assert (row["Срок"], row["Опубликовано"]) == ("15 сентября в 11:00", "15 сентября в 18:00")
    missing = rows(dina.get(f"/admin/control/homework-missing?subject={school.course('7А', 'Математика').subject_id}"))
    assert ("вт, 15 сентября", "7А") not in {(row["День"], row["Класс"]) for row in missing}
    assert ("пт, 11 сентября", "7А") in {(row["День"], row["Класс"]) for row in missing}


def test_the_second_of_a_double_lesson_inherits_homework_either_way(as_, school, settings):
    course = school.course("7А", "Математика")
    first = school.lesson(course, date(2026, 9, 15))
    second = Lesson(course_id=course.id, day=first.day, number=3, starts_at=first.ends_at,
                    ends_at=first.ends_at + timedelta(minutes=40), teacher_id=first.teacher_id,
                    homework_due_at=first.homework_due_at)
    school.session.add(second)
    school.session.flush()
    day = "from=2026-09-15&to=2026-09-15"
    dina = as_(school.dina)
    math = [row for row in rows(dina.get(f"/admin/control/homework-missing?{day}")) if row["Предмет"] == "Математика"]
    assert [row["Урок"] for row in math] == ["2"], "R5: one homework is owed for both"
    publish_homework(school.session, settings=settings, homework=[NewHomework(
        lesson_id=second.id, text="№ 12", actor_id=school.anna.id, key="homework-second", at=second.ends_at)])
    assert len(rows(dina.get(f"/admin/control/homework-on-time?{day}"))) == 1


def test_a_cancelled_lesson_owes_nothing(as_, school):
    before = len(rows(as_(school.dina).get("/admin/control/homework-missing")))
    school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)).state = "cancelled"
    school.session.commit()
    assert len(rows(as_(school.dina).get("/admin/control/homework-missing"))) == before - 1  # R6


def test_marks_from_a_certificate_are_never_counted(as_, school, settings):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 1))
    marks.put_mark(school.session, settings=settings, mark=marks.NewMark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, value="5", key="from-hospital", actor_id=school.anna.id,
        at=lesson.ends_at + timedelta(days=15), kind_id=school.kind("transfer").id))
    assert as_(school.dina).get(LATE).select_one(".empty")
    assert as_(school.dina).get("/admin/control/entered").select_one(".empty")


def test_a_long_list_comes_page_by_page(as_, school, settings):
    put = late_marks(school, settings)
    dina = as_(school.dina)
    first = dina.get(LATE)
    assert "60 строк" in first.caption.text.replace("\u00a0", " ") and len(rows(first)) == 50
    last = dina.get(first.find("a", string=re.compile("Дальше"))["href"])
    assert len(rows(last)) == len(put) - 50
    beyond = dina.get(f"{LATE}?page=999&from=2026-09-01", status=302)
    assert len(rows(dina.get(beyond.response.location))) == len(put) - 50, "the last page there is"
    dina.get(f"{LATE}?page=999&teacher={school.anna.id}", status=302)


def test_workbook_and_paper_hold_the_same_rows(as_, school):
    school.session.query(Setting).filter_by(key="launch.marks").update({"value": '"2026-09-02"'})
    HalfTerm(school, 5).live()
    query = f"?from=2026-09-01&to=2026-09-30&class={school.school_class('7А').id}"
    with clock.freeze(half_term.NOW):
        dina = as_(school.dina)
        for figure in Figure:
            page = dina.get(f"/admin/control/{figure}{query}")
            if figure is Figure.CLOSED_EARLY:  # no term of these is closed
                assert page.select(".empty")
                continue
            counted = int(re.match(r"\d+", page.caption.text)[0])
            links = {link.text: link["href"] for link in page.select(".actions a")}
            book = load_workbook(BytesIO(dina.get(links["Скачать для Excel"]).response.data)).active
            paper = PdfReader(BytesIO(dina.get(links["Скачать PDF для печати"]).response.data))
            assert book.max_row - 4 == counted
            assert [cell.value for cell in book[4]] == [th.text for th in page.select("thead th")]
            text = re.sub(r"\s+", " ", " ".join(leaf.extract_text() for leaf in paper.pages))
            assert text.startswith(page.h1.text) and "1 сентября 2026 – 30 сентября 2026" in text
            assert "Составлено 29.09.2026" in text and text.count("7А") >= counted


def test_files_are_named_and_typed(as_, school, settings):
    late_marks(school, settings)
    book = as_(school.dina).get(f"{LATE}.xlsx").response
    assert book.headers["Content-Disposition"].endswith(quote("Отметки с опозданием.xlsx", safe=""))
    assert book.mimetype == XLSX
    assert as_(school.dina).get(f"{LATE}.pdf").response.data.startswith(b"%PDF-")


def test_the_paper_names_the_school_and_how_many_rows_there_are(as_, school, settings):
    late_marks(school, settings)
    paper = PdfReader(BytesIO(as_(school.dina).get(f"{LATE}.pdf").response.data))
    text = re.sub(r"\s+", " ", paper.pages[0].extract_text())
    assert text.startswith("Отметки с опозданием Школа № 12 · 60 строк · ")
    assert len(paper.pages) <= 3, "at least 20 rows a page"


def test_lateness_of_homework_is_a_number_of_hours_in_the_workbook(as_, school, settings):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    publish_homework(school.session, settings=settings, homework=[NewHomework(
        lesson_id=lesson.id, text="№ 12", actor_id=school.anna.id, key="homework-hours",
        at=lesson.homework_due_at + timedelta(hours=30, minutes=15))])
    dina = as_(school.dina)
    book = load_workbook(BytesIO(dina.get("/admin/control/homework-late.xlsx").response.data)).active
    heads = [cell.value for cell in book[4]]
    assert book[5][heads.index("Опоздание")].value == 30.25
    assert rows(dina.get("/admin/control/homework-late"))[0]["Опоздание"] == "1 дн. 6 ч"


def test_each_row_leads_to_its_place_in_the_journal(as_, school, settings):
    mark = late_marks(school, settings)[0]
    dina = as_(school.dina)
    link = dina.get(LATE).select_one("tbody td[data-title=Предмет] a")["href"]
    address, anchor = link.split("#")
    assert anchor == f"l{mark.lesson_id}"
    assert "4" in [mark.contents[0] for mark in dina.get(address).select("#grid b.late")]
    for figure in Figure:
        page = dina.get(f"/admin/control/{figure}")
        assert len(page.select("tbody td a")) == len(page.select("tbody tr"))


def test_a_long_list_is_made_beside_the_server(as_, school, settings, monkeypatch):
    """Long lists are work of their own; small ones are there at once."""
    late_marks(school, settings)
    for module in (list_files, control_list):
        monkeypatch.setattr(module, "AT_ONCE", 59)
    dina = as_(school.dina)
    assert "готовится отдельно" in dina.get(f"{LATE}.xlsx", status=422).words
    page = dina.get(LATE)
    assert not page.find("a", string="Скачать для Excel")
    begun = dina.submit(page, "main form", {"form": "xlsx"})
    done = dina.get(begun.response.headers["Location"])
    link = done.find("a", href=re.compile(r"/file$"))
    book = load_workbook(BytesIO(dina.get(link["href"]).response.data)).active
    assert book.max_row - 4 == 60 and "60\u00a0строк" in book["A2"].value


def test_a_list_too_long_for_a_file_is_refused_with_what_to_do(as_, school, settings, monkeypatch):
    late_marks(school, settings)
    monkeypatch.setitem(list_files.MOST_ROWS, "pdf", 59)
    page = as_(school.dina).get(f"{LATE}.pdf", status=422)
    assert "выберите меньше дней" in page.words and page.h1.text == "Уточните запрос"
    assert "Скачать PDF" not in as_(school.dina).get(LATE).words


@pytest.mark.parametrize("address", [LATE, f"{LATE}.xlsx", f"{LATE}.pdf"])
@pytest.mark.parametrize("query", ["from=x", "teacher=abc", "from=2026-09-10&to=2026-09-01", "kind=0"])
def test_what_can_not_be_understood_is_one_sentence(as_, school, address, query):
    as_(school.dina).get(f"{address}?{query}", status=422)


@pytest.mark.parametrize("address", ["never", "never.xlsx", "LATE", "late.doc", "late.pdf.pdf"])
def test_an_unknown_list_is_not_found(as_, school, address):
    as_(school.dina).get(f"/admin/control/{address}", status=404)


@pytest.mark.parametrize("address", [LATE, f"{LATE}.xlsx", f"{LATE}.pdf"])
def test_teacher_and_parent_are_kept_out(as_, school, address):
    for person in (school.anna, school.vera, school.olga, school.igor):
        as_(person).get(address, status=403)


def test_eight_statements_whatever_the_list(as_, school, settings, at_most):
    late_marks(school, settings)
    dina = as_(school.dina)
    for figure in Figure:
        for form in ("", ".xlsx", ".pdf"):
            with at_most(8):
                dina.get(f"/admin/control/{figure}{form}")
