"""Pages of the administration: classes, subgroups, teaching load."""

import pytest

from ejd.roster.models import Course, CourseMember, SchoolClass, TeachingAssignment
from tests.pages.test_admin_people import act
from tests.world import CLASS_7A, TODAY


@pytest.fixture
def url(school):
    return f"/admin/classes/{school.school_class('7А').id}"


def english(school):
    one = school.course("7А", "Иностранный", 1)
    return f"/admin/classes/{one.class_id}/subgroups/{one.subject_id}"


def cells(page, begins):
    row = next(row for row in page.select("tbody tr") if row.select_one("th, td").text.startswith(begins))
    return [" ".join(cell.text.split()) for cell in row.select("th, td")]


def test_the_list_of_classes_tells_numbers_in_few_statements(as_, school, at_most):
    visitor = as_(school.inna)
    with at_most(8):
        page = visitor.get("/admin/classes")
    assert cells(page, "7А") == ["7А", "8", "Андреева Анна Аркадьевна", "4", "всё готово"]
    assert cells(page, "7Б")[2] == "не назначен"
    assert "3 класса, 13 учеников" in page.words


def test_a_class_that_is_not_divided_is_a_to_do(as_, school, session):
    session.query(CourseMember).delete()
    assert "не поделены подгруппы" in cells(as_(school.olga).get("/admin/classes"), "7А")[4]


def test_a_class_s_page_tells_pupils_and_class_teacher(as_, school, url, at_most):
    visitor = as_(school.inna)
    with at_most(8):
        page = visitor.get(url)
    assert cells(page, "5")[1].startswith("Ёлкин Егор Петрович")
    assert "Андреева Анна Аркадьевна" in page.words


def test_a_class_is_opened(as_, school):
    visitor = as_(school.olga)
    answer = act(visitor, "/admin/classes/new", {"grade": "10", "letter": "а"})
    page = visitor.get(answer.response.location)
    assert page.select_one("h1").text == "Класс 10А" and "пока никого нет" in page.words


@pytest.mark.parametrize(("data", "field"), [
    ({}, "grade"), ({"grade": "x"}, "grade"), ({"grade": "7", "days_per_week": "5", "letter": "A"}, "letter"),
    ({"grade": "8", "letter": "А", "days_per_week": "9"}, "days_per_week"),
    ({"grade": "8", "letter": "А", "days_per_week": "5", "bell_schedule_id": "77"}, "bell_schedule_id"),
    ({"grade": "8", "letter": "А", "days_per_week": "5", "term_scheme": "weeks"}, "term_scheme"),
])
def test_a_class_that_cannot_be_is_explained_at_its_field(as_, school, session, data, field):
    page = as_(school.olga).post("/admin/classes/new", data, status=422)
    assert page.select_one(f"#{field}-error")
    assert session.query(SchoolClass).count() == 3


def test_an_empty_class_is_taken_away_again(as_, school, session):
    visitor = as_(school.olga)
    answer = act(visitor, "/admin/classes/new", {"grade": "10", "letter": "а"})
    act(visitor, answer.response.location + "/remove")
    assert session.query(SchoolClass).count() == 3


def test_a_class_with_pupils_is_not_taken_away(as_, school, url):
    assert "убрать его нельзя" in act(as_(school.olga), url + "/remove", status=422).words


def test_a_class_teacher_is_named_from_a_day_on(as_, school, url):
    visitor = as_(school.olga)
    assert visitor.get(url + "/teacher").select_one("option[selected]").text == "Андреева Анна Аркадьевна"
    act(visitor, url + "/teacher", {"teacher_id": str(school.boris.id), "from_on": "2026-09-17"})
    assert "Борисов Борис Борисович" in visitor.get(url).words
    assert "Классный руководитель 7А , с 1 сентября 2026 по 16 сентября 2026" in visitor.get(
        f"/admin/people/{school.anna.id}").words


def test_a_guardian_is_not_a_class_teacher(as_, school, url):
    page = as_(school.olga).post(url + "/teacher", {"teacher_id": school.vera.id, "from_on": "2026-09-17"}, status=422)
    assert "не работает" in page.select_one("#teacher_id-error").text


def test_a_class_is_divided_by_the_alphabet_in_one_click_then_by_hand(as_, school, session, url):
    session.query(CourseMember).delete()
    visitor = as_(school.olga)
    assert "не распределены 8 учеников" in visitor.get(url).words
    page = visitor.get(english(school))
    assert page.select_one("#alphabet-from")["value"] == "2026-09-01"
    visitor.submit(page, "form[action$=alphabet]")
    page = visitor.get(english(school))
    assert len(page.select("input[checked]")) == len(CLASS_7A)
    assert not page.select("form[action$=alphabet]")
    one, two = school.course("7А", "Иностранный", 1), school.course("7А", "Иностранный", 2)
    visitor.post(english(school), {"from_on": "2026-09-17", f"pupil-{school.vitya.id}": str(two.id)})
    rows = session.query(CourseMember).filter_by(pupil_id=school.vitya.id).order_by(CourseMember.from_on).all()
    assert [(row.course_id, row.to_on) for row in rows] == [(one.id, TODAY.replace(day=16)), (two.id, None)]


def test_a_subgroup_of_another_subject_is_refused(as_, school):
    page = as_(school.olga).post(english(school), {
        "from_on": "2026-09-17", f"pupil-{school.vitya.id}": school.course("7А", "Математика").id}, status=422)
    assert "Такой подгруппы у этого предмета нет" in page.words


def test_dividing_without_a_day_is_refused(as_, school):
    as_(school.olga).post(english(school) + "/alphabet", status=422)


def test_a_subject_that_is_not_divided_has_no_page(as_, school, url):
    as_(school.olga).get(f"{url}/subgroups/{school.course('7А', 'Математика').subject_id}", status=404)


def test_the_division_takes_few_statements(as_, school, at_most):
    visitor, url = as_(school.olga), english(school)
    with at_most(8):
        visitor.get(url)


def test_the_load_tells_hours_teachers_and_vacancies(as_, school, session, url, at_most):
    session.query(TeachingAssignment).filter_by(course_id=school.course("7А", "Русский").id).delete()
    visitor = as_(school.inna)
    with at_most(8):
        page = visitor.get(url + "/load")
    assert cells(page, "Математика")[:4] == ["Математика", "весь класс", "4", "Андреева Анна Аркадьевна"]
    assert cells(page, "Русский язык")[3] == "вакансия"
    assert "9 ч в неделю" in page.words  # 4 + 3 + 2: the two subgroups are one lesson of the class


def test_a_journal_is_opened_with_half_an_hour_and_a_vacancy(as_, school, session, url):
    visitor = as_(school.olga)
    act(visitor, url + "/load/new", {"new_subject": "Астрономия", "hours": "0,5"})
    assert cells(visitor.get(url + "/load"), "Астрономия")[1:4] == ["весь класс", "0,5", "вакансия"]


@pytest.mark.parametrize(("data", "field"), [
    ({}, "subject"), ({"subject": "Математика"}, "hours"), ({"subject": "Математика", "hours": "два"}, "hours"),
    ({"subject": "Математика", "hours": "99", "subgroup": "0", "from_on": "2026-09-17"}, "hours"),
    ({"subject": "Математика", "hours": "2", "subgroup": "0", "from_on": "2026-09-17"}, "subject_id"),
    ({"subject": "Физика", "hours": "2", "subgroup": "9", "from_on": "2026-09-17"}, "subgroup"),
    ({"subject": "Физика", "hours": "2", "subgroup": "0"}, "from_on"),
    ({"subject": "Ф" * 200, "hours": "2", "subgroup": "0", "from_on": "2026-09-17"}, "subject"),
])
def test_a_journal_that_cannot_be_is_explained(as_, school, session, url, data, field):
    before = session.query(Course).count()
    page = as_(school.olga).post(url + "/load/new", data, status=422)
    assert page.select_one(f".errors a[href='#{field}']")
    assert session.query(Course).count() == before


def test_another_teacher_takes_over_and_lessons_to_come_follow(as_, school, at_most):
    course, visitor = school.course("7А", "Математика"), as_(school.olga)
    with at_most(8):
        page = visitor.get(f"/admin/courses/{course.id}")
    visitor.submit(page, "form[action$=teacher]", {"teacher_id": str(school.boris.id), "from_on": "2026-09-18"})
    assert "Борисов Борис Борисович" in visitor.get(f"/admin/courses/{course.id}").words
    assert school.lesson(course, TODAY.replace(day=22)).teacher_id == school.boris.id
    assert school.lesson(course, TODAY.replace(day=15)).teacher_id == school.anna.id


def test_hours_scheme_and_homework_are_changed(as_, school, session):
    course, visitor = school.course("7А", "Математика"), as_(school.olga)
    url = f"/admin/courses/{course.id}"
    visitor.submit(visitor.get(url), f"form[action='{url}']", {"hours": "4,5", "scheme": "pass_fail", "homework": "0"})
    session.refresh(course)
    assert (course.half_hours, course.scheme, course.homework_expected) == (9, "pass_fail", False)
    page = visitor.post(url, {"hours": "много", "scheme": "pass_fail"}, status=422)
    assert page.select_one("#hours-error")
    visitor.post(url, {"hours": "2", "scheme": "stars"}, status=422)


def test_a_journal_is_closed_by_a_page_that_says_what_will_happen(as_, school, url):
    course, visitor = school.course("7А", "Русский"), as_(school.olga)
    retire = f"/admin/courses/{course.id}/retire"
    assert "уроков в журнале больше не будет" in visitor.get(retire).words
    act(visitor, retire, {"on": "2026-09-18"})
    assert "закрыт с 18 сентября 2026" in visitor.get(url + "/load").words
    visitor.post(retire, {"on": "2026-09-18"}, status=422)
