"""What each form of service opens and closes, page by page (R20, R23, R24, R32): every address of the parent's and the
student's side, files, feeds and forms among them, so that a page that is added later is asked as well.

Вера has Витя (7А) and Маша (1А).
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.families import forms
from ejd.families.models import PupilAccess
from ejd.families.provision import Form
from ejd.roster.models import Guardianship
from ejd.school.models import Setting
from tests.access_table import ALLOWED, EXAMPLES
from tests.forms import is_born, second_guardian, signs
from tests.world import FIRST_DAY, NOW

OF_CHILD = sorted(name for name in ALLOWED if name.startswith("parent.") and name != "parent.home")
OWN = sorted(name for name in ALLOWED if name.startswith("student."))
PAPERS = {Form.ELECTRONIC: (), Form.PAPER: ("no_access",), Form.REFUSED: ("refusal",), Form.LIMITED: ("court",)}


@pytest.fixture
def open_(app, school, as_):
    """Open a page of the table by its name as somebody: the answer's status and text."""
    def visit(person, endpoint, *, htmx=False, **where):
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        values = {name: EXAMPLES[name](school) for name in rule.arguments} | where
        with app.test_request_context():
            url = app.url_for(endpoint, **values)
        visitor = as_(person)
        asks = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}} if htmx else {}
        if "GET" in rule.methods:
            return visitor.open(url, **asks)
        return visitor.open(url, method="POST", data={"csrf_token": visitor.csrf(), "key": "k"}, **asks)
    return visit


@pytest.mark.parametrize("endpoint", OF_CHILD)
@pytest.mark.parametrize("form", Form)
def test_every_page_of_a_child_by_the_guardians_form(school, open_, form, endpoint):
    for kind in PAPERS[form]:
        signs(school, kind, school.vitya, school.vera)
    answer = open_(school.vera, endpoint)
    closed = form in {Form.REFUSED, Form.LIMITED}
    assert (answer.status_code == 403) is closed, answer.status_code
    assert not closed or "дневник закрыт" in answer.text
    assert answer.status_code not in {401, 404, 500}


@pytest.mark.parametrize("endpoint", OF_CHILD + OWN)
@pytest.mark.parametrize("papers", [("refusal",), ("court",)], ids=lambda papers: papers[0])
def test_a_part_of_a_page_is_closed_as_the_whole_is(school, open_, papers, endpoint):
    """htmx: the reason goes to the notices, nothing of the page is in the answer."""
    of_child = endpoint in OF_CHILD
    for kind in papers:
        signs(school, kind, school.vitya, school.vera)
    answer = open_(school.vera if of_child else school.vitya, endpoint, htmx=True)
    assert (answer.status_code == 403) is (of_child or papers == ("refusal",)), answer.status_code
    if answer.status_code == 403:
        assert answer.headers["HX-Retarget"] == "#notices" and "<h1" not in answer.text


@pytest.mark.parametrize("endpoint", OWN)
@pytest.mark.parametrize(("papers", "closed"), [
    ((), False), (("no_access",), False), (("refusal",), True), (("court",), False),
    (("refusal", "pupil_request"), False), (("refusal", "annulment"), False), (("refusal", "court"), False)])
def test_every_own_page_of_a_pupil_by_the_guardians_forms(school, open_, papers, closed, endpoint):
    is_born(school, school.vitya, date(2011, 3, 1))
    for kind in papers:
        more = {"passport_shown_on": NOW.date()} if kind == "pupil_request" else {}
        signs(school, kind, school.vitya, None if more else school.vera, **more)
    answer = open_(school.vitya, endpoint)
    assert (answer.status_code == 403) is closed, answer.status_code
    assert not closed or "Дневник закрыт" in answer.text


def diary(pupil):
    return f"/parent/children/{pupil.id}/diary"


def test_a_refuser_is_first_offered_help_and_told_what_opens_it_again(school, as_, at_most):
    """R26."""
    signs(school, "refusal", school.vitya, school.vera)
    vera = as_(school.vera)
    with at_most(8):
        page = vera.get(diary(school.vitya), status=403)
    assert page.select_one("h2").text == "Поможем со входом" and "Андреева Анна Аркадьевна" in page.words
    assert "заявление об аннулировании" in page.words and "распечатку" in page.words
    assert page.select_one("nav.children a[href$='/diary']").text.startswith("Мария")


def test_a_guardian_reaches_the_child_that_is_open(school, as_, at_most):
    signs(school, "refusal", school.vitya, school.vera)
    vera = as_(school.vera)
    with at_most(8):
        assert "Волкова Мария" in vera.get("/parent/").words
    vera.get(diary(school.masha))
    signs(school, "refusal", school.masha, school.vera)
    assert "дневник закрыт" in vera.get("/parent/", status=403).words


def test_strangers_learn_nothing_of_a_refusal(school, as_):
    signs(school, "refusal", school.zoya, school.zakhar)
    as_(school.vera).get(diary(school.zoya), status=404)
    as_(school.zakhar).get(diary(school.vitya), status=404)


def test_two_guardians_choose_differently(school, as_):
    pavel = second_guardian(school, school.vitya)
    signs(school, "refusal", school.vitya, school.vera)
    as_(school.vera).get(diary(school.vitya), status=403)
    as_(pavel).get(diary(school.vitya))
    as_(school.vitya).get("/student/diary")
    signs(school, "refusal", school.vitya, pavel)
    as_(school.vitya).get("/student/diary", status=403)
    signs(school, "annulment", school.vitya, pavel)
    as_(school.vitya).get("/student/diary")
    as_(school.vera).get(diary(school.vitya), status=403)


def test_the_guardian_who_has_gone_is_not_asked(school, as_):
    pavel = second_guardian(school, school.vitya)
    signs(school, "refusal", school.vitya, school.vera)
    school.session.scalars(select(Guardianship).filter_by(guardian_id=pavel.id)).one().to_on = date(2026, 9, 16)
    school.session.flush()
    as_(school.vitya).get("/student/diary", status=403)


def test_a_fragment_is_told_the_reason_alone(school, as_):
    signs(school, "refusal", school.vitya, school.vera)
    answer = as_(school.vera).get(diary(school.vitya), status=403, htmx=True)
    assert "Вы отказались" in answer.words and not answer.select_one("h1")
    assert answer.response.headers["HX-Retarget"] == "#notices"


def test_addresses_of_lessons_in_a_telephone_close_and_open_with_the_form(school, as_):
    vera, vitya = as_(school.vera), as_(school.vitya)
    links = {}
    for name, visitor in (("vera", vera), ("vitya", vitya)):
        page = visitor.post("/account/calendar", {"whose": str(school.vitya.id)}, status=200)
        links[name] = page.select_one("#address, input[readonly], code").get("value") or page.select_one("code").text
        as_(None).get(links[name])
    signs(school, "refusal", school.vitya, school.vera)
    for link in links.values():
        as_(None).get(link, status=403)
    assert str(school.vitya.id) not in str(vera.get("/account/calendar").select("option"))
    vera.post("/account/calendar", {"whose": str(school.vitya.id)}, status=403)
    vera.post("/account/calendar", {"whose": str(school.masha.id)}, status=200)
    vitya.post("/account/calendar", {"whose": str(school.vitya.id)}, status=403)
    signs(school, "annulment", school.vitya, school.vera)
    for link in links.values():
        as_(None).get(link)


def test_the_roles_that_somebody_has_besides_stay_open(school, as_):
    """Ева refuses for Егор and goes on teaching."""
    egor = school.person("Ершов", "Егор")
    signs(school, "refusal", egor, school.eva)
    eva = as_(school.eva)
    eva.get(diary(egor), status=403)
    eva.get("/teacher/")


def switch(school, opens):
    forms.switch_login(school.session, guardian_id=school.vera.id, pupil_id=school.masha.id, opens=opens,
                       signs_from=7, now=NOW)


def test_a_login_switched_off_is_closed_until_it_is_switched_on(school, as_):
    masha = as_(school.masha)
    masha.get("/student/diary")
    switch(school, False)
    page = masha.get("/student/diary", status=403)
    assert "закрыл ваш представитель" in page.words
    as_(school.vera).get(diary(school.masha))
    switch(school, True)
    masha.get("/student/diary")
    assert len(school.session.scalars(select(PupilAccess)).all()) == 2


def test_the_class_that_signs_for_itself_is_a_setting(school, as_):
    switch(school, False)
    school.session.add(Setting(key="cards.first_own", valid_from=FIRST_DAY, value="1"))
    school.session.flush()
    as_(school.masha).get("/student/diary")


def access(pupil):
    return f"/parent/children/{pupil.id}/access"


def test_a_guardian_sees_how_the_service_comes_and_switches_the_childs_login(school, as_, at_most):
    vera, masha = as_(school.vera), as_(school.masha)
    url = access(school.masha)
    with at_most(8):
        page = vera.get(url)
    assert "Форма – электронная" in page.words and "Открыт" in page.words
    vera.submit(page, "main form", {"login": "off"})
    masha.get("/student/diary", status=403)
    page = vera.get(url)
    assert "Закрыт представителем" in page.words
    vera.submit(page, "main form", {"login": "on"})
    masha.get("/student/diary")
    assert len(school.session.scalars(select(PupilAccess)).all()) == 2


def test_from_class_seven_the_school_decides(school, as_):
    vera = as_(school.vera)
    page = vera.get(access(school.vitya))
    assert "С 7 класса" in page.words and not page.select("main form")
    answer = vera.post(access(school.vitya), {"login": "off"}, status=422)
    assert "С 7 класса" in answer.select_one("[role=alert]").text.replace("\xa0", " ")
    as_(school.vitya).get("/student/diary")
    vera.post(access(school.masha), {"login": "да"}, status=422)


def test_strangers_switch_nothing(school, as_):
    as_(school.zakhar).post(access(school.masha), {"login": "off"}, status=404)
    signs(school, "refusal", school.masha, school.vera)
    as_(school.vera).post(access(school.masha), {"login": "off"}, status=403)


def test_a_declaration_of_no_internet_is_told_with_its_paper(school, as_):
    signs(school, "no_access", school.masha, school.vera, number="5/26")
    page = as_(school.vera).get(access(school.masha))
    assert "нет интернета" in page.words and "№ 5/26" in page.words and "домашними заданиями" in page.words
