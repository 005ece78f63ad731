"""«Новости по почте»: Вера, Витя and Анна leave an address, confirm it by a real letter, choose, and take it back; a
stranger's address is not bombarded, and leaving needs one click (R40)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.credentials.models import Account
from ejd.news.models import NewsAddress
from ejd.roster.models import Guardianship, Person
from tests.families import on_paper
from tests.journal import records
from tests.postbox import gave, name_the_site, receiving
from tests.services.test_news import HOUR_AGO, marked, tell
from tests.world import NOW

FORM, PAGE = "form.card[action='/account/news']", "/account/news"


@pytest.fixture
def box(app, school):
    name_the_site(school)
    with receiving(app) as box:
        yield box


def row_of(school, person) -> NewsAddress | None:
    return school.session.get(NewsAddress, person.id)


def leaves(visitor, email="vera@mail.example", **more):
    """The form filled in and sent; what the page says then."""
    visitor.submit(visitor.get(PAGE), FORM, {"email": email, **more})
    return visitor.get(PAGE)


def test_an_address_is_kept_confirmed_by_its_letter_and_told_from_then_on(as_, school, box):
    page = leaves(as_(school.vera))
    assert "Адрес ещё не подтверждён" in page.words and "Письмо отправлено" in page.words
    assert box.to == ["vera@mail.example"] and str(box.letters[0]["Subject"]) == "Подтвердите адрес почты"
    opened = as_(None).get(box.link("news/confirm"))  # on another device, where nobody is signed in
    assert row_of(school, school.vera).confirmed_at is None  # a mail program that opens links confirms nothing
    assert "Адрес подтверждён" in as_(None).submit(opened, "form.card", status=200).words
    assert row_of(school, school.vera).told_until == NOW
    assert "адрес подтверждён" in as_(school.vera).get(PAGE).words


def test_the_link_opened_twice_says_that_it_is_confirmed_already(as_, school, box):
    leaves(as_(school.vera))
    link = box.link("news/confirm")
    as_(None).submit(as_(None).get(link), "form.card", status=200)
    for hours in (0, 25):  # whether the link has lapsed meanwhile or not
        row_of(school, school.vera).asked_at = clock.real_now() - timedelta(hours=hours)
        school.session.commit()
        page = as_(None).get(link)
        assert "Адрес уже подтверждён" in page.words and not page.select("main form")


def test_the_letter_names_nobody_and_the_record_keeps_no_address(as_, school, box):
    """R40"""
    leaves(as_(school.vera))
    assert "Волков" not in box.last and "Вера" not in box.last
    everything = [record.data for record in school.session.query(AuditRecord)]
    assert not [data for data in everything if "mail.example" in data]


def test_it_is_found_from_the_account_page(as_, school):
    assert as_(school.vera).get("/account").select_one(f"a[href='{PAGE}']")


def test_topics_and_rhythm_are_changed_without_another_letter(as_, school, box):
    gave(school, school.vera, email="vera@mail.example")
    as_(school.vera).post(PAGE, {"email": "vera@mail.example", "topics": ["notes"], "often": "weekly",
                                 "quiet_from": "22", "quiet_to": "9", "version": "1"})
    row = row_of(school, school.vera)
    assert (row.topics, row.often, row.quiet_from, row.quiet_to) == ("notes", "weekly", 22, 9)
    assert records(school, "news.chosen") == ['{"often":"weekly","topics":"notes","items":""}']
    assert row.confirmed_at is not None and box.letters == []
    page = as_(school.vera).get(PAGE)
    assert [one["value"] for one in page.select("input[checked]")] == ["notes"]


def test_another_address_is_confirmed_anew(as_, school, box):
    gave(school, school.vera, email="old@mail.example")
    leaves(as_(school.vera), "new@mail.example")
    row = row_of(school, school.vera)
    assert (row.email, row.confirmed_at, box.to) == ("new@mail.example", None, ["new@mail.example"])


@pytest.mark.parametrize("field, value, said", [
    ("email", "вера", "Это не похоже на адрес почты"), ("email", "", "Это не похоже на адрес почты"),
    ("email", "a@b.ru\r\nBcc: c@d.ru", "Это не похоже на адрес почты"), ("email", "x" * 5000, "не похоже"),
    ("often", "hourly", "Выберите, как часто писать"), ("quiet_from", "25", "Тихие часы"),
    ("quiet_to", "ночью", "Тихие часы"), ("topics", "grades", "Обновите страницу"),
    ("topics", [], "Отметьте, о чём писать")])
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(as_, school, box, field, value, said):
    typed = {"email": "vera@mail.example", "topics": ["marks"], "often": "once", "quiet_from": "20", "quiet_to": "7",
             "version": "0"} | {field: value}
    page = as_(school.vera).post(PAGE, typed, status=422)
    assert said in page.words and page.title.text.startswith("Ошибка")
    assert row_of(school, school.vera) is None and box.letters == []
    if field != "email":
        assert page.select_one("#email")["value"] == "vera@mail.example"


def test_two_windows_do_not_overwrite_each_other(as_, school, box):
    gave(school, school.vera, email="one@mail.example", version=3)
    typed = {"email": "two@mail.example", "topics": ["marks"], "often": "daily", "version": "2"}
    page = as_(school.vera).post(PAGE, typed, status=409)
    assert "Сейчас там: one@mail.example, сразу" in page.words
    assert page.select_one("#email")["value"] == "two@mail.example" and box.letters == []
    as_(school.vera).submit(page, FORM)
    assert row_of(school, school.vera).email == "two@mail.example"


def test_the_same_form_again_sends_no_second_letter(as_, school, box):
    typed = {"email": "vera@mail.example", "topics": ["marks"], "often": "daily", "version": "0"}
    for _ in range(2):
        as_(school.vera).post(PAGE, typed)
    assert len(box.letters) == 1 and row_of(school, school.vera).version == 1


def test_nobody_bombards_a_strangers_address(as_, school, box):
    """Three letters a day: of one person whatever the addresses, and to one address whoever names it."""
    vera = as_(school.vera)
    for number in range(3):
        leaves(vera, f"stranger{number}@mail.example")
    page = vera.submit(vera.get(PAGE), FORM, {"email": "stranger3@mail.example"}, status=422)
    assert "попробуйте завтра" in page.words and len(box.letters) == 3
    for person in (school.zakhar, school.eva):
        leaves(as_(person), "stranger0@mail.example")
    vitya = as_(school.vitya)
    page = vitya.submit(vitya.get(PAGE), FORM, {"email": "STRANGER0@mail.example"}, status=422)
    assert "попробуйте завтра" in page.words and len(box.letters) == 5
    assert row_of(school, school.vitya) is None


def test_a_letter_that_got_lost_is_sent_again_and_only_the_last_link_holds(as_, school, box):
    vera = as_(school.vera)
    leaves(vera)
    first = box.link("news/confirm")
    vera.submit(vera.get(PAGE), "form[action$=again]")
    assert len(box.letters) == 2 and as_(None).get(first, status=404)
    as_(None).get(box.link("news/confirm"))
    for _ in range(2):
        vera.post("/account/news/again", status=None if len(box.letters) < 3 else 422)
    assert len(box.letters) == 3


def test_a_link_lapses_after_a_day_and_is_good_once_for_all(as_, school, box):
    leaves(as_(school.vera))
    link = box.link("news/confirm")
    row_of(school, school.vera).asked_at = clock.real_now() - timedelta(hours=25)
    school.session.commit()
    assert "больше не действует" in as_(None).get(link, status=404).words
    as_(None).post(link, status=404)
    assert row_of(school, school.vera).confirmed_at is None


def test_leaving_is_one_click_without_signing_in_and_without_a_token(app, school, box):
    """RFC 8058: a mail program posts by itself, with neither cookie nor token, and follows no redirect."""
    gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    tell(school)
    letter = box.letters[0]
    assert str(letter["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    link = str(letter["List-Unsubscribe"]).strip("<>").removeprefix("https://journal.school12.example")
    assert link == box.link("news/leave")
    school.session.commit()
    client = app.test_client()
    assert client.get(link).status_code == 200
    school.session.expire_all()
    assert row_of(school, school.vera).email  # opened by a mail program: nothing has happened
    for _ in range(2):
        assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    school.session.expire_all()
    assert row_of(school, school.vera).email == ""
    assert len(records(school, "news.taken_back")) == 1


def test_a_guessed_link_finds_nothing(as_, school, box):
    gave(school, school.vera)
    page = as_(None).submit(as_(None).get("/news/leave/guessed"), "form.card", status=404)
    assert "По этой ссылке никому не пишут" in page.words
    as_(None).get("/news/confirm/guessed", status=404)
    assert row_of(school, school.vera).email


def test_an_address_is_removed_from_its_page(as_, school, box):
    gave(school, school.vera)
    vera = as_(school.vera)
    vera.submit(vera.get(PAGE), "form[action$=remove]")
    assert row_of(school, school.vera).email == "" and not vera.get(PAGE).select("form[action$=remove]")
    leaves(vera, "again@mail.example")
    assert row_of(school, school.vera).email == "again@mail.example"


def test_a_paused_address_says_so_and_goes_on_when_saved(as_, school, box):
    gave(school, school.vera, failures=20, failed_at=NOW)
    vera = as_(school.vera)
    page = vera.get(PAGE)
    assert "отправка остановлена" in page.select_one("[role=alert]").text
    vera.submit(page, FORM)
    assert row_of(school, school.vera).failures == 0 and "подтверждён" in vera.get(PAGE).words


@pytest.mark.parametrize("person, family, staff", [
    ("vera", True, False), ("vitya", True, False), ("anna", False, True), ("eva", True, True), ("dina", False, True),
    ("olga", False, False)])
def test_everybody_is_offered_what_their_roles_have(as_, school, box, person, family, staff):
    page = as_(getattr(school, person)).get(PAGE)
    assert (bool(page.select("[name=topics]")), bool(page.select("[name=items_often]"))) == (family, staff)
    assert bool(page.select(FORM)) is (family or staff)


def test_nobody_chooses_what_their_roles_have_not(as_, school, box):
    typed = {"email": "a@mail.example", "topics": ["marks"], "items_often": "daily", "version": "0"}
    as_(school.anna).post(PAGE, typed)
    assert (row_of(school, school.anna).topics, row_of(school, school.anna).items_often) == ("", "daily")
    as_(school.vera).post(PAGE, typed | {"email": "b@mail.example"})
    assert (row_of(school, school.vera).topics, row_of(school, school.vera).items_often) == ("marks", "")
    as_(school.olga).post(PAGE, typed, status=422)


def test_a_mail_server_that_is_down_is_said_and_the_choice_is_kept(as_, school, app, box):
    box.refuses.add("vera@mail.example")
    page = leaves(as_(school.vera))
    assert "письмо для подтверждения не отправлено" in page.words
    assert page.select("form[action$=again]") and row_of(school, school.vera).email == "vera@mail.example"


def test_without_a_mail_server_the_page_says_why_it_is_empty(as_, school):
    gave(school, school.vera)
    page = as_(school.vera).get(PAGE)
    assert "не настроила отправку писем" in page.words and not page.select(FORM) and page.select("form[action$=remove]")
    as_(school.vera).post(PAGE, {"email": "a@mail.example", "topics": "marks", "version": "1"}, status=422)
    as_(school.vera).post("/account/news/again", status=422)


def test_a_one_time_password_is_changed_first_but_leaving_works(as_, school, box):
    visitor = as_(school.vera)
    school.session.query(Account).filter_by(person_id=school.vera.id).one().must_change = True
    school.session.commit()
    visitor.get(PAGE, status=302)
    visitor.get("/news/leave/guessed")


@pytest.mark.parametrize("form, said", [
    ("electronic", None), ("paper", "даёт вам распечатками"), ("refused", "подпишите у классного руководителя"),
    ("limited", "принесите в канцелярию решение суда")])
def test_a_family_on_paper_reads_why_no_letters_will_come_and_what_to_do(as_, school, box, form, said):
    """R20, R23"""
    [child] = children_of(school, school.zakhar)
    if form != "electronic":
        on_paper(school, school.zakhar, child, form)
        school.session.commit()
    page = as_(school.zakhar).get(PAGE)
    notice = page.select_one("#silent")
    assert (said in notice.text) if said else notice is None
    assert page.select(FORM)  # what is chosen now holds when the form is electronic again


def test_one_child_on_paper_and_the_other_not_is_no_silence(as_, school, box):
    """R20: Вера has two children and is told of one."""
    on_paper(school, school.vera, school.vitya, "refused")
    school.session.commit()
    page = as_(school.vera).get(PAGE)
    assert not page.select("#silent") and "О детях, по которым школа выдаёт вам распечатки" in page.words


def children_of(school, guardian) -> list[Person]:
    return list(school.session.scalars(select(Person).join(Guardianship, Guardianship.pupil_id == Person.id)
                                       .where(Guardianship.guardian_id == guardian.id)))


def test_a_pupil_whose_login_is_closed_reads_who_can_open_it(as_, school, box):
    """R23, R24"""
    assert not as_(school.vitya).get(PAGE).select("#silent")
    on_paper(school, school.vera, school.vitya, "refused")
    school.session.commit()
    said = as_(school.vitya).get(PAGE).select_one("#silent").text
    assert "отказались от электронного дневника: пока дневник закрыт, писем не будет" in said


@pytest.mark.parametrize("topics, silent", [("", True), ("notes", False)])
def test_all_topics_off_is_said(as_, school, box, topics, silent):
    """Ева teaches and has a daughter: she may want the digest of her own items alone."""
    gave(school, school.eva, topics=topics, items_often="daily")
    assert ("Не отмечено ни одной темы" in as_(school.eva).get(PAGE).words) is silent
    gave(school, school.anna, topics="", items_often="daily")
    assert not as_(school.anna).get(PAGE).select("#silent")  # who has neither child nor diary misses nothing


def test_statements_are_bounded(as_, school, box, at_most):
    gave(school, school.vera)
    vera = as_(school.vera)
    with at_most(3):
        vera.get(PAGE)
