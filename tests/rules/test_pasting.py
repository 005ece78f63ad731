"""A pasted column of marks: whose each is; nothing is dropped in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ejd.journal.pasting import as_value, read_column

PUPILS = [(1, "Абрамов Алексей"), (2, "Волков Виктор"), (3, "Волков Иван"), (4, "Ёлкин Егор")]


@pytest.mark.parametrize(("text", "values"), [
    ("5\n4\n3\n2", {1: "5", 2: "4", 3: "3", 4: "2"}),
    ("5\n\n3\n2", {1: "5", 3: "3", 4: "2"}),  # an empty line is a pupil without a mark
    ("5\r\n4\r\n3\r\n2\r\n", {1: "5", 2: "4", 3: "3", 4: "2"}),  # as Excel copies
    ("зачёт\nз\nн/з\nЗАЧ", {1: "зач", 2: "зач", 3: "незач", 4: "зач"}),
    ("1\t5\n2\t4\n3\t3\n4\t2", {1: "5", 2: "4", 3: "3", 4: "2"}),  # numbered
    ("Абрамов\t5\nЕлкин\t4", {1: "5", 4: "4"}),  # ё and е are one
    ("ёлкин 2\nабрамов 5", {1: "5", 4: "2"}),
    ("Волков В.\t5\nВолков Иван Петрович\t3", {2: "5", 3: "3"}),
    ("1;Абрамов Алексей;5", {1: "5"}),
    ("Абрамов\t\nЁлкин\t4", {4: "4"}),  # no mark beside the name: none is meant
])
def test_marks_go_to_whom_they_belong(text, values):
    pasted = read_column(text, PUPILS)
    assert (pasted.values, pasted.faults) == (values, [])


@pytest.mark.parametrize(("text", "values", "fault"), [
    ("5\n4\n3", {}, "В столбце 3 строки, в списке 4 ученика"),
    ("5\n4\n3\n2\n5", {}, "В столбце 5 строк"),
    ("Абрамов\t5\t4\nЁлкин\t3", {}, "«Абрамов 5 4»: в строке больше одной отметки"),
    ("5\t4\n4\t3\n3\t3\n2\t2", {}, "«5 4»: в строке больше одной отметки"),
    ("", {}, "Столбец пуст"),
    (" \n\n", {}, "Столбец пуст"),
    ("Волков\t5\nАбрамов\t4", {1: "4"}, "«Волков 5»: таких учеников в списке 2"),
    ("Иванов\t5\nАбрамов\t4", {1: "4"}, "«Иванов 5»: такого ученика нет"),
    ("Абрамов\t5\nАбрамов\t4", {1: "5"}, "«Абрамов 4»: этот ученик уже назван"),
    ("Абрамов\t5\n4", {1: "5"}, "«4»: нет фамилии"),
    ("5\n" * 20_000, {}, "Слишком много"),
])
def test_what_is_not_placed_is_told(text, values, fault):
    pasted = read_column(text, PUPILS)
    assert pasted.values == values and len(pasted.faults) == 1
    assert pasted.faults[0].replace("\u00a0", " ").startswith(fault)


@pytest.mark.parametrize(("typed", "value"), [(" 5 ", "5"), ("Зач", "зач"), ("н", "н"), ("5+", "5+"), ("", "")])
def test_what_is_no_mark_stays_as_it_was_typed(typed, value):
    assert as_value(typed) == value


PIECES = st.one_of(st.sampled_from(["5", "4", "н", "зач", "\t", ";", "\n", "\r\n", " ", "Абрамов", "Волков", "Елкин",
                                    "1", "Иван", "\u00a0", "\u2028", "\x00"]), st.text(max_size=3))


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_pasted_each_line_is_placed_or_told(text):
    pasted = read_column(text, PUPILS)
    assert pasted.values.keys() <= {pupil for pupil, _ in PUPILS}
    assert all(pasted.faults) and (pasted.values or pasted.faults or not any(
        cell.strip() for line in text.split("\n") for cell in line.split("\t")[1:]))
    assert all(value == value.strip() for value in pasted.values.values())
