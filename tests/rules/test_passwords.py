"""One-time passwords (R30), what a new password must be, logins from names."""

import pytest

from ejd.credentials.logins import login_for
from ejd.credentials.passwords import ALPHABET, _common, as_typed, in_groups, one_time_password, verify, weakness


def test_a_one_time_password_has_no_look_alikes_in_either_alphabet():
    letters = set("".join(one_time_password() for _ in range(200)))
    assert letters <= set(ALPHABET)
    assert not letters & set("l1io0abcehkmnptyx")


def test_spaces_of_a_printed_password_do_not_count():
    password = one_time_password()
    assert as_typed(in_groups(password).upper(), one_time=True) == password


def test_a_chosen_password_is_taken_as_it_is():
    assert as_typed("Три  слова", one_time=False) == "Три  слова"


@pytest.mark.parametrize(("password", "good"), [
    ("короткий", False), ("11111111111", False), ("1234567890", False), ("мой anna пароль", False),
    ("лошадь батарейка", True), ("dfg7 3qwz 92", True),
    ("+7 916 123-45-67", False), ("01.09.2026 31.12.2026", True), ("2718281828459045", True),  # phones and dates
    ("1q2w3e4r5t", False), ("QwertyUiop", False), ("manchester", False), ("Password123", False),  # the commonest
    ("gfhjkm123456", False), ("пароль123456", False), ("йцукенгшщз", False),  # the same keys in another layout
    ("Школа 2026!!!", False), ("дневник-журнал", False), ("моя школа у реки", True),  # what comes to mind here
    ("Андреева1987", False), ("Fylhttdf1987", False), ("анна андреева 7", False), ("Андреева любит чай", True),
    ("ы" * 9 + "ъьэ", True), ("длинная фраза " * 10, True),
])
def test_weak_passwords_are_explained(password, good):
    assert (weakness(password, login="anna", least=10, known=["Андреева", "Анна"]) is None) is good


@pytest.mark.parametrize("least", [8, 10, 12, 16])
def test_the_list_of_the_commonest_is_long_enough_for_every_least_length(least):
    """ASVS 6.2.4: three thousand that the policy would let through."""
    assert len([word for word in _common() if len(word) >= least]) >= 3000


def test_nobody_without_a_hash_gets_in():
    assert verify(None, "nobody's password") is False


@pytest.mark.parametrize(("name", "taken", "login"), [
    (("Волкова", "Вера"), (), "volkova.v"),
    (("Волкова", "Вера"), ("volkova.v", "volkova.v2"), "volkova.v3"),
    (("Мамин-Сибиряк", "Щукарь"), (), "mamin-sibiryak.s"),
    (("Ёлкин", "Юрий"), (), "elkin.y"),
])
def test_a_login_can_be_read_out(name, taken, login):
    assert login_for(*name, taken) == login
