"""A term of 7А, lived through in the browser: from the timetable to the closed journal and what is corrected in it.

Дина is the deputy, Ольга the office. Анна teaches mathematics and is the class teacher, Борис Russian and the second
group of English, Ева the first one; she stands in for Анна once. Вера reads the diary of Витя Волков on a phone
without JavaScript. The story is told twice: teachers write by keys, and by the forms that need no JavaScript. Three
times everything that the pages show is compared with a plain recount of the rows (tests/e2e/term/plain_recount.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.term import end, weeks, works
from tests.e2e.term.agreement import everything_agrees
from tests.e2e.term.cast import Cast
from tests.e2e.term.hands import ByForms, ByKeys
from tests.e2e.term.school import School, make_school


@pytest.fixture
def school(request: pytest.FixtureRequest, tmp_path) -> Iterator[School]:  # noqa: ANN001
    on_postgresql = request.config.getoption("--database") == "postgresql"
    school = make_school(tmp_path, request.getfixturevalue("database_url") if on_postgresql else "")
    school.start()
    yield school
    school.stop()


@pytest.fixture(params=[ByKeys, ByForms])
def cast(request: pytest.FixtureRequest, school: School, somebody) -> Cast:  # noqa: ANN001
    """Once with keys, once without JavaScript."""
    return Cast(school, somebody, request.param(school))


def test_a_term_of_7a(school, cast, tmp_path):
    school.moves_to(28, 10, month=8)
    weeks.the_deputy_makes_the_timetable(cast)
    school.moves_to(1, 8)
    weeks.the_teacher_brings_in_the_plan(cast, tmp_path)
    weeks.the_teacher_plans_a_control_work(cast)
    school.moves_to(1, 10, 30)
    weeks.the_first_lesson_is_taught(cast, tmp_path)
    weeks.the_family_sees_the_first_day(cast)
    school.moves_to(2, 19)
    weeks.a_work_is_written_in_russian(cast)
    weeks.the_mother_announces_an_absence(cast)
    weeks.the_class_teacher_accepts_it(cast)
    school.moves_to(3, 9, 30)
    weeks.the_letter_stands_at_the_lesson(cast)
    school.moves_to(4, 11, 15)
    weeks.friday_is_taught(cast)
    school.moves_to(7, 9)
    weeks.the_office_names_a_substitute(cast)
    school.moves_to(8, 10, 30)
    weeks.the_substitute_has_this_lesson_only(cast)
    school.moves_to(9, 10)
    works.five_works_in_russian_are_marked(cast)
    works.another_work_in_russian_is_not_marked_for_one(cast)
    school.moves_to(10, 10)
    works.three_more_are_marked_late(cast)
    works.thursday_is_taught(cast)
    school.moves_to(11, 11, 15)
    works.the_control_work_is_written_without_two(cast)
    works.the_family_sees_what_is_owed(cast)
    school.moves_to(15, 10, 30)
    works.one_of_them_writes_it_later(cast)
    school.moves_to(16, 10)
    works.a_certificate_is_brought_late(cast)
    school.moves_to(17, 10)
    works.a_bad_mark_is_mended(cast)
    works.the_overdue_mark_is_seen(cast)
    everything_agrees(cast)
    school.moves_to(18, 11, 15)
    works.the_last_lessons_are_taught(cast)
    end.the_teacher_sets_the_results_of_the_term(cast)
    end.what_is_offered_is_set_in_the_other_subjects(cast)
    everything_agrees(cast)
    end.closing_is_refused_while_something_is_awaited(cast)
    end.the_class_teacher_writes_to_the_family(cast)
    school.moves_to(18, 20)
    end.the_mother_answers_and_has_read_the_week(cast)
    school.moves_to(21, 9)
    end.the_class_teacher_sees_it(cast)
    school.moves_to(25, 9)
    end.the_term_is_closed(cast)
    end.a_correction_is_refused(cast)
    end.the_journal_is_opened_with_a_reason(cast)
    end.the_correction_is_made_and_told_apart(cast)
    everything_agrees(cast)
