"""Pages of the administration: a person, pupils, guardians, staff. Ольга keeps the lists, Инна only looks."""

import re

import pytest

from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.roster.models import Employment, Enrolment, Guardianship, Person, TeachingAssignment
from tests.services.test_roster_people import put_a_mark
from tests.world import TODAY


def of(person, act=""):
    return f"/admin/people/{person.id}{act}"


def act(visitor, url, data=None, **kw):
    """Open the page of an act, fill in its form and send it."""
    return visitor.submit(visitor.get(url), "form#form", data, **kw)


def test_a_pupil_s_page_tells_class_guardians_and_access(as_, school, at_most):
    visitor, url = as_(school.olga), of(school.vitya)
    with at_most(8):
        page = visitor.get(url)
    anna = of(school.anna)
    with at_most(8):
        visitor.get(anna)
    assert "7А" in page.words and "Волкова Вера Викторовна" in page.words and "пароль ещё не выдан" in page.words


def test_a_guardian_s_page_tells_the_children(as_, school):
    words = as_(school.olga).get(of(school.vera)).words
    assert "Волков Виктор Павлович , 7А" in words and "Волкова Мария Павловна , 1А" in words


def test_a_teacher_who_is_a_parent_is_one_person_with_both(as_, school):  # R33
    words = as_(school.olga).get(of(school.eva)).words
    assert "Ершов Егор Андреевич" in words and "Нагрузка, 4 ч в неделю" in words


def test_the_inspector_looks_and_changes_nothing(as_, school):
    page = as_(school.inna).get(of(school.vitya))
    assert not page.select("main form") and not page.select("a.danger")
    as_(school.inna).get(of(school.vitya, "/move"), status=403)


def test_somebody_who_is_not_there_is_not_found(as_, school):
    as_(school.olga).get("/admin/people/999999", status=404)
    as_(school.olga).get(f"/admin/people/{10**30}", status=404)


def test_a_pupil_moves_to_another_class(as_, school):
    visitor, other = as_(school.olga), school.school_class("7Б")
    act(visitor, of(school.vitya, "/move"), {"class_id": str(other.id), "on": "2026-09-17"})
    words = visitor.get(of(school.vitya)).words
    assert "7Б , с 17 сентября 2026" in words and "7А , с 1 сентября 2026 по 16 сентября 2026" in words


@pytest.mark.parametrize(("data", "field", "begins"), [
    ({}, "class_id", "Выберите класс"),
    ({"on": ""}, "on", "Укажите дату"),
    ({"class_id": "7Б", "on": "завтра"}, "on", "Дата пишется так"),
    ({"class_id": "999999", "on": "17.09.2026"}, "class_id", "Такого класса нет"),
    ({"class_id": "99999999999999999999", "on": "17.09.2026"}, "class_id", "Выберите класс"),
])
def test_a_move_that_is_not_clear_is_explained_at_its_field(as_, school, data, field, begins):
    data = {"on": "17.09.2026", **data}
    page = as_(school.olga).post(of(school.vitya, "/move"), data, status=422)
    assert page.select_one(f"#{field}-error").text.startswith(begins)
    assert page.title.text.startswith("Ошибка:")
    assert page.select_one("#on")["value"] == data["on"]


def test_a_move_before_a_mark_is_refused_and_nothing_changes(as_, school, session):
    put_a_mark(school, school.vitya)
    page = as_(school.olga).post(of(school.vitya, "/move"), {
        "class_id": school.school_class("7Б").id, "on": "2026-09-14"}, status=422)
    assert "отметка за 15\u00a0сентября\u00a02026" in page.select_one("#on-error").text
    assert session.query(Enrolment).filter_by(pupil_id=school.vitya.id).count() == 1


def test_a_pupil_leaves_and_is_enrolled_again(as_, school):
    visitor = as_(school.olga)
    act(visitor, of(school.vitya, "/leave"), {"last_day": "2026-09-16", "reason": "переезд"})
    assert "переезд" in visitor.get(of(school.vitya)).words
    act(visitor, of(school.vitya, "/enrol"), {"class_id": str(school.school_class("7Б").id), "from_on": "2026-09-17"})
    assert "7Б , с 17 сентября 2026" in visitor.get(of(school.vitya)).words


def test_a_new_pupil_is_enrolled(as_, school):
    visitor, url = as_(school.olga), f"/admin/classes/{school.school_class('7А').id}"
    answer = act(visitor, url + "/pupils/new", {"last_name": "Юдин", "first_name": "Ян", "birth_date": "2013-05-05"})
    assert "Юдин Ян" in visitor.get(answer.response.location).words
    assert "Юдин Ян" in visitor.get(url).words


def test_a_pupil_without_a_birth_date_is_not_added(as_, school, session):
    before = session.query(Person).count()
    page = as_(school.olga).post(f"/admin/classes/{school.school_class('7А').id}/pupils/new",
                                 {"last_name": "Юдин", "first_name": "Ян", "from_on": "2026-09-17"}, status=422)
    assert page.select_one("#birth_date-error") and page.select_one("#last_name")["value"] == "Юдин"
    assert session.query(Person).count() == before


def test_a_namesake_is_asked_about_and_never_merged_silently(as_, school, session):
    visitor, url = as_(school.olga), of(school.zoya, "/guardians/new")
    name = {"last_name": "Волкова", "first_name": "Вера", "patronymic": "Викторовна", "relation": "тётя"}
    page = act(visitor, url, name, status=422)
    assert "мать: Волков Виктор, 7А" in page.words
    visitor.submit(page, "form#form", {"same": "new"})
    assert session.query(Person).filter_by(last_name="Волкова", first_name="Вера").count() == 2
    page = act(visitor, of(school.masha, "/guardians/new"), name, status=422)
    page = visitor.submit(page, "form#form", {"same": str(school.vitya.id)}, status=422)  # not one of the namesakes
    assert "тот же" in page.select_one("#same [role=alert]").text


def test_a_teacher_becomes_a_guardian_without_a_second_row(as_, school, session):  # R33
    visitor = as_(school.olga)
    page = act(visitor, of(school.zoya, "/guardians/new"),
               {"last_name": "Борисов", "first_name": "Борис", "patronymic": "Борисович"}, status=422)
    visitor.submit(page, "form#form", {"same": str(school.boris.id)})
    assert session.query(Guardianship).filter_by(guardian_id=school.boris.id, pupil_id=school.zoya.id).count() == 1


def test_a_guardian_is_taken_off_a_child_by_a_page_that_says_what_will_happen(as_, school, session):
    row = session.query(Guardianship).filter_by(guardian_id=school.vera.id, pupil_id=school.vitya.id).one()
    visitor = as_(school.olga)
    url = f"/admin/guardianships/{row.id}/end"
    assert "не увидит дневник" in visitor.get(url).words
    act(visitor, url, {"last_day": "2026-09-16"})
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary", status=404)
    visitor.get(url, status=404)


def test_a_name_is_put_right(as_, school):
    visitor = as_(school.olga)
    act(visitor, of(school.vitya, "/edit"), {"last_name": "Волков-Юдин", "birth_date": "2013-05-05"})
    words = visitor.get(of(school.vitya)).words
    assert "Волков-Юдин Виктор" in words and "5 мая 2013" in words


def test_a_name_with_figures_is_refused_at_its_field(as_, school):
    page = as_(school.olga).post(of(school.vitya, "/edit"), {"last_name": "В0лков", "first_name": "В"}, status=422)
    assert page.select_one("#last_name-error") and page.select_one("#last_name")["value"] == "В0лков"


def test_a_row_entered_by_mistake_goes_and_one_with_marks_stays(as_, school, session):
    put_a_mark(school, school.vitya)
    visitor = as_(school.olga)
    page = act(visitor, of(school.vitya, "/remove"), status=422)
    assert "связаны записи журнала" in page.words
    zoya_id = school.zoya.id
    act(visitor, of(school.zoya, "/remove"))
    assert session.get(Person, zoya_id) is None


def test_the_office_does_not_remove_the_director(as_, school):
    as_(school.olga).post(of(school.galina, "/remove"), {"sure": "1"}, status=403)


def acts_on(page):
    return {link.text for link in page.select("main .actions a")}


def test_what_would_be_refused_is_not_offered(as_, school):
    put_a_mark(school, school.vitya)
    visitor = as_(school.olga)
    assert not {"Убрать запись", "Объединить с другой записью"} & acts_on(visitor.get(of(school.vitya)))
    assert "Убрать запись" in acts_on(visitor.get(of(school.zoya)))
    assert acts_on(visitor.get(of(school.vera))) >= {"Убрать запись", "Объединить с другой записью", "Выдать пароль"}
    assert "Убрать запись" not in acts_on(visitor.get(of(school.anna))), "the load is a fact"
    assert acts_on(visitor.get(of(school.galina))) == {"Исправить имя", "Дать должность"}  # R34
    assert "Выдать пароль" not in acts_on(visitor.get(of(school.olga))), "the own one is changed on the own page"


def test_a_search_not_yet_made_has_found_nothing_to_say(as_, school):
    page = as_(school.olga).get(of(school.boris, "/join"))
    assert "Похожих записей нет" not in page.words
    page = as_(school.olga).submit(page, "form.filters[action$=join]", {"q": "Ъ"}, status=200)
    assert "Похожих записей нет" in page.words


def test_nothing_is_removed_by_a_bare_post(as_, school, session):
    as_(school.olga).post(of(school.zoya, "/remove"), status=422)
    assert session.get(Person, school.zoya.id)


def test_a_one_time_password_is_shown_once_and_works(as_, school, session):  # R30
    visitor = as_(school.olga)
    page = visitor.submit(visitor.get(of(school.vera, "/password")), "main form", status=200)
    password = page.select_one(".figure").text
    account = session.query(Account).filter_by(person_id=school.vera.id).one()
    assert re.fullmatch(r"\w{4} \w{4} \w{2}", password) and account.login in page.words
    assert account.must_change and passwords.verify(account.password_hash, password.replace(" ", ""))
    assert password not in visitor.get(of(school.vera)).words
    assert "перестанет действовать" in visitor.get(of(school.vera, "/password")).words


@pytest.mark.parametrize(("who", "whose"), [("igor", "dina"), ("olga", "galina"), ("igor", "inna"), ("dina", "dina")])
def test_nobody_raises_themselves_by_a_password(as_, school, who, whose):  # R34
    as_(getattr(school, who)).post(of(getattr(school, whose), "/password"), status=403)


def test_the_office_makes_nobody_a_deputy(as_, school, session):  # R34
    page = as_(school.olga).post(of(school.olga, "/positions/new"), {
        "position": "deputy", "from_on": "2026-09-17"}, status=422)
    assert page.select_one("#position-error")
    job = session.query(Employment).filter_by(person_id=school.galina.id).one()
    as_(school.olga).get(f"/admin/positions/{job.id}/end", status=403)
    act(as_(school.dina), of(school.anna, "/positions/new"), {"position": "deputy", "from_on": "2026-09-17"})


def test_the_staff_list_tells_load_and_class_in_few_statements(as_, school, at_most):
    visitor = as_(school.inna)
    with at_most(8):
        page = visitor.get("/admin/staff")
    row = next(row for row in page.select("tbody tr") if "Андреева" in row.text)
    assert [cell.text for cell in row.select("td")] == ["Учитель", "7А", "2", "6"]


def test_a_new_teacher_is_added(as_, school):
    visitor = as_(school.olga)
    answer = act(visitor, "/admin/staff/new", {"last_name": "Юдина", "first_name": "Яна",
                                               "job_title": "Учитель физики", "from_on": "17.09.2026"})
    assert "Учитель физики" in visitor.get(answer.response.location).words


@pytest.mark.parametrize("data", [{}, {"position": "king"}, {"position": "teacher", "last_name": "А"},
                                  {"position": "class_teacher", "last_name": "А", "first_name": "Б"}])
def test_a_teacher_half_described_is_not_added(as_, school, session, data):
    before = session.query(Person).count()
    as_(school.olga).post("/admin/staff/new", data, status=422)
    assert session.query(Person).count() == before


def test_a_dismissed_teacher_leaves_vacancies_and_lessons_to_come_without_a_teacher(as_, school, session):
    job = session.query(Employment).filter_by(person_id=school.anna.id).one()
    visitor = as_(school.olga)
    url = f"/admin/positions/{job.id}/end"
    assert "станут вакансиями" in visitor.get(url).words
    act(visitor, url, {"last_day": "2026-09-17"})
    course = school.course("7А", "Математика")
    assert session.query(TeachingAssignment).filter_by(course_id=course.id, to_on=None).one().teacher_id is None
    assert school.lesson(course, TODAY.replace(day=22)).teacher_id is None
    assert school.lesson(course, TODAY.replace(day=15)).teacher_id == school.anna.id


def test_two_rows_of_one_person_are_found_and_joined(as_, school, session):  # R33
    visitor = as_(school.olga)
    name = {"last_name": "Зимин", "first_name": "Захар", "patronymic": "Захарович", "same": "new"}
    visitor.post(of(school.vitya, "/guardians/new"), {**name, "from_on": "2026-09-17"})
    keep, other = session.query(Person).filter_by(last_name="Зимин").order_by(Person.id).all()
    page = visitor.get(of(keep, "/join"))
    assert "Волков Виктор, 7А" in page.words
    page = visitor.post(of(keep, "/join"), {"other_id": other.id}, status=200)
    assert "ошибка покажет чужого ребёнка" in page.words
    visitor.submit(page, "#form form")
    assert "Волков Виктор" in visitor.get(of(keep)).words
    visitor.get(of(other), status=404)


def test_a_search_of_any_length_is_answered(as_, school):
    visitor = as_(school.olga)
    for typed in ("я" * 60_000, "аб " * 20_000, "%_\\" * 20_000):
        visitor.post(of(school.anna, "/join"), {"q": typed}, status=200)


def test_two_pupils_are_never_joined(as_, school):
    page = as_(school.olga).post(of(school.vitya, "/join"), {"other_id": school.zoya.id, "sure": "1"}, status=422)
    assert "Обе записи – ученики" in page.words
