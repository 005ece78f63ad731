"""Versions of the papers that a school words itself, and how they come on paper (R55). Ольга is the office."""

from __future__ import annotations

from io import BytesIO
from secrets import token_urlsafe
from string import printable

import pytest
from hypothesis import given
from hypothesis import settings as fuzz
from hypothesis import strategies as st
from pypdf import PdfReader

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.documents.letters import render_letter
from ejd.documents.markup import html_of, words_of
from ejd.families import letters
from ejd.families.letters import NewWording
from ejd.families.models import Letter
from ejd.families.provision import REFUSAL_SENTENCE
from ejd.families.wording import LetterKind
from ejd.refusal import Refused, Stale
from ejd.school import settings as school_settings
from tests.world import TODAY

MEMO = letters.program_text(LetterKind.MEMO)
PROGRAM_ORDER = letters.program_text(LetterKind.ORDER)


def with_words(words):
    """The order of the program and words of the school's own."""
    return f"{PROGRAM_ORDER}\n\n{words}"


ORDER = with_words("{{школа}} начинает {{дата запуска}}.")


def words_on_paper(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.fixture
def letter(school):
    """The acts and reads of letters, as of now and by Ольга."""
    class Desk:
        def word(self, body, kind=LetterKind.ORDER, *, seen=None, key=None, by=school.olga):
            now = self.current(kind)
            return letters.word(school.session, settings=self.settings, today=TODAY, new=NewWording(
                kind, body, now.number if seen is None else seen, by.id, clock.now(), key or token_urlsafe(12)))

        @property
        def settings(self):
            return school_settings.load(school.session)

        def current(self, kind=LetterKind.ORDER, **more):
            return letters.current(school.session, kind, settings=self.settings, today=TODAY, **more)

        def set(self, key, value):
            school_settings.change(school.session, actor_id=school.dina.id, key=key, value=value, valid_from=TODAY,
                                   now=clock.now())
    return Desk()


class TestVersions:
    def test_until_the_school_has_words_of_its_own_the_program_offers_some(self, letter):
        text = letter.current(LetterKind.MEMO)
        assert (text.number, text.body, list(text.stale)) == (0, MEMO, [])

    def test_a_new_version_leaves_the_old_one_as_it_was(self, letter, school):
        letter.word(ORDER)
        letter.word(with_words("По-новому."))
        assert letter.current().body == with_words("По-новому.") and letter.current().number == 2
        first = letters.version(school.session, LetterKind.ORDER, 1, settings=letter.settings, today=TODAY)
        assert first.body == ORDER
        assert [one.number for one in letters.versions(school.session, LetterKind.ORDER)] == [2, 1]

    def test_it_is_written_down_without_a_word_of_the_text(self, letter, session):
        row = letter.word(ORDER)
        told = session.query(AuditRecord).filter_by(verb="letter.worded").one()
        assert told.subject_id == row.id and told.data == '{"kind":"order","number":1}'

    def test_the_same_key_answers_as_the_first_time(self, letter, session):
        assert letter.word(ORDER, seen=0, key="once").id == letter.word(ORDER, seen=0, key="once").id
        assert session.query(Letter).count() == 1

    def test_who_is_slower_hears_of_the_other_hand(self, letter):
        letter.word(ORDER, seen=0)
        with pytest.raises(Stale, match="версию 1"):
            letter.word(with_words("Моё"), seen=0)

    def test_nothing_changed_is_no_new_version(self, letter):
        letter.word(ORDER)
        with pytest.raises(Refused, match="ничего не изменили"):
            letter.word(ORDER)

    @pytest.mark.parametrize(("body", "said"), [
        (with_words("Снег ☃"), "Знак «☃» не печатается"),
        (with_words("{{срок *отметок*}}"), "разорвана разметкой"),
        ("{{почта}}", "Подстановки {{почта}} нет"),
        (with_words("|" + "а|" * 13 + "\n|" + "-|" * 13), "больше 12 столбцов"),
        (with_words("|а|б|\n|-|-|" + "\n|1|2|" * 101), "больше 100 строк"),
        (with_words("\n".join("  " * depth + "- глубже" for depth in range(5))), "глубже 4 уровней"),
        (with_words("\n".join("  " * depth + "- глубже" for depth in range(40))), "глубже 4 уровней"),
        ("а" * 20_001, "не больше 20 000 знаков"),
    ])
    def test_what_would_not_come_on_paper_is_refused(self, letter, session, body, said):
        with pytest.raises(Refused) as refused:
            letter.word(body)
        assert said in str(refused.value).replace("\u00a0", " ") and refused.value.field == "body"
        assert not session.query(Letter).count()

    @pytest.mark.parametrize("kind", [LetterKind.MEMO, LetterKind.ORDER, LetterKind.SERVICE])
    def test_a_paper_must_go_on_saying_what_it_must(self, letter, session, kind):
        with pytest.raises(Refused, match="пропало обязательное: правовое основание"):
            letter.word(letters.program_text(kind).replace("210-ФЗ", ""), kind)
        assert not session.query(Letter).count()


class TestSettings:
    def test_a_version_reads_as_on_the_day_it_was_made_and_tells_of_the_change(self, letter):
        letter.word(ORDER)
        letter.set("launch.marks", "2026-11-09")
        text = letter.current()
        assert list(text.stale) == ["дни запуска", "дата запуска"]
        assert "1\u00a0сентября" in letters.html(text) and "9\u00a0ноября" not in letters.html(text)

    def test_the_same_text_saved_again_knows_the_new_setting(self, letter):
        letter.word(ORDER)
        letter.set("launch.marks", "2026-11-09")
        letter.word(ORDER)
        assert letter.current().number == 2 and not letter.current().stale
        assert "9\u00a0ноября" in letters.html(letter.current())

    def test_what_the_program_offers_follows_the_settings(self, letter):
        letter.set("school.address", "https://journal.school12.ru")
        assert "https://journal.school12.ru" in letters.html(letter.current(LetterKind.MEMO))


class TestOnPaper:
    @pytest.mark.parametrize("kind", LetterKind)
    def test_every_paper_prints_with_the_names_and_days_of_the_school(self, letter, school, kind):
        text = words_on_paper(letters.paper(school.session, kind, settings=letter.settings, today=TODAY))
        assert "Школа № 12" in text and "{{" not in text and "**" not in text and "■" not in text

    def test_the_memo_of_a_class_says_whom_to_ask_and_the_sentence_to_the_letter(self, letter, school):
        text = words_on_paper(letters.paper(school.session, LetterKind.MEMO, settings=letter.settings, today=TODAY,
                                            class_teacher="Андреева Анна Аркадьевна"))
        assert "Андреева Анна Аркадьевна" in text and REFUSAL_SENTENCE in text
        assert "1 сентября 2026 года" in text.replace("\u00a0", " ")

    def test_the_memo_fits_one_side_with_long_names_and_every_launch_day(self, letter, school):
        for key, value in (("school.name", "Муниципальное бюджетное общеобразовательное учреждение «Средняя "
                            "общеобразовательная школа № 12 города Полевска»"),
                           ("school.address", "https://dnevnik.shkola12.polevsk.ru"), ("launch.homework", "2026-10-01"),
                           ("launch.grades", dict.fromkeys("1234", "2027-01-11"))):
            letter.set(key, value)
        text = letter.current(LetterKind.MEMO, class_teacher="Константинопольская-Преображенская Александра Юрьевна")
        assert letters.sides(text) == 1
        said = words_on_paper(letters.draw(text)).replace("\u00a0", " ")
        assert "с 1 октября 2026 года – домашние задания; 1–4-е классы – с 11 января 2027 года" in said
        assert letters.sides(letter.current(LetterKind.REGISTER)) == 1

    def test_a_value_is_text_never_markup(self, letter, school):
        letter.set("school.name", "Школа <b>№ 1</b> **и** | № 2 &amp;")
        text = words_on_paper(letters.paper(school.session, LetterKind.ORDER, settings=letter.settings, today=TODAY))
        assert "Школа <b>№ 1</b> **и** | № 2 &amp;" in text

    def test_a_value_that_no_font_has_is_told_by_its_name(self, letter, school):
        letter.set("school.name", "Школа ☃")
        with pytest.raises(Refused, match="«школа»: знак «☃» не печатается"):
            letters.paper(school.session, LetterKind.MEMO, settings=letter.settings, today=TODAY)


class TestMarkup:
    @pytest.mark.parametrize(("typed", "shown"), [
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("[сюда](http://x.ru)", "<p>[сюда](http://x.ru)</p>"),
        ("![](x.png)", "<p>![](x.png)</p>"),
        ("&lt;", "<p>&amp;lt;</p>"),
        ("a **b** *c*", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("«____» ______ 20____ г. ____", "<p>«____» ______ 20____ г. ____</p>"),
        ("# А\n\n## Б", "<h2>А</h2><h3>Б</h3>"),
        ("3. три\n4. четыре", '<ol start="3"><li>три</li><li>четыре</li></ol>'),
        ("[x]: y", "<p>[x]: y</p>"),
    ])
    def test_a_little_markup_and_all_else_is_text(self, typed, shown):
        assert html_of(typed, str, top=2) == shown

    def test_a_table_without_rows_is_a_blank_form(self):
        html = html_of("| № | Имя |\n|-|---|", str)
        assert html.count("<tr>") == 13 and 'width="27%"' in html and 'width="73%"' in html

    @pytest.mark.parametrize("typed", [
        "|" + "а|" * 12 + "\n|" + "-|" * 12 + "\n|" + "слово|" * 12,
        "| № | Имя |\n|-|" + "-" * 500 + "|\n| слово слово | Анна |",
        "| а |\n|-|\n|" + "слово " * 500 + "|",
        "\n".join("  " * depth + "- глубже" for depth in range(4)),
        "# " + "слово " * 300,
        "999999999. поздно",
        "*" * 300,
    ])
    def test_odd_papers_print_every_word_all_the_same(self, typed):
        text = words_on_paper(render_letter("worded", {"name": "Бумага", "body": html_of(typed, str)}))
        for word in ("слово", "глубже", "поздно", "Анна"):
            assert text.count(word) == typed.count(word)

    @fuzz(max_examples=60, deadline=None)
    @given(st.text(alphabet=st.one_of(st.sampled_from("#*_|-<>&{}[]()\\\n 1.`~!\"'"), st.sampled_from(printable),
                                      st.characters(exclude_categories=("Cs",))), max_size=120))
    def test_whatever_is_typed_stays_within_known_tags(self, typed):
        from html.parser import HTMLParser

        tags = set()
        parser = HTMLParser(convert_charrefs=False)
        parser.handle_starttag = lambda tag, attrs: tags.add(tag)  # type: ignore[method-assign]
        parser.feed(html_of(typed, str))
        assert tags <= {"p", "br", "div", "ul", "ol", "li", "strong", "em", "table", "thead", "tbody", "tr", "th", "td",
                        "h1", "h2", "h3", "h4", "h5", "h6"}
        words_of(typed)
