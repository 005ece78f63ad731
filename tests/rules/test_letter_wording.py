"""What the papers of introduction are filled with; when a setting leaves a paper behind (R55)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ejd.documents.markup import words_of
from ejd.families import wording
from ejd.families.wording import Known, LetterKind
from ejd.school.catalogue import DEFINITIONS

TEXTS = Path(wording.__file__).parent / "texts"
KINDS = (("oral", "Ответ на уроке"), ("test", "Контрольная работа"), ("project", "Проект"))


def settings(**said):
    own = {key.replace("_", ".", 1): value for key, value in said.items()}
    return wording.settings_of(lambda key: own.get(key, DEFINITIONS[key].default))


def known(today=date(2026, 9, 17), **said):
    return Known(settings(**said), today, KINDS, "Громова Галина Григорьевна")


def program(kind):
    return words_of((TEXTS / f"{kind.value}.md").read_text(encoding="utf-8"))


MEMO = program(LetterKind.MEMO)


@pytest.mark.parametrize(("name", "said", "reads"), [
    ("школа", {"school_name": "Школа № 12"}, "Школа № 12"),
    ("адрес", {"school_address": "https://shkola.ru"}, "https://shkola.ru"),
    ("директор", {}, "Громова Галина Григорьевна"),
    ("дата запуска", {"launch_marks": "2026-11-09"}, "9 ноября 2026 года"),
    ("дата запуска", {}, ""),
    ("дни запуска", {}, ""),
    ("дни запуска", {"launch_marks": "2026-11-09", "launch_homework": "2026-11-09"},
     "с 9 ноября 2026 года – отметки и домашние задания"),
    ("дни запуска", {"launch_marks": "2026-09-01", "launch_homework": "2026-10-01",
                     "launch_grades": {"1": "2027-01-11"}},
     "с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания; "
     "1-е классы – с 11 января 2027 года"),
    ("дата запуска домашних заданий", {"launch_homework": "2026-11-10"}, "10 ноября 2026 года"),
    ("срок отметок", {"limits": {}}, "не позднее недели после получения"),
    ("срок отметок", {"limits": {"oral": {"days": 0, "unit": "calendar"}, "test": {"days": 3, "unit": "school"}}},
     "не позднее недели после получения (ответ на уроке – в тот же день; контрольная работа – 3 учебных дня)"),
    ("срок домашних заданий", {}, "не позднее чем через час после последнего урока класса в этот день"),
    ("срок домашних заданий", {"homework_deadline": "lesson_end"}, "не позднее конца самого урока"),
    ("срок итоговых отметок", {}, "не позднее чем за 2 учебных дня до конца периода"),
    ("срок итоговых отметок", {"results_due": 0}, "не позднее последнего учебного дня периода"),
    ("правка журнала", {}, "до закрытия учебного периода"),
    ("правка журнала", {"edit_days": 14}, "14 дней после урока и не дольше чем до закрытия учебного периода"),
    ("срок карточки", {"card_days": 31}, "31 день"),
    ("класс росписи", {"cards_first_own": 7}, "7"),
])
def test_placeholders_read_what_the_settings_say(name, said, reads):
    assert wording.texts(known(**said))[name].replace("\u00a0", " ") == reads


@pytest.mark.parametrize(("marks", "homework", "begins"), [
    (None, None, "Сейчас идёт первоначальное заполнение"),
    ("2026-09-18", "2026-09-18", "Сейчас идёт первоначальное заполнение"),
    ("2026-09-17", "2026-09-17", "Журнал и дневник ведутся"),
    ("2026-09-01", "2026-09-10", "Журнал и дневник ведутся"),
    ("2026-09-01", "2026-09-18", "Журнал и дневник уже ведутся, но ещё не целиком"),
    ("2026-09-01", None, "Журнал и дневник уже ведутся, но ещё не целиком"),
])
def test_the_stage_is_told_as_it_is_on_the_day(marks, homework, begins):
    assert wording.texts(known(launch_marks=marks, launch_homework=homework))["этап"].startswith(begins)


def test_what_is_not_known_is_left_to_be_written_by_hand():
    assert wording.fill("{{адрес}}, {{ Школа }}", {"школа": "№ 12", "адрес": ""}) == f"{wording.BLANK}, № 12"


@pytest.mark.parametrize(("kind", "changed", "told"), [
    (LetterKind.MEMO, {"limits": {}}, ["срок отметок"]),
    (LetterKind.MEMO, {"school_address": "https://new.ru"}, ["адрес"]),
    (LetterKind.MEMO, {"results_due": 5}, []),
    (LetterKind.KEEPING, {"results_due": 5}, ["срок итоговых отметок"]),
    (LetterKind.KEEPING, {"card_days": 30}, []),
    (LetterKind.MEMO, {"launch_marks": "2026-12-01", "homework_deadline": "day_end"},
     ["срок домашних заданий", "дни запуска"]),
    (LetterKind.MEMO, {"launch_grades": {"1": "2027-01-11"}}, ["дни запуска"]),
    (LetterKind.ORDER, {"launch_homework": "2026-10-01"}, ["дни запуска"]),
    (LetterKind.SERVICE, {"cards_first_own": 5}, ["класс росписи"]),
    (LetterKind.REGISTER, {"cards_first_own": 5}, ["класс росписи"]),
])
def test_a_setting_changed_later_is_told_to_the_papers_that_speak_of_it(kind, changed, told):
    kept = wording.seen(program(kind), wording.texts(known()))
    assert wording.changed_since(kept, wording.texts(known(**changed))) == told


def test_another_day_alone_leaves_no_paper_behind():
    kept = wording.seen(MEMO, wording.texts(known(launch_marks="2026-10-01")))
    assert wording.changed_since(kept, wording.texts(known(date(2026, 12, 1), launch_marks="2026-10-01"))) == []


@pytest.mark.parametrize(("names", "sentence"), [
    ([], ""),
    (["срок отметок"], "Изменилась настройка: срок отметок; бумага её ещё не знает"),
    (["адрес", "школа"], "Изменились настройки: адрес, школа; бумага их ещё не знает"),
])
def test_the_change_is_told_in_words(names, sentence):
    assert wording.told(names) == sentence
