"""Views of the control page that a person keeps: named, opened, forgotten (R60)."""

from __future__ import annotations

import pytest

from ejd.audit.models import AuditRecord
from ejd.compliance.models import SavedView
from tests.visitor import Page

PAGE = "/admin/control"


def keep(visitor, name: str, query: str = "") -> Page:
    page = visitor.get(f"{PAGE}?{query}")
    form = visitor.get(page.find("a", string=["Запомнить этот вид", "Мои виды"])["href"])
    return visitor.submit(form, "main form", {"name": name})


def kept(school) -> list[tuple[str, str]]:
    return [(one.name, one.query) for one in school.session.query(SavedView).order_by(SavedView.name)]


def test_a_view_opens_by_one_link_with_its_days_and_filter(as_, school):
    dina = as_(school.dina)
    anna = school.anna.id
    keep(dina, "Сентябрь Андреевой", f"from=2026-09-01&to=2026-09-13&teacher={anna}&show=homework")
    opened = dina.get(dina.get(PAGE).find("a", string="Сентябрь Андреевой")["href"])
    assert (opened.select_one("#from")["value"], opened.select_one("#to")["value"]) == ("2026-09-01", "2026-09-13")
    assert opened.select_one("#teacher option[selected]")["value"] == str(anna)
    assert opened.select_one("nav[aria-label='Какие числа'] [aria-current]").text == "Домашние задания"
    assert school.session.query(AuditRecord).filter_by(verb="view.saved").count() == 1


@pytest.mark.parametrize(("query", "stored"), [
    ("from=2026-09-14&to=2026-09-20", "span=week"), ("", "span=term"), ("from=2026-09-01&to=2027-05-26", "span=year")])
def test_this_week_term_and_year_stay_the_current_ones(as_, school, query, stored):
    keep(as_(school.dina), "Мой", query)
    assert kept(school) == [("Мой", stored)]


def test_the_same_name_again_is_the_newer_question(as_, school):
    dina = as_(school.dina)
    keep(dina, "Мой", "by=class")
    keep(dina, "  Мой ", "by=subject")
    assert kept(school) == [("Мой", "by=subject&span=term")]


@pytest.mark.parametrize(("name", "view", "sentence"), [
    ("", "", "Назовите вид"), ("я" * 61, "", "не длиннее 60"), ("Мой", "from=x", "Дата записывается"),
    ("Мой", "teacher=99999", "Такого учителя")])
def test_what_can_not_be_kept_is_said_at_the_field(as_, school, name, view, sentence):
    page = as_(school.dina).post(f"{PAGE}/views", {"name": name, "view": view}, status=422)
    assert sentence in page.select_one("#name-error").text and page.select_one("#name")["value"] == name
    assert not kept(school)


def test_what_is_kept_is_written_by_the_program(as_, school):
    as_(school.dina).post(f"{PAGE}/views", {"name": "Мой", "view": "by=class&evil=<script>&from=&x=" + "1" * 900})
    assert kept(school) == [("Мой", "by=class&span=term")]


def test_forgetting_is_a_page_that_says_what_will_happen(as_, school):
    dina = as_(school.dina)
    keep(dina, "Мой")
    page = dina.get(dina.get(f"{PAGE}/views").select_one("a[href$=forget]")["href"])
    assert "Исчезнет только ссылка" in page.words
    dina.submit(page, "main form")
    assert not kept(school) and "Мой" not in dina.get(PAGE).words


def test_views_are_the_owners_alone(as_, school):
    keep(as_(school.dina), "Мой")
    galina, view_id = as_(school.galina), school.session.query(SavedView.id).scalar()
    assert not galina.get(PAGE).find("a", string="Мой")
    galina.get(f"{PAGE}/views/{view_id}/forget", status=404)
    galina.post(f"{PAGE}/views/{view_id}/forget", status=404)
    as_(school.anna).get(f"{PAGE}/views", status=403)


def test_twenty_views_are_enough(as_, school):
    dina = as_(school.dina)
    for number in range(20):
        dina.post(f"{PAGE}/views", {"name": f"Вид {number}", "view": ""})
    page = dina.post(f"{PAGE}/views", {"name": "Ещё один", "view": ""}, status=422)
    assert "Видов не больше 20" in page.words and len(kept(school)) == 20
