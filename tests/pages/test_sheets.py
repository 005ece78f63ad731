"""Анна prints and hands out the weekly sheets of 7А: Вера has no internet for Витя (R21, R25)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from ejd import clock
from ejd.families.models import ServiceForm, WeeklySheet
from tests.families import guardian_of, on_paper, print_all, sheets_there
from tests.journal import Hand

FRIDAY = clock.at(date(2026, 9, 18), 13)  # after the week's last lesson
TUESDAY = clock.at(date(2026, 9, 22), 12)


@pytest.fixture
def anna(as_, school):
    return as_(school.anna)


@pytest.fixture
def url(school):
    return f"/teacher/classes/{school.school_class('7А').id}/sheets"


def text_of(response):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(response.data)).pages)


def test_sheets_are_printed_downloaded_and_handed_out(school, anna, url, at_most):
    on_paper(school, school.vera, school.vitya)
    lesson = school.lesson(school.course("7А", "Матем"), date(2026, 9, 8))
    Hand(school, school.anna).puts(lesson, school.vitya, "5", at=clock.at(date(2026, 9, 8), 12))
    with at_most(8):
        page = anna.get(url)
    assert "Волков Виктор" in page.words and "7–13 сентября" in page.words and "пн, 14 сентября" in page.words
    anna.submit(page, "form[action$='/sheets']")
    [sheet] = sheets_there(school)
    with at_most(8):
        page = anna.get(f"{url}?printed={sheet.key}")
    assert "Напечатаны, не выданы" in page.words and "напечатан после срока, ждёт до 18 сентября" in page.words
    pdf = anna.get(f"{url}/{sheet.key}.pdf").response
    assert pdf.mimetype == "application/pdf"
    assert "Волков Виктор, 7А" in text_of(pdf) and "Ответ на уроке" in text_of(pdf)
    anna.submit(page, "form[action$='/handed']", {"handed": str(sheet.id), "to": "pupil"})
    with at_most(8):
        log = anna.get(f"{url}/log")
    assert "ученику, чт, 17 сентября" in log.words and "Андреева" in log.words


def test_a_sheet_printed_late_is_not_left_behind_at_once(school, anna, url, as_):
    """R25: the sheet of 7–13 September is printed on Thursday, 17; the family has till Friday."""
    on_paper(school, school.vera, school.vitya, to_on=date(2026, 9, 13))
    print_all(school)
    for now, left in ((clock.at(date(2026, 9, 18), 15), False), (clock.at(date(2026, 9, 21), 8), True)):
        with clock.freeze(now):
            assert [("не забран" in anna.get(page).words) for page in (url, f"{url}/log")] == [left, left]
            row = as_(school.dina).get("/admin/sheets").select_one("tbody td[data-title='Не забрано']")
            assert row.text == ("1" if left else "–")


def test_it_works_for_a_refuser_once_and_the_second_hand_is_told_why(school, anna, url, as_):
    on_paper(school, school.vera, school.vitya, "refused")
    page = anna.get(url)
    assert "отказ" in page.words
    first = anna.submit(page, "form[action$='/sheets']")
    assert first.response.status_code == 302
    [code] = [field["value"] for field in page.select("input[name=sheet]")]
    second = anna.post(url, {"key": "of-another-tab", "sheet": code}, status=422)
    assert "ровно один лист в неделю" in second.words and second.title.text.startswith("Ошибка")
    assert "Печатать сейчас нечего" in second.words and len(sheets_there(school)) == 1


def test_the_same_form_sent_twice_prints_once_and_offers_the_same_file(school, anna, url):
    on_paper(school, school.vera, school.vitya)
    page = anna.get(url)
    again = [anna.submit(page, "form[action$='/sheets']").response.location for _ in range(2)]
    assert again[0] == again[1] and len(sheets_there(school)) == 1


def test_what_is_ticked_off_stays_for_later(school, anna, url):
    on_paper(school, school.vera, school.vitya)
    anna.post(url, {"key": "nothing-ticked"}, status=422)
    assert not sheets_there(school)
    assert "Отметьте, чьи листы напечатать" in anna.post(url, {"key": "nothing-ticked"}, status=422).words


@pytest.mark.parametrize("garbage", ["", "1", "1.2.3", "0.0.2026-09-07", "x.y.z", "1.2.2026-99-99", "9" * 40])
def test_a_sheet_that_nobody_is_due_is_refused(school, anna, url, garbage):
    on_paper(school, school.vera, school.vitya)
    page = anna.post(url, {"key": "garbage-form", "sheet": garbage}, status=422)
    assert "не нужен" in page.words and not sheets_there(school)


def test_the_file_is_offered_for_an_hour_then_a_copy_is_printed_again(school, anna, url):
    on_paper(school, school.vera, school.vitya)
    [sheet] = print_all(school)
    anna.get(f"{url}/{sheet.key}.pdf")
    anna.get(f"{url}/{sheet.id}/copy.pdf", status=422)
    with clock.freeze(clock.now() + timedelta(minutes=61)):
        assert "напечатайте повторно" in anna.get(f"{url}/{sheet.key}.pdf", status=404).words
        log = anna.get(f"{url}/log")
        anna.submit(log, f"form[action$='/{sheet.id}/again']")
        assert "повторно: 1" in anna.get(f"{url}/log").words
        copy = anna.get(f"{url}/{sheet.id}/copy.pdf").response
    assert "повторная печать" in text_of(copy)


def test_two_hands_at_one_hand_out_see_both_values(school, anna, url):
    on_paper(school, school.vera, school.vitya)
    [sheet] = print_all(school)
    page = anna.get(url)
    given = {"handed": str(sheet.id), "to": "guardian", "on": "2026-09-17"}
    anna.submit(page, "form[action$='/handed']", given)
    stale = anna.submit(page, "form[action$='/handed']", given, status=409)
    assert "выдан родителю 17 сентября" in stale.words


def test_all_that_waits_is_handed_out_by_one_button(school, anna, url):
    guardian_of(school, school.vitya, school.zakhar)
    for guardian, form in ((school.vera, "paper"), (school.zakhar, "refused")):
        on_paper(school, guardian, school.vitya, form)
    print_all(school)
    page = anna.get(url)
    waiting = {"waiting": [field["value"] for field in page.select("input[name=waiting]")]}
    versions = {field["name"]: field["value"] for field in page.select("input[name^=version]")}
    anna.post(f"{url}/handed", {"all": "1", "to": "pupil", "on": "2026-09-17", **waiting, **versions})
    assert {one.handed_to for one in sheets_there(school)} == {"pupil"}
    assert "Всё напечатанное выдано" in anna.get(url).words


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("on", "2026-09-18", "не позже сегодняшнего"), ("on", "вчера", "не раньше печати"), ("to", "", "кому выдан"),
    ("handed", "", "Отметьте, какие листы")])
def test_a_wrong_hand_out_is_explained_and_nothing_typed_is_lost(school, anna, url, field, value, sentence):
    on_paper(school, school.vera, school.vitya)
    [sheet] = print_all(school)
    given = {"handed": str(sheet.id), "to": "pupil", "on": "2026-09-17", f"version{sheet.id}": "1"} | {field: value}
    page = anna.post(f"{url}/handed", given, status=422)
    assert sentence in page.select_one(".error").text
    if field != "handed":
        assert page.select_one(f"#h{sheet.id}").has_attr("checked")
    assert sheet.handed_on is None


def test_a_hand_out_noted_by_mistake_is_taken_back_in_the_log(school, anna, url):
    on_paper(school, school.vera, school.vitya)
    [sheet] = print_all(school)
    anna.post(f"{url}/handed", {"handed": str(sheet.id), "to": "pupil", "on": "2026-09-17", f"version{sheet.id}": "1"})
    anna.submit(anna.get(f"{url}/log"), f"form[action$='/{sheet.id}/back']")
    assert "ждёт выдачи" in anna.get(f"{url}/log").words or "не забран" in anna.get(f"{url}/log").words


def test_the_sheet_of_another_class_is_not_there(school, anna, url, as_):
    on_paper(school, school.zakhar, school.zoya)
    sheet, *_ = print_all(school, "7Б")
    for rest in (f"{sheet.key}.pdf", f"{sheet.id}/copy.pdf"):
        anna.get(f"{url}/{rest}", status=404)
    for rest in (f"{sheet.id}/again", f"{sheet.id}/back"):
        anna.post(f"{url}/{rest}", status=404)
    anna.post(f"{url}/handed", {"handed": str(sheet.id), "to": "pupil", "on": "2026-09-17", f"version{sheet.id}": "1"},
              status=422)
    assert sheet.handed_on is None
    as_(school.boris).get(url, status=404)
    as_(school.olga).get("/admin/sheets", status=403)


def test_an_empty_page_says_why_and_when_the_next_sheets_come(school, anna, url):
    assert "В классе никто не получает услугу на бумаге" in anna.get(url).words
    on_paper(school, school.vera, school.vitya, "refused", from_on=date(2026, 9, 14))
    page = anna.get(url)
    assert [cell.text.replace("\u00a0", " ") for cell in page.select("section[aria-labelledby=families] tbody td")] == [
        "Волкова В. В.", "отказ", "за 7–13 сентября не положен: на бумаге с 14 сентября",
        "за 14–20 сентября, после последнего урока недели, 18 сентября в 11:00"]
    assert "Следующие – 1 лист за 14–20 сентября" in page.words and "18 сентября в 11:00" in page.words
    with clock.freeze(FRIDAY):
        assert "Волков Виктор" in anna.get(url).words


def test_after_holidays_what_is_due_is_there_by_itself(school, anna, url):
    """The autumn holidays begin on 24 October; here the last lessons of the world are on 12 October."""
    on_paper(school, school.vera, school.vitya, from_on=date(2026, 10, 12))
    with clock.freeze(clock.at(date(2026, 11, 2), 9)):
        page = anna.get(url)
    assert "12–18 октября" in page.words and "срок прошёл" in page.words


def test_a_sheet_printed_before_a_refusal_is_marked_and_the_right_one_takes_its_place(school, anna, url):
    """R21: printed on Thursday for 7–13 September; refused the same day."""
    form = on_paper(school, school.vera, school.vitya)
    [sheet] = print_all(school)
    form.form = "refused"
    school.session.commit()
    page = anna.get(url)
    assert "не выдавать" in page.words and "напечатан до отказа, домашние задания в нём не положены" in page.words
    assert not page.select("input[name=waiting]"), "«Выданы все» leaves it"
    assert page.select_one(f"button[form=right{sheet.id}]") and "не выдавать" in anna.get(f"{url}/log").words
    given = {"handed": str(sheet.id), "to": "pupil", "on": "2026-09-17", f"version{sheet.id}": "1"}
    assert "напечатан до отказа" in anna.post(f"{url}/handed", given, status=422).select_one("#handed-error").text
    done = anna.submit(page, f"#right{sheet.id}")
    page = anna.get(done.response.location)
    assert "не выдавать" not in page.words and page.select("input[name=waiting]")
    text = text_of(anna.get(page.select_one(".notice a")["href"]).response)
    assert "Волков Виктор, 7А" in text and "повторная печать" in text
    anna.post(f"{url}/{sheet.id}/without-homework", {f"version{sheet.id}": "1"}, status=409)


@pytest.mark.parametrize(("form", "why"), [("refused", "напечатан до отказа"), ("limited", "по решению суда")])
def test_what_is_not_to_be_handed_out_is_not_downloaded_either(school, anna, url, form, why):
    """R21, R23: neither the copy nor the file of the last hour; the sheets of others stay in it."""
    on_paper(school, school.vera, school.vitya)
    task = "п. 12, № 34"
    Hand(school, school.anna).sets(school.lesson(school.course("7А", "Матем"), date(2026, 9, 8)), task,
                                   at=clock.at(date(2026, 9, 8), 14))
    [sheet] = print_all(school)
    anna.submit(anna.get(f"{url}/log"), f"form[action$='/{sheet.id}/again']")
    assert task in text_of(anna.get(f"{url}/{sheet.id}/copy.pdf").response)
    row = school.session.query(ServiceForm).filter_by(guardian_id=school.vera.id).one()
    row.form = form
    school.session.commit()
    for file in (f"{sheet.id}/copy.pdf", f"{sheet.key}.pdf"):
        assert why in anna.get(f"{url}/{file}", status=422).words
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.zakhar, school.vitya)
    print_all(school, key="second")
    school.session.query(WeeklySheet).update({"key": "together"})
    school.session.commit()
    text = text_of(anna.get(f"{url}/together.pdf").response)
    assert "Зимин" in text and "Волкова" not in text


def test_who_keeps_the_sheet_of_before_a_refusal_is_told_by_name(school, anna, url):
    """R21: Вера has refused, Захар shares her sheet and has not."""
    guardian_of(school, school.vitya, school.zakhar)
    forms = [on_paper(school, guardian, school.vitya) for guardian in (school.vera, school.zakhar)]
    print_all(school, shared={(school.vitya.id, date(2026, 9, 7))})
    forms[0].form = "refused"
    school.session.commit()
    done = anna.submit(anna.get(url), "form[id^=right]")
    words = anna.get(done.response.location).words
    assert "отдайте только тем, кто не отказался: Зимин З. З." in words and "уничтожьте" not in words


def test_slips_of_the_class_for_any_days_leave_out_who_is_told_once_a_week(school, anna, url, at_most):
    slips = url.replace("/sheets", "/slips")
    on_paper(school, school.vera, school.vitya, "refused")
    with at_most(8):
        page = anna.get(f"{slips}?first=2026-09-01&last=2026-09-17")
    assert "7 вклеек" in page.words and "Без вклеек: Волков Виктор" in page.words
    text = text_of(anna.get(f"{slips}.pdf?first=2026-09-01&last=2026-09-17").response)
    assert "Ёлкин Егор" in text and "Волков" not in text


@pytest.mark.parametrize("days", ["first=2026-09-17&last=2026-09-01", "first=x&last=2026-09-01", "first=2020-01-01"
                                  "&last=2026-09-01", "first=&last="])
def test_days_that_cannot_be_are_explained(school, anna, url, days):
    slips = url.replace("/sheets", "/slips")
    for address in (slips, f"{slips}.pdf"):
        assert "Укажите два дня учебного года" in anna.get(f"{address}?{days}", status=422).words


def test_the_deputy_sees_every_class_and_prints_all_in_one_file(school, as_, at_most):
    on_paper(school, school.vera, school.vitya)
    on_paper(school, school.vera, school.masha, "refused")
    on_paper(school, school.zakhar, school.zoya)  # her class and Маша's have no lesson after Wednesday
    dina = as_(school.dina)
    with at_most(8):
        page = dina.get("/admin/sheets")
    assert "Напечатать сейчас: 5 листов" in page.words and "7А" in page.words and "1А" in page.words
    answer = dina.submit(page, "form[action='/admin/sheets'][method=post]")
    done = dina.get(answer.response.location)
    assert "Готово: 5 листов" in done.words
    text = text_of(dina.get(f"{answer.response.location}/file").response)
    assert text.index("Волкова Мария, 1А") < text.index("Волков Виктор, 7А") < text.index("Зимина Зоя, 7Б")
    assert len(sheets_there(school)) == 5
    page = dina.get("/admin/sheets")
    assert "Напечатать сейчас: 0 листов" in page.words
    with at_most(8):
        dina.get(f"/admin/classes/{school.school_class('7А').id}/sheets")
