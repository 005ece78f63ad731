"""A mark that was corrected, taken back or moved, and homework that was changed after it was published, are told by
e-mail once, to who was told of what stood before (R3, R40)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd.journal.homework import withdraw_given
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.school.models import Term
from tests.families import guardian_of, on_paper
from tests.homework import PNG, attach, give
from tests.journal import Hand
from tests.postbox import gave
from tests.services.test_news import HOUR_AGO, TEN_AGO, box, kinds, maths, tell
from tests.world import NOW, TODAY

__all__ = ["box", "maths"]
MONDAY, THURSDAY = date(2026, 9, 14), date(2026, 9, 17)
DAY_AGO, LATER = NOW - timedelta(days=1), NOW + timedelta(minutes=60)
MARKS, HOMEWORK = "новые или исправленные отметки", "новые или изменённые домашние задания"


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def mark(school, anna, maths):
    """Of yesterday; Вера was told of it."""
    return anna.puts(school.lesson(maths, MONDAY), school.vitya, "3", at=DAY_AGO, key="the mark")


@pytest.mark.parametrize("change", [
    lambda anna, mark: anna.corrects(mark, "4", at=TEN_AGO),
    lambda anna, mark: anna.withdraws(mark, at=TEN_AGO),
    lambda anna, mark: anna.describes(mark, weight=2, at=TEN_AGO),
    lambda anna, mark: anna.moves(mark, "pupil", pupil_id=anna.school.person("Ёлкин", "Егор").id, at=TEN_AGO),
])
def test_a_changed_mark_is_told_once_and_without_the_mark(school, box, anna, mark, change):
    gave(school, school.vera, told_until=HOUR_AGO)
    change(anna, mark)
    school.session.commit()
    assert [tell(school, at).sent for at in (NOW, NOW + timedelta(minutes=5), LATER)] == [1, 0, 0]
    assert kinds(box) == [MARKS]
    for word in ("3", "4", "Волков", "Матем", "удал"):
        assert word not in box.last.replace(box.link("news/leave"), "").replace("24", "")


def test_a_moved_mark_is_news_to_both(school, box, anna, mark):
    egor = school.person("Ёлкин", "Егор")
    guardian_of(school, egor, school.zakhar)
    for person in (school.vera, school.zakhar):
        gave(school, person, told_until=HOUR_AGO)
    anna.moves(mark, "pupil", pupil_id=egor.id, at=TEN_AGO)
    assert tell(school).sent == 2


def test_what_was_entered_and_taken_back_between_two_letters_is_no_news(school, box, anna, maths):
    gave(school, school.vera, told_until=HOUR_AGO)
    slip = anna.puts(school.lesson(maths, MONDAY), school.vitya, "2", at=NOW - timedelta(minutes=20))
    anna.withdraws(slip, at=TEN_AGO)
    school.session.commit()
    assert tell(school).sent == 0


def test_of_two_addresses_only_the_one_that_knew_of_the_mark_is_told_that_it_is_gone(school, box, anna, maths):
    gave(school, school.vera, told_until=DAY_AGO - timedelta(days=1), often="once")  # has not been told of it yet
    gave(school, school.vitya, told_until=HOUR_AGO)
    slip = anna.puts(school.lesson(maths, MONDAY), school.vitya, "2", at=DAY_AGO)
    anna.withdraws(slip, at=TEN_AGO)
    school.session.commit()
    tell(school)
    assert box.to == [f"p{school.vitya.id}@mail.example"]


def test_a_corrected_result_is_told(school, box, maths):
    term = school.session.query(Term).filter_by(scheme="quarters", number=1).one()
    result = TermMark(pupil_id=school.vitya.id, class_id=school.school_class("7А").id, subject_id=maths.subject_id,
                      year_id=term.year_id, period="term", term_id=term.id, value="4", entered_on=TODAY,
                      entered_at=DAY_AGO, entered_by_id=school.anna.id)
    school.session.add(result)
    school.session.flush()
    school.session.add(TermMarkCorrection(term_mark_id=result.id, before="5", after="4", corrected_at=TEN_AGO,
                                          corrected_on=TODAY, corrected_by_id=school.anna.id))
    gave(school, school.vera, told_until=HOUR_AGO)
    assert [tell(school, at).sent for at in (NOW, LATER)] == [1, 0] and kinds(box) == [MARKS]


@pytest.mark.parametrize("text, not_set", [("№ 14", False), ("", True)])
def test_homework_changed_after_publication_is_told_once(school, box, anna, maths, text, not_set):
    lesson = school.lesson(maths, MONDAY)
    before = anna.sets(lesson, "№ 12", at=DAY_AGO)
    gave(school, school.vera, told_until=HOUR_AGO)
    anna.sets(lesson, text, at=TEN_AGO, version=before.version, not_set=not_set)
    school.session.commit()
    assert [tell(school, at).sent for at in (NOW, LATER)] == [1, 0] and kinds(box) == [HOMEWORK]


def test_a_file_added_to_homework_later_is_told_once(school, box, anna, maths):
    """R5, R40: the family that knew of the homework is told that it has changed."""
    homework = anna.sets(school.lesson(maths, MONDAY), "№ 12", at=DAY_AGO)
    gave(school, school.vera, told_until=HOUR_AGO)
    attach(school, homework, "чертёж.png", PNG, at=TEN_AGO)
    school.session.commit()
    assert [tell(school, at).sent for at in (NOW, LATER)] == [1, 0] and kinds(box) == [HOMEWORK]


def test_homework_of_named_pupils_taken_back_is_told_to_them(school, box, maths):
    lesson = school.lesson(maths, MONDAY)
    given = give(school, lesson, [school.vitya], "№ 13")
    given.published_at = DAY_AGO
    gave(school, school.vera, told_until=HOUR_AGO)
    gave(school, school.eva, told_until=HOUR_AGO)
    withdraw_given(school.session, lesson_id=lesson.id, homework_id=given.id, actor_id=school.anna.id,
                   version=given.version, now=TEN_AGO)
    school.session.commit()
    tell(school)
    assert (box.to, kinds(box)) == ([f"p{school.vera.id}@mail.example"], [HOMEWORK])


def test_a_change_is_no_news_of_another_topic_nor_to_a_family_on_paper(school, box, anna, mark):
    gave(school, school.vera, told_until=HOUR_AGO, topics="homework,missing,notes")
    gave(school, school.zakhar, told_until=HOUR_AGO)
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.zakhar, school.vitya, "paper")
    anna.corrects(mark, "4", at=TEN_AGO)
    school.session.commit()
    assert tell(school).sent == 0


def test_homework_published_and_mended_between_two_letters_is_told_once(school, box, anna, maths):
    lesson = school.lesson(maths, THURSDAY)
    gave(school, school.vera, told_until=HOUR_AGO)
    first = anna.sets(lesson, "№ 12", at=NOW - timedelta(minutes=20))
    anna.sets(lesson, "№ 12, 13", at=TEN_AGO, version=first.version)
    school.session.commit()
    assert [tell(school, at).sent for at in (NOW, LATER)] == [1, 0]
