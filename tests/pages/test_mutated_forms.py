"""Forms as they stand on their pages, with some of their fields spoilt, missing or sent twice: whatever comes, the
program answers with a sentence, never with an error of its own."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.access_table import EXAMPLES

VERA = ("parent.notes", "parent.diary?week=2026-W37", "parent.absences")
VITYA = ("student.diary",)
ANNA = ("teacher.works", "teacher.work", "teacher.class_list", "teacher.remark", "teacher.class_notes",
        "teacher.journal_remark")
DINA = ("admin.plans", "admin.new_year_classes", "admin.add_group", "admin.group", "admin.group_members",
        "admin.remarks", "admin.remark", "admin.remark_on_page", "admin.history", "admin.authority_report")
PAGES = [(who, page) for who, pages in (("vera", VERA), ("vitya", VITYA), ("anna", ANNA), ("dina", DINA))
         for page in pages]
# What must be there for the pages to have their forms.
NEEDED = ("note_id", "homework_id", "excuse_id", "work_id", "group_id", "topic_id", "remark_id")
SPOILT = st.one_of(st.sampled_from(["", " ", "0", "-1", "1", "9" * 40, "2026-02-30", "9999-12-31", "0001-01-01",
                                    "<b>'\"", "Ы" * 3000, "5,5", "on", "None", "\u202e", "\U0001f600"]),
                  st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
ACTS = st.sampled_from(["spoil", "drop", "twice"])


def forms_of(page):
    """Every form of the page: where it goes, and its fields as they stand."""
    for form in page.select("main form"):
        fields = [(field["name"], field.get("value") or field.text.strip() if field.name != "select" else next(
            (option.get("value", option.text) for option in field.select("option")), ""))
            for field in form.select("[name]") if field["name"] != "csrf_token"]
        yield form.get("action"), form.get("method", "get").upper(), fields


@pytest.mark.parametrize(("who", "endpoint"), PAGES)
def test_no_spoilt_form_breaks_the_program(app, as_, school, who, endpoint):
    for name in NEEDED:
        EXAMPLES[name](school)
    school.session.commit()
    endpoint, _, asked = endpoint.partition("?")
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint and "GET" in rule.methods)
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(
            endpoint, {name: EXAMPLES[name](school) for name in rule.arguments}) + f"?{asked}"
    school.session.commit()
    visitor = as_(getattr(school, who))
    forms = list(forms_of(visitor.get(url)))
    if not forms:
        pytest.fail(f"{url} has no forms")

    @settings(max_examples=6, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        action, method, fields = data.draw(st.sampled_from(forms))
        for _ in range(data.draw(st.integers(1, 3))):
            if not fields:
                break
            place = data.draw(st.integers(0, len(fields) - 1))
            name, _value = fields[place]
            act = data.draw(ACTS)
            fields = [*fields[:place], *([] if act == "drop" else [(name, data.draw(SPOILT))]),
                      *fields[place if act == "twice" else place + 1:]]
        if method == "GET":
            answer = visitor.open(action or url, query_string=MultiDict(fields))
        else:
            answer = visitor.open(action or url, method="POST",
                                  data=MultiDict([*fields, ("csrf_token", visitor.csrf())]))
        assert answer.status_code < 500, (action, fields)

    broken()
