"""What results are offered, allowed and flagged, and until when they are set (R1, R10–R15), as tables of cases."""

from datetime import date, timedelta
from fractions import Fraction as F

import pytest

from ejd.results import offering
from ejd.results.offering import FIVE_POINT, MARKLESS, PASS_FAIL, Rules

RULES = Rules()
BY_THRESHOLDS = Rules(year="thresholds", thresholds={"5": 460, "4": 360, "3": 260})


@pytest.mark.parametrize(("mean", "scheme", "passed", "failed", "offered"), [
    (F(9, 2), FIVE_POINT, 0, 0, "5"),
    (F(449, 100), FIVE_POINT, 0, 0, "4"),
    (F(7, 2), FIVE_POINT, 0, 0, "4"),
    (F(3499, 1000), FIVE_POINT, 0, 0, "3"),  # never rounded before it is compared (R11)
    (F(5, 2), FIVE_POINT, 0, 0, "3"),
    (F(249, 100), FIVE_POINT, 0, 0, "2"),
    (None, FIVE_POINT, 3, 0, None),
    (None, PASS_FAIL, 2, 1, "зач"),
    (None, PASS_FAIL, 1, 1, None),
    (None, PASS_FAIL, 0, 2, None),  # незач is for the teacher to say
    (F(5), PASS_FAIL, 0, 0, None),
    (F(5), MARKLESS, 3, 0, None),  # R14: silent
])
def test_a_term_mark_is_offered_by_thresholds(mean, scheme, passed, failed, offered):
    """R12, R14."""
    assert offering.offer_term(mean, scheme, RULES, passed=passed, failed=failed) == offered


@pytest.mark.parametrize(("terms", "rules", "offered"), [
    (["4", "5", "4", "5"], RULES, "5"),  # 4,5 goes up
    (["4", "4", "4", "5"], RULES, "4"),
    (["2", "3", "2", "3"], RULES, "3"),
    (["3", "3", "2", "2"], RULES, "3"),
    (["5", "4", "4"], RULES, "4"),
    ([None, "5", "4", "4"], RULES, "4"),  # came in the second quarter
    (["осв", "5", "5", "5"], RULES, "5"),
    (["5", "5", "5", None], RULES, None),  # the last term is still open
    (["5", "н/а", "5", "5"], RULES, None),  # R12: the teacher decides
    (["зач", "зач"], RULES, "зач"),
    (["зач", "незач"], RULES, None),
    (["зач", "4"], RULES, "4"),  # зачёт in the first half-year only
    (["осв", "осв"], RULES, None),
    ([], RULES, None),
    (["4", "5", "4", "5"], BY_THRESHOLDS, "4"),
    (["3", "3", "2", "2"], BY_THRESHOLDS, "2"),
])
def test_the_years_mark_is_the_mean_of_term_marks(terms, rules, offered):
    """R12."""
    assert offering.offer_year(terms, rules) == offered


@pytest.mark.parametrize(("years", "exam", "rules", "offered"), [
    ([("4", 1)], ("5", 1), RULES, "5"),
    ([("5", 1)], ("4", 1), RULES, "5"),
    ([("4", 1)], ("3", 1), RULES, "4"),
    ([("3", 1)], ("2", 1), RULES, "3"),
    ([("4", 1)], (None, 1), RULES, "4"),  # a subject without an exam
    ([(None, 1)], ("5", 1), RULES, None),
    ([("н/а", 1)], ("5", 1), RULES, None),
    ([], ("5", 1), RULES, None),
    ([("3", 1)], ("5", 1), Rules(final_9="year"), "3"),
    # mathematics: algebra, geometry, probability and the exam, each counting once
    ([("4", 1), ("4", 1), ("5", 1)], ("5", 1), RULES, "5"),
    ([("4", 1), ("4", 1), ("5", 1)], ("4", 1), RULES, "4"),
    ([("3", 3), ("5", 1)], ("3", 1), RULES, "3"),  # 17/5 by weights
    ([("3", 1), (None, 1)], ("5", 1), RULES, None),  # geometry is not set yet
])
def test_the_final_mark_of_class_9(years, exam, rules, offered):
    """R12: the mean of year and exam, half up; over several subjects by their weights."""
    assert offering.offer_final_9(years, exam, rules) == offered


@pytest.mark.parametrize(("history", "years", "rules", "offered"), [
    ([("4", 1), ("4", 1), ("4", 1), ("5", 1), ("5", 1), ("5", 1)], [("5", 1)], RULES, "5"),  # 4,5
    ([("4", 1), ("4", 1), ("4", 1), ("4", 1), ("5", 1), ("5", 1)], [("5", 1)], RULES, "4"),
    ([("4", 1), ("5", 1)], [(None, 1)], RULES, None),
    ([("4", 1), ("н/а", 1), ("5", 1)], [("5", 1)], RULES, None),
    ([("4", 1), ("4", 1), ("5", 1)], [("5", 1)], Rules(final_11="year"), "5"),
    ([("5", 2), ("3", 1), ("4", 1)], [("5", 2), ("4", 1)], RULES, "4"),
    ([], [], RULES, None),
])
def test_the_final_mark_of_class_11(history, years, rules, offered):
    """R12: the mean of the half-year and year marks of classes 10 and 11, half up."""
    assert offering.offer_final_11(history, years, rules) == offered


@pytest.mark.parametrize(("value", "scheme", "rules", "allowed"), [
    ("5", FIVE_POINT, RULES, True), ("2", FIVE_POINT, RULES, True), ("1", FIVE_POINT, RULES, False),
    ("1", FIVE_POINT, Rules(ones=True), True), ("зач", FIVE_POINT, RULES, False), ("н/а", FIVE_POINT, RULES, True),
    ("осв", FIVE_POINT, RULES, True), ("6", FIVE_POINT, RULES, False), ("", FIVE_POINT, RULES, False),
    ("зач", PASS_FAIL, RULES, True), ("незач", PASS_FAIL, RULES, True), ("5", PASS_FAIL, RULES, False),
    ("н/а", PASS_FAIL, RULES, True), ("5", MARKLESS, RULES, False), ("осв", MARKLESS, RULES, False),
])
def test_what_may_stand_by_the_scheme(value, scheme, rules, allowed):
    """R10, R14."""
    assert (offering.refusal_of_value(value, scheme, rules) is None) == allowed


def test_garbage_is_told_short():
    assert len(offering.refusal_of_value("5" * 9000, FIVE_POINT, RULES)) < 100


@pytest.mark.parametrize(("typed", "value"), [
    ("5", "5"), (" 4 ", "4"), ("Н/А", "н/а"), ("на", "н/а"), ("н.а.", "н/а"), ("н\\а", "н/а"), ("зачёт", "зач"),
    ("Зач.", "зач"), ("незачет", "незач"), ("ОСВ", "осв"), ("", ""), ("5 5", "5 5"),
])
def test_how_a_result_may_be_typed(typed, value):
    assert offering.read_value(typed) == value


@pytest.mark.parametrize(("marks", "held", "missed", "rules", "allowed"), [
    (2, 12, 8, RULES, True),  # exactly two thirds
    (2, 12, 7, RULES, False),
    (3, 12, 12, RULES, False),  # marks enough
    (0, 0, 0, RULES, False),  # no lesson was held
    (0, 3, 2, RULES, True),
    (4, 12, 6, Rules(few=5, missed=F(1, 2)), True),
])
def test_who_may_be_left_without_a_mark(marks, held, missed, rules, allowed):
    """R13: н/а needs few marks and many lessons missed."""
    assert offering.may_be_not_certified(marks=marks, held=held, missed=missed, rules=rules) == allowed
    refused = offering.refusal_of_not_certified(marks=marks, held=held, missed=missed, rules=rules)
    assert (refused is None) == allowed


@pytest.mark.parametrize(("marks", "least", "held", "missed", "told"), [
    (5, 5, 20, 0, []),
    (4, 5, 20, 0, ["мало отметок: нужно не меньше 5"]),
    (1, 5, 12, 9, ["пропущено 9 из 12 уроков: можно н/а"]),
    (1, 5, 21, 14, ["пропущено 14 из 21 урока: можно н/а"]),
])
def test_what_is_told_beside_a_pupil(marks, least, held, missed, told):
    """R13: density is a warning, never a refusal."""
    words = offering.warnings_of(marks=marks, least=least, held=held, missed=missed, rules=RULES)
    assert [word.replace("\u00a0", " ") for word in words] == told


@pytest.mark.parametrize(("value", "suggested", "different"), [
    ("5", "4", True), ("4", "4", False), ("4", None, False), (None, "4", False), ("н/а", "2", False),
    ("осв", "5", False),
])
def test_a_difference_is_flagged(value, suggested, different):
    """R12."""
    assert offering.is_different(value, suggested) == different


def test_results_are_due_some_school_days_before_the_end():
    """R1: their own deadline, by default two school days before the term's last."""
    days = [date(2026, 10, 12) + timedelta(days=offset) for offset in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    assert offering.due_day(days, 2) == date(2026, 10, 21)  # the last is Friday, 23 October
    assert offering.due_day(days, 0) == date(2026, 10, 23)
    assert offering.due_day(days, 5) == date(2026, 10, 16)  # over a week-end
    assert offering.due_day(days[:1], 2) == days[0]
    assert offering.due_day([], 2) is None
