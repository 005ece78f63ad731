"""The tasks of `make`: both halves of the tests are run and told, whichever fails."""

from __future__ import annotations

import sys

import pytest

from ejd import dev


def says(word: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"print('{word}', flush=True); raise SystemExit({code})"]


@pytest.mark.parametrize("codes, worse", [((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((1, 5), 5), ((2, 1), 2)])
def test_both_are_run_and_told_one_after_the_other_and_the_worse_code_counts(capfd, codes, worse):
    assert dev.both(says("first", codes[0]), says("second", codes[1]), between="then") == worse
    assert capfd.readouterr().out.split() == ["first", "then", "second"]
