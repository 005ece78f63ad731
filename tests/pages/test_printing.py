"""Дина prints the journals of the school, Анна that of her own class (R50, R51)."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock, working
from ejd.certification import checksum, printing, queries
from ejd.certification.models import PrintedJournal
from ejd.jobs import services
from ejd.jobs.models import Job, JobState
from tests.certification import FIRST_QUARTER_OVER, quarter
from tests.journal import Hand
from tests.world import TODAY

PAGE = "/admin/printing"
KEY = "a key of the form"


def prints(school):
    return school.session.scalars(select(PrintedJournal).order_by(PrintedJournal.id)).all()


def own_page(school):
    return f"/teacher/classes/{school.school_class('7А').id}/printing"


def fetched(visitor, answer):
    """The file that came of long work: in tests it is done at once."""
    page = visitor.get(answer.response.headers["Location"])
    link = next(one["href"] for one in page.select("main a[href]") if one["href"].endswith("/file"))
    return visitor.open(link).data


def test_the_page_offers_the_quarters_that_have_begun_and_the_year(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        page = dina.get(PAGE)
    assert [one.text for one in page.select("select[name=period] option")] == ["I четверть", "Учебный год"]
    assert [one.text for one in page.select("fieldset label")] == ["1А", "7А", "7Б"]
    assert "ещё не печатали" in page.text


def test_a_class_comes_as_a_pdf_and_stands_in_the_list(as_, school):
    Hand(school, school.anna).puts(school.lesson(school.course("7А", "Математика"), TODAY.replace(day=14)),
                                   school.vitya, "5")
    dina, class_id = as_(school.dina), school.school_class("7А").id
    answer = dina.post(PAGE, {"period": quarter(school).id, "class": class_id, "key": KEY}, status=303)
    body = fetched(dina, answer)
    assert body.startswith(b"%PDF")
    [row] = prints(school)
    assert (row.class_id, row.term_id, row.pages) == (class_id, quarter(school).id, len(PdfReader(BytesIO(body)).pages))
    assert row.facts_sha256 == checksum.checksum_of(school.session, class_id=class_id, first=row.first, last=row.last)
    listed = dina.get(PAGE).select_one("table tbody tr")
    assert "7А" in listed.text and row.facts_sha256[:16] in listed.text


def test_all_classes_come_as_one_archive_with_a_pdf_of_each(as_, school):
    dina = as_(school.dina)
    answer = dina.post(PAGE, {"period": "year", "all": "1", "key": KEY}, status=303)
    with ZipFile(BytesIO(fetched(dina, answer))) as archive:
        assert archive.namelist() == [f"Классный журнал {name}, год.pdf" for name in ("1А", "7А", "7Б")]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert [row.term_id for row in prints(school)] == [None, None, None]


def test_the_same_form_sent_twice_is_one_print(as_, school):
    dina = as_(school.dina)
    form = {"period": "year", "class": school.school_class("1А").id, "key": KEY}
    first, second = (dina.post(PAGE, form, status=303).response.headers["Location"] for _ in range(2))
    assert first == second and len(prints(school)) == 1


def test_printing_that_a_stopped_server_left_begins_again_and_is_one_print(app, school, session):
    """Engineering 18: the first run had written down one class of two when it was stopped."""
    class_ids = [school.school_class(name).id for name in ("7А", "7Б")]
    one = services.start(session, kind=printing.KIND, params={"class_ids": class_ids, "term_id": None, "back": PAGE},
                         owner_id=school.dina.id, key=KEY, now=clock.real_now())
    session.info.pop(services.ON_COMMIT)
    services.take(session, job_id=one.id, now=clock.real_now())
    session.commit()
    printing.print_each(session, class_ids=class_ids[:1], term_id=None, actor_id=school.dina.id,
                        key=f"journal{one.id}", now=clock.now(), tell=lambda *_: None, keep=lambda *_: None)
    services.begin_again(session)
    session.commit()
    working.run(app, one.id)
    session.expire_all()
    assert session.get(Job, one.id).state == JobState.DONE
    assert [row.class_id for row in prints(school)] == class_ids


@pytest.mark.parametrize(("form", "told"), [
    ({"period": "year"}, "Отметьте хотя бы один класс"),
    ({"period": "year", "class": "999999"}, "Отметьте хотя бы один класс"),
    ({"period": "year", "class": "мусор"}, "Отметьте хотя бы один класс"),
    ({"period": "", "all": "1"}, "Выберите период из списка"),
    ({"period": "999999", "all": "1"}, "Выберите период из списка"),
    ({"all": "1"}, "Выберите период из списка"),
])
def test_what_is_missing_is_said_at_its_place(as_, school, form, told):
    page = as_(school.dina).post(PAGE, {**form, "key": KEY}, status=422)
    assert told in page.select_one(".error").text
    assert not prints(school)


def test_what_was_ticked_stays_when_the_period_is_wrong(as_, school):
    class_id = school.school_class("7А").id
    page = as_(school.dina).post(PAGE, {"period": "", "class": class_id, "key": KEY}, status=422)
    assert page.select_one("fieldset input[checked]")["value"] == str(class_id)


def test_anna_prints_the_journal_of_her_class(as_, school, at_most):
    anna = as_(school.anna)
    with at_most(8):
        page = anna.get(own_page(school))
    assert not page.select("fieldset")
    answer = anna.post(own_page(school), {"period": quarter(school).id, "key": KEY}, status=303)
    assert "Печать" in page.text and fetched(anna, answer).startswith(b"%PDF")
    assert [row.class_id for row in prints(school)] == [school.school_class("7А").id]


def test_a_class_of_somebody_else_is_not_there(as_, school):
    as_(school.boris).get(own_page(school), status=404)
    as_(school.boris).post(own_page(school), {"period": "year", "key": KEY}, status=404)
    as_(school.inna).get(PAGE, status=403)
    as_(school.olga).post(PAGE, {"period": "year", "all": "1", "key": KEY}, status=403)
    assert not prints(school)


def test_what_was_printed_waits_for_the_director(as_, school):
    """R50: a print of a quarter that is over can be certified."""
    with clock.freeze(clock.at(FIRST_QUARTER_OVER, 12)):
        as_(school.dina).post(PAGE, {"period": quarter(school).id, "all": "1", "key": KEY}, status=303)
        found = queries.class_periods(school.session, year_id=school.school_class("7А").year_id,
                                      today=FIRST_QUARTER_OVER)
    assert {row.class_name for row in found if row.fresh} == {"1А", "7А", "7Б"}
