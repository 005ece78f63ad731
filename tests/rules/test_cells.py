"""What a journal cell says, and that it says nothing else: no addresses, no names."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ejd.journal import cells
from ejd.journal.cells import Fact

LESSON, BEGINS = date(2026, 9, 3), date(2026, 9, 1)


def mark(value="5", *, days=0, version=1):
    return Fact(cells.MARK, 7, 33, 120, version, value, 1, days, LESSON if days else None, 0)


def letter(code, version=1):
    return Fact(cells.ATTENDANCE, 7, 33, 40, version, code, 0, 0, None, 0)


def awaited(awaiting, day):
    return Fact(cells.EXPECTATION, 7, 33, 9, 1, awaiting, 0, 0, day, 5, 0, LESSON)


def elsewhen():
    return Fact(cells.MARK, 7, 33, 120, 1, "4", 1, 0, date(2026, 9, 8), 5)


def for_no_work():
    return Fact(cells.MARK, 7, 33, 120, 1, "4", 1, 0, None, 0, 3)


def inside(*facts, today=LESSON, begins=BEGINS):
    return str(cells.inside(facts, today=today, begins=begins)).replace("\u00a0", " ")


@pytest.mark.parametrize(("facts", "html"), [
    ([], ""),
    ([mark("5")], "<b data-m=120.1 class=m5>5</b>"),
    ([mark("4", version=3)], "<b data-m=120.3>4</b>"),
    ([mark("незач")], "<b data-m=120.1 class=m2>незач</b>"),
    ([letter("н")], '<abbr data-v=1 title="не был">н</abbr>'),
    ([letter(None, 2)], "<abbr data-v=2></abbr>"),
    ([letter("о"), mark("4")], '<abbr data-v=1 title="опоздал">о</abbr> <b data-m=120.1>4</b>'),
    ([mark("5"), mark("3")], "<b data-m=120.1 class=m5>5</b> <b data-m=120.1 class=m3>3</b>"),
])
def test_what_stands_in_a_cell(facts, html):
    """R10: several marks may stand in one lesson, and a letter beside them."""
    assert inside(*facts) == html


def test_a_mark_received_on_another_day_tells_it():
    """R3: written later than the class."""
    assert inside(elsewhen()) == '<b data-m=120.1 title="получена 8 сентября">4</b>'


def again(value, mark_id, mended, *, day=None, commented=False):
    return Fact(cells.MARK, 7, 33, mark_id, 1, value, 1, 0, day, 5, 0, None, mended, commented)


@pytest.mark.parametrize(("facts", "html"), [
    ([mark("3"), again("5", 125, 120, day=date(2026, 9, 8))],
     '<b data-m=120.1 class=m3>3</b>→<b data-m=125.1 title="пересдача, получена 8 сентября" class=m5>5</b>'),
    ([mark("3"), again("4", 123, None), again("4", 125, 120)],  # behind its own mark, not behind the latest
     '<b data-m=120.1 class=m3>3</b>→<b data-m=125.1 title="пересдача">4</b> <b data-m=123.1>4</b>'),
    ([again("4", 125, 120)], '<b data-m=125.1 title="пересдача">4</b>'),  # the first was withdrawn
    ([again("4", 12, None), again("4", 125, 1)], '<b data-m=12.1>4</b> <b data-m=125.1 title="пересдача">4</b>'),
])
def test_a_re_take_stands_behind_the_mark_it_mends(facts, html):
    """R11"""
    assert inside(*facts) == html


def test_a_comment_is_marked_and_told():
    """R10"""
    assert inside(again("5", 120, None, commented=True)) == (
        '<b data-m=120.1 title="есть комментарий" class="noted m5">5</b>')
    late = inside(mark(days=9)._replace(retakes_id=1, notes=cells.COMMENTED))
    assert "<i>пересдача, получена 3 сентября" in late and "есть комментарий</i>" in late


def test_a_change_after_closing_is_told():
    """R8"""
    assert inside(mark("4")._replace(notes=cells.AFTER_CLOSING)) == (
        '<b data-m=120.1 title="после закрытия">4</b>')
    assert 'title="есть комментарий, после закрытия" class=noted>' in inside(
        mark("4")._replace(notes=cells.COMMENTED | cells.AFTER_CLOSING))


@pytest.mark.parametrize(("kinds", "html"), [
    (None, "<b data-m=120.1>4</b>"), ({}, "<b data-m=120.1 data-f=k3>4</b>"),
    ({3: "д/з"}, "<b data-m=120.1 data-f=k3>4<small>д/з</small></b>")])
def test_a_mark_for_no_work_tells_its_kind_where_the_column_does_not(kinds, html):
    assert str(cells.inside([for_no_work()], today=LESSON, begins=BEGINS, kinds=kinds)) == html


@pytest.mark.parametrize(("days", "begins", "late"), [
    (7, BEGINS, ""), (8, BEGINS, "опоздание 1 день"), (9, BEGINS, "опоздание 2 дня"), (12, BEGINS, "опоздание 5 дней"),
    (9, date(2026, 9, 4), ""), (9, None, ""),
])
def test_a_late_mark_says_so_in_words(days, begins, late):
    """R1: the eighth day is late by one; R7: before control begins nothing is late."""
    html = inside(mark(days=days), begins=begins)
    assert (late in html) if late else ("late" not in html)


@pytest.mark.parametrize(("awaiting", "day", "today", "sign", "words"), [
    ("teacher", date(2026, 9, 10), date(2026, 9, 10), "·", "ждёт отметки до 10 сентября"),
    ("teacher", date(2026, 9, 10), date(2026, 9, 11), "!", "отметки нет, срок был 10 сентября"),
    ("pupil", date(2026, 9, 24), date(2026, 9, 24), "•", "работа не сдана, сдать до 24 сентября"),
    ("pupil", date(2026, 9, 24), date(2026, 9, 30), "•", "работа не сдана, срок сдачи был 24 сентября"),
    ("pupil", None, LESSON, "•", "работа не сдана"),
])
def test_what_is_expected_is_told_by_a_sign_and_in_words(awaiting, day, today, sign, words):
    """R4"""
    html = inside(awaited(awaiting, day), today=today)
    assert f'title="{words}">{sign}</abbr>' in html


@pytest.mark.parametrize("begins", [None, date(2026, 9, 4)])
def test_before_control_begins_a_mark_is_awaited_without_a_day(begins):
    """R7"""
    html = inside(awaited("teacher", date(2026, 9, 10)), today=date(2026, 9, 30), begins=begins)
    assert 'title="ждёт отметки">·</abbr>' in html and "overdue" not in html


@pytest.mark.parametrize(("facts", "html"), [
    ([], cells.EXEMPT),
    ([letter(None, 2)], f"<abbr data-v=2></abbr> {cells.EXEMPT}"),  # a letter taken back says nothing
    ([letter("н")], '<abbr data-v=1 title="не был">н</abbr>'),
    ([mark("4")], "<b data-m=120.1>4</b>"),  # one is possible
    ([awaited("released", None)], cells.EXEMPT),
])
def test_an_exemption_stands_where_nothing_else_does(facts, html):
    """R10"""
    assert inside(*facts, Fact(cells.EXEMPTION, 7, 33, 1, 0, None, 0, 0, None, 0)) == html


@pytest.mark.parametrize("awaiting", ["met", "released"])
def test_what_is_not_expected_any_more_leaves_no_sign(awaiting):
    assert inside(awaited(awaiting, LESSON)) == ""


def test_a_row_escapes_the_name_and_shows_the_average():
    row = cells.row(33, "<Ё&>", ["<td>"], Fraction(13, 3), cells.density(3, 2))
    assert "&lt;Ё&amp;&gt;" in row and "<td class=avg>4,33<td class=den>3" in row


@pytest.mark.parametrize(("count", "least", "few"), [(2, 2, False), (1, 2, True), (0, 0, False)])
def test_few_marks_are_a_warning(count, least, few):
    """R13: below the least number."""
    assert ("few" in cells.density(count, least)) is few
