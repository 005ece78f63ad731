"""R13 over any span: the norm of a quarter for the part of its lessons that was held."""

from __future__ import annotations

import pytest

from ejd.compliance.density import least_of

DENSITY = [[2, 2], [5, 5], [99, 7]]  # R13's own numbers


@pytest.mark.parametrize(("half_hours", "lessons", "least"), [
    (2, 9, 2), (2, 8, 1), (2, 0, 0),  # an hour a week is eight and a half lessons a quarter
    (4, 17, 5), (4, 16, 4), (6, 26, 7), (8, 34, 7), (8, 33, 6),
    (2, 17, 4), (4, 34, 10),  # a half-year asks twice as many
    (1, 5, 2), (0, 5, 0)])
def test_the_fewest_marks_for_so_many_lessons(half_hours, lessons, least):
    assert least_of(half_hours, lessons, DENSITY) == least
