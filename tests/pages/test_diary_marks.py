"""Marks by subject as a family reads them: averages, what each mark was for, what is expected (R4, R11, R14, R15)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.journal.models import Awaiting
from ejd.roster.models import MarkingScheme
from ejd.school.models import Setting
from tests.diary_facts import MON, THU, TUE, WED, expect, lesson_of, marks_of, moment, put_mark
from tests.world import FIRST_DAY


@pytest.fixture
def subjects(as_, school):
    """Вера opens Витя's marks; what stands under each subject, in one line."""
    def opened(url=None):
        page = as_(school.vera).get(url or marks_of(school.vitya))
        return {" ".join(item.h3.find(string=True, recursive=False).split()): " ".join(item.get_text(" ").split())
                for item in page.select(".subjects > li")}
    return opened


def test_every_subject_is_there_alphabetically_with_or_without_marks(subjects):
    assert list(subjects()) == ["Иностранный язык (английский)", "Математика", "Русский язык"]
    assert "отметок пока нет" in subjects()["Математика"]


def test_the_average_is_weighted(school, subjects):
    """R11: 5 of weight 2 and 3 of weight 1 give 4,33."""
    put_mark(school, lesson_of(school, "Матем", MON), "5", weight=2)
    put_mark(school, lesson_of(school, "Матем", TUE), "3", weight=1)
    assert "средний с учётом веса 4,33 5 ×2 3" in subjects()["Математика"]


def test_of_equal_weights_the_average_is_a_plain_one(school, subjects):
    for day in (MON, TUE):
        put_mark(school, lesson_of(school, "Матем", day), "4", weight=2)
    assert "средний балл 4,00" in subjects()["Математика"]


def test_the_school_may_take_the_arithmetic_mean(school, session, subjects):
    session.add(Setting(key="average", valid_from=FIRST_DAY, value='"arithmetic"'))
    session.commit()
    put_mark(school, lesson_of(school, "Матем", MON), "5", weight=2)
    put_mark(school, lesson_of(school, "Матем", TUE), "3", weight=1)
    assert "средний балл 4,00" in subjects()["Математика"]


def test_marks_stand_in_the_order_of_lessons_and_each_tells_what_it_was_for(as_, school):
    put_mark(school, lesson_of(school, "Матем", TUE), "3", kind_id=school.kind("test").id, comment="Разобрать дома")
    put_mark(school, lesson_of(school, "Матем", MON), "5")
    details = as_(school.vera).get(marks_of(school.vitya)).select_one("details")
    assert details.summary.text.split() == ["5", "3×2"]
    assert [" ".join(li.text.split()) for li in details.select("li")] == [
        "пн, 14 сентября: 5 Ответ на уроке", "вт, 15 сентября: 3 Контрольная работа, вес 2: Разобрать дома"]


def test_a_subject_marked_by_pass_and_fail_has_no_average(school, session, subjects):
    school.course("7А", "Русский").scheme = MarkingScheme.PASS_FAIL.value
    session.commit()
    put_mark(school, lesson_of(school, "Русский", MON), "зач")
    assert "зач" in subjects()["Русский язык"] and "средний балл" not in subjects()["Русский язык"]


@pytest.mark.parametrize(("awaiting", "by", "words"), [
    (Awaiting.TEACHER, date(2026, 9, 21), "учитель ещё не выставил, срок до 21 сентября"),
    (Awaiting.TEACHER, date(2026, 9, 16), "учитель ещё не выставил, срок был 16 сентября"),
    (Awaiting.PUPIL, date(2026, 9, 28), "работа не сдана, сдать до 28 сентября"),
    (Awaiting.PUPIL, date(2026, 9, 15), "работа не сдана, срок сдачи был 15 сентября"),
])
def test_what_is_expected_stands_with_its_subject(school, subjects, awaiting, by, words):
    expect(school, lesson_of(school, "Матем", MON), awaiting, by)
    assert f"Контрольная работа «Дроби», пн, 14 сентября: {words}" in subjects()["Математика"]
    assert "просрочено" not in subjects()["Математика"]


def test_works_to_hand_in_stand_on_top_the_nearest_first(as_, school):
    expect(school, lesson_of(school, "Матем", MON), Awaiting.PUPIL, date(2026, 9, 28))
    expect(school, lesson_of(school, "Русский", MON), Awaiting.PUPIL, date(2026, 9, 16), title="Диктант")
    expect(school, lesson_of(school, "Русский", WED), Awaiting.TEACHER, date(2026, 9, 23), title="Падежи")
    told = [" ".join(li.text.split()) for li in as_(school.vera).get(marks_of(school.vitya)).select("#owed li")]
    assert told == ["срок был 16 сентября Русский язык: Контрольная работа «Диктант» урок пн 14.09",
                    "до 28 сентября Математика: Контрольная работа «Дроби» урок пн 14.09"]


def test_works_of_a_term_before_are_still_to_hand_in(as_, school):
    expect(school, lesson_of(school, "Матем", MON), Awaiting.PUPIL, date(2026, 9, 28))
    with clock.freeze(moment(date(2026, 11, 10), 12)):
        page = as_(school.vera).get(marks_of(school.vitya))
    assert page.select("#owed li") and not page.select(".subjects .owed")


def test_before_the_launch_date_the_teacher_has_no_term(school, session, subjects):
    session.query(Setting).filter_by(key="launch.marks").update({"value": '"2026-09-15"'})
    session.commit()
    expect(school, lesson_of(school, "Матем", MON), Awaiting.TEACHER, date(2026, 9, 16))
    assert "учитель ещё не выставил" in subjects()["Математика"] and "срок" not in subjects()["Математика"]


def test_a_class_without_marks_is_told_so_and_promised_no_homework(as_, school):
    page = as_(school.vera).get(marks_of(school.masha))
    assert page.select_one(".empty").text == "В этом классе отметок не ставят. Пропуски показаны в дневнике."
    assert not page.select(".subjects")


def test_a_term_that_has_ended_can_be_opened_again(as_, school):
    put_mark(school, lesson_of(school, "Матем", MON), "5")
    with clock.freeze(moment(date(2026, 11, 10), 12)):
        visitor = as_(school.vera)
        page = visitor.get(marks_of(school.vitya))
        assert page.h2.text.startswith("II четверть") and "средний балл" not in page.words
        assert [a.text for a in page.select("nav[aria-label='Учебные периоды'] a")] == ["I четверть", "II четверть"]
        first = visitor.get(page.find("a", string="I четверть")["href"])
    assert first.h2.text.startswith("I четверть") and "средний балл 5,00" in first.words


def test_in_holidays_the_term_before_is_shown(as_, school):
    with clock.freeze(moment(date(2026, 10, 28), 12)):
        assert as_(school.vitya).get("/student/marks").h2.text.startswith("I четверть")


@pytest.mark.parametrize("term", ["3", "0", "99", "первая", "-1", "1e9", "²"])
def test_a_term_that_does_not_exist_is_answered_with_a_sentence(as_, school, term):
    page = as_(school.vera).get(f"{marks_of(school.vitya)}?term={term}", status=404)
    assert "Такого учебного периода нет" in page.words


def test_a_stranger_to_the_child_does_not_learn_that_the_marks_exist(as_, school):
    as_(school.zakhar).get(marks_of(school.vitya), status=404)


def test_a_teacher_has_no_parents_side(as_, school):
    as_(school.anna).get(marks_of(school.vitya), status=403)


def test_a_pupil_sees_the_own_marks(as_, school):
    put_mark(school, lesson_of(school, "Матем", THU), "4")
    assert "средний балл 4,00" in as_(school.vitya).get("/student/marks").words


def test_the_marks_ask_the_database_eight_times_whatever_stands_in_them(as_, school, at_most):
    for subject in ("Матем", "Русский"):
        put_mark(school, lesson_of(school, subject, MON), "4")
        expect(school, lesson_of(school, subject, MON), Awaiting.TEACHER, THU)
    visitor = as_(school.vera)
    with at_most(8):
        visitor.get(marks_of(school.vitya))
