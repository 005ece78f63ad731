"""Whatever is sent to the forms of the lists, they answer with a sentence, never with an error of the program."""

import pytest

from tests.access_table import EXAMPLES

FIELDS = ("last_name first_name patronymic birth_date from_on on last_day reason relation same grade letter hours "
          "scheme homework subject new_subject subgroup teacher_id class_id position job_title other_id sure q "
          "term_scheme days_per_week bell_schedule_id").split()
GARBAGE = ("", " ", "0", "-1", "9" * 40, "1", "2026-02-30", "0001-01-01", "9999-12-31", "2026-09-17", "<b>'\"",
           "Ы" * 3000)
ROUTES = ("search add_class class_teacher remove_class add_pupil divide_class split_by_alphabet add_course "
          "change_course assign_teacher retire_course edit_person join_people enrol_pupil move_pupil pupil_leaves "
          "add_guardian end_guardianship add_staff add_position end_position remove_person").split()


@pytest.mark.parametrize("endpoint", ROUTES)
def test_no_form_breaks(app, as_, school, endpoint):
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == f"admin.{endpoint}")
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(
            rule.endpoint, {name: EXAMPLES[name](school) for name in rule.arguments})
    visitor = as_(school.dina)
    for one in GARBAGE:
        data = dict.fromkeys([*FIELDS, f"pupil-{school.vitya.id}"], one) | {"csrf_token": visitor.csrf()}
        answer = visitor.open(url, method="POST", data=data)
        assert answer.status_code in {200, 302, 303, 404, 422}, (one[:20], answer.status_code)
