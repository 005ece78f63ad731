"""Which lessons stand on which spread of the printed journal (R51)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.certification import journal_book
from ejd.certification.journal_facts import MarkFact
from ejd.certification.journal_pages import Piece, months, needs_blank, parted, spreads


def shape(found):
    return [[(piece.lesson, piece.first, piece.last) for piece in spread] for spread in found]


@pytest.mark.parametrize(("lines", "room", "columns", "expected"), [
    ([], 10, 3, [[]]),  # no lessons: one empty spread
    ([2], 10, 3, [[(0, 0, 2)]]),
    ([2, 2, 2], 10, 3, [[(0, 0, 2), (1, 0, 2), (2, 0, 2)]]),
    ([2, 2, 2, 2], 10, 3, [[(0, 0, 2), (1, 0, 2), (2, 0, 2)], [(3, 0, 2)]]),  # columns are full
    ([6, 6], 10, 3, [[(0, 0, 6)], [(1, 0, 6)]]),  # the page is full: a row is not torn
    ([6, 4, 2], 10, 3, [[(0, 0, 6), (1, 0, 4)], [(2, 0, 2)]]),
    ([4, 25, 3], 10, 3, [[(0, 0, 4), (1, 0, 6)], [(1, 6, 16)], [(1, 16, 25)], [(2, 0, 3)]]),  # longer than pages
    ([1, 1, 12], 10, 2, [[(0, 0, 1), (1, 0, 1)], [(2, 0, 10)], [(2, 10, 12)]]),
])
def test_lessons_fill_spreads_and_none_is_cut(lines, room, columns, expected):
    assert shape(spreads(lines, room, columns)) == expected


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 60, 250])
def test_every_line_of_every_lesson_is_on_some_spread_once(count):
    lines = [1 + place * 7 % 90 for place in range(count)]
    found = spreads(lines, 40)
    pieces = [piece for spread in found for piece in spread]
    assert all(sum(piece.last - piece.first for piece in spread) <= 40 for spread in found)
    assert all(sum(not piece.goes_on for piece in spread) <= 16 for spread in found)
    for place, height in enumerate(lines):
        mine = [piece for piece in pieces if piece.lesson == place]
        assert [piece.first for piece in mine] == [0, *(piece.last for piece in mine[:-1])]
        assert mine[-1].last == height


def test_a_row_that_goes_on_has_no_column_of_its_own():
    assert Piece(3, 8, 12).goes_on and not Piece(3, 0, 8).goes_on


@pytest.mark.parametrize(("count", "most", "sizes"), [
    (0, 48, [0]), (1, 48, [1]), (48, 48, [48]), (49, 48, [25, 24]), (100, 48, [34, 33, 33])])
def test_long_lists_are_parted_evenly(count, most, sizes):
    assert [len(part) for part in parted(count, most)] == sizes


def test_months_of_a_quarter_begin_and_end_with_it():
    assert months(date(2026, 11, 2), date(2026, 12, 30)) == [
        (date(2026, 11, 2), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 30))]
    assert months(date(2027, 1, 11), date(2027, 1, 11)) == [(date(2027, 1, 11), date(2027, 1, 11))]


@pytest.mark.parametrize(("before", "blank"), [(2, True), (3, False), (4, True)])
def test_a_spread_begins_on_an_even_page(before, blank):
    """Behind an odd number of pages the next is an even one, so on the left."""
    assert needs_blank(before) is blank


def mark(number, value, retakes=None, after=False):
    return MarkFact(number, 1, 1, value, retakes, after)


@pytest.mark.parametrize(("letter", "marks", "expected"), [
    ("", [], ""),
    ("н", [], "н"),
    ("н", [mark(1, "4")], "н 4"),  # written later: both stay (R3)
    ("", [mark(1, "5"), mark(2, "4")], "5 4"),
    ("", [mark(1, "3"), mark(2, "5", retakes=1)], "3/5"),  # R11
    ("", [mark(1, "2"), mark(2, "4"), mark(3, "3", retakes=1), mark(4, "5", retakes=3)], "2/3/5 4"),
    ("", [mark(2, "5", retakes=1)], "/5"),  # what it mends stands in another lesson
    ("", [mark(1, "4", after=True)], "4*"),  # entered or changed after closing (R8)
    ("о", [mark(1, "зач")], "о зач"),
])
def test_a_cell_on_paper(letter, marks, expected):
    assert journal_book.cell(letter, marks) == expected
