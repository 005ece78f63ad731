"""Who learns how: the lists of a class and its shares, as tables of cases."""

from fractions import Fraction as F

import pytest

from ejd.results.lists import Group, achievement_of, blanks_of, group_of, shares_of
from ejd.results.summary_rows import narrow


@pytest.mark.parametrize(("values", "group"), [
    ("5 5 5", Group.EXCELLENT), ("5 зач осв", Group.EXCELLENT), ("5 5 4", Group.ONE_FOUR), ("5 4 4", Group.GOOD),
    ("4", Group.ONE_FOUR), ("5 5 3", Group.ONE_THREE), ("4 4 3", Group.ONE_THREE), ("3 3 5", Group.REST),
    ("5 5 2", Group.FAILING), ("5 н/а", Group.FAILING), ("5 незач", Group.FAILING), ("3 3 1", Group.FAILING),
    ("", Group.NO_DATA), ("осв зач", Group.NO_DATA), ("н/а", Group.FAILING),
])
def test_every_pupil_is_in_one_list(values, group):
    assert group_of(values.split()) == group


def test_a_class_has_its_lists_and_shares():
    found = achievement_of([
        (1, "Абрамов", {"Алгебра": "5", "Химия": "5"}), (2, "Белова", {"Алгебра": "5", "Химия": "4"}),
        (3, "Волков", {"Алгебра": "4", "Химия": "3"}), (4, "Ёлкин", {"Алгебра": "2", "Химия": "н/а", "Физика": "5"}),
        (5, "Ким", {}),
    ])
    assert [one.name for one in found.groups[Group.EXCELLENT]] == ["Абрамов"]
    assert found.groups[Group.ONE_FOUR][0].subjects == ["Химия"]
    assert found.groups[Group.ONE_THREE][0].subjects == ["Химия"]
    assert found.groups[Group.FAILING][0].subjects == ["Алгебра", "Химия"]
    assert [one.name for one in found.groups[Group.NO_DATA]] == ["Ким"]
    assert (found.passing, found.quality) == (F(3, 4), F(1, 2))  # Ким counts nowhere


def test_a_class_without_results_has_no_shares():
    found = achievement_of([(1, "Ким", {})])
    assert (found.passing, found.quality) == (None, None)


@pytest.mark.parametrize(("values", "passing", "well"), [
    ("5 4 3 2", F(3, 4), F(1, 2)), ("5 5", F(1), F(1)), ("н/а 3", F(1, 2), F(0)), ("осв", None, None),
])
def test_the_shares_of_a_subject(values, passing, well):
    assert shares_of(values.split()) == (passing, well)


@pytest.mark.parametrize(("name", "short"), [
    ("Геометрия", "Геометр."), ("Физика", "Физика"), ("Русский язык", "Русский язык"), ("Информатика", "Информ."),
    ("Иностранный язык (английский)", "Иностр. язык (английс.)"), ("", ""),
])
def test_a_subject_fits_over_a_narrow_column(name, short):
    assert narrow(name) == short


@pytest.mark.parametrize(("results", "blanks"), [
    ([{"Музыка": "5"}, {"Музыка": "4"}, {}], [[], [], ["Музыка"]]),
    ([{"Музыка": "5"}, {"Музыка": "осв"}, {"Химия": "4"}], [[], [], ["Музыка"]]),
    ([{"Музыка": "5"}, {}, {}], [[], [], []]),  # most have none yet
    ([], []),
])
def test_who_lacks_a_result_that_most_of_the_class_has(results, blanks):
    assert blanks_of(results, ["Музыка", "Химия"]) == blanks


def test_a_pupil_without_a_result_in_a_subject_is_told_in_his_list():
    found = achievement_of([(1, "Абрамов", {"Алгебра": "4", "Химия": "4"}), (2, "Белова", {"Алгебра": "4"}),
                            (3, "Волков", {"Алгебра": "4", "Химия": "4"}), (4, "Ким", {})], ["Алгебра", "Химия"])
    assert [(one.name, one.blanks) for one in found.groups[Group.GOOD]][:1] == [("Абрамов", [])]
    assert found.groups[Group.ONE_FOUR][0].blanks == []  # half of the class has none


def test_an_empty_line_is_told_only_as_such():
    found = achievement_of([(n, str(n), {"Химия": "5"}) for n in range(3)] + [(9, "Ким", {})], ["Химия"])
    assert found.groups[Group.NO_DATA][0].blanks == ()
