"""What happened in a cell, in words (R3)."""

import pytest

from ejd.journal.history import changed, entered, presence, told_apart

KINDS = {"oral": "Ответ на уроке", "test": "Контрольная работа"}


@pytest.mark.parametrize(("retaken", "said"), [
    (None, "отметка 5 поставлена (ответ на уроке)"), ("3", "пересдача: 3 → 5")])
def test_a_new_mark(retaken, said):
    assert entered("5", kind="Ответ на уроке", retaken=retaken) == said


@pytest.mark.parametrize(("what", "before", "after", "reason", "said"), [
    ("corrected", "3", "4", "", "исправлена: 3 → 4"),
    ("described", "oral 1", "test 3", "", "отметка 5, за что и вес: ответ на уроке, вес 1 → контрольная работа, вес 3"),
    ("described", "gone 1", "oral 1", "", "отметка 5, за что и вес: gone, вес 1 → ответ на уроке, вес 1"),
    ("redated", "2026-09-15", "2026-09-16", "", "отметка 5, день получения: 15 сентября → 16 сентября"),
    ("moved", "7/33/-", "8/33/-", "lesson",
     "отметка 5 перенесена сюда с другого урока: поставлена не в тот урок"),
    ("moved", "7/33/2", "7/34/2", "pupil",
     "отметка 5 перенесена сюда от другого ученика: поставлена не тому ученику"),
    ("moved", "7/33/2", "7/33/3", "", "отметка 5 перенесена сюда с другой работы"),
    ("withdrawn", "5", "", "", "отметка 5 удалена"),
])
def test_a_change(what, before, after, reason, said):
    told = changed(what, before, after, value="5", reason=reason, kinds=KINDS)
    assert told.replace("\u00a0", " ") == said


def test_what_was_changed_after_closing_is_told_apart():
    """R8"""
    assert told_apart("исправлена: 3 → 4", True) == "исправлена: 3 → 4, после закрытия"
    assert told_apart("исправлена: 3 → 4", False) == "исправлена: 3 → 4"


@pytest.mark.parametrize(("before", "after", "said"), [
    (None, "н", "посещаемость: был → н"), ("н", "у", "посещаемость: н → у"), ("н", None, "посещаемость: н → был")])
def test_a_letter(before, after, said):
    assert presence(before, after) == said
