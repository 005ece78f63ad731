"""The summary sheet, behaviour, the deputy's figures and the family's page, told about 7А."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from ejd import clock
from ejd.results.models import BehaviourMark
from tests.journal import Hand
from tests.results import Setter, put_setting, term


@pytest.fixture
def lived(school):
    """Витя: mathematics 5 by three marks, set as 4; Russian 3, not set."""
    maths, russian = school.course("7А", "Матем"), school.course("7А", "Русский")
    for course, hand, day, value in ((maths, school.anna, 8, "5"), (maths, school.anna, 10, "5"),
                                     (russian, school.boris, 9, "3")):
        Hand(school, hand).puts(school.lesson(course, date(2026, 9, day)), school.vitya, value,
                                kind_id=school.kind("oral").id, key=f"{course.id}-{day}")
    Setter(school, school.anna).sets(maths, {school.vitya: "4"})
    return school


def sheet(school, tail=""):
    return f"/teacher/classes/{school.school_class('7А').id}/summary{tail}"


def line(page, name):
    return next(" ".join(row.get_text(" ").split()) for row in page.select("tbody tr") if name in row.text)


def test_the_class_teacher_sees_the_sheet(as_, lived, at_most):
    anna = as_(lived.anna)
    with at_most(8):
        page = anna.get(sheet(lived))
    assert [head.text for head in page.select("thead th")][1:] == [
        "Иностранный язык (английский)", "Математика", "Русский язык", "Ср."]
    assert line(page, "Волков Виктор") == "4 Волков Виктор 4 ≠ 3 3,50"
    assert page.select_one("tbody i").text == "3"  # suggested, not set
    assert "Предварительно" in page.words and "С одной «3»: 1 Волков Виктор (Русский язык)" in page.words
    assert "успеваемость 100 %, качество 0 %" in page.words
    assert anna.get(f"/teacher/classes/{lived.school_class('7А').id}").select(f"a[href='{sheet(lived)}']")


def test_all_periods_in_the_classical_form(as_, lived):
    page = as_(lived.anna).get(sheet(lived, "?period=all"))
    assert line(page, "Волков Виктор") == "4 Волков Виктор I ч. 4 ≠ 3 3,50"


@pytest.mark.parametrize(("period", "status"), [("all", 200), ("year", 200), ("", 200), ("nonsense", 404),
                                                ("final", 404), ("9" * 40, 404)])
def test_periods_and_garbage(as_, lived, period, status):
    anna = as_(lived.anna)
    for tail in ("", ".xlsx", ".pdf"):
        anna.get(sheet(lived, f"{tail}?period={period}"), status=status)


def test_the_workbook_says_the_same(as_, lived):
    book = load_workbook(BytesIO(as_(lived.anna).get(sheet(lived, ".xlsx")).response.data))
    rows = [[cell for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]
    assert [4, "Волков Виктор", 4, "(3)", 3.5] in rows
    assert ["Качество", 1, 0] in rows and "Иностранный язык (английский)" in rows[3]
    assert as_(lived.anna).get(sheet(lived, ".pdf")).response.data.startswith(b"%PDF")


def test_the_file_has_a_name_and_the_page_its_place_in_the_room(as_, lived):
    anna = as_(lived.anna)
    name = unquote(anna.get(sheet(lived, ".xlsx")).response.headers["Content-Disposition"])
    assert name.endswith("''Сводная, 7А, I четверть.xlsx")
    page = anna.get(sheet(lived))
    tabs = page.select_one('nav[aria-label="Класс 7А"]')
    assert tabs.select_one("[aria-current]").text == "Сводная"
    pupil = page.select_one("tbody th a")
    assert "/pupils/" in pupil["href"] and anna.get(pupil["href"])
    admin = as_(lived.inna).get(f"/admin/classes/{lived.school_class('7А').id}/summary")
    assert not admin.select("tbody th a") and not admin.select('nav[aria-label="Класс 7А"]')


def test_who_may_see_it(as_, lived):
    """R33, R34: the own class teacher and who sees the school's marks."""
    seven_b = f"/teacher/classes/{lived.school_class('7Б').id}/summary"
    as_(lived.anna).get(seven_b, status=404)
    as_(lived.boris).get(sheet(lived), status=404)
    as_(lived.inna).get(f"/admin/classes/{lived.school_class('7А').id}/summary")
    as_(lived.olga).get(f"/admin/classes/{lived.school_class('7А').id}/summary", status=403)


def test_a_class_without_marked_subjects_says_so(as_, school):
    page = as_(school.dina).get(f"/admin/classes/{school.school_class('1А').id}/summary")
    assert "нет предметов, по которым ставят отметки" in page.words


def test_behaviour_is_off_until_the_school_wants_it(as_, school):
    page = as_(school.anna).get(f"/teacher/classes/{school.school_class('7А').id}/behaviour")
    assert "поведение не оценивают" in page.words and not page.select("main form")


@pytest.fixture
def manners(school):
    put_setting(school, "behaviour", "three")
    return f"/teacher/classes/{school.school_class('7А').id}/behaviour"


def test_the_class_teacher_marks_behaviour(as_, school, manners, at_most):
    anna = as_(school.anna)
    with at_most(8):
        page = anna.get(manners)
    other_tab = anna.get(manners)
    anna.submit(page, "main form", {f"r{school.vitya.id}": "примерное"})
    [mark] = school.session.scalars(select(BehaviourMark)).all()
    assert (mark.pupil_id, mark.value, mark.entered_by_id) == (school.vitya.id, "примерное", school.anna.id)
    assert "примерное" in line(anna.get(sheet(school)), "Волков Виктор")
    answer = anna.submit(other_tab, "main form", {f"r{school.vitya.id}": "удовл."}, status=409)
    assert "сейчас там «примерное», вы вносили «удовл.»" in answer.words
    anna.submit(answer, "main form")
    assert school.session.scalars(select(BehaviourMark.value)).all() == ["удовл."]
    assert "Поведение" in as_(school.vera).get(f"/parent/children/{school.vitya.id}/results").words


@pytest.mark.parametrize("fields", [{"term": "999"}, {"term": ""}, {"r{}": "отличное"}, {"r{}": "5", "v{}": "x"},
                                    {"r1": "примерное"}, {"r{}": "примерное", "key": ""}])
def test_garbage_in_behaviour(as_, school, manners, fields):
    anna = as_(school.anna)
    fields = {"term": str(term(school, 1).id), "key": "k", f"r{school.vitya.id}": "примерное"} | {
        name.format(school.vitya.id): value for name, value in fields.items()}
    answer = anna.open(manners, method="POST", data={**fields, "csrf_token": anna.csrf()})
    assert answer.status_code in (409, 422)
    assert school.session.scalar(select(func.count()).select_from(BehaviourMark)) == 0


def test_behaviour_of_the_year_once_the_last_term_has_begun(as_, school, manners):
    assert "Год" not in as_(school.anna).get(manners).select_one('nav[aria-label="Период"]').text
    with clock.freeze(clock.at(date(2027, 5, 20), 12)):
        anna = as_(school.anna)
        page = anna.get(manners + "?term=0")
        assert page.select_one('nav[aria-label="Период"] [aria-current]').text == "Год"
        anna.submit(page, "main form", {f"r{school.vitya.id}": "примерное"})
        [mark] = school.session.scalars(select(BehaviourMark)).all()
        assert (mark.term_id, mark.value) == (None, "примерное")
        assert "примерное" in line(anna.get(sheet(school, "?period=year")), "Волков Виктор")
        results = as_(school.vera).get(f"/parent/children/{school.vitya.id}/results")
        assert "примерное" in results.select_one("tbody tr:last-child").text


def test_the_room_leads_to_behaviour_where_it_is_marked(as_, school, manners):
    assert as_(school.anna).get(manners.removesuffix("/behaviour")).select(f'a[href="{manners}"]')
    put_setting(school, "behaviour", "off")
    assert not as_(school.anna).get(manners.removesuffix("/behaviour")).select(f'a[href="{manners}"]')


def test_the_family_reads_how_many_results_stand(as_, lived, at_most):
    url, vera = f"/parent/children/{lived.vitya.id}/results", as_(lived.vera)
    with at_most(8):
        page = vera.get(url)
    assert "I четверть: выставлено 1 из 3, остальные ещё не выставлены" in page.words.replace("\u00a0", " ")


def test_another_class_is_not_hers(as_, school, manners):
    as_(school.anna).get(f"/teacher/classes/{school.school_class('7Б').id}/behaviour", status=404)
    as_(school.boris).get(manners, status=404)


def test_the_deputy_sees_what_is_missing_late_and_otherwise(as_, lived, at_most):
    dina = as_(lived.dina)
    with at_most(8):
        page = dina.get("/admin/results")
    assert line(page, "7А").startswith("7А ср 21.10 1 из 24 23")
    assert line(page, "Вся школа") == "Вся школа 1 из 27 26 0 1 0"
    link = next(a["href"] for a in page.select("tbody a") if a.text == "7А")
    assert "Андреева А. А. 1 из 8 7 0 1 0" in line(dina.get(link), "Математика").replace("\u00a0", " ")
    with at_most(8):
        listed = dina.get(f"/admin/results/different?term={term(lived, 1).id}")
    assert "Волков Виктор Павлович Математика" in line(listed, "7А")
    assert "5,00 2 5 4" in line(listed, "7А")
    place = listed.select_one("tbody a")["href"]
    assert dina.get(place.split("#")[0]).select_one(f"#{place.split('#')[1]}")
    book = load_workbook(BytesIO(dina.get("/admin/results/missing.xlsx").response.data))
    assert book.active.max_row - 4 == 26
    heads, *rows = book.active.iter_rows(min_row=4, values_only=True)
    assert heads == ("Класс", "Ученик", "Предмет", "Учитель", "Средний", "Отметок", "Предложено", "Срок")
    assert {type(value) for row in rows for value in row[4:7]} <= {int, float, type(None)}, "figures, not texts"
    assert any(row[4] for row in rows) and all(row[7].date() == date(2026, 10, 21) for row in rows if row[0] == "7А")
    assert dina.get("/admin/results/missing.pdf").response.data.startswith(b"%PDF")
    assert dina.get("/admin/control").select("a[href='/admin/results']")


def test_what_passed_its_deadline_is_told(as_, lived):
    """R1: results have a deadline of their own, two school days before the term's end."""
    with clock.freeze(clock.at(date(2026, 10, 22), 9)):
        Setter(lived, lived.boris).sets(lived.course("7А", "Русский"), {lived.vitya: "3"})
        page = as_(lived.dina).get("/admin/results")
        assert page.select("tbody .late") and line(page, "Вся школа") == "Вся школа 2 из 27 25 1 1 0"
        assert "21.10.2026" in line(as_(lived.dina).get("/admin/results/late"), "Волков")
        control = as_(lived.dina).get("/admin/control").words
        assert "С опозданием" in control and "1 С опозданием" not in control


@pytest.mark.parametrize("address", ["/admin/results?term=99999", "/admin/results?term=x", "/admin/results/nothing",
                                     "/admin/results/late?term=final"])
def test_garbage_in_the_deputys_addresses(as_, lived, address):
    as_(lived.dina).get(address, status=404)


def test_the_inspector_reads_and_the_office_does_not(as_, lived):
    """R34."""
    page = as_(lived.inna).get(f"/admin/results?term={term(lived, 1).id}&class={lived.school_class('7А').id}")
    assert not [a for a in page.select("a") if a["href"].endswith("/results")]
    as_(lived.olga).get("/admin/results", status=403)


def test_a_family_reads_results_and_no_suggestions(as_, lived, at_most):
    vera = as_(lived.vera)
    with at_most(8):
        page = vera.get(f"/parent/children/{lived.vitya.id}/results")
    assert line(page, "Математика") == "Математика 4" and "Русский" not in page.words
    assert len(page.response.data) < 6000 and not page.select("script")
    assert "Итоговых отметок пока нет" in vera.get(f"/parent/children/{lived.masha.id}/results").words
    vera.get(f"/parent/children/{lived.zoya.id}/results", status=404)
    assert line(as_(lived.vitya).get("/student/results"), "Математика") == "Математика 4"
