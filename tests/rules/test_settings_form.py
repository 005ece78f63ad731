"""Settings as a person fills them in: what is read back is what was shown, and what a value means in words."""

from __future__ import annotations

import pytest

from ejd.school.catalogue import DEFINITIONS
from ejd.school.settings_form import SECTIONS, fields, in_words, read

KINDS = [("oral", "Ответ на уроке"), ("test", "Контрольная работа"), ("essay", "Сочинение")]
DEFAULTS = {key: definition.default for key, definition in DEFINITIONS.items()}


def form_of(section, values):
    return {field.name: field.value for field in fields(SECTIONS[section], values, KINDS)}


@pytest.mark.parametrize(("section", "values"), [
    *((name, {}) for name in SECTIONS),
    ("school", {"school.name": "Школа № 12", "school.address": "https://journal.school12.ru", "zone": "Asia/Omsk"}),
    ("school", {"zone": "Asia/Novosibirsk"}),  # a zone that is not in the list stays when it is in force
    ("marking", {"homework.minutes": [[1, 0], [4, 60], [11, 180]]}),  # R17
    ("files", {"files.megabytes": 3, "files.most": 1}),
    ("launch", {"launch.marks": "2026-09-14", "launch.grades": {"5": "2026-10-01", "11": "2027-01-11"}}),
    ("limits", {"limits": {"oral": {"days": 1, "unit": "school"}, "unknown": {"days": 2, "unit": "calendar"}}}),
    ("limits", {"limits": {}}),
    ("marking", {"marks.one": True, "average": "arithmetic", "thresholds": {"5": 460, "4": 365, "3": 255},
                 "density": [[1, 1], [3, 3], [7, 5], [99, 9]]}),
])
def test_what_is_shown_is_read_back(section, values):
    holding = DEFAULTS | values
    found, errors = read(SECTIONS[section], form_of(section, holding), KINDS, holding)
    assert errors == {} and found == {key: holding[key] for key in SECTIONS[section].keys}


@pytest.mark.parametrize(("section", "typed", "key", "value"), [
    ("limits", {"limit-test": "7", "unit-test": "calendar"}, "limits", {"days": 7, "unit": "calendar"}),
    ("limits", {"limit-test": " 0 "}, "limits", {"days": 0, "unit": "school"}),
    ("limits", {"limit-test": ""}, "limits", None),
    ("marking", {"threshold-5": "4.6"}, "thresholds", 460),
    ("marking", {"threshold-5": "5"}, "thresholds", 500),
    ("marking", {"threshold-5": "4,55"}, "thresholds", 455),
    ("launch", {"launch-5": ""}, "launch.grades", None),
    ("launch", {"launch-5": "14.09.2026"}, "launch.grades", "2026-09-14"),
    ("launch", {"launch.marks": " 1.9.2026 "}, "launch.marks", "2026-09-01"),
    ("school", {"school.name": "  Школа   № 12 "}, "school.name", "Школа № 12"),
])
def test_what_the_text_means(section, typed, key, value):
    found, errors = read(SECTIONS[section], form_of(section, DEFAULTS) | typed, KINDS, DEFAULTS)
    assert errors == {}
    inner = {"limits": "test", "thresholds": "5", "launch.grades": "5"}.get(key)
    assert (found[key].get(inner) if inner else found[key]) == value


@pytest.mark.parametrize(("section", "typed"), [
    ("limits", {"limit-test": "8"}), ("limits", {"limit-test": "-1"}), ("limits", {"limit-test": "1.5"}),
    ("limits", {"limit-test": "٣"}), ("limits", {"unit-test": "вечных"}),
    ("marking", {"threshold-5": "4,555"}), ("marking", {"threshold-5": "6"}), ("marking", {"threshold-3": "1"}),
    ("marking", {"minutes-0": "час"}), ("marking", {"minutes-4": "481"}), ("marking", {"minutes-2": ""}),
    ("control", {"light-late-0": "много"}), ("control", {"light-late-0": "6"}), ("control", {"light-lag-1": "101"}),
    ("files", {"files.megabytes": "21"}), ("files", {"files.most": "0"}),
    ("marking", {"threshold-4": "4,5"}), ("marking", {"density-0": ""}), ("marking", {"density-1": "1"}),
    ("marking", {"average": "средний"}), ("launch", {"launch.homework": "2026-13-01"}),
    ("launch", {"launch.marks": "9999-12-31"}),
    ("launch", {"launch-11": "завтра"}), ("school", {"zone": "Moscow"}), ("school", {"school.address": "school12"}),
    ("school", {"school.address": "https://школа.рф <b>"}), ("access", {"card.days": "366"}),
    ("access", {"session.idle_minutes": "4"}), ("access", {"session.hours": "9" * 20}),
])
def test_what_is_at_fault_names_a_field_of_the_form(section, typed):
    """R2 among others: no limit above a week."""
    given = form_of(section, DEFAULTS) | typed
    _, errors = read(SECTIONS[section], given, KINDS, DEFAULTS)
    assert errors and errors.keys() <= given.keys()


def test_minutes_of_homework_a_day_by_grade():
    """R17"""
    typed = {"minutes-1": "100", "minutes-3": " 0 "}
    found, errors = read(SECTIONS["marking"], form_of("marking", DEFAULTS) | typed, KINDS, DEFAULTS)
    assert errors == {} and found["homework.minutes"] == [[1, 0], [3, 100], [5, 120], [8, 0], [11, 210]]


@pytest.mark.parametrize(("key", "value", "words"), [
    ("limits", {"oral": {"days": 0, "unit": "calendar"}, "test": {"days": 3, "unit": "school"},
                "essay": {"days": 1, "unit": "calendar"}},
     "Ответ на уроке – в тот же день; Контрольная работа – 3\u00a0учебных дня; Сочинение – 1\u00a0день"),
    ("limits", {}, "только неделя"),
    ("launch.marks", "2026-09-01", "1\u00a0сентября\u00a02026"),
    ("launch.marks", None, "не назначено"),
    ("launch.grades", {"5": "2026-10-01"}, "5-е классы – 1\u00a0октября\u00a02026"),
    ("homework.deadline", "lesson_end", "к концу самого урока"),
    ("homework.minutes", [[1, 0], [3, 90], [11, 45]],
     "1 класс – не задают; 2–3 классы – 1\u00a0ч\u00a030\u00a0мин; 4–11 классы – 45\u00a0мин"),
    ("marks.one", True, "ставится"),
    ("thresholds", {"5": 450, "4": 350, "3": 255}, "«5» от 4,5; «4» от 3,5; «3» от 2,55"),
    ("density", [[2, 2], [99, 7]], "до 1 ч в неделю – 2\u00a0отметки; 1,5 ч в неделю и больше – 7\u00a0отметок"),
    ("school.name", "", "не указано"),
    ("session.hours", 12, "12"),
])
def test_values_in_words(key, value, words):
    assert in_words(key, value, KINDS) == words


def test_what_has_legal_effect_never_stands_with_what_has_not():
    for section in SECTIONS.values():
        assert {DEFINITIONS[key].legal for key in section.keys} == {section.legal}
