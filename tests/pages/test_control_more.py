"""Control beyond lessons: plans, results and certified copies, families and weekly sheets; three clicks to each (R50,
R60)."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.credentials.models import Account
from ejd.plans.services import NewTopic, fill_plan
from ejd.school.models import Term
from tests.families import on_paper, print_all
from tests.visitor import Page

PLANS, FAMILIES = "/admin/control/plans", "/admin/control/families"


def figure(page: Page, title: str) -> int:
    found = next(one for one in page.select("ul.figures li") if one.b.text == title)
    return int(found.select_one(".figure").text)


def end_the_first_quarter(school) -> date:
    """The first quarter has ended on 1 September; today is the 17th, so more than ten days ago (R50)."""
    term = school.session.query(Term).filter_by(scheme="quarters", number=1).one()
    term.ends_on = date(2026, 9, 1)
    school.session.commit()
    return term.ends_on


def clicks(visitor, *steps) -> Page:
    """From the head page on: each step is the words of a link, or a CSS selector of one."""
    page = visitor.get("/admin/")
    for step in steps:
        link = page.find("a", string=step) or page.select_one(step)
        assert link is not None, f"no link {step}"
        page = visitor.get(link["href"])
    return page


def test_an_uncertified_term_is_found_in_three_clicks(as_, school):
    end_the_first_quarter(school)
    page = clicks(as_(school.dina), "Контроль", "Планы, итоги, заверение", "ul[aria-label=Заверение] a.late")
    assert page.h1.text == "Журналы не заверены, срок вышел"
    assert [row.select_one("th a").text for row in page.select("tbody tr")] == ["1А", "7А", "7Б"]
    assert page.select_one("tbody td[data-title='Как стоит']").text == "просрочено"


def test_missing_homework_is_found_in_two_clicks(as_, school):
    page = clicks(as_(school.dina), "Контроль", "a.figure[href*=homework-missing]")
    assert page.h1.text == "Уроки без домашнего задания" and page.select("tbody tr")


def test_overdue_copies_are_counted_by_class_and_lead_to_their_list(as_, school):
    page = as_(school.dina).get(PLANS)
    assert figure(page, "Просрочено") == 0
    end_the_first_quarter(school)
    dina = as_(school.dina)
    page = dina.get(PLANS)
    assert figure(page, "Просрочено") == 3, "the copies of three classes (R50)"
    row = next(row for row in page.select("table.parts tbody tr") if row.th.text == "7А")
    assert row.select_one("[data-title='Заверение просрочено'] a").text == "1"
    assert page.select_one("h3 .badge").text == "тревога"


def test_the_lag_of_a_plan_is_hours_of_its_journal(as_, school):
    course = school.course("7А", "Математика")
    fill_plan(school.session(), course_id=course.id, topics=[NewTopic(f"Тема {number}") for number in range(60)],
              actor_id=school.anna.id, now=clock.now())
    school.session.commit()
    dina = as_(school.dina)
    page = dina.get(f"{PLANS}?by=teacher")
    lag = figure(page, "Часов отставания")
    assert lag > 3, "lessons were given, no topic of the plan was"
    row = next(row for row in page.select("table.parts tbody tr") if row.th.text.startswith("Андреева"))
    link = row.select_one("[data-title='Отставание планов, часов'] a")
    assert link.text == str(lag)
    opened = dina.get(link["href"])
    assert [row.select_one("[data-title='Отставание, ч']").text.strip() for row in opened.select("tbody tr")] == [
        str(lag)]
    assert page.select_one("section h3:nth-of-type(3) .badge").text in {"внимание", "тревога"}


@pytest.mark.parametrize("by", ["class", "teacher", "subject"])
def test_files_hold_what_the_page_shows(as_, school, by):
    end_the_first_quarter(school)
    dina = as_(school.dina)
    page = dina.get(f"{PLANS}?by={by}")
    links = [link["href"] for link in page.select(".actions a")]
    book = load_workbook(BytesIO(dina.get(links[0]).response.data)).active
    assert book.max_row - 4 == len(page.select("table.parts tbody tr"))
    assert [cell.value for cell in book[4]] == [th.text for th in page.select("table.parts thead th")]
    assert PdfReader(BytesIO(dina.get(links[1]).response.data)).pages


def sign_in_of(school, person) -> None:
    """The person has set a password of the own."""
    school.session.add(Account(person_id=person.id, login="own", password_hash="set", must_change=False,
                               created_at=clock.real_now()))
    school.session.commit()


def test_families_who_have_signed_in(as_, school):
    dina = as_(school.dina)
    page = dina.get(FAMILIES)
    assert (figure(page, "Ещё не вошли"), figure(page, "Вошли"), figure(page, "Представителей")) == (3, 0, 3)
    sign_in_of(school, school.vera)
    page = dina.get(FAMILIES)
    assert (figure(page, "Ещё не вошли"), figure(page, "Вошли")) == (2, 1), "Вера has two children and is one person"
    rows = {row.th.text: row.select_one("[data-title=Вошли]").text for row in page.select("table.parts tbody tr")}
    assert rows == {"1А": "1", "7А": "1", "7Б": "0"}
    listed = dina.get(page.find("ul", attrs={"aria-label": "Семьи"}).a["href"])
    assert [row.th.text for row in listed.select("tbody tr")] == ["Ершов Егор Андреевич", "Зимина Зоя Захаровна"]
    assert listed.select_one("[data-title=Представитель] a") and listed.select_one("[data-title=Класс] a")
    book = load_workbook(BytesIO(dina.get(listed.select_one(".actions a")["href"]).response.data)).active
    assert book.max_row - 4 == 2


def test_sheets_due_and_not_handed_out(as_, school):
    on_paper(school, school.vera, school.vitya)
    dina = as_(school.dina)
    span = f"{FAMILIES}?from=2026-09-01&to=2026-09-17"
    page = dina.get(span)
    assert (figure(page, "Положено"), figure(page, "Не выдано"), figure(page, "Выдано")) == (1, 1, 0)  # R25
    [sheet] = print_all(school)
    sheet.handed_on, sheet.handed_to, sheet.handed_by_id = clock.today(), "guardian", school.anna.id
    page = dina.get(span)
    assert (figure(page, "Не выдано"), figure(page, "Выдано")) == (0, 1)
    row = next(row for row in page.select("table.parts tbody tr") if row.th.text == "7А")
    assert row.select_one("[data-title='Листы: выдано'] a").text == "1"
    assert figure(dina.get(f"{FAMILIES}?from=2026-09-16&to=2026-09-17"), "Положено") == 0


@pytest.mark.parametrize("address", [
    f"{PLANS}?by=moon", f"{PLANS}?by=kind", f"{FAMILIES}?from=2030-01-01", f"{FAMILIES}?to=1999-01-01",
    f"{PLANS}?show=density&compare=1&days=8-8&kind=1"])
def test_garbage_in_the_address_is_taken_sensibly(as_, school, address):
    as_(school.dina).get(address)


@pytest.mark.parametrize("query", ["from=x&to=9999-99-99", "class=moon", "class=999", "from=2026-09-10&to=2026-09-01"])
@pytest.mark.parametrize("address", [PLANS, f"{PLANS}.xlsx", FAMILIES, f"{FAMILIES}.pdf", f"{FAMILIES}/never",
                                     "/admin/control/copies-overdue"])
def test_what_can_not_be_understood_is_one_sentence(as_, school, address, query):
    as_(school.dina).get(f"{address}?{query}", status=422)


@pytest.mark.parametrize("address", [f"{PLANS}.doc", f"{FAMILIES}.doc", f"{FAMILIES}/some", f"{FAMILIES}/never.doc",
                                     "/admin/control/copies"])
def test_what_is_not_there_is_not_found(as_, school, address):
    as_(school.dina).get(address, status=404)


def test_eight_statements(as_, school, at_most):
    dina = as_(school.dina)
    for address in (PLANS, f"{PLANS}?by=teacher", FAMILIES, f"{FAMILIES}/never", f"{FAMILIES}/signed.xlsx"):
        with at_most(8):
            dina.get(address)


def test_the_inspector_reads_without_links_to_what_is_closed(as_, school):
    inna = as_(school.inna)
    for address in (PLANS, FAMILIES, f"{FAMILIES}/never"):
        for link in inna.get(address).select("main a[href]"):
            if not re.search(r"\.(xlsx|pdf)", link["href"]):
                inna.get(link["href"])
