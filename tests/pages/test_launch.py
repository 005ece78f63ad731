"""The list before the launch on its page, and the day announced at the door (R7): 7А has a class teacher, 7Б and 1А
have none; Ольга is the office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd import clock
from ejd.families import letters
from ejd.families.letters import NewWording
from ejd.families.provision import PaperKind
from ejd.families.wording import LetterKind
from ejd.roster.models import ClassTeacher
from ejd.school import settings as school_settings
from tests.forms import signs
from tests.world import FIRST_DAY, TODAY


def put(school, key, value):
    school_settings.change(school.session, actor_id=school.dina.id, key=key, value=value, valid_from=TODAY,
                           now=clock.now())
    school.session.commit()


@pytest.fixture
def steps(as_, school):
    """Step → share and words, as somebody sees them."""
    def see(person="dina"):
        rows = as_(getattr(school, person)).get("/admin/launch").select("tbody tr")
        return {row.th.text: " ".join(cell.text.replace("\xa0", " ") for cell in row.select("td")) for row in rows}
    return see


def test_each_step_is_counted_as_the_school_stands(steps, school):
    signs(school, PaperKind.REFUSAL, school.vitya, school.vera)
    found = steps()
    assert found["Учебный год и звонки"] == "100 % заведены"
    assert found["Ученики и их представители"] == "30 % 3 класса, 13 учеников, без представителя 9"
    assert found["Классные руководители"] == "33 % 1 из 3, без руководителя 2"
    assert found["Нагрузка: учитель у каждого журнала"] == "100 % 6 из 6"
    assert found["Планы уроков (КТП)"] == "0 % 0 из 6, без плана 6"
    assert found["Формы услуги: заявления зарегистрированы"] == "100 % на бумаге 1"
    assert found["Памятка, приказ и приложения"] == "0 % принять или обновить: 5"
    assert found["День начала"] == "100 % 1 сентября 2026 года, журнал ведётся"


def test_the_shares_grow_as_the_school_goes_on(steps, school):
    put(school, "school.address", "https://shkola.ru")
    letters.word(school.session, settings=school_settings.load(school.session), today=TODAY, new=NewWording(
        LetterKind.ORDER, letters.program_text(LetterKind.ORDER), 0, school.olga.id, clock.now(), "order"))
    for name in ("7Б", "1А"):
        school.session.add(ClassTeacher(class_id=school.school_class(name).id, teacher_id=school.boris.id,
                                        from_on=FIRST_DAY))
    found = steps()
    assert found["Классные руководители"] == "100 % 3 из 3"
    assert found["Памятка, приказ и приложения"] == "20 % принять или обновить: 4"
    assert found["Адрес журнала в Интернете"] == "100 % https://shkola.ru"


def test_a_teacher_in_two_places_at_once_is_a_clash(steps, school):
    assert steps()["Расписание без накладок"] == "100 % на две недели вперёд"
    first = school.lesson(school.course("7А", "Математика"), date(2026, 9, 21))
    other = school.lesson(school.course("7Б", "Математика"), date(2026, 9, 21))
    other.starts_at = first.starts_at + timedelta(minutes=30)
    other.ends_at = other.starts_at + timedelta(minutes=40)
    assert "в одно время у одного учителя: 2" in steps()["Расписание без накладок"]
    other.merged_into_id = first.id
    assert steps()["Расписание без накладок"] == "100 % на две недели вперёд"


def test_every_step_leads_to_where_it_is_done(as_, school):
    for person in ("dina", "olga"):
        visitor = as_(getattr(school, person))
        links = [link["href"] for link in visitor.get("/admin/launch").select("tbody a")]
        assert len(links) == (12 if person == "dina" else 9)
        for link in links:
            visitor.get(link)


def test_the_head_page_leads_there_while_something_is_missing(as_, school):
    olga = as_(school.olga)
    assert olga.get("/admin/").select_one('a[href="/admin/launch"]')
    for name in ("7Б", "1А"):
        school.session.add(ClassTeacher(class_id=school.school_class(name).id, teacher_id=school.boris.id,
                                        from_on=FIRST_DAY))
    school.session.commit()
    assert not olga.get("/admin/").select_one('a[href="/admin/launch"]')
    put(school, "launch.marks", "2026-11-09")
    assert olga.get("/admin/").select_one('a[href="/admin/launch"]')


def test_the_day_is_announced_at_the_door_before_it_comes(as_, school):
    for key in ("launch.marks", "launch.homework"):
        put(school, key, "2026-11-09")
    words = as_(None).get("/login").words
    assert "Первые отметки и домашние задания появятся 9 ноября 2026 года" in words and "ведётся" not in words
    with clock.freeze(clock.at(date(2026, 11, 9))):
        assert "ведётся с 9 ноября 2026 года" in as_(None).get("/login").words


def test_where_days_differ_each_is_announced_at_the_door_in_the_plan_of_the_meeting_and_on_the_list(as_, school):
    put(school, "launch.homework", "2026-10-01")
    put(school, "launch.grades", {"1": "2027-01-11"})
    days = ("с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания; "
            "1-е классы – с 11 января 2027 года")
    assert f"Электронный журнал и дневник. Начало: {days}." in as_(None).get("/login").words
    assert f"Дни начала: {days}. Начато не всё" in as_(school.dina).get("/admin/launch").words
    url = f"/teacher/classes/{school.school_class('7А').id}"
    assert f"Начало: {days}." in as_(school.anna).get(f"{url}/meeting").words
    assert days in as_(school.anna).get(f"{url}/papers/memo").words
    assert as_(school.olga).get("/admin/").select_one('a[href="/admin/launch"]')
    with clock.freeze(clock.at(date(2027, 1, 11))):
        assert f"Ведётся: {days}." in as_(None).get("/login").words


def test_the_list_is_the_administrations(as_, school):
    as_(school.igor).get("/admin/launch", status=403)
    as_(school.anna).get("/admin/launch", status=403)


def test_statements(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        dina.get("/admin/launch")
