"""When guardians of one name are one person (R33 against R40): proposed, asked, or left apart."""

from datetime import date, timedelta

import pytest

from ejd.importing.kinship import Tie, surname_stem, verdicts

BORN = date(2013, 3, 1)
VERA, IVAN, OLEG = "волкова вера", "волков иван", "волков олег"


def tie(child, surname="Волков", born=BORN, others=(IVAN,), person_id=None, name=VERA):
    return Tie(name, child, surname, born, frozenset(others), person_id)


def clusters(*ties):
    return sorted(sorted(tie.child for tie in cluster) for verdict in verdicts(ties) for cluster in verdict.clusters)


def test_the_same_surname_and_co_guardian_are_proposed_as_one_person():
    [verdict] = verdicts([tie("Витя"), tie("Маша", "Волкова", date(2019, 5, 1))])
    assert [len(cluster) for cluster in verdict.proposed] == [2]
    assert len(verdict.partitions) == 1


def test_another_childs_surname_stays_separate():
    found = verdicts([tie("Витя"), tie("Зоя", "Зимина")])
    assert [len(verdict.clusters) for verdict in found] == [1, 1]
    assert not any(verdict.proposed for verdict in found)


def test_a_differing_co_guardian_is_asked():
    [verdict] = verdicts([tie("Витя"), tie("Маша", "Волкова", date(2019, 5, 1), others=(OLEG,))])
    assert not verdict.proposed
    assert verdict.partitions == [((0, 1),), ((0,), (1,))]


@pytest.mark.parametrize(("days", "asked"), [(0, False), (1, True), (269, True), (270, False)])
def test_births_one_to_269_days_apart_are_asked(days, asked):
    [verdict] = verdicts([tie("Витя"), tie("Маша", "Волкова", BORN + timedelta(days=days))])
    assert (len(verdict.clusters) == 2) is asked
    assert bool(verdict.proposed) is not asked


def test_of_three_children_two_too_close_each_way_is_offered():
    [verdict] = verdicts([tie("Витя"), tie("Маша", born=BORN + timedelta(days=90)), tie("Егор", born=date(2018, 1, 1))])
    assert len(verdict.clusters) == 3
    assert len(verdict.partitions) == 5


def test_a_guardian_whom_the_school_knows_takes_the_new_child_along():
    [verdict] = verdicts([tie("Витя", person_id=7), tie("Маша", "Волкова", date(2019, 5, 1))])
    assert {tie.person_id for tie in verdict.proposed[0]} == {7, None}


def test_two_persons_the_school_tells_apart_are_never_joined_by_a_file():
    ties = [tie("Витя", person_id=7), tie("Олег", born=date(2010, 1, 1), person_id=8),
            tie("Маша", "Волкова", date(2019, 5, 1))]
    [verdict] = verdicts(ties)
    assert not any(len({tie.person_id for index in part for tie in verdict.clusters[index]} - {None}) > 1
                   for way in verdict.partitions for part in way)


def test_names_that_the_files_do_not_add_ask_nothing():
    assert verdicts([tie("Витя", person_id=7), tie("Маша", "Волкова", person_id=8)]) == []


@pytest.mark.parametrize(("one", "other"), [
    ("Волков", "Волкова"), ("Римский-Корсаков", "Римская-Корсакова"), ("Ильин", "Ильина"), ("Толстой", "Толстая"),
    ("Белый", "Белая"), ("Цой", "Цой"), ("Ким", "Ким"), ("Королёв", "Королева")])
def test_a_brothers_and_a_sisters_surname_are_one(one, other):
    assert surname_stem(one) == surname_stem(other)


@pytest.mark.parametrize(("one", "other"), [("Волков", "Волк"), ("Ким", "Кима"), ("Петров", "Петровский")])
def test_surnames_that_only_look_alike_are_not(one, other):
    assert surname_stem(one) != surname_stem(other)
