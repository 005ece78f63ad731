"""Галина certifies the printed first quarter; a mark changed afterwards shows up everywhere it should (R50, R52)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock
from ejd.certification import queries
from ejd.certification.checking import look_again, waiting
from ejd.certification.models import Certification, PrintedJournal
from ejd.journal.excuses import NewExcuse, record_excuses
from ejd.journal.excusing import Span
from ejd.results.term_closing import Opening, close_term, reopen
from tests.certification import FIRST_QUARTER_OVER, certified_copy, printed_copy, quarter
from tests.journal import Hand

OVERVIEW = "/admin/certification"
REGISTER = "/admin/certification/register"
LATE = date(2026, 11, 3)  # the eleventh day


def on(day, hour=14):
    return clock.freeze(clock.at(day, int(hour), int(hour % 1 * 60)))


@pytest.fixture
def copies(school):
    return f"{OVERVIEW}/copies?period={quarter(school).id}"


def row_of(page, name):
    return next(row for row in page.select("tbody tr") if row.th.get_text(strip=True) == name)


def test_the_overview_says_what_is_due_and_when_it_is_late(as_, school, at_most):
    with on(FIRST_QUARTER_OVER):
        inna = as_(school.inna)
        with at_most(8):
            page = inna.get(OVERVIEW)
        assert row_of(page, "7А").select_one("[data-title='I четверть']").text.strip() == "пора заверить"
        assert row_of(page, "7А").select_one("[data-title='Год']").text.strip() == "ещё рано"
    with on(LATE):
        page = as_(school.inna).get(OVERVIEW)
        assert page.select_one("a.figure.late").text == "3"  # 1А, 7А, 7Б
        listed = as_(school.inna).get(page.select_one("a.figure.late")["href"])
        assert {row.th.text for row in listed.select("tbody tr")} == {"1А", "7А", "7Б"}
        assert "2 ноября" in listed.words and "не печатали" in listed.words


def test_the_head_page_tells_the_director_alone_and_leads_there(as_, school, at_most):
    with on(LATE):
        galina = as_(school.galina)
        with at_most(8):
            page = galina.get("/admin/")
        [link] = [a for a in page.select("main a") if a.text.startswith("Заверение журналов: просрочено 3")]
        galina.get(link["href"])
        assert "просрочено 3" not in as_(school.dina).get("/admin/").words


def test_copies_of_several_classes_are_certified_at_once_under_numbers_in_a_row(as_, school, copies, at_most):
    with on(FIRST_QUARTER_OVER):
        first, second = printed_copy(school, "7А", pages=21), printed_copy(school, "7Б")
        galina = as_(school.galina)
        with at_most(8):
            page = galina.get(copies)
        assert page.select_one(f"#sheets-{first.id}")["value"] == "11" and page.select_one("#number")["value"] == "1"
        ticked = {"copy": [first.id, second.id], f"sheets-{first.id}": "12"}
        fields = {f["name"]: f["value"] for f in page.select("main form [name][value]") if f["name"] != "copy"}
        galina.post(f"{OVERVIEW}/copies?period={quarter(school).id}", fields | ticked)
        after = galina.get(copies)
        assert "№ 1 от 24.10.2026" in row_of(after, "7А").get_text().replace("\xa0", " ")
        assert "№ 2" in row_of(after, "7Б").get_text().replace("\xa0", " ")
        assert "Новых печатных экземпляров" in after.words
        galina.post(f"{OVERVIEW}/copies?period={quarter(school).id}", fields | ticked)  # the same form again
        assert len(school.session.scalars(select(Certification)).all()) == 2


@pytest.mark.parametrize(("typed", "said"), [
    ({}, "Отметьте экземпляры галочкой"),
    ({"copy": "x"}, "Отметьте экземпляры галочкой"),
    ({"copy": "999999"}, "Журнал напечатан снова"),
    ({"copy": "it", "sheets": "9"}, "их от 10 до 30"),
    ({"copy": "it", "sheets": "много"}, "их от 10 до 30"),
    ({"copy": "it", "number": "0"}, "Номер в журнале заверений – от 1"),
    ({"copy": "it", "number": "9999999999999999"}, "Номер в журнале заверений – от 1"),
    ({"copy": "it", "certified_on": "вчера"}, "Укажите дату заверения"),
    ({"copy": "it", "certified_on": "2026-10-25"}, "Дата заверения – не раньше печати"),
    ({"copy": "it", "key": ""}, "Страница устарела"),
])
def test_a_slip_is_said_at_its_place_and_nothing_typed_is_lost(as_, school, copies, typed, said):
    with on(FIRST_QUARTER_OVER):
        copy = printed_copy(school)
        given = {"sheets": "10", "number": "1", "certified_on": "2026-10-24", "key": "form-key"} | typed
        if given.get("copy") == "it":
            given["copy"] = str(copy.id)
        given[f"sheets-{copy.id}"] = given.pop("sheets")
        page = as_(school.galina).post(copies, given, status=422)
        assert said in page.words
        assert page.select_one(f"#sheets-{copy.id}")["value"] == given[f"sheets-{copy.id}"]
        assert not school.session.scalars(select(Certification)).all()


def test_a_copy_printed_before_the_quarter_was_over_is_not_certified(as_, school, copies):
    with on(FIRST_QUARTER_OVER):
        copy = printed_copy(school, at=clock.at(date(2026, 10, 20), 12))
        page = as_(school.galina).post(copies, {"copy": copy.id, f"sheets-{copy.id}": "10", "number": "1",
                                                "certified_on": "2026-10-24", "key": "form-key"}, status=422)
        assert "напечатано до конца периода" in page.words


def test_the_deputy_sees_the_copies_and_certifies_none(as_, school, copies):
    with on(FIRST_QUARTER_OVER):
        copy = printed_copy(school)
        page = as_(school.dina).get(copies)
        assert "Заверяет экземпляры директор" in page.words and not page.select("main form")
        as_(school.dina).post(copies, {"copy": copy.id}, status=403)


def test_a_period_that_is_not_there_is_not_found(as_, school):
    for address in ("copies?period=999", "copies?period=garbage", "?state=garbage", "?year=999", "999/withdraw"):
        joint = "" if address.startswith("?") else "/"
        as_(school.galina).get(f"{OVERVIEW}{joint}{address}", status=404)


def test_a_line_registered_by_mistake_stays_crossed_out_and_its_copy_is_certified_again(as_, school, copies):
    with on(FIRST_QUARTER_OVER):
        line = certified_copy(school)
        galina = as_(school.galina)
        link = galina.get(REGISTER).select_one("a[href$='/withdraw']")["href"]
        page = galina.get(link)
        assert "останется в журнале заверений отменённой" in page.words
        galina.submit(page, "main form")
        assert "отменена" in galina.get(REGISTER).words
        assert "уже отменена" in galina.get(link).words
        galina.post(link, status=409)
        again = galina.get(copies)
        assert again.select_one("#number")["value"] == "2"  # the first number stays with its line
        galina.submit(again, "main form", {"copy": str(line.printed_id)})
        assert "действует" in galina.get(REGISTER).words


def test_the_register_is_a_paper_and_a_workbook(as_, school):
    with on(FIRST_QUARTER_OVER):
        certified_copy(school, facts="a" * 64)
        inna = as_(school.inna)
        assert inna.get(f"{REGISTER}.xlsx").response.data[:2] == b"PK"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(
            inna.get(f"{REGISTER}.pdf").response.data)).pages)
        assert "Журнал заверений печатных журналов, 2026/2027" in text and "7А" in text and "Громова Г. Г." in text
        assert "aaaaaaaaaaaaaaaa" in text.replace("\n", "") and "Директор ____" in text


def closed_and_certified(school):
    """The first quarter of 7А is closed, printed, certified, and opened again for a correction."""
    at, of_class, term = clock.at(FIRST_QUARTER_OVER, 14), school.school_class("7А"), quarter(school)
    close_term(school.session, actor=school.actor(school.galina), class_id=of_class.id, term_id=term.id, now=at,
               reason="Итоги выставлены")
    line = certified_copy(school)
    reopen(school.session, actor_id=school.dina.id, now=at, opening=Opening(
        of_class.id, term.id, FIRST_QUARTER_OVER, "Ошибка в отметке", "opening-key"))
    return line


def test_a_mark_changed_after_certification_shows_up_everywhere(as_, school, copies):
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    mark = anna.puts(lesson, school.vitya, "4", at=clock.at(date(2026, 9, 15), 12),
                     kind_id=school.kind("oral").id)
    with on(FIRST_QUARTER_OVER):
        closed_and_certified(school)
    with on(FIRST_QUARTER_OVER, 15):
        galina = as_(school.galina)
        assert "действует" in galina.get(REGISTER).words
        assert "устарело" not in galina.get("/admin/").words
        anna.corrects(mark, "5")
        assert row_of(galina.get(OVERVIEW), "7А").select_one("[data-title='I четверть'] .badge").text == "устарел"
        assert "напечатайте снова" in galina.get(copies).words
        assert row_of(galina.get(REGISTER), "№\xa01").select_one(".badge").text == "устарел"
        assert "устарело 1" in galina.get("/admin/").words
        figures = queries.certified_figures(school.session, year_id=quarter(school).year_id, today=clock.today())
        assert figures == (3, 0, 0, 1)
        # A new print is certified; the old line stays.
        copy = printed_copy(school, at=clock.now())
        galina.submit(galina.get(copies), "main form", {"copy": str(copy.id)})
        assert [row.select_one("[data-title='Состояние']").get_text(strip=True)
                for row in galina.get(REGISTER).select("tbody tr")] == ["заменён новым", "действует"]
        assert "устарело" not in galina.get("/admin/").words


def test_an_excuse_brought_after_closing_puts_the_copy_out_of_date(as_, school):
    day = date(2026, 9, 15)
    Hand(school, school.anna).notes(school.lesson(school.course("7А", "Математика"), day), school.vitya, "н",
                                    at=clock.at(day, 12))
    with on(FIRST_QUARTER_OVER):
        closed_and_certified(school)
    with on(FIRST_QUARTER_OVER, 15):
        record_excuses(school.session, excuses=[NewExcuse(school.vitya.id, Span(day, day), "б", "excuse-key",
                                                          school.olga.id, clock.now())])
        assert "устарел" in as_(school.galina).get(REGISTER).words


def test_before_reopening_it_is_said_which_copy_will_be_out_of_date(as_, school, at_most):
    of_class, term = school.school_class("7А"), quarter(school)
    with on(FIRST_QUARTER_OVER):
        close_term(school.session, actor=school.actor(school.galina), class_id=of_class.id, term_id=term.id,
                   now=clock.now(), reason="Итоги выставлены")
        url = f"/admin/closing/terms/{term.id}/classes/{of_class.id}"
        assert "устаре" not in as_(school.dina).get(url).words
        certified_copy(school)
        dina = as_(school.dina)
        with at_most(8):
            page = dina.get(url)
        assert "заверен экземпляр № 1 от 24.10.2026" in page.words
        assert "устареет" in page.words


def test_what_was_changed_back_agrees_again_once_the_journal_was_read(as_, school):
    """The program reads the journals again by itself; the certified copy is as good as it was (R52)."""
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    anna.writes_topic(lesson, "Дроби", at=clock.at(date(2026, 9, 15), 12))
    with on(FIRST_QUARTER_OVER):
        close_term(school.session, actor=school.actor(school.galina), class_id=school.school_class("7А").id,
                   term_id=quarter(school).id, now=clock.now(), reason="Итоги выставлены")
        certified_copy(school)
        reopen(school.session, actor_id=school.dina.id, now=clock.now(), opening=Opening(
            school.school_class("7А").id, quarter(school).id, FIRST_QUARTER_OVER, "Ошибка", "opening-key"))
    galina = as_(school.galina)
    for hour, topic, told, after in ((15, "Проценты", "устарел", "устарел"), (16, "Дроби", "устарел", "действует")):
        with on(FIRST_QUARTER_OVER, hour):
            anna.writes_topic(lesson, topic)
            assert row_of(galina.get(REGISTER), "№\xa01").select_one(".badge").text == told
        with on(FIRST_QUARTER_OVER, hour + 0.5):
            look_again(school.session)
            assert row_of(galina.get(REGISTER), "№\xa01").select_one(".badge").text == after


def test_a_change_of_a_journal_that_is_not_closed_yet_is_found_within_an_hour(as_, school):
    """Classes 10 and 11 close by half-years and are certified by quarters (R50)."""
    anna = Hand(school, school.anna)
    with on(FIRST_QUARTER_OVER):
        certified_copy(school, at=clock.now())
    with on(FIRST_QUARTER_OVER, 16):
        assert [copy.class_name for copy in waiting(school.session, now=clock.now())] == ["7А"]
        look_again(school.session)
        assert waiting(school.session, now=clock.now()) == []
        anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)), school.vitya, "2",
                  kind_id=school.kind("oral").id)
    with on(FIRST_QUARTER_OVER, 17):
        look_again(school.session)
        assert "устарел" in as_(school.galina).get(REGISTER).words


def test_a_copy_that_no_longer_agrees_is_not_certified(as_, school, copies):
    """Engineering 21: of a journal that is open nobody has told; it is read again before it is certified."""
    anna = Hand(school, school.anna)
    with on(FIRST_QUARTER_OVER):
        copy = printed_copy(school)
    with on(FIRST_QUARTER_OVER, 15):
        galina = as_(school.galina)
        page = galina.get(copies)
        assert page.select_one(f"#sheets-{copy.id}")
        anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)), school.vitya, "2",
                  kind_id=school.kind("oral").id)
        fields = {f["name"]: f["value"] for f in page.select("main form [name][value]") if f["name"] != "copy"}
        refused = galina.post(copies, fields | {"copy": copy.id}, status=422)
        assert "7А:" in refused.words and not school.session.scalars(select(Certification)).all()


def test_a_copy_whose_checksum_was_written_otherwise_is_not_called_changed(as_, school):
    with on(FIRST_QUARTER_OVER):
        line = certified_copy(school, facts="of an older version")
        school.session.get(PrintedJournal, line.printed_id).facts_version = 0
        school.session.flush()
    with on(FIRST_QUARTER_OVER, 16):
        look_again(school.session)
        assert "действует" in as_(school.galina).get(REGISTER).words


def test_from_the_printer_to_the_register(as_, school):
    """Дина prints 7А from the page, Галина certifies what came of it, Анна changes a topic: the copy is out of date."""
    anna, term = Hand(school, school.anna), quarter(school)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    anna.writes_topic(lesson, "Дроби", at=clock.at(date(2026, 9, 15), 12))
    with on(FIRST_QUARTER_OVER):
        dina, galina = as_(school.dina), as_(school.galina)
        dina.submit(dina.get("/admin/printing"), "main form", {
            "class": str(school.school_class("7А").id), "period": str(term.id)})
        copies = f"{OVERVIEW}/copies?period={term.id}"
        [box] = galina.get(copies).select("input[name=copy]")
        galina.submit(galina.get(copies), "main form", {"copy": box["value"]})
        assert "действует" in galina.get(REGISTER).words
    with on(FIRST_QUARTER_OVER, 16):
        look_again(school.session)
        assert "действует" in galina.get(REGISTER).words
        anna.writes_topic(lesson, "Проценты")
    with on(FIRST_QUARTER_OVER, 18):
        look_again(school.session)
        assert "устарел" in galina.get(REGISTER).words
        assert "напечатайте снова" in galina.get(copies).words
