"""A key that was used answers as the first time only to what it was used for; anything else is told to be unsaved."""

from datetime import date

import pytest

from ejd import clock
from ejd.journal import marks
from ejd.journal.marks import NewMark
from ejd.refusal import Refused, Stale
from tests.journal import Hand


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), date(2026, 9, 10))


@pytest.fixture
def mark(school, anna, lesson):
    return anna.puts(lesson, school.vitya, "5", key="one")


def refused():
    return pytest.raises(Refused, match="обновите")


def told_what_stands():
    return pytest.raises(Stale, match="уже стоит")


def test_not_for_another_pupil(school, anna, lesson, mark):
    with refused():
        anna.puts(lesson, school.person("Ким", "Софья"), "5", key="one")


def test_not_with_another_value(school, anna, lesson, mark):
    with told_what_stands() as stale:
        anna.puts(lesson, school.vitya, "4", key="one")
    assert stale.value.theirs == "5"


def test_not_at_another_lesson(school, anna, mark):
    with refused():
        anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 11)), school.vitya, "5", key="one")


def test_not_twice_in_one_batch(school, anna, lesson):
    two = [NewMark(lesson.id, school.vitya.id, value, "one", anna.person.id, clock.now()) for value in "54"]
    with told_what_stands():
        marks.put_marks(school.session, marks=two, settings=anna.settings)


def test_what_became_of_the_mark_since_does_not_matter(school, anna, lesson, mark):
    anna.corrects(mark, "4")
    anna.corrects(mark, "3")
    anna.moves(mark, "pupil", pupil_id=school.person("Ким", "Софья").id)
    assert anna.puts(lesson, school.vitya, "5", key="one") is mark
    for value in "43":
        with told_what_stands():
            anna.puts(lesson, school.vitya, value, key="one")


def test_not_for_another_change_of_the_mark(school, anna, mark):
    anna.corrects(mark, "4", key="two")
    assert anna.corrects(mark, "4", version=1, key="two").version == 2
    for act in (lambda: anna.corrects(mark, "3", key="two"), lambda: anna.withdraws(mark, key="two"),
                lambda: anna.describes(mark, key="two", comment="у доски"),
                lambda: anna.redates(mark, date(2026, 9, 9), "сдана раньше", key="two"),
                lambda: anna.moves(mark, "pupil", key="two", pupil_id=school.person("Ким", "Софья").id)):
        with refused():
            act()
    assert (mark.value, mark.version) == ("4", 2)


def test_every_change_may_be_sent_twice(school, anna, mark):
    other = school.person("Ким", "Софья").id
    for key, act in (("a", lambda **sent: anna.describes(mark, comment="у доски", **sent)),
                     ("b", lambda **sent: anna.redates(mark, date(2026, 9, 11), "сдана позже", **sent)),
                     ("c", lambda **sent: anna.moves(mark, "pupil", pupil_id=other, **sent)),
                     ("d", lambda **sent: anna.withdraws(mark, **sent))):
        sent = {"key": key, "version": mark.version}
        act(**sent)
        assert act(**sent).version == sent["version"] + 1


def test_no_other_letter(school, anna, lesson):
    anna.notes(lesson, school.vitya, "н", key="one")
    with refused():
        anna.notes(lesson, school.vitya, "б", key="one", version=1)


def test_no_other_homework(school, anna, lesson):
    anna.sets(lesson, "№ 5", key="one")
    with refused():
        anna.sets(lesson, "№ 6", key="one", version=1)
