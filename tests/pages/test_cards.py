"""Cards and the issue register on pages (R30–R32): Анна leads 7А, Ольга is the office, Игорь the IT man. Вера is
guardian of Витя (7А) and Маша (1А)."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd.audit.models import AuditRecord
from ejd.credentials import passwords
from ejd.credentials.models import Account, Card
from ejd.jobs.models import Job
from ejd.roster.models import ClassTeacher, Guardianship
from tests.world import FIRST_DAY, TODAY

PASSWORD = "четыре слова подряд"
HASH = passwords.hash_password(PASSWORD)


def page_of(school, name="7А", side="teacher", act=""):
    return f"/{side}/classes/{school.school_class(name).id}/cards{act}"


@pytest.fixture
def with_password(as_, session):
    """A visitor who knows their own password."""

    def let_in(person):
        visitor = as_(person)
        session.query(Account).filter_by(person_id=person.id).one().password_hash = HASH
        session.commit()
        return visitor

    return let_in


@pytest.fixture
def make(app):
    """Cards are asked for on a page, made, and fetched: the text of the PDF."""

    def act(visitor, url, selector="form[action$=cards]", **fields):
        answer = visitor.submit(visitor.get(url), selector, {"password": PASSWORD, **fields})
        page = visitor.get(answer.response.location)
        fetched = visitor.submit(page, "#job form", status=200)
        return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(fetched.response.data)).pages)

    return act


def cards_of(session, person):
    session.expire_all()
    return session.query(Card).filter_by(person_id=person.id).order_by(Card.id).all()


class TestMaking:
    def test_a_class_teacher_makes_the_cards_of_the_own_class(self, with_password, make, school, session):
        anna = with_password(school.anna)
        text = make(anna, page_of(school))
        assert "Волкова Вера Викторовна" in text and "Школа № 12" in text and "volkova.v" in text
        assert anna.get(page_of(school)).words.count("не выдана") == 9
        assert cards_of(session, school.vera)[0].pupil_id == school.vitya.id

    def test_the_password_on_paper_lets_in_once_and_is_changed(self, with_password, make, as_, school):
        text = make(with_password(school.anna), page_of(school))
        secret = re.search(r"volkova\.v\n(?:.*\n)*?(\w{4} \w{4} \w{2})\n", text)[1]
        visitor = as_(None)
        answer = visitor.submit(visitor.get("/login"), "form", {"login": "volkova.v", "password": secret})
        assert visitor.get(answer.response.location, status=302).response.location == "/account/password"

    def test_asking_alone_changes_nothing(self, with_password, school, session):
        anna, accounts = with_password(school.anna), session.query(Account).count()
        anna.submit(anna.get(page_of(school)), "form[action$=cards]", {"password": PASSWORD})
        assert session.query(Job).one().state == "done"
        assert session.query(Account).count() == accounts and not session.query(Card).count()

    def test_a_wrong_password_makes_nothing_and_is_slowed_down(self, with_password, school, session):
        anna = with_password(school.anna)
        for _ in range(4):
            page = anna.submit(anna.get(page_of(school)), "form[action$=cards]", {"password": "не тот"}, status=422)
        assert "Пароль не подходит" in page.select_one("#password-error").text
        page = anna.submit(anna.get(page_of(school)), "form[action$=cards]", {"password": PASSWORD}, status=422)
        assert "Слишком много попыток" in page.words and not session.query(Job).count()

    def test_the_same_form_twice_is_one_job(self, with_password, school, session):
        anna = with_password(school.anna)
        page = anna.get(page_of(school))
        first = anna.submit(page, "form[action$=cards]", {"password": PASSWORD}).response.location
        assert anna.submit(page, "form[action$=cards]", {"password": PASSWORD}).response.location == first
        anna.submit(anna.get(first), "#job form", status=200)

    def test_the_office_makes_them_for_a_parallel_the_school_and_the_staff(self, with_password, make, school):
        olga = with_password(school.olga)
        assert "Зимина Зоя" in make(olga, "/admin/cards", whose="7")
        text = make(olga, "/admin/cards", whose="school")
        assert "Волкова Мария" in text and "Зимина Зоя" not in text  # her password works already
        assert "Андреева Анна" in make(olga, "/admin/cards", whose="staff", renew="1")

    def test_when_everybody_has_a_password_it_says_so(self, with_password, make, school):
        anna = with_password(school.anna)
        make(anna, page_of(school))
        answer = anna.submit(anna.get(page_of(school)), "form[action$=cards]", {"password": PASSWORD})
        assert "у всех уже есть действующий пароль" in anna.get(answer.response.location).words

    def test_passwords_that_work_are_renewed_by_who_may(self, with_password, school):  # R34
        igor = with_password(school.igor)
        assert not igor.get("/admin/cards").select("#renew")
        igor.post("/admin/cards", {"whose": "school", "renew": "1", "password": PASSWORD, "key": "k" * 12}, status=403)
        igor.post(page_of(school, side="admin"), {"renew": "1", "password": PASSWORD, "key": "k" * 12}, status=403)

    @pytest.mark.parametrize("whose", ["", "12", "0", "99999999999999999999", "все"])
    def test_whose_is_asked_for(self, with_password, school, whose):
        page = with_password(school.olga).post("/admin/cards", {"whose": whose, "password": PASSWORD}, status=422)
        assert page.select_one("#whose-error")

    def test_an_old_page_without_a_key_is_told_so(self, with_password, school):
        page = with_password(school.olga).post("/admin/cards", {"whose": "school", "password": PASSWORD}, status=422)
        assert "устарела" in page.words


class TestOnePerson:
    def test_on_the_spot_as_a_pdf(self, as_, school, session):  # R30
        anna = as_(school.anna)
        url = page_of(school, act=f"/people/{school.vitya.id}")
        answer = anna.submit(anna.get(url), "main form", {"act": "paper"}, status=200).response
        text = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
        account = session.query(Account).filter_by(person_id=school.vitya.id).one()
        secret = re.search(r"\w{4} \w{4} \w{2}", text)[0]
        assert passwords.verify(account.password_hash, secret.replace(" ", "")) and "Волков Виктор" in text
        anna.submit(anna.get(url), "main form", {"act": "page"}, status=200)
        first, second = cards_of(session, school.vitya)
        assert first.cancelled_at and not second.cancelled_at

    def test_it_names_every_child_of_a_guardian(self, as_, school):  # R33
        for visitor, url in ((as_(school.anna), page_of(school, act=f"/people/{school.vera.id}")),
                             (as_(school.olga), f"/admin/people/{school.vera.id}/password")):
            answer = visitor.submit(visitor.get(url), "main form", {"act": "paper"}, status=200).response
            text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
            assert "Дети: Волков Виктор, 7А; Волкова Мария, 1А" in text

    def test_another_class_is_not_there(self, as_, school):
        as_(school.anna).get(page_of(school, act=f"/people/{school.zoya.id}"), status=404)
        as_(school.anna).post(page_of(school, "7Б", act=f"/people/{school.zoya.id}"), status=404)

    def test_a_colleague_s_card_comes_from_the_office(self, as_, school, session):  # R34
        session.add(Guardianship(guardian_id=school.eva.id, pupil_id=school.vitya.id, from_on=FIRST_DAY))
        session.commit()
        page = as_(school.anna).post(page_of(school, act=f"/people/{school.eva.id}"), status=403)
        assert "канцелярия" in page.words

    def test_nobody_makes_one_for_themselves(self, as_, school, session):
        session.add(Guardianship(guardian_id=school.anna.id, pupil_id=school.vitya.id, from_on=FIRST_DAY))
        session.commit()
        as_(school.anna).post(page_of(school, act=f"/people/{school.anna.id}"), status=403)

    def test_the_office_s_password_is_a_card_in_the_register_too(self, as_, school, session):
        as_(school.olga).post(f"/admin/people/{school.vera.id}/password", status=200)
        [card] = cards_of(session, school.vera)
        assert card.pupil_id in {school.vitya.id, school.masha.id}
        as_(school.olga).post(f"/admin/people/{school.boris.id}/password", {"act": "paper"}, status=200)
        assert cards_of(session, school.boris)[0].pupil_id is None


class TestRegister:
    @pytest.fixture
    def sheet(self, with_password, make, school):
        """Анна's sheet of 7А, all cards made, none handed out."""
        anna = with_password(school.anna)
        make(anna, page_of(school))
        anna.url = page_of(school)
        return anna

    @pytest.fixture
    def first_class(self, with_password, make, school, session):
        """The same of 1А, which Анна leads too."""
        session.add(ClassTeacher(class_id=school.school_class("1А").id, teacher_id=school.anna.id, from_on=FIRST_DAY))
        session.commit()
        anna = with_password(school.anna)
        anna.url = page_of(school, "1А")
        make(anna, anna.url)
        return anna

    def test_one_by_one_with_date_and_person(self, sheet, school, session):
        page = sheet.get(sheet.url)
        box = page.select_one(f"input[name=card][value*='-{school.vera.id}-']")
        sheet.submit(page, "form[action$=handed]", {"card": box["value"], "on": TODAY.isoformat()})
        [card] = cards_of(session, school.vera)
        assert (card.handed_on, card.handed_to_id, card.handed_by_id) == (TODAY, school.vera.id, school.anna.id)
        words = sheet.get(sheet.url).words
        assert "выдана 17 сентября, Волкова В. В." in words and words.count("не выдана") == 8

    def test_the_whole_sheet(self, sheet, session):
        sheet.submit(sheet.get(sheet.url), "form[action$=handed]", {"act": "sheet"})
        assert session.query(Card).filter(Card.handed_on.is_(None)).count() == 0
        assert "не выдана" not in sheet.get(sheet.url).words
        assert session.query(AuditRecord).filter_by(verb="card.handed").count() == 9

    def test_in_class_1_the_guardian_receives_both(self, first_class, school, session):  # R32
        words = first_class.get(first_class.url).words
        assert "Карточка ребёнка" in words and "Таблица 2" not in words and "карточку получить некому" in words
        first_class.submit(first_class.get(first_class.url), "form[action$=handed]", {"act": "sheet"})
        assert cards_of(session, school.masha)[0].handed_to_id == school.vera.id

    def test_in_class_7_the_pupil_signs(self, sheet, school, session):  # R32
        sheet.submit(sheet.get(sheet.url), "form[action$=handed]", {"act": "sheet"})
        assert cards_of(session, school.vitya)[0].handed_to_id == school.vitya.id
        page = sheet.get(sheet.url)
        assert "Таблица 2" in page.words and "Карточка ребёнка" not in page.words

    def test_tables_to_sign_hold_names_and_no_passwords(self, sheet, first_class, school, session):  # R31
        def text(visitor, url, number):
            body = visitor.get(f"{url}/table-{number}.pdf").response.data
            return re.sub(r"\s+", " ", PdfReader(BytesIO(body)).pages[0].extract_text())

        table_1, table_2 = text(sheet, page_of(school), 1), text(sheet, page_of(school), 2)
        assert "Приложение № 6" in table_1 and "Волкова Вера Викторовна" in table_1 and "Подпись" in table_1
        assert "Таблица 2" in table_2 and "Мамин-Сибиряк Константин" in table_2 and "Волкова" not in table_2
        assert "своя, ребёнка" in text(first_class, page_of(school, "1А"), 1) and "своя, ребёнка" not in table_1
        for number in (0, 3):
            sheet.get(f"{page_of(school)}/table-{number}.pdf", status=404)

    def test_who_issued_signs_below_and_what_is_handed_out_is_filled_in(self, sheet, as_, school):  # appendix 6
        def text(visitor, url):
            return " ".join(PdfReader(BytesIO(visitor.get(url).response.data)).pages[-1].extract_text().split())

        before = text(sheet, page_of(school, act="/table-1.pdf"))
        assert "должность, фамилия, имя, отчество): классный руководитель Андреева Анна Аркадьевна" in before
        assert "Подпись" in before and "Дата:" in before and "17.09.2026 Андреева А. А." not in before
        sheet.submit(sheet.get(sheet.url), "form[action$=handed]", {"act": "sheet"})
        for number in (1, 2):
            assert "17.09.2026 Андреева А. А." in text(sheet, page_of(school, act=f"/table-{number}.pdf"))
        office = text(as_(school.dina), page_of(school, side="admin", act="/table-1.pdf"))
        assert "заместитель директора Дмитриева Дина Денисовна" in office

    def test_a_mistake_is_taken_back_and_stays_in_the_record(self, sheet, school, session):
        sheet.submit(sheet.get(sheet.url), "form[action$=handed]", {"act": "sheet"})
        [card] = cards_of(session, school.vera)
        button = sheet.get(sheet.url).select_one(f"button[formaction$='/{card.id}/back']")
        sheet.post(button["formaction"], {"version": button["value"]})
        assert cards_of(session, school.vera)[0].handed_on is None
        assert session.query(AuditRecord).filter_by(verb="card.handing_withdrawn", subject_id=card.id).count() == 1
        sheet.post(button["formaction"], {"version": button["value"]}, status=409)

    def test_two_hands_at_one_sheet_are_told(self, sheet):
        page = sheet.get(sheet.url)
        sheet.submit(page, "form[action$=handed]", {"act": "sheet"})
        again = sheet.submit(page, "form[action$=handed]", {"act": "sheet"}, status=409)
        assert "только что отмечал кто-то другой" in again.words

    @pytest.mark.parametrize(("fields", "field"), [
        ({"on": ""}, "on"), ({"on": "31.02.2026"}, "on"), ({"on": "2026-09-18", "act": "sheet"}, "on"),
        ({"on": "2026-09-16", "act": "sheet"}, "on"), ({"card": "x-y-z"}, None), ({"card": ""}, None),
        ({"card": "1-2"}, None)])
    def test_what_is_wrong_is_said_at_its_place(self, sheet, fields, field):
        page = sheet.post(f"{sheet.url}/handed", {"on": "2026-09-17", "sheet": sheet.get(sheet.url).select_one(
            "[name=sheet]")["value"], **fields}, status=422)
        assert page.select_one(f"#{field}-error" if field else "[role=alert]") and page.title.text.startswith("Ошибка")

    def test_cards_of_another_class_are_not_marked_here(self, sheet, with_password, make, school, session):
        make(with_password(school.olga), page_of(school, "7Б", "admin"))
        [card] = cards_of(session, school.zoya)
        given = {"on": "2026-09-17", "card": f"{card.id}-{school.zoya.id}-1"}
        sheet.post(f"{sheet.url}/handed", given, status=409)
        sheet.post(f"{sheet.url}/{card.id}/back", {"version": "1"}, status=422)
        assert cards_of(session, school.zoya)[0].handed_on is None

    def test_who_has_signed_in_is_known(self, sheet, school, session):
        session.query(Account).filter_by(person_id=school.vera.id).one().must_change = False
        session.commit()
        assert sheet.get(sheet.url).words.count("вход выполнен") == 1

    def test_the_school_at_a_glance(self, sheet, as_, school, at_most):
        olga = as_(school.olga)
        with at_most(8):
            page = olga.get("/admin/cards")
        assert [cell.text for cell in page.select("tbody tr")[1].select("td")] == ["9", "–", "9", "–", "–"]
        with at_most(8):
            olga.get(page_of(school, side="admin"))

    def test_the_page_asks_little(self, sheet, at_most):
        with at_most(8):
            sheet.get(sheet.url)

    def test_the_office_does_the_same_for_any_class(self, sheet, as_, school, session):
        olga, url = as_(school.olga), page_of(school, side="admin")
        olga.submit(olga.get(url), "form[action$=handed]", {"act": "sheet"})
        assert cards_of(session, school.vera)[0].handed_by_id == school.olga.id

    def test_a_stranger_finds_nothing_and_the_inspector_is_kept_out(self, sheet, as_, school):
        as_(school.boris).get(sheet.url, status=404)
        as_(school.inna).get("/admin/cards", status=403)




class TestClosedLogin:
    """A login that the administration closes: whoever left, or whose login is in wrong hands."""

    @pytest.fixture
    def vera(self, with_password, school):
        return with_password(school.vera)

    def url(self, person):
        return f"/admin/people/{person.id}/login"

    def test_who_is_in_is_out_and_does_not_come_in_again(self, vera, as_, school, session):
        olga = as_(school.olga)
        olga.submit(olga.get(self.url(school.vera)), "main form", {"act": "close"})
        vera.get("/parent/", status=302)
        login = session.query(Account).filter_by(person_id=school.vera.id).one().login
        visitor = as_(None)
        page = visitor.submit(visitor.get("/login"), "form", {"login": login, "password": PASSWORD}, status=422)
        assert "Вход закрыт школой" in page.words
        assert "вход закрыт" in olga.get(f"/admin/people/{school.vera.id}").words
        assert "вход закрыт" in olga.get(page_of(school, side="admin")).words

    def test_no_card_opens_it_only_the_administration_does(self, vera, as_, with_password, make, school, session):
        olga = with_password(school.olga)
        olga.post(self.url(school.vera), {"act": "close"})
        assert "Волкова Вера" not in make(olga, "/admin/cards", whose="7", renew="1").replace("Ребёнок", "")
        olga.post(f"/admin/people/{school.vera.id}/password", status=422)
        olga.submit(olga.get(self.url(school.vera)), "main form", {"act": "open"})
        session.expire_all()
        assert session.query(Account).filter_by(person_id=school.vera.id).one().disabled_at is None

    @pytest.mark.parametrize(("who", "whose"), [("olga", "galina"), ("dina", "galina"), ("galina", "galina"),
                                                ("igor", "vera")])
    def test_nobody_closes_who_stands_above_or_themselves(self, as_, with_password, school, who, whose):  # R34
        with_password(getattr(school, whose))
        as_(getattr(school, who)).post(self.url(getattr(school, whose)), {"act": "close"}, status=403)

    def test_who_has_no_login_has_none_to_close(self, as_, school):
        assert "ещё нет" in as_(school.olga).get(self.url(school.zoya)).words
        as_(school.olga).post(self.url(school.zoya), {"act": "close"}, status=422)
