"""Printed with homework on Friday, refused on Saturday: the sheet is not handed out, the right one takes its place, and
there still is one a week (R21, R23, R25)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd import clock
from ejd.families import queries_sheets, sheets
from ejd.families.models import ServiceForm
from ejd.families.sheets import Seen
from ejd.families.week_due import Amiss
from ejd.refusal import Refused, Stale
from tests.families import guardian_of, on_paper, print_all, says, sheets_there, to_print
from tests.journal import Hand, records

MONDAY, FRIDAY, SATURDAY = date(2026, 9, 14), date(2026, 9, 18), date(2026, 9, 19)
FRIDAY_EVENING, NEXT_MONDAY = clock.at(FRIDAY, 15), clock.at(date(2026, 9, 21), 12)
TASK = "п. 12, № 34"


@pytest.fixture
def maths(school):
    return school.course("7А", "Матем")


@pytest.fixture
def printed(school, maths):
    """Вера's sheet of Friday evening, with homework and a mark."""
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    anna, lesson = Hand(school, school.anna), school.lesson(maths, MONDAY)
    anna.sets(lesson, TASK, at=clock.at(MONDAY, 14))
    anna.puts(lesson, school.vitya, "5", at=clock.at(MONDAY, 14))
    with clock.freeze(FRIDAY_EVENING):
        [sheet] = print_all(school)
    assert TASK in sheet.content
    return sheet


def becomes(school, guardian, form, on=SATURDAY):
    """A paper that is registered on a day ends what stood before."""
    for row in school.session.query(ServiceForm).filter_by(guardian_id=guardian.id, to_on=None):
        row.to_on = on - timedelta(days=1)
    school.session.flush()
    on_paper(school, guardian, school.vitya, form, from_on=on)


def waiting(school):
    return queries_sheets.sheets_of_class(school.session, school.school_class("7А"), now=clock.now(),
                                          today=clock.today()).waiting


def hands_out(school, sheet, on=date(2026, 9, 21)):
    sheets.hand_out(school.session, actor_id=school.anna.id, class_id=sheet.class_id, to="pupil", on=on,
                    sheets=[Seen(sheet.id, sheet.version)], now=clock.now())


def takes_homework_out(school, sheet, version=None, parted=False):
    """The right sheet; with `parted` also who keeps the one of before."""
    right, keep = sheets.print_without_homework(school.session, actor_id=school.anna.id, now=clock.now(),
                                                seen=Seen(sheet.id, version or sheet.version))
    return (right, keep) if parted else right


def test_it_is_marked_and_neither_handed_out_nor_printed_again(school, printed):
    becomes(school, school.vera, "refused")
    with clock.freeze(NEXT_MONDAY):
        assert [one.amiss for one in waiting(school)] == [Amiss.HOMEWORK] and to_print(school) == []
        with pytest.raises(Refused, match="Волков Виктор, 14–20\u00a0сентября: напечатан до отказа"):
            hands_out(school, printed)
        with pytest.raises(Refused, match="напечатан до отказа"):
            sheets.print_again(school.session, actor_id=school.anna.id, seen=Seen(printed.id, 1), now=clock.now())
    assert (printed.handed_on, printed.reprints) == (None, 0)


def test_one_that_was_handed_out_before_the_refusal_may_still_be_noted(school, printed):
    becomes(school, school.vera, "refused")
    with clock.freeze(NEXT_MONDAY):
        hands_out(school, printed, on=FRIDAY)
        assert printed.handed_on == FRIDAY
        with pytest.raises(Refused, match="второй за эту неделю не печатается"):
            takes_homework_out(school, printed)
    assert TASK in printed.content


def test_the_right_one_says_the_same_without_homework_and_is_the_only_one(school, printed, maths):
    becomes(school, school.vera, "refused")
    before = says(printed)
    with clock.freeze(NEXT_MONDAY):
        Hand(school, school.anna).puts(school.lesson(maths, FRIDAY), school.vitya, "2")  # is on the next sheet
        right = takes_homework_out(school, printed)
        assert sheets.contents(school.session, [right], day=clock.today())[0][1]
        assert [one.amiss for one in waiting(school)] == [None]
        hands_out(school, right)
    after = says(right)
    assert TASK not in right.content and not after.homework and after.ahead == ()
    assert (after.averages, after.earlier, after.told, right.until_at) == (
        before.averages, before.earlier, before.told, printed.until_at)
    assert [one.id for one in sheets_there(school)] == [printed.id] and right.form == "refused"
    assert len(records(school, "sheet.without_homework")) == 1


def test_a_second_hand_is_told_and_a_sheet_that_is_right_is_left_alone(school, printed):
    with clock.freeze(FRIDAY_EVENING), pytest.raises(Refused, match="Страница устарела"):
        takes_homework_out(school, printed)
    becomes(school, school.vera, "refused")
    with clock.freeze(NEXT_MONDAY):
        takes_homework_out(school, printed)
        with pytest.raises(Stale):
            takes_homework_out(school, printed, version=1)


@pytest.mark.parametrize("who", ["one", "both"])
def test_of_a_shared_sheet_each_who_refused_gets_the_right_one(school, maths, who):
    guardian_of(school, school.vitya, school.zakhar)
    for guardian in (school.vera, school.zakhar):
        on_paper(school, guardian, school.vitya, from_on=MONDAY)
    Hand(school, school.anna).sets(school.lesson(maths, MONDAY), TASK, at=clock.at(MONDAY, 14))
    with clock.freeze(FRIDAY_EVENING):
        print_all(school, shared={(school.vitya.id, MONDAY)})
    for guardian in (school.vera, school.zakhar) if who == "both" else (school.vera,):
        becomes(school, guardian, "refused")
    with clock.freeze(NEXT_MONDAY):
        [first] = waiting(school)
        sheet = next(one for one in sheets_there(school) if one.id == first.id)
        takes_homework_out(school, sheet)
        assert [one.amiss for one in waiting(school)] == [None] * (1 if who == "both" else 2)
    of = {one.guardian_id: one for one in sheets_there(school)}
    assert TASK not in of[school.vera.id].content
    if who == "one":
        assert TASK in of[school.zakhar.id].content and {one.shared_with for one in of.values()} == {""}
        assert "Зимин" not in says(of[school.vera.id]).guardians
    else:
        assert TASK not in of[school.zakhar.id].content
        assert says(of[school.vera.id]).guardians == "Волкова В. В., Зимин З. З.".replace(" ", "\u00a0").replace(
            ",\u00a0", ", ")


def test_whom_a_court_has_limited_since_is_given_nothing(school, printed):
    """R23"""
    becomes(school, school.vera, "limited")
    with clock.freeze(NEXT_MONDAY):
        assert waiting(school) == []
        with pytest.raises(Refused, match="доступ ограничен по решению суда"):
            hands_out(school, printed)


def test_a_sheet_not_printed_yet_is_printed_as_a_refusers(school, maths):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    Hand(school, school.anna).sets(school.lesson(maths, MONDAY), TASK, at=clock.at(MONDAY, 14))
    becomes(school, school.vera, "refused", on=NEXT_MONDAY.date())
    with clock.freeze(NEXT_MONDAY):
        [sheet] = print_all(school)
    assert sheet.form == "refused" and TASK not in sheet.content


def test_a_sheet_not_printed_yet_is_not_printed_for_whom_a_court_has_limited(school):
    on_paper(school, school.vera, school.vitya, from_on=MONDAY)
    becomes(school, school.vera, "limited", on=NEXT_MONDAY.date())
    with clock.freeze(NEXT_MONDAY):
        assert to_print(school) == []
