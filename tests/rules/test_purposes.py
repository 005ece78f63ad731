"""Everybody reads what is kept about them, why and until when: nothing is forgotten, and the time is the true one (R40,
R54)."""

from __future__ import annotations

from collections import Counter

import pytest

from ejd.archive.keeping import JOURNALS, SHEETS, STAYS
from ejd.privacy.headings import ABOUT, MADE, THROUGH
from ejd.privacy.purposes import DONE, JOURNAL, PURPOSES, SUMMARY


def test_every_kind_of_rows_stands_under_one_purpose():
    listed = Counter(key for purpose in PURPOSES for key in purpose.keys)
    assert listed.keys() == ABOUT.keys() | THROUGH.keys() and set(listed.values()) == {1}
    assert set(DONE.keys) == MADE.keys()


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.title)
def test_the_time_told_is_the_time_it_is_kept(purpose):
    tables = {key.split(".")[0] for key in purpose.keys}
    told = {JOURNAL: JOURNALS.keys(), SUMMARY: SHEETS.keys()}.get(purpose.until, STAYS)
    assert tables <= set(told) and purpose.why
