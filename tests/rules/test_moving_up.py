"""Where classes and pupils go at the turn of a school year."""

from __future__ import annotations

import pytest

from ejd.office.moving_up import LEAVE, STAY, ClassMove, fault_of, goes_to, keeps_teachers, name_of, usual_name


@pytest.mark.parametrize(("grade", "name"), [(1, "2А"), (8, "9А"), (9, "10А"), (10, "11А"), (11, "")])
def test_every_class_goes_up_the_eleventh_leaves(grade, name):
    assert usual_name(grade, "А") == name


@pytest.mark.parametrize(("text", "name"), [
    ("8А", (8, "А")), ("8 а", (8, "А")), ("8-«Б»", (8, "Б")), ("11A", (11, "А")), ("12А", None), ("0А", None),
    ("А8", None), ("8", None), ("8АБ", None), ("", None), ("восемь", None),
])
def test_names_of_classes_as_people_write_them(text, name):
    assert name_of(text) == name


@pytest.mark.parametrize(("grade", "keeps"), [(1, True), (4, False), (8, True), (9, False), (11, False)])
def test_a_class_keeps_its_teachers_but_after_the_fourth_and_the_ninth(grade, keeps):
    assert keeps_teachers(grade) is keeps


def move(grade: int, letter: str, to: tuple[int, str] | None) -> ClassMove:
    return ClassMove(grade * 100 + ord(letter), grade, letter, to)


@pytest.mark.parametrize(("moves", "said"), [
    ([move(7, "А", (8, "А")), move(7, "Б", (8, "Б"))], None),
    ([move(7, "А", (8, "Б")), move(7, "Б", (8, "А"))], None),
    ([move(7, "А", (8, "А")), move(7, "Б", (8, "А"))], "В 8А уже переходит 7А"),
    ([move(9, "А", (10, "А")), move(9, "Б", (10, "А"))], None),
    ([move(7, "А", (9, "А"))], "После 7 класса идёт 8-й"),
    ([move(11, "А", (11, "А"))], "После 11 класса идёт 12-й"),
    ([move(9, "А", None), move(11, "А", None)], None),
])
def test_where_classes_cannot_go(moves, said):
    fault = fault_of(moves)
    assert (fault[1] if fault else None) == said


@pytest.mark.parametrize(("said", "to"), [
    (None, (10, "А")), ("", (10, "А")), (LEAVE, None), (STAY, (9, "Б")), ((10, "В"), (10, "В")),
])
def test_a_pupil_goes_with_the_class_or_as_said(said, to):
    assert goes_to(move(9, "Б", (10, "А")), said) == to
