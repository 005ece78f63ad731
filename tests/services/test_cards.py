"""Credential cards (R30): who gets one, what stands on it, and when its password begins to hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from ejd import clock
from ejd.audit.leaving import Leaving, leave
from ejd.audit.models import AuditRecord, BulkExport
from ejd.credentials import cards, passwords, register, services
from ejd.credentials.card_paper import CardOnPaper, Heading, draw
from ejd.credentials.holders import Scope
from ejd.credentials.models import Account, Card, CardBatch, SignedSession
from ejd.credentials.receiving import Custom, Table
from ejd.credentials.sessions import open_session
from ejd.families.forms import switch_login
from ejd.refusal import Refused
from ejd.roster import people
from ejd.school import settings
from tests.forms import is_born, second_guardian, signs
from tests.world import NOW, TODAY

ADDRESS = "https://journal.school12.ru"
HEADING = Heading("Школа № 12", ADDRESS, date(2026, 12, 16))


def nothing(done, total):
    """Nobody watches."""


@pytest.fixture
def prepared(school, session):
    """Cards that somebody asks for."""

    def prepare(scope=None, *, by=None, renew=False, class_name="7А"):
        scope = scope or Scope(class_id=school.school_class(class_name).id)
        return cards.prepare(session, owner_id=(by or school.dina).id, scope=scope, renew=renew, address=ADDRESS,
                             tell=nothing)

    return prepare


@pytest.fixture
def fetched(school, session):
    """… and fetched."""

    def fetch(prepared, *, by=None):
        said = cards.put_in_force(session, actor=school.actor(by or school.dina), promise=prepared.promise, now=NOW,
                                  real_now=clock.real_now())
        session.commit()
        return said

    return fetch


@pytest.fixture
def registered(school, session):
    """A signed paper that the school has registered."""

    def register_it(*words, **more):
        signs(school, *words, **more)
        session.commit()

    return register_it


def names(prepared):
    return [card.name for card in prepared.cards]


def account_of(session, person):
    return session.query(Account).filter_by(person_id=person.id).one_or_none()


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def give_password(session, person, *, own=True):
    """The person has a password that works: their own, or a one-time one."""
    account = services.create_account(session, actor_id=None, person=person, now=NOW)
    services.issue_password(session, actor_id=None, account=account, password_hash="a hash", days=90,
                            now=clock.real_now())
    account.must_change = not own
    session.commit()
    return account


class TestWhoGetsOne:
    def test_a_class_by_pupil_the_guardian_before_the_child(self, prepared):
        found = names(prepared())
        assert found.index("Волкова Вера Викторовна") + 1 == found.index("Волков Виктор Павлович")
        assert found[:2] == ["Абрамов Алексей Олегович", "Алиев Тимур Рашид оглы"] and len(found) == 9

    def test_in_class_1_a_child_without_a_guardian_has_nobody_to_receive_it(self, prepared):  # R32
        assert names(prepared(class_name="1А")) == ["Волкова Вера Викторовна", "Волкова Мария Павловна"]

    def test_a_guardian_of_two_children_gets_one_card_in_the_whole_school(self, prepared):  # R33
        found = names(prepared(Scope()))
        assert found.count("Волкова Вера Викторовна") == 1 and found[0] == "Волкова Вера Викторовна"

    def test_and_it_names_both_with_their_classes_whichever_class_is_printed(self, prepared):  # R33
        for scope in (None, Scope(grade=1), Scope()):
            [card] = [one for one in prepared(scope).cards if one.name == "Волкова Вера Викторовна"]
            assert card.about == "Дети: Волков Виктор,\u00a07А; Волкова Мария,\u00a01А"

    def test_a_child_that_a_court_keeps_from_him_is_not_named(self, school, registered, prepared):  # R23
        registered("court", school.masha, school.vera)
        assert [one.about for one in prepared().cards if one.name.startswith("Волкова")] == [
            "Ребёнок: Волков Виктор,\u00a07А"]

    def test_a_parallel(self, prepared):
        assert {card.class_name for card in prepared(Scope(grade=7)).cards} == {"7А", "7Б"}

    def test_whose_password_works_keeps_it(self, school, session, prepared):
        give_password(session, school.vitya)
        give_password(session, school.vera, own=False)
        found = names(prepared())
        assert "Волков Виктор Павлович" not in found and "Волкова Вера Викторовна" not in found
        assert "Волков Виктор Павлович" in names(prepared(renew=True))

    def test_an_unused_card_that_lapsed_is_made_anew(self, school, session, prepared):
        give_password(session, school.vitya, own=False).lapses_at = clock.real_now() - timedelta(days=1)
        assert "Волков Виктор Павлович" in names(prepared())

    def test_a_colleague_s_card_never_comes_with_a_class(self, school, prepared):  # R34: Ева is a mother in 7Б
        assert "Ершова Ева Егоровна" not in names(prepared(class_name="7Б", renew=True))
        assert "Ершова Ева Егоровна" in names(prepared(Scope(staff=True)))

    def test_nobody_makes_one_for_themselves_nor_for_who_stands_above(self, school, prepared):  # R34
        by_it = names(prepared(Scope(staff=True), by=school.igor))
        assert {"Андреева Анна Аркадьевна", "Орлова Ольга Олеговна"} <= set(by_it)
        assert not {"Громова Галина Григорьевна", "Дмитриева Дина Денисовна", "Исаев Игорь Ильич"} & set(by_it)

    def test_the_first_class_with_logins_is_the_school_s_decision(self, session, prepared):  # R32
        settings.change(session, actor_id=None, key="cards.first_login", value=5, valid_from=TODAY, now=NOW)
        session.commit()
        assert names(prepared(class_name="1А")) == ["Волкова Вера Викторовна"]

    def test_whom_a_refusal_closes_everything_gets_none(self, school, registered, prepared):  # R23
        registered("refusal", school.zoya, school.zakhar)
        found = names(prepared(class_name="7Б"))
        assert not {"Зимин Захар Захарович", "Зимина Зоя Захаровна"} & set(found)
        assert "Петров Пётр Петрович" in found

    def test_who_refused_for_one_child_of_two_gets_one(self, school, registered, prepared):  # Вера and Маша in 1А
        registered("refusal", school.vitya, school.vera)
        found = names(prepared())
        assert "Волкова Вера Викторовна" in found and "Волков Виктор Павлович" not in found
        registered("refusal", school.masha, school.vera)
        assert "Волкова Вера Викторовна" not in names(prepared(Scope()))

    def test_a_pupil_whom_one_guardian_keeps_in_the_service_gets_one(self, school, registered, prepared):  # R23
        second_guardian(school, school.zoya)
        registered("refusal", school.zoya, school.zakhar)
        found = names(prepared(class_name="7Б"))
        assert "Зимина Зоя Захаровна" in found and "Волков Павел Петрович" in found
        assert "Зимин Захар Захарович" not in found

    def test_a_pupil_who_asked_gets_one(self, school, registered, prepared):  # R24
        is_born(school, school.zoya, date(2012, 5, 5))
        registered("refusal", school.zoya, school.zakhar)
        registered("pupil_request", school.zoya, passport_shown_on=TODAY)
        assert "Зимина Зоя Захаровна" in names(prepared(class_name="7Б"))

    def test_a_child_whose_login_a_guardian_switched_off_gets_none(self, school, prepared):  # R32
        switch_login(school.session, guardian_id=school.vera.id, pupil_id=school.masha.id, opens=False, signs_from=7,
                     now=NOW)
        school.session.commit()
        assert names(prepared(class_name="1А")) == ["Волкова Вера Викторовна"]

    def test_no_internet_closes_nothing(self, school, registered, prepared):  # R20
        registered("no_access", school.zoya, school.zakhar)
        assert "Зимин Захар Захарович" in names(prepared(class_name="7Б"))

    def test_the_register_counts_who_needs_none_as_done(self, school, session, registered):
        def without():
            return {row.class_name: row.without for row in register.figures(
                session, custom=Custom(), today=TODAY, real_now=clock.real_now())}["7Б"]

        before = without()
        registered("refusal", school.zoya, school.zakhar)
        assert without() == before - 2


class TestTheyAreTold:
    def test_cards_of_a_class_are_everyday_work(self, session, prepared, fetched):
        fetched(prepared())
        assert not session.query(BulkExport).all()

    def test_cards_of_the_school_are_told_to_the_director(self, school, session, prepared, fetched):
        fetched(prepared(Scope()))
        [left] = session.query(BulkExport).all()
        assert (left.kind, left.made_by_id) == ("cards", school.dina.id) and left.amount >= 9

    def test_over_the_day_s_limit_nothing_comes_into_force(self, school, session, prepared, fetched):
        for _ in range(20):
            leave(session, kind=Leaving.CARDS, amount=1, actor_id=school.galina.id, now=clock.real_now())
        session.commit()
        with pytest.raises(Refused, match="За сутки уже 20"):
            fetched(prepared(Scope()))
        assert account_of(session, school.vitya) is None


class TestTheMomentTheyHold:
    def test_until_it_is_fetched_nothing_has_changed(self, session, prepared):  # a failed or abandoned job
        before = [session.query(one).count() for one in (Account, Card, CardBatch, AuditRecord)]
        prepared()
        assert [session.query(one).count() for one in (Account, Card, CardBatch, AuditRecord)] == before

    def test_then_every_password_on_paper_opens_and_must_be_changed(self, school, session, prepared, fetched):
        made = prepared()
        assert fetched(made) == "Паролей вступило в силу: 9."
        for card in made.cards:
            account = session.query(Account).filter_by(login=card.login).one()
            assert passwords.verify(account.password_hash, passwords.as_typed(card.password, one_time=True))
            assert account.must_change and account.lapses_at > clock.real_now() + timedelta(days=89)
        assert session.query(Card).filter_by(person_id=school.vera.id).one().pupil_id == school.vitya.id

    def test_passwords_are_nowhere_in_the_database(self, session, prepared, fetched):
        made = prepared()
        fetched(made)
        plain = {card.password.replace(" ", "") for card in made.cards}
        kept = " ".join(str(value) for one in (Account, Card, CardBatch, AuditRecord) for row in session.query(one)
                        for value in vars(row).values())
        assert not any(password in kept for password in plain)
        assert not any(password in str(made.promise) for password in plain)

    def test_a_new_card_cancels_the_old_password_and_ends_sessions(self, school, session, prepared, fetched):
        account = give_password(session, school.vitya)
        open_session(session, account_id=account.id, now=clock.real_now(), hours=12)
        session.commit()
        fetched(prepared(renew=True))
        assert session.query(SignedSession).filter_by(account_id=account.id).one().ended_at
        first = session.query(Card).filter_by(person_id=school.vitya.id).one()
        fetched(prepared(renew=True))
        session.expire_all()
        assert first.cancelled_at and session.query(Card).filter_by(person_id=school.vitya.id).count() == 2

    def test_who_got_a_password_meanwhile_keeps_it_and_is_named(self, school, session, prepared, fetched):
        made = prepared()
        give_password(session, school.vitya)
        said = fetched(made)
        assert said.startswith("Паролей вступило в силу: 8.") and "Волков" in said
        assert account_of(session, school.vitya).password_hash == "a hash"

    def test_a_login_that_another_person_got_meanwhile_is_not_taken(self, school, session, prepared, fetched):
        made = prepared()
        login = next(card.login for card in made.cards if card.name.startswith("Белова"))
        services.create_account(session, actor_id=None, person=school.boris, now=NOW).login = login
        session.commit()
        assert "Белова" in fetched(made)

    def test_who_issues_no_more_fetches_nothing(self, school, prepared, fetched):
        with pytest.raises(Refused):
            fetched(prepared(), by=school.boris)

    def test_what_was_made_is_logged_with_its_size(self, session, school, prepared, fetched):
        fetched(prepared())
        record = session.query(AuditRecord).filter_by(verb="cards.made").one()
        assert record.actor_id == school.dina.id and record.data == '{"cards":9}'

    def test_joining_and_leaving_do_not_break_on_cards(self, school, session, prepared, fetched):
        fetched(prepared())
        with pytest.raises(Refused):
            people.remove_person(session, actor_id=None, person_id=school.vera.id, now=NOW)


class TestOnPaper:
    def test_everything_a_family_needs(self):
        card = CardOnPaper("Родитель (законный представитель)", "Волкова Вера Викторовна", "7А",
                           "Ребёнок: Волков Виктор Павлович", "volkova.v", "dfg7 3qwz 92")
        text = text_of(draw([card], HEADING))
        for part in ("Школа № 12", ADDRESS, card.role, card.name, "7А", card.about, card.login, card.password,
                     "Придумайте свой пароль", "16.12.2026"):
            assert part in text, part

    @pytest.mark.parametrize(("people", "pages"), [(1, 1), (8, 1), (9, 2), (35, 5)])
    def test_eight_on_a_sheet(self, people, pages):
        cards = [CardOnPaper("Ученик", f"Ученик {n}", "7А", "", f"u{n}", "dfg7 3qwz 92") for n in range(people)]
        assert len(PdfReader(BytesIO(draw(cards, HEADING))).pages) == pages

    def test_each_class_begins_on_a_sheet_of_its_own(self):
        cards = [CardOnPaper("Ученик", name, name, "", "u", "dfg7 3qwz 92") for name in ("7А", "7Б")]
        assert len(PdfReader(BytesIO(draw(cards, HEADING))).pages) == 2

    def test_long_names_stay_on_their_card(self):
        school = "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 12 с " * 2
        name = "Ахмедова-Константинопольская Анна-Мария-Магдалина Абдурахман-Магомед кызы"
        children = "; ".join(f"{name.rsplit(' ', 2)[0]},\u00a0{grade}АБВГД" for grade in (11, 9, 7, 5, 1))
        card = CardOnPaper("Родитель (законный представитель)", name, "11АБВГД", f"Дети: {children}",
                           "akhmedova-konstantinopol.a12", "wwww wwww ww")
        heading = Heading(school, "https://very-long-address-of-a-school.example.ru/journal/of/the/school", date.max)
        [page] = PdfReader(BytesIO(draw([card] * 8, heading))).pages
        inside = []
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: inside.append((text, tm[4], tm[5])))
        height = float(page.mediabox.height) / 4
        for text, _, y in inside:
            if text.strip():
                assert 10 < y % height < height - 10, (text, y % height)
        text = page.extract_text()
        assert "кызы" in text and text.count("1АБВГД") == 2 * 8 + 8  # in the head, and of the eldest and the youngest

    def test_the_lines_of_a_family_of_five_do_not_overlap(self):
        children = "; ".join(f"Волков {name},\u00a0{where}" for name, where in (
            ("Александр", "11А"), ("Константин", "9Б"), ("Виктор", "7А"), ("Святослав", "5В"), ("Ян", "1А")))
        card = CardOnPaper("Родитель (законный представитель)", "Волкова Вера Викторовна", "7А", f"Дети: {children}",
                           "volkova.v", "dfg7 3qwz 92")
        [page] = PdfReader(BytesIO(draw([card], HEADING))).pages
        lines = {}
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: text.strip() and lines.setdefault(
            round(tm[5], 1), size))
        by_height = sorted(lines.items(), reverse=True)
        for (upper, _), (lower, size) in pairwise(by_height):
            assert upper - lower >= size * 0.9, (upper, lower, size)
        words = " ".join(page.extract_text().split())
        named = ("Александр, 11А", "Константин, 9Б", "Виктор, 7А", "Святослав, 5В", "Ян, 1А")
        assert all(one in words for one in named)



class TestWhatTheRegisterToSignSaysAlready:
    """R31, appendix 6: a line has its date once everything it signs for was handed out and nothing new is made."""

    VERA = register.Held(5, "Волкова Вера", "", register.Standing.HANDED, False, 1, 1, None, date(2026, 9, 3), "",
                         "Белова А. А.")
    VITYA = replace(VERA, person_id=6, card_id=2, name="Волков Виктор", handed_on=date(2026, 9, 8),
                    handed_by="Крылова О. И.")

    def words(self, table, own, child=None, coming=()):
        lines, pupils = ([register.Line("Волков Виктор", "мать", own, child)], []) if table is Table.GUARDIANS else (
            [], [own])
        body = register.paper(register.Register(lines, pupils), table, class_name="7А", school="Школа № 12",
                              made_on=TODAY, issuer=register.Issuer(), coming=coming)
        return " ".join(PdfReader(BytesIO(body)).pages[0].extract_text().split())

    @pytest.mark.parametrize(("child", "coming", "on", "by"), [
        (None, (), "03.09.2026", "Белова А. А."),
        (VITYA, (), "08.09.2026", "Крылова О. И."),  # both in hand: the later day
        (replace(VITYA, card_id=None, handed_on=None, handed_by=""), (), "03.09.2026", "Белова А. А."),
        (None, (5,), "", ""),
        (VITYA, (6,), "", ""),
        (replace(VITYA, handed_on=None, handed_by=""), (), "", ""),
    ])
    def test_for_guardians(self, child, coming, on, by):
        said = self.words(Table.GUARDIANS, self.VERA, child, coming)
        days = [day for day in ("03.09.2026", "08.09.2026") if day in said]
        givers = [giver for giver in ("Белова А. А.", "Крылова О. И.") if giver in said]
        assert (days, givers) == ([on] * bool(on), [by] * bool(by))

    @pytest.mark.parametrize(("coming", "told"), [((), True), ((6,), False)])
    def test_for_pupils(self, coming, told):
        said = self.words(Table.PUPILS, self.VITYA, coming=coming)
        assert ("08.09.2026" in said, "Крылова О. И." in said) == (told, told)
