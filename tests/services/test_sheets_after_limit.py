"""Whom a court has limited is given no sheet: neither named on a shared one nor noted as having received it, nor asked
for in the figures from that day on (R21, R23, R25, R60)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.families import queries_sheets, sheets
from ejd.families.sheets import Seen
from tests.families import guardian_of, on_paper, print_all, sheets_there
from tests.journal import records
from tests.services.test_sheets_after_refusal import (
    FRIDAY,
    FRIDAY_EVENING,
    MONDAY,
    NEXT_MONDAY,
    becomes,
    hands_out,
    takes_homework_out,
    waiting,
)

VERA, ZAKHAR = "Волкова\u00a0В.\u00a0В.", "Зимин\u00a0З.\u00a0З."
OF_THE_WEEK = {"first": date(2026, 9, 14), "last": date(2026, 9, 27)}  # it is due on Monday, the 21st


@pytest.fixture
def shared(school):
    """One sheet for Вера and Захар, printed on Friday evening."""
    guardian_of(school, school.vitya, school.zakhar)
    for guardian in (school.vera, school.zakhar):
        on_paper(school, guardian, school.vitya, from_on=MONDAY)
    with clock.freeze(FRIDAY_EVENING):
        print_all(school, shared={(school.vitya.id, MONDAY)})
    school.session.flush()
    return {one.guardian_id: one for one in sheets_there(school)}


def drawn(school, sheet):
    [(content, _)] = sheets.contents(school.session, [sheet], day=clock.today())
    return content.guardians


@pytest.mark.parametrize("limited", ["vera", "zakhar"])
def test_a_shared_sheet_is_for_the_other_alone(school, shared, limited):
    """R23, R25"""
    out = getattr(school, limited)
    other, name = (school.zakhar, ZAKHAR) if limited == "vera" else (school.vera, VERA)
    becomes(school, out, "limited")
    with clock.freeze(NEXT_MONDAY):
        [line] = waiting(school)
        assert line.guardians == name and line.amiss is None
        sheet = next(one for one in shared.values() if one.id == line.id)
        sheets.print_again(school.session, actor_id=school.anna.id, seen=Seen(sheet.id, 1), now=clock.now())
        assert drawn(school, sheet) == name
        hands_out(school, sheet)
        assert waiting(school) == []
        assert (shared[other.id].handed_on, shared[out.id].handed_on) == (NEXT_MONDAY.date(), None)
        assert len(records(school, "sheet.handed_out")) == 1
        log = queries_sheets.sheets_of_class(school.session, school.school_class("7А"), now=clock.now(),
                                             today=clock.today()).printed
        assert [one.guardians for one in log if one.first_of_shared] == [name]
        sheets.take_back(school.session, actor_id=school.anna.id, seen=Seen(sheet.id, sheet.version), now=clock.now())
        assert len(records(school, "sheet.hand_out_withdrawn")) == 1 and len(waiting(school)) == 1


def test_who_was_given_it_before_the_court_stays_in_the_log(school, shared):
    """R25: to whom it was handed out is a fact."""
    with clock.freeze(NEXT_MONDAY):
        hands_out(school, shared[school.vera.id])
    becomes(school, school.zakhar, "limited", on=date(2026, 9, 22))
    with clock.freeze(clock.at(date(2026, 9, 23), 12)):
        log = queries_sheets.sheets_of_class(school.session, school.school_class("7А"), now=clock.now(),
                                             today=clock.today()).printed
    assert [one.guardians for one in log if one.first_of_shared] == [f"{VERA}, {ZAKHAR}"]


def test_after_one_refuses_the_other_keeps_a_sheet_with_the_own_name(school, shared):
    """R21"""
    becomes(school, school.vera, "refused")
    with clock.freeze(NEXT_MONDAY):
        right, keep = takes_homework_out(school, shared[school.vera.id], parted=True)
        assert keep == ZAKHAR and right.guardian_id == school.vera.id
        assert {one.guardian_id: drawn(school, one) for one in shared.values()} == {
            school.vera.id: VERA, school.zakhar.id: ZAKHAR}
    assert shared[school.zakhar.id].form == "paper" and shared[school.zakhar.id].reprints == 0


def test_nobody_keeps_the_sheet_when_the_other_is_limited(school, shared):
    """R21, R23"""
    becomes(school, school.vera, "refused")
    becomes(school, school.zakhar, "limited")
    with clock.freeze(NEXT_MONDAY):
        _, keep = takes_homework_out(school, shared[school.vera.id], parted=True)
        assert keep == "" and [one.guardians for one in waiting(school)] == [VERA]


def figures(school, on):
    with clock.freeze(clock.at(on, 12)):
        found = queries_sheets.sheets_of_school(
            school.session, year_id=school.school_class("7А").year_id, now=clock.now(), **OF_THE_WEEK)
    return [(one.due, one.printed, one.handed, one.uncollected, one.to_print) for one in found.figures]


@pytest.mark.parametrize(("printed", "handed", "limited_on", "expected"), [
    (True, False, date(2026, 9, 21), []),  # limited on its last day: nothing is owed any more
    (True, True, date(2026, 9, 21), [(1, 1, 1, 0, 0)]),  # handed out on Friday: that stays
    (False, False, date(2026, 9, 21), []),
    (False, False, date(2027, 3, 1), [(1, 0, 0, 0, 0)]),  # not printed in September: March does not hide it
    (True, False, date(2027, 3, 1), [(1, 1, 0, 0, 0)]),  # nobody is waited for
])
def test_figures_ask_for_a_sheet_till_the_court_limits(school, printed, handed, limited_on, expected):
    """R25, R60"""
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    if printed:
        with clock.freeze(FRIDAY_EVENING):
            [sheet] = print_all(school)
            if handed:
                hands_out(school, sheet, on=FRIDAY)
    becomes(school, school.vera, "limited", on=limited_on)
    assert figures(school, max(limited_on, date(2026, 9, 25))) == expected


def test_of_a_shared_sheet_only_whom_it_was_for_is_waited_for(school, shared):
    """R60: two were due; one is limited before the last day, the other did not come."""
    becomes(school, school.zakhar, "limited")
    assert figures(school, date(2026, 9, 24)) == [(1, 1, 0, 1, 0)]
