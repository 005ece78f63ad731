"""The parents' meeting of 7А (R30, R31, R55): Анна, its class teacher, walks the plan point by point and prints its
papers; Ольга is the office, Вера has no internet for Витя."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader, PdfWriter

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.families import letters
from ejd.families.letters import NewWording
from ejd.families.meeting_kit import Piece, merged
from ejd.families.models import MeetingPoint
from ejd.families.provision import REFUSAL_SENTENCE
from ejd.families.wording import LetterKind
from ejd.jobs.models import Job
from ejd.school import settings
from tests.families import on_paper, print_all
from tests.world import TODAY

PASSWORD = "четыре слова подряд"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def url(school):
    return f"/teacher/classes/{school.school_class('7А').id}/meeting"


@pytest.fixture
def anna(as_, school, session):
    visitor = as_(school.anna)
    session.query(Account).filter_by(person_id=school.anna.id).one().password_hash = HASH
    session.commit()
    return visitor


def pages_of(body):
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(body)).pages]


def order(visitor, url, status=303, **given):
    """The form of the kit, sent with these boxes ticked and numbers typed."""
    page = visitor.get(url)
    fields = {field["name"]: field.get("value", "") for field in page.select("form[action$='/kit'] input[name]")
              if field.get("type") != "checkbox"}
    ticked = [tag["value"] for tag in page.select("input[name=part][checked]")]
    assert ticked == ["plan", "attendance", "memos", "rules", "register", "forms"], "cards are asked for"
    return visitor.post(f"{url}/kit", fields | {"part": ticked} | given, status=status)


def fetched(visitor, answer):
    """The file of a job that anybody may fetch again."""
    return visitor.get(visitor.get(answer.response.location).select_one("a.primary")["href"]).response.data


def blank_pages(count):
    writer, body = PdfWriter(), BytesIO()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    writer.write(body)
    return body.getvalue()


def points_of(session):
    session.expire_all()
    return {row.point for row in session.query(MeetingPoint)}


class TestThePlan:
    def test_says_this_schools_values_and_what_is_done(self, anna, school, url, at_most):
        on_paper(school, school.vera, school.vitya)
        with at_most(8):
            page = anna.get(url)
        assert len(page.select("section h2")) == 8 and "Рассказано 0 из 8" in page.words
        assert "210-ФЗ" in page.words and "1 сентября 2026 года" in page.words and REFUSAL_SENTENCE in page.words
        assert "Адрес журнала в настройках не указан" in page.words and "День начала назван" in page.words
        assert "Школа ещё не утвердила свою памятку" in page.words
        assert "Полное руководство ученика и родителя" in page.words
        assert "Без Интернета: 1, отказов: 0; без зарегистрированного заявления: 1" in page.words
        assert "Выдано 0 из" in page.words and "нет карточки" in page.words

    def test_counts_the_weekly_sheets_that_wait(self, anna, school, url, at_most):
        on_paper(school, school.vera, school.vitya)
        assert "недельных листов напечатать: 1." in anna.get(url).words
        [sheet] = print_all(school)
        assert "напечатано и не выдано: 1." in anna.get(url).words
        sheet.handed_on, sheet.handed_to = TODAY, "guardian"
        school.session.commit()
        with at_most(8):
            assert "все недельные листы выданы." in anna.get(url).words

    def test_the_own_memo_is_told_beside_the_ticks(self, anna, school, url):
        assert "Школа ещё не утвердила свою памятку" in anna.get(url).words
        letters.word(school.session, settings=settings.load(school.session), today=TODAY, new=NewWording(
            LetterKind.MEMO, letters.program_text(LetterKind.MEMO), 0, school.olga.id, clock.now(), "memo"))
        for code in ("3", "7"):
            anna.submit(anna.get(url), "form[action$='/meeting']", {"done": code})
        page = anna.get(url)
        assert "Памятка школы, версия 1." in page.words and "Рассказано 2 из 8" in page.words

    def test_leads_to_where_each_point_is_done(self, anna, as_, school, url):
        links = {a["href"] for a in anna.get(url).select("section a")}
        assert {one.rpartition("/")[2] for one in links} == {
            "memo", "family", "cards", "forms", "sheets", "appendix-1", "appendix-2", "appendix-6",
            "slips", "printing"}
        office = as_(school.olga).get(url.replace("teacher", "admin"))
        assert "/admin/letters/memo" in {a["href"] for a in office.select("section a")}

    def test_a_point_is_ticked_once_and_unticked(self, anna, session, url):
        page = anna.get(url)
        for _ in range(2):
            anna.submit(page, "form[action$='/meeting']", {"done": "4"})
        assert points_of(session) == {"4"} and "Рассказано 1 из 8" in anna.get(url).words
        assert session.query(AuditRecord).filter_by(verb="meeting.told").count() == 1
        anna.submit(anna.get(url), "form[action$='/meeting']", {"undo": "4"})
        assert points_of(session) == set()
        assert session.query(AuditRecord).filter_by(verb="meeting.untold").count() == 1

    @pytest.mark.parametrize("garbage", [{}, {"done": "9"}, {"done": "1; drop"}, {"undo": "x" * 500}])
    def test_there_are_no_other_points(self, anna, session, url, garbage):
        assert "Такого пункта в плане нет" in anna.post(url, garbage, status=422).words
        assert points_of(session) == set()

    def test_is_the_own_classes_alone(self, as_, school, url):
        as_(school.boris).get(url, status=404)
        as_(school.vera).get(url, status=403)
        as_(school.igor).get(url.replace("teacher", "admin"), status=403)


class TestThePapers:
    def test_without_cards_are_one_file(self, anna, url):
        answer = order(anna, url, memos="2", refusal="3", no_access="1", how="pdf")
        assert "Собрание 7А.pdf" in anna.get(answer.response.location).words
        pages = pages_of(fetched(anna, answer))
        text = " ".join(pages)
        assert "План родительского собрания" in pages[0] and "Андреева Анна Аркадьевна" in pages[0]
        assert "1 сентября 2026 года" in text and "Лист присутствия" in text
        assert "Таблица 1" in text and "Таблица 2" in text and "Мамин-Сибиряк" in text
        assert sum("Заявление об отказе от получения услуги" in page for page in pages) == 3
        assert sum("о невозможности получать услугу в электронном" in page for page in pages) == 1
        assert sum("Памятка для родителей и учеников" in page for page in pages) == 2
        assert "пароль: " not in text.lower()

    def test_leave_one_line_for_a_date_written_by_hand(self, anna, url):
        kit = PdfReader(BytesIO(fetched(anna, order(anna, url, part=["forms"]))))
        lines = kit.pages[0].extract_text().splitlines()
        assert any(line.startswith("«____»") and "20____" in line for line in lines)

    def test_have_the_rules_that_the_points_name(self, anna, url):
        pages = pages_of(fetched(anna, order(anna, url, part=["rules"])))
        assert "Регламент ведения электронного журнала" in pages[0] and "152-ФЗ" in " ".join(pages)

    def test_on_both_sides_each_begins_on_a_leaf_of_its_own(self, anna, url):
        parts = ["plan", "attendance", "memos", "register", "forms"]
        asked = {"part": parts, "memos": "2", "refusal": "2", "no_access": "1", "pupil_request": "0", "how": "pdf"}
        one_side = pages_of(fetched(anna, order(anna, url, **asked)))
        pages = pages_of(fetched(anna, order(anna, url, both="1", **asked)))
        assert [page for page in pages if page] == one_side and "" in pages
        for begins in ("План родительского собрания", "Лист присутствия", "Памятка для родителей", "Таблица 1",
                       "Таблица 2", "Заявление"):
            places = [place for place, page in enumerate(pages) if begins in page]
            assert places and not any(place % 2 for place in places), begins

    def test_backs_of_cards_stay_empty(self):
        sheets = Piece("Карточки", merged([Piece("лист", blank_pages(3))]), cut=True)
        table = Piece("Таблица", blank_pages(2))
        assert len(pages_of(merged([sheets, table], both=True))) == 8
        assert len(pages_of(merged([sheets, table]))) == 5

    def test_come_as_a_zip_of_parts(self, anna, url):
        archive = ZipFile(BytesIO(fetched(anna, order(anna, url, how="zip", refusal="2"))))
        names = archive.namelist()
        assert names[:2] == ["1 План собрания.pdf", "2 Лист присутствия.pdf"]
        refusal = next(name for name in names if "Отказ" in name)
        assert refusal.endswith(", 2 шт.pdf") and len(pages_of(archive.read(refusal))) == 2

    def test_with_cards_put_the_passwords_in_force_as_they_are_fetched(self, anna, session, school, url):
        answer = order(anna, url, part=["cards", "register"], password=PASSWORD)
        assert session.query(Account).filter_by(person_id=school.vitya.id).first() is None
        sealed = anna.submit(anna.get(answer.response.location), "#job form", status=200)
        text = " ".join(pages_of(sealed.response.data))
        account = session.query(Account).filter_by(person_id=school.vitya.id).one()
        assert account.login in text and account.must_change
        assert "своя" in text, "the register knows of cards that are made along with it"

    def test_with_cards_need_the_password(self, anna, session, url):
        page = order(anna, url, 422, part=["cards"], password="не тот")
        assert "Пароль не подходит" in page.words and page.select_one("#part-cards[checked]")
        assert session.query(Job).count() == 0

    @pytest.mark.parametrize(("given", "told"), [
        ({"part": []}, "Отметьте, какие бумаги собрать"),
        ({"memos": "0"}, "Укажите число от 1 до 60"),
        ({"refusal": "61"}, "Укажите число от 0 до 60"),
        ({"annulment": "три"}, "Укажите число от 0 до 60"),
        ({"part": ["forms"], "no_access": "0", "refusal": "0", "pupil_request": "0"}, "Укажите, сколько бланков нужно"),
        ({"key": "short"}, "Страница устарела"),
    ])
    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(self, anna, session, url, given, told):
        given = {"pupil_request": "7", **given}
        page = order(anna, url, 422, **given)
        assert told in page.words and page.select_one("#pupil_request")["value"] == given["pupil_request"]
        assert session.query(Job).count() == 0

    def test_the_office_prints_them_too(self, as_, school, url):
        olga = as_(school.olga)
        pages = pages_of(fetched(olga, order(olga, url.replace("teacher", "admin"), part=["plan"])))
        assert "Андреева Анна Аркадьевна" in pages[0]
