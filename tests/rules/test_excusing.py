"""What an excuse covers and does to a lesson's cell, what may be announced, which days are missed (R4, R8, R10)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.journal.excusing import (
    Excused,
    Outcome,
    Span,
    missed_day,
    outcome,
    prevailing,
    refusal_of_span,
    refusal_to_announce,
)

MON, TUE, WED = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)
YEAR = date(2026, 9, 1), date(2027, 5, 26)


@pytest.mark.parametrize(("span", "day", "number", "covered"), [
    (Span(MON, WED), MON, 1, True), (Span(MON, WED), WED, 7, True), (Span(MON, TUE), WED, 1, False),
    (Span(TUE, WED), MON, 1, False),
    (Span(MON, MON, 3), MON, 2, False), (Span(MON, MON, 3), MON, 3, True), (Span(MON, MON, 3), MON, 8, True),
    (Span(MON, MON, None, 2), MON, 2, True), (Span(MON, MON, None, 2), MON, 3, False),
    (Span(MON, MON, 2, 2), MON, 2, True), (Span(MON, MON, 2, 2), MON, 1, False),
])
def test_which_lessons_a_span_covers(span, day, number, covered):
    assert span.covers(day, number) is covered


@pytest.mark.parametrize(("span", "words"), [
    (Span(MON, MON), "пн, 14 сентября"), (Span(MON, WED), "14–16 сентября"),
    (Span(MON, MON, 4), "пн, 14 сентября, с 4-го урока"), (Span(MON, MON, None, 3), "пн, 14 сентября, по 3-й урок"),
    (Span(MON, MON, 2, 3), "пн, 14 сентября, 2–3 уроки"), (Span(MON, MON, 2, 2), "пн, 14 сентября, 2-й урок"),
])
def test_a_span_in_words(span, words):
    assert span.in_words.replace("\u00a0", " ") == words


@pytest.mark.parametrize(("excuse", "letter", "said_present", "taken", "marked", "shut", "what"), [
    # н is explained, whether attendance was taken or not, in a closed term too (R8)
    ("б", "н", False, True, False, False, Outcome.FILL), ("у", "н", False, False, False, False, Outcome.FILL),
    ("б", "н", False, True, True, False, Outcome.FILL), ("б", "н", False, True, False, True, Outcome.FILL),
    # without a reason there is nothing to explain
    ("н", "н", False, True, False, False, Outcome.LEAVE),
    # a reason that stands stays
    ("б", "у", False, True, False, False, Outcome.LEAVE), ("у", "б", False, True, False, False, Outcome.LEAVE),
    # a blank waits until attendance is taken; then it is filled, but not in what is closed
    ("б", None, False, False, False, False, Outcome.LEAVE), ("б", None, False, True, False, False, Outcome.FILL),
    ("б", None, False, True, False, True, Outcome.TELL),
    # who was there is told: late, a mark of that lesson, said to be present; nobody's «н» outweighs the teacher
    ("б", "о", False, True, False, False, Outcome.TELL), ("б", None, False, True, True, False, Outcome.TELL),
    ("б", None, True, True, False, False, Outcome.TELL), ("б", None, True, False, False, False, Outcome.TELL),
    ("н", None, False, True, False, False, Outcome.TELL), ("н", None, False, False, False, False, Outcome.LEAVE),
])
def test_what_an_excuse_does_to_a_cell(excuse, letter, said_present, taken, marked, shut, what):
    assert outcome(excuse, letter=letter, said_present=said_present, taken=taken, marked=marked, shut=shut) is what


def test_of_several_the_reason_the_paper_and_the_later_come_first():
    def one(number, code, paper):
        return Excused(number, Span(MON, MON), code, paper)

    absent, word, paper, newer = one(9, "н", False), one(2, "у", False), one(1, "б", True), one(3, "у", True)
    assert prevailing([]) is None
    assert prevailing([absent, word]) == word
    assert prevailing([paper, word]) == paper
    assert prevailing([paper, newer]) == newer


@pytest.mark.parametrize(("span", "field"), [
    (Span(MON, WED), None), (Span(MON, MON, 1, 12), None), (Span(*YEAR), "to_on"),
    (Span(WED, MON), "to_on"), (Span(date(2026, 8, 31), MON), "from_on"), (Span(MON, date(2027, 5, 27)), "to_on"),
    (Span(MON, MON, 0), "first_number"), (Span(MON, MON, 13), "first_number"), (Span(MON, MON, 1, 99), "last_number"),
    (Span(MON, TUE, 2), "first_number"), (Span(MON, TUE, None, 2), "first_number"),
    (Span(MON, MON, 4, 2), "last_number"),
])
def test_days_that_are_no_span_are_refused_at_their_field(span, field):
    refusal = refusal_of_span(span, year=YEAR)
    assert (refusal and refusal[0]) == field


@pytest.mark.parametrize(("span", "code", "standing", "field"), [
    (Span(MON, WED), "б", (), None), (Span(MON, WED), "н", (), "code"), (Span(MON, WED), "", (), "code"),
    (Span(date(2026, 8, 17), date(2026, 8, 17)), "у", (), None),
    (Span(date(2026, 8, 16), date(2026, 8, 16)), "у", (), "from_on"),  # more than 31 days ago
    (Span(MON, MON), "у", [Span(MON, WED)], "from_on"), (Span(MON, WED), "у", [Span(MON, MON)], None),
    (Span(MON, MON, 3), "у", [Span(MON, MON, 2)], "from_on"), (Span(MON, MON), "у", [Span(MON, MON, 2)], None),
])
def test_what_a_guardian_may_announce(span, code, standing, field):
    refusal = refusal_to_announce(span, code, today=date(2026, 9, 17), standing=standing)
    assert (refusal and refusal[0]) == field


@pytest.mark.parametrize(("letters", "lessons", "whole"), [
    ([], 5, None), (["б"], 2, None), (["б", "б"], 2, "б"), (["у", "у"], 2, "у"), (["б", "у"], 2, "б"),
    (["б", "н"], 2, "н"), (["о", "б"], 2, None), (["н"], 1, "н"),
])
def test_a_day_is_missed_when_all_its_lessons_are(letters, lessons, whole):
    """R10: late is present; of several reasons what nobody has explained comes first."""
    assert missed_day(letters, lessons) == whole
