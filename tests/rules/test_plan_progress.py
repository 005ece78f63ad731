"""R60, plan lag: hours of a plan against lessons, and which topic comes next."""

from __future__ import annotations

import pytest

from ejd.plans.progress import Progress, Step, next_step, passed_hours


def steps(*pairs):
    """Topics 1, 2, 3 … as hours and how many lessons took each."""
    return [Step(number, hours, lessons) for number, (hours, lessons) in enumerate(pairs, 1)]


@pytest.mark.parametrize(("given", "hours"), [
    (steps(), 0),
    (steps((1, 0), (1, 0)), 0),
    (steps((1, 1), (1, 1), (1, 0)), 2),
    (steps((2, 1), (1, 0)), 1),  # «1 из 2»
    (steps((2, 2), (1, 0)), 2),
    (steps((2, 3), (1, 0)), 2),  # an extra lesson gives no more of the plan
    (steps((2, 1), (1, 1)), 3),  # pressed into one lesson: the next topic was begun
    (steps((1, 1), (1, 0), (1, 1)), 2),  # the one left out is not given
    (steps((3, 1), (2, 1), (2, 0)), 4),
])
def test_hours_of_the_plan_that_were_given(given, hours):
    assert passed_hours(given) == hours


@pytest.mark.parametrize(("given", "latest", "after"), [
    (steps(), None, None),
    (steps((1, 0), (1, 0)), None, 1),
    (steps((1, 1), (1, 0)), 1, 2),
    (steps((2, 1), (1, 0)), 1, 1),  # a topic goes on until its hours are over
    (steps((2, 2), (1, 0)), 1, 2),
    (steps((1, 1), (1, 0), (1, 1), (1, 0)), 3, 4),  # what was left out waits
    (steps((1, 1), (1, 0), (1, 1)), 3, 2),  # until nothing else is left
    (steps((1, 1), (1, 0), (1, 1)), 1, 2),  # a lesson filled in late gets what is between
    (steps((1, 1), (1, 1)), 2, None),
    (steps((1, 0)), 77, 1),  # the latest topic was dropped from the plan
])
def test_the_next_topic(given, latest, after):
    assert next_step(given, latest) == after


def progress(**given):
    return Progress(**{"planned": 68, "lessons": 68, "due": 10, "held": 10, "passed": 10, **given})


@pytest.mark.parametrize(("given", "lag"), [
    ({}, 0),
    ({"held": 8, "passed": 8}, 2),  # two lessons were cancelled
    ({"held": 8, "passed": 10}, 0),  # and made good by merging
    ({"passed": 12}, -2),
    ({"planned": 6, "passed": 6}, 0),  # a plan for a part of the year is not behind once it is over
    ({"planned": 0, "passed": 0}, 0),
])
def test_the_lag_in_hours(given, lag):
    assert progress(**given).lag == lag


@pytest.mark.parametrize(("given", "to_merge", "missing"), [
    ({}, 0, 0),
    ({"planned": 70}, 2, 0),
    ({"planned": 25, "passed": 10, "lessons": 22, "held": 10}, 3, 0),  # «осталось 12 уроков на 15 тем»
    ({"planned": 60}, 0, 8),
    ({"planned": 70, "passed": 7, "untold": 3}, 2, 0),  # three lessons of which nobody has said what they took
    ({"planned": 68, "passed": 12}, 0, 0),
])
def test_what_is_left_against_the_lessons_left(given, to_merge, missing):
    assert (progress(**given).to_merge, progress(**given).missing) == (to_merge, missing)
