"""The papers of introduction on pages (R55): Ольга keeps them, Анна prints the memo for 7А, Игорь has nothing to do
with them."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd import clock
from ejd.families import letters
from ejd.families.models import Letter
from ejd.families.wording import LETTER_NAMES, LetterKind
from ejd.school import settings as school_settings
from tests.world import TODAY

ORDER = "/admin/letters/order"
MEMO = "/admin/letters/memo"
FORM = "form[action$=edit]"


def order(words):
    """The order of the program and words of the school's own."""
    return f"{letters.program_text(LetterKind.ORDER)}\n\n{words}"


def words_on_paper(page) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(page.response.data)).pages).split())


@pytest.fixture
def olga(as_, school):
    return as_(school.olga)


def save(visitor, url, body, **more):
    return visitor.submit(visitor.get(f"{url}/edit"), FORM, {"body": body, "act": "save"}, **more)


def launch_moves(school):
    school_settings.change(school.session, actor_id=school.dina.id, key="launch.marks", value="2026-11-09",
                           valid_from=TODAY, now=clock.now())


class TestOffice:
    def test_every_paper_is_listed_and_opens(self, olga):
        page = olga.get("/admin/letters")
        assert page.words.count("текст программы") == len(LetterKind)
        for kind in LetterKind:
            link = page.find("a", string=LETTER_NAMES[kind])
            assert "Это текст программы" in olga.get(link["href"]).words

    def test_a_text_is_looked_at_before_it_is_kept(self, olga, session):
        page = olga.submit(olga.get(f"{ORDER}/edit"), FORM, status=200,
                           data={"body": order("{{школа}} **рада**"), "act": "preview"})
        shown = page.select_one("#preview")
        assert "Школа № 12 рада" in shown.text and shown.select("strong")[-1].text == "рада"
        assert page.select_one("textarea").text.strip() == order("{{школа}} **рада**")
        assert not session.query(Letter).count()
        olga.submit(page, FORM, {"act": "save"})
        assert session.query(Letter).one().number == 1

    def test_the_paper_beside_the_text_follows_what_is_typed(self, olga, session):
        typed = {"body": order("{{школа}} **рада**"), "act": "preview"}
        piece = olga.post(f"{ORDER}/edit", typed, htmx=True)
        assert piece.select_one("#preview") and not piece.select_one("form, textarea")
        assert "Школа № 12 рада" in piece.text and "Печатается на 2 сторонах листа А4." in piece.words
        while_typing = olga.post(f"{ORDER}/edit", typed | {"act": "typing"}, htmx=True)
        assert "Школа № 12 рада" in while_typing.text and "Печатается" not in while_typing.words, "no PDF is drawn"
        broken = olga.post(f"{ORDER}/edit", typed | {"body": "Без номера закона, **коротко**"}, htmx=True)
        assert "пропало обязательное: правовое основание" in broken.words and broken.strong.text == "коротко"
        assert not session.query(Letter).count()

    @pytest.mark.parametrize("body", ["", "x" * 30_000, "{{", "☃", "|" + "а|" * 40 + "\n|" + "-|" * 40, "*" * 300])
    def test_whatever_is_typed_is_shown_or_told_beside_the_text(self, olga, body):
        piece = olga.post(f"{ORDER}/edit", {"body": body, "act": "preview"}, htmx=True)
        assert piece.select_one("#preview .error").text

    def test_a_longer_memo_says_on_how_many_sides_it_prints(self, olga):
        longer = letters.program_text(LetterKind.MEMO) + "\n\nЕщё строка." * 20
        page = olga.submit(olga.get(f"{MEMO}/edit"), FORM, {"body": longer, "act": "preview"}, status=200)
        assert "Печатается на 2 сторонах листа А4, а памятку удобнее раздавать на одной" in page.words

    def test_a_kept_text_is_read_and_printed_and_earlier_ones_stay(self, olga):
        for text in ("Первый", "Второй"):
            save(olga, ORDER, order(text))
        page = olga.get(ORDER)
        assert "Второй" in page.words and "Орлова" in page.words
        assert "Второй" in words_on_paper(olga.get(f"{ORDER}.pdf"))
        old = olga.get(page.find("a", string="1")["href"])
        assert "Первый" in old.words and "Второй" not in old.words
        assert "Первый" in words_on_paper(olga.get(f"{ORDER}/versions/1.pdf"))

    def test_a_setting_that_changed_is_told_and_taken_in(self, olga, school):
        save(olga, MEMO, letters.program_text(LetterKind.MEMO))
        launch_moves(school)
        told = "Изменилась настройка: дни запуска; бумага её ещё не знает"
        assert told in olga.get("/admin/letters").words
        page = olga.get(MEMO)
        assert told in page.words and "1 сентября 2026 года" in page.words and "9 ноября 2026 года" in page.words
        olga.submit(olga.get(f"{MEMO}/edit"), FORM, {"act": "save"})
        assert told not in olga.get("/admin/letters").words

    def test_who_changes_a_setting_hears_which_papers_no_longer_agree(self, olga, as_, school):
        save(olga, ORDER, order(""))
        save(olga, MEMO, letters.program_text(LetterKind.MEMO))
        dina = as_(school.dina)
        answer = dina.submit(dina.get("/admin/settings/launch"), "form.card", {"launch.marks": "2026-11-09"})
        told = dina.get(answer.response.location).select_one("#notices").text
        assert "Обновите бумаги, они этого ещё не знают: Памятка; Приказ о введении." in told
        answer = dina.submit(dina.get("/admin/settings/files"), "form.card", {"files.most": "3"})
        assert "Обновите бумаги" not in dina.get(answer.response.location).select_one("#notices").text

    def test_a_setting_named_since_is_not_called_missing(self, olga, school):
        save(olga, MEMO, letters.program_text(LetterKind.MEMO))
        school_settings.change(school.session, actor_id=school.dina.id, key="school.address", value="https://shkola.ru",
                               valid_from=TODAY, now=clock.now())
        words = olga.get(MEMO).words
        assert "Изменилась настройка: адрес" in words and "В настройках не указано" not in words

    def test_what_the_settings_leave_out_is_told_before_it_is_printed(self, olga, school):
        told = "В настройках не указано: адрес."
        assert told in olga.get(MEMO).words and told not in olga.get("/admin/letters/appendix-6").words
        school_settings.change(school.session, actor_id=school.dina.id, key="school.address", value="https://shkola.ru",
                               valid_from=TODAY, now=clock.now())
        assert told not in olga.get(MEMO).words

    def test_what_must_stay_is_named_and_nothing_typed_is_lost(self, olga, session):
        body = letters.program_text(LetterKind.MEMO).replace("{{фраза отказа}}", "об этом сказано")
        page = save(olga, MEMO, body, status=422)
        assert "пропало обязательное: фраза отказа" in page.select_one("[role=alert]").text
        assert page.title.text.startswith("Ошибка: ") and page.select_one("textarea").text.strip() == body
        assert not session.query(Letter).count()

    def test_an_unknown_placeholder_is_named_in_the_preview_too(self, olga):
        page = olga.submit(olga.get(f"{ORDER}/edit"), FORM, {"body": "{{почта}}", "act": "preview"}, status=422)
        assert "Подстановки {{почта}} нет" in page.select_one("[role=alert]").text

    def test_another_hand_is_shown_beside_what_was_typed(self, olga, as_, school, session):
        page = olga.get(f"{ORDER}/edit")
        save(as_(school.galina), ORDER, order("По-директорски"))
        clash = olga.submit(page, FORM, {"body": order("Канцелярии"), "act": "save"}, status=409)
        assert "По-директорски" in clash.words and clash.select_one("textarea").text.strip() == order("Канцелярии")
        olga.submit(clash, FORM, {"act": "save"})
        assert session.query(Letter).filter_by(number=2).one().body == order("Канцелярии")

    def test_the_text_of_the_program_can_be_taken_again(self, olga):
        save(olga, ORDER, order("Коротко"))
        page = olga.get(f"{ORDER}/edit")
        again = olga.get(page.find("a", string="Взять текст программы")["href"])
        assert again.select_one("textarea").text.strip() == letters.program_text(LetterKind.ORDER)

    @pytest.mark.parametrize("body", ["", "x" * 30_000, "{{", "<script>alert(1)</script>{{", "☃"])
    def test_garbage_is_answered_with_a_sentence(self, olga, body):
        page = olga.post(f"{ORDER}/edit", {"body": body, "key": "k", "seen": "нет", "act": "save"}, status=422)
        assert page.select_one("[role=alert]")

    def test_a_paper_or_version_that_is_not_there(self, olga):
        olga.get("/admin/letters/appendix-3", status=404)
        olga.get(f"{ORDER}/versions/7", status=404)
        olga.get(f"{ORDER}/versions/7.pdf", status=404)

    def test_markup_of_a_person_is_no_markup_of_the_page(self, olga):
        save(olga, ORDER, order("<img src=x> [a](javascript:alert)"))
        card = olga.get(ORDER).select_one("section.card")
        assert not card.select("img, a") and "<img src=x>" in card.text


class TestClassTeacher:
    def test_reads_and_prints_the_memo_with_the_own_name(self, as_, school):
        url = f"/teacher/classes/{school.school_class('7А').id}/papers/memo"
        anna = as_(school.anna)
        page = anna.get(url)
        assert "210-ФЗ" in page.words and "Андреева Анна Аркадьевна" in page.words
        assert "Андреева Анна Аркадьевна" in words_on_paper(anna.get(page.find("a", string="Скачать PDF")["href"]))

    def test_of_another_class_it_is_not_there(self, as_, school):
        for ending in ("", ".pdf"):
            as_(school.anna).get(f"/teacher/classes/{school.school_class('7Б').id}/papers/memo{ending}", status=404)

    def test_reads_and_prints_the_appendices_but_words_none_of_them(self, as_, school):
        url = f"/teacher/classes/{school.school_class('7А').id}/papers"
        anna = as_(school.anna)
        tabs = anna.get(f"{url}/memo").select("nav[aria-label='Бумаги для семей'] a")
        assert len(tabs) == 4
        for tab in tabs:
            page = anna.get(tab["href"])
            assert page.h1.text.startswith(tab.text) and not page.select("main form, textarea")
            assert "Школа № 12" in words_on_paper(anna.get(page.find("a", string="Скачать PDF")["href"]))
        assert "152-ФЗ" in anna.get(f"{url}/appendix-2").words
        assert "Андреева Анна Аркадьевна" in anna.get(f"{url}/appendix-6").words
        anna.get(f"{url}/order", status=404)


def test_the_papers_are_the_administrations_alone(as_, school):
    as_(school.igor).get("/admin/letters", status=403)
    as_(school.anna).get("/admin/letters", status=403)
    as_(None).get("/admin/letters", status=302)


@pytest.mark.parametrize("url", ["/admin/letters", MEMO, f"{MEMO}/edit", f"{MEMO}/versions/1", f"{MEMO}.pdf"])
def test_pages_ask_the_database_a_few_times(olga, at_most, url):
    save(olga, MEMO, letters.program_text(LetterKind.MEMO) + "\n\nКонец.")
    olga.get(url)
    with at_most(8):
        olga.get(url)
