"""Every page of the program asks the database little, whoever opens it."""

from __future__ import annotations

import pytest

from ejd.access import Act
from tests.access_table import ALLOWED, EXAMPLES
from tests.statements import counting
from tests.test_access_matrix import address, routes

MOST = 8
OF_A_PLAN = {"teacher.lesson_topic", "teacher.merge_topics", "teacher.plan_workbook", "teacher.spread_plan"}
# Of a sheet that has no content, a request of a child under fourteen: told so. Papers that are made are bounded where
# they are told of.
NO_PAPER = {f"{role}.{name}" for role in ("admin", "teacher")
            for name in ("class_sheets_file", "sheet_copy", "request_blank")}
OWN_BOUNDS = {"admin.import_preview",  # reads a whole school, with a bound in a test of its own
              "auth.second_factor_qr",  # absent until one is being set up
              "admin.authority_report_file",  # what three pages ask, in one file: a bound of its own
              "jobs.result"}  # a file that was made before


@pytest.mark.parametrize("endpoint", sorted(ALLOWED.keys() - OWN_BOUNDS))
def test_a_page_asks_at_most_eight_times(app, as_, school, endpoint):
    for _, url in [(rule, address(app, rule, school)) for name, method, rule in routes(app)
                   if (name, method) == (endpoint, "GET")]:
        visitor = as_(getattr(school, min(ALLOWED[endpoint])))
        if endpoint in OF_A_PLAN:
            EXAMPLES["topic_id"](school)
        school.session.commit()
        school.session.remove()
        with counting() as seen:
            answer = visitor.open(url)
        assert answer.status_code in {200, 302, 303, 403} | ({422} if endpoint in NO_PAPER else set()), url
        assert len(seen) <= MOST, f"GET {url}: {len(seen)} statements\n" + "\n".join(seen)


def test_every_act_is_declared_by_some_view(app):
    """The page «Кто что может» promises nothing that cannot be done."""
    declared = {getattr(view, "act", None) for view in app.view_functions.values()}
    assert set(Act) - declared == {Act.RENEW_PASSWORD}  # told apart from a first password within one view
