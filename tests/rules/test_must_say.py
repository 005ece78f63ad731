"""What a school may say otherwise in its papers of introduction and what it may not (R55; plan of the parents' meeting,
points 1–8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ejd.documents.markup import words_of
from ejd.families import wording
from ejd.families.must_say import MUST_SAY, reason_not_to_word
from ejd.families.provision import REFUSAL_SENTENCE
from ejd.families.wording import LetterKind

TEXTS = Path(wording.__file__).parent / "texts"
MEMO, ORDER, KEEPING, SERVICE, REGISTER = LetterKind
PROGRAM = {kind: words_of((TEXTS / f"{kind.value}.md").read_text(encoding="utf-8")) for kind in LetterKind}


@pytest.mark.parametrize("kind", LetterKind)
def test_what_the_program_offers_may_be_kept_as_it_is(kind):
    assert reason_not_to_word(kind, PROGRAM[kind]) is None


GONE = [
    (MEMO, "210-ФЗ", "таком-то", "правовое основание"),
    (MEMO, "{{система}}", "нашей", "система и её адрес"),
    (MEMO, "{{адрес}}", "на сайте", "система и её адрес"),
    (MEMO, "логин", "имя", "логин и пароль"),
    (MEMO, "парол", "секрет", "логин и пароль"),
    (MEMO, "{{срок отметок}}", "вовремя", "сроки отметок"),
    (MEMO, "{{срок домашних заданий}}", "вовремя", "сроки отметок"),
    (MEMO, "{{этап}}", "", "этап и дни начала"),
    (MEMO, "{{дни запуска}}", "скоро", "этап и дни начала"),
    (MEMO, "{{услуга без интернета}}", "Приходите.", "распечатка для тех, у кого нет Интернета"),
    (MEMO, "{{услуга при отказе}}", "Отказаться нельзя.", "распечатка при отказе"),
    (MEMO, "{{фраза отказа}}", "он об этом предупреждён", "фраза отказа"),
    (MEMO, "персональны", "разны", "персональные данные"),
    (MEMO, "рождения", "роста", "персональные данные"),
    (MEMO, "паспортны", "разны", "персональные данные"),
    (MEMO, "{{классный руководитель}}", "в школе спросите", "к кому обращаться"),
    (ORDER, "210-ФЗ", "таком-то", "правовое основание"),
    (ORDER, "{{адрес}}", "на сайте", "система и её адрес"),
    (ORDER, "{{дни запуска}}", "скоро", "дни начала"),
    (ORDER, "приложение № 1", "приложение", "приложение № 1"),
    (ORDER, "приложение № 2", "приложение", "приложение № 2"),
    (ORDER, "приложение № 6", "приложение № 61", "приложение № 6"),
    (ORDER, "{{срок отметок}}", "вовремя", "сроки отметок"),
    (ORDER, "ведомост", "бумаг", "выдача логинов и паролей по ведомости"),
    (ORDER, "распечатк", "бумаг", "распечатки семьям на бумаге"),
    (ORDER, "в каком объёме", "как", "контроль заполнения"),
    (ORDER, "{{печать и заверение}}", "не печатается", "печать и заверение журнала"),
    (KEEPING, "{{адрес}}", "на сайте", "система и её адрес"),
    (KEEPING, "{{дни запуска}}", "скоро", "дни начала"),
    (KEEPING, "{{срок домашних заданий}}", "вовремя", "сроки отметок"),
    (KEEPING, "отсутствующие", "прочее", "тема урока и отсутствующие"),
    (KEEPING, "{{срок итоговых отметок}}", "вовремя", "срок итоговых отметок"),
    (KEEPING, "{{правка журнала}}", "нельзя", "правка журнала"),
    (KEEPING, "классный руководитель", "он", "кто за что отвечает"),
    (KEEPING, "{{печать и заверение}}", "не печатается", "печать и заверение журнала"),
    (SERVICE, "210-ФЗ", "таком-то", "правовое основание"),
    (SERVICE, "{{адрес}}", "на сайте", "система и её адрес"),
    (SERVICE, "{{дни запуска}}", "скоро", "дни начала"),
    (SERVICE, "ведомост", "бумаг", "выдача логинов и паролей по ведомости"),
    (SERVICE, "{{класс росписи}}", "старшего", "с какого класса ученик расписывается сам"),
    (SERVICE, "{{услуга без интернета}}", "Приходите.", "распечатка для тех, у кого нет Интернета"),
    (SERVICE, "{{услуга при отказе}}", "Отказаться нельзя.", "распечатка при отказе"),
    (SERVICE, "{{фраза отказа}}", "он предупреждён", "фраза отказа"),
    (SERVICE, "аннулир", "забра", "возвращение к электронной услуге"),
    (SERVICE, "14 лет", "много лет", "просьба ученика с 14 лет"),
    (SERVICE, "паспортны", "разны", "персональные данные"),
    (SERVICE, "152-ФЗ", "таком-то", "выдержки из законов"),
    (REGISTER, "таблица 1", "таблица", "таблица 1: родители"),
    (REGISTER, "таблица 2", "таблица", "таблица 2: ученики"),
    (REGISTER, "подпись", "отметка", "дата и подпись"),
    (REGISTER, "{{класс росписи}}", "старшего", "с какого класса ученик расписывается сам"),
    (REGISTER, "не записываются", "записываются", "паролей в ведомости нет"),
]


@pytest.mark.parametrize(("kind", "gone", "instead", "named"), GONE)
def test_a_part_whose_meaning_is_gone_is_named(kind, gone, instead, named):
    text = PROGRAM[kind].replace(gone, instead)
    reason = reason_not_to_word(kind, text.replace(gone.capitalize(), instead))
    assert reason is not None and reason.startswith(f"Из бумаги пропало обязательное: {named}")


@pytest.mark.parametrize("kind", LetterKind)
def test_every_part_of_every_paper_is_told_above_and_says_the_way_back(kind):
    told = [named for one, *_, named in GONE if one is kind]
    for part in MUST_SAY[kind]:
        assert any(part.title.startswith(named) for named in told)
        assert part.way_back


@pytest.mark.parametrize(("kind", "before", "after"), [
    (MEMO, "Школа оказывает её", "Мы, педагоги школы, оказываем её"),
    (MEMO, "{{адрес}}", "{{ Адрес }}"),
    (MEMO, "210-ФЗ", "210-фз"),
    (MEMO, "210-ФЗ", "210\u2011ФЗ"),
    (MEMO, "210-ФЗ", "210–ФЗ"),
    (ORDER, "210-ФЗ", "210\u00a0-\u00a0ФЗ"),
    (SERVICE, "152-ФЗ", "152 — ФЗ"),
    (MEMO, "Фамилия, имя и отчество", "Ф. И. О."),
    (MEMO, "Фамилия, имя и отчество", "Ф.И.О."),
    (MEMO, "Фамилия, имя и отчество", "ФИО"),
    (SERVICE, "14 лет", "четырнадцати лет"),
    (MEMO, "персональные данные", "персональные\u00a0данные"),
    (MEMO, "{{фраза отказа}}", REFUSAL_SENTENCE),
    (MEMO, "{{фраза отказа}}", REFUSAL_SENTENCE.replace(" ", "\n").capitalize()),
    (ORDER, "(приложение № 1)", "(Приложение №\u00a01 к приказу)"),
    (ORDER, "ПРИКАЗЫВАЮ", "РАСПОРЯЖАЮСЬ"),
    (REGISTER, "Логины и пароли в ведомость не записываются", "Пароли сюда не вносят"),
])
def test_the_same_may_be_said_in_other_words(kind, before, after):
    assert before in PROGRAM[kind]
    assert reason_not_to_word(kind, PROGRAM[kind].replace(before, after)) is None


@pytest.mark.parametrize("kind", [MEMO, SERVICE])
def test_the_refusal_sentence_stays_to_the_letter(kind):
    changed = REFUSAL_SENTENCE.replace("не чаще 1 раза", "раз")
    assert "фраза отказа" in reason_not_to_word(kind, PROGRAM[kind].replace("{{фраза отказа}}", changed))


@pytest.mark.parametrize(("text", "said"), [
    ("", "Текст пуст"),
    (" \n ", "Текст пуст"),
    ("Пишите на {{почта}}", "Подстановки {{почта}} нет"),
    ("{{}}", "Подстановки {{}} нет"),
    ("{{адрес", "не закрыта"),
    ("адрес}}", "не закрыта"),
    ("{{адрес {{школа}}", "не закрыта"),
])
def test_what_can_not_be_filled_in_is_refused(text, said):
    assert said in reason_not_to_word(ORDER, text)
