"""Traffic lights of control, and its pictures (R60)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ejd.compliance.charts import ranking, weeks
from ejd.compliance.lights import Light, light_of, lights_of_stand, signals_of, worst
from ejd.compliance.metrics import Figure, Tally
from ejd.compliance.standing import Stand

BOUNDS = dict.fromkeys(("late", "overdue", "corrected", "homework", "lessons", "attendance", "copies", "lag",
                        "results"), (2, 5))


@pytest.mark.parametrize(("value", "bounds", "light"), [
    (Fraction(0), (1, 5), Light.GREEN), (Fraction(9, 10), (1, 5), Light.GREEN), (Fraction(1), (1, 5), Light.YELLOW),
    (Fraction(49, 10), (1, 5), Light.YELLOW), (Fraction(5), (1, 5), Light.RED), (Fraction(1, 10), (0, 5), Light.YELLOW),
    (Fraction(0), (0, 0), Light.GREEN),  # nothing bad is green whatever the school asks
    (Fraction(1, 100), (0, 0), Light.RED)])
def test_the_colour_begins_with_its_bound(value, bounds, light):
    assert light_of(value, bounds) is light


def test_a_signal_is_a_share_of_what_should_be():
    tally = Tally()
    tally.counts.update({Figure.ON_TIME: 97, Figure.LATE: 3, Figure.OVERDUE: 100, Figure.CORRECTED: 4,
                         Figure.HOMEWORK_OWED: 50, Figure.HOMEWORK_LATE: 1, Figure.HOMEWORK_MISSING: 2})
    signals = signals_of(tally, BOUNDS)
    assert {name: one.share for name, one in signals.items()} == {
        "late": Fraction(3, 100), "overdue": Fraction(1, 2), "corrected": Fraction(1, 25),
        "homework": Fraction(3, 50)}
    assert [signals[name].light for name in ("late", "overdue", "homework")] == [Light.YELLOW, Light.RED, Light.RED]
    assert worst([signals["late"], None, signals["overdue"]]) is Light.RED


def test_without_anything_to_measure_there_is_no_light():
    assert signals_of(Tally(), BOUNDS) == {} and worst([None]) is None


@pytest.mark.parametrize(("due", "overdue", "out_of_date", "light"), [
    (0, 0, 0, Light.GREEN), (100, 0, 1, Light.GREEN), (100, 1, 1, Light.YELLOW), (20, 1, 0, Light.RED)])
def test_copies_are_a_share_of_those_that_should_be_certified(due, overdue, out_of_date, light):
    total = Stand(due=due, overdue=overdue, out_of_date=out_of_date)
    assert lights_of_stand(total, BOUNDS)["copies"] is light


def test_every_mark_is_in_the_bar_of_its_week():
    days = {date(2026, 9, 1): 2, date(2026, 9, 6): 1, date(2026, 9, 7): 5, date(2026, 9, 20): 7}
    drawn = weeks(days, date(2026, 9, 1), date(2026, 9, 20))
    assert [(one.monday.day, one.marks) for one in drawn.columns] == [(31, 3), (7, 5), (14, 7)]
    assert (drawn.columns[0].first, drawn.columns[-1].last) == (date(2026, 9, 1), date(2026, 9, 20))
    assert all(one.y + one.height == drawn.floor for one in drawn.columns) and drawn.columns[2].height == 110


def test_the_bars_of_a_year_stay_inside_the_picture():
    drawn = weeks({date(2026, 9, 1): 1}, date(2026, 9, 1), date(2027, 5, 26))
    assert max(one.x + one.width for one in drawn.columns) <= drawn.width


@pytest.mark.parametrize("span", [(date(2026, 9, 1), date(2026, 9, 3)), (date(2000, 1, 1), date(2026, 9, 3))])
def test_one_week_or_a_hundred_years_are_no_picture(span):
    assert weeks({date(2026, 9, 1): 1}, *span) is None


def test_the_longest_bar_fills_the_picture_and_one_among_thousands_is_seen():
    drawn = ranking("", [("Котова", "1 000", [("late", 900), ("warn", 100)]), ("Ким", "1", [("late", 1)])])
    first, second = drawn.rows
    assert first.end == 580 and [piece.look for piece in first.pieces] == ["late", "warn"]
    assert second.pieces[0].width == 2
    assert ranking("", [("Котова", "0", [("late", 0)])]) is None
