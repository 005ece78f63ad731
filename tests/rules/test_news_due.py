"""When news go out by e-mail, and which addresses are ones (R40), as tables of cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ejd.news.due import (
    PAUSED_AFTER,
    Rhythm,
    is_quiet,
    items_due,
    last_time,
    news_due,
    tidy_address,
    told,
    wait_after,
)


def at(text: str) -> datetime:
    """«17 12:30» of September 2026; the 17th is a Thursday."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 9, int(day), int(hour), int(minute), tzinfo=UTC)


def rhythm(often="once", told_until="17 8:00", **more) -> Rhythm:
    return Rhythm(often, more.pop("quiet_from", 21), more.pop("quiet_to", 8), at(told_until), **more)


@pytest.mark.parametrize("hour, quiet_from, quiet_to, quiet", [
    (20, 21, 8, False), (21, 21, 8, True), (23, 21, 8, True), (0, 21, 8, True), (7, 21, 8, True), (8, 21, 8, False),
    (12, 12, 14, True), (14, 12, 14, False), (3, 12, 14, False), (0, 0, 0, False), (23, 8, 8, False)])
def test_quiet_hours(hour, quiet_from, quiet_to, quiet):
    assert is_quiet(hour, quiet_from, quiet_to) is quiet


@pytest.mark.parametrize("now, told_until, due", [
    ("17 12:00", "17 8:00", True),
    ("17 12:00", "17 11:40", False),  # a letter half an hour ago: what came since is gathered
    ("17 12:00", "17 11:28", True),
    ("17 21:00", "17 8:00", False),  # night
    ("18 7:59", "17 8:00", False),
    ("18 8:00", "17 8:00", True)])
def test_at_once_but_not_at_night(now, told_until, due):
    assert news_due(rhythm("once", told_until), at(now)) is due


@pytest.mark.parametrize("often, now, told_until, due", [
    ("daily", "17 17:59", "16 18:01", False),
    ("daily", "17 18:01", "16 18:01", False),  # what is just being saved may settle first
    ("daily", "17 18:03", "16 18:01", True),
    ("daily", "17 23:30", "17 18:01", False),  # told today
    ("daily", "18 3:00", "17 12:00", False),  # the server was off at six: not at night
    ("daily", "18 8:00", "17 12:00", True),
    ("weekly", "17 18:30", "11 18:01", False),
    ("weekly", "18 18:03", "11 18:01", True),  # Friday
    ("weekly", "21 9:00", "11 18:01", True),  # the server was off on Friday
    ("weekly", "21 9:00", "18 18:01", False)])
def test_daily_and_weekly_at_their_hour(often, now, told_until, due):
    assert news_due(rhythm(often, told_until), at(now)) is due


def test_whoever_is_told_at_an_hour_is_told_once():
    """What a letter told ends where the rule looks from the next time."""
    for often in ("daily", "weekly"):
        now = at("18 18:03")
        assert news_due(rhythm(often, "10 12:00"), now)
        assert not news_due(Rhythm(often, 21, 8, now - timedelta(minutes=2)), now + timedelta(minutes=5))


@pytest.mark.parametrize("often, now, expected", [
    ("daily", "17 12:00", "16 18:00"), ("daily", "17 18:00", "17 18:00"), ("weekly", "17 12:00", "11 18:00"),
    ("weekly", "18 17:00", "11 18:00"), ("weekly", "18 18:00", "18 18:00"), ("weekly", "20 1:00", "18 18:00")])
def test_the_last_time(often, now, expected):
    assert last_time(often, at(now)) == at(expected)


@pytest.mark.parametrize("items_often, now, told_on, due", [
    ("", "17 9:00", None, False), ("daily", "17 7:59", None, False), ("daily", "17 8:00", None, True),
    ("daily", "17 9:00", date(2026, 9, 17), False), ("daily", "18 9:00", date(2026, 9, 17), True),
    ("daily", "20 9:00", date(2026, 9, 19), False),  # Sunday
    ("weekly", "17 9:00", date(2026, 9, 14), False), ("weekly", "21 9:00", date(2026, 9, 14), True),
    ("weekly", "22 9:00", date(2026, 9, 17), True)])  # the server was off on Monday
def test_the_digest_of_open_items(items_often, now, told_on, due):
    assert items_due(rhythm(items_often=items_often, items_told_on=told_on), at(now)) is due


@pytest.mark.parametrize("failures, failed_at, due", [
    (1, "17 11:56", False), (1, "17 11:55", True), (2, "17 11:51", False), (2, "17 11:50", True), (3, "17 11:40", True),
    (12, "17 6:01", False), (12, "17 6:00", True), (PAUSED_AFTER - 1, "16 12:00", True),
    (PAUSED_AFTER, "10 12:00", False)])
def test_after_failures_later_and_later_and_in_the_end_not_at_all(failures, failed_at, due):
    tried = rhythm(failures=failures, failed_at=at(failed_at), items_often="daily")
    assert (news_due(tried, at("17 12:00")), items_due(tried, at("17 12:00"))) == (due, due)


def test_the_wait_doubles_up_to_six_hours():
    assert [wait_after(number) // timedelta(minutes=1) for number in (1, 2, 3, 7, 8, 100)] == [5, 10, 20, 320, 360, 360]


def test_topics_in_words():
    assert told({"homework", "marks"}) == "новые или исправленные отметки, новые или изменённые домашние задания"


@pytest.mark.parametrize("typed, kept", [
    (" ivanova@Mail.RU ", "ivanova@mail.ru"), ("Ivan.O'Neil+school@a-b.co", "Ivan.O'Neil+school@a-b.co"),
    ("почта@школа.рф", None), ("mama@школа.рф", "mama@xn--80atdl2c.xn--p1ai"), ("a@b", None), ("a@b..ru", None),
    ("a@-b.ru", None), ("a b@c.ru", None), ("a@b.ru\nBcc: c@d.ru", None), ("a@b.ru, c@d.ru", None), ("<a@b.ru>", None),
    ("@b.ru", None), ("a@", None), ("", None), ("a@1.2.3.4", None), ("a..b@c.ru", None), (".a@c.ru", None),
    ("a" * 65 + "@c.ru", None), ("a@" + "b" * 64 + ".ru", None), ("a@" + "b.c" * 90 + ".ru", None),
    ("a@" + "-" * 100000, None), ("a@b_c.ru", None)])
def test_addresses(typed, kept):
    assert tidy_address(typed) == kept
