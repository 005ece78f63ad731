"""What the papers of introduction must go on saying however a school words them (R55): what the plan of the parents'
meeting leaves to no school, paper by paper. Pure: of a text it is told the words alone, without markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ejd.families.provision import REFUSAL_SENTENCE
from ejd.families.wording import PLACE, PLACEHOLDERS, LetterKind, fill, names_in


@dataclass(frozen=True, slots=True)
class Part:
    """Every one of `signs` (patterns, in any case and spacing) must be found, or the sentence `word_for_word`."""

    title: str
    signs: tuple[str, ...] = ()
    word_for_word: str = ""
    way_back: str = ""  # what to write in again


def _filled_by(title: str, *names: str) -> Part:
    """A part that is said by placeholders."""
    braced = [f"{{{{{name}}}}}" for name in names]
    return Part(title, tuple(map(re.escape, braced)), way_back=f"вставьте {' и '.join(braced)}")


LAW = Part("правовое основание", (r"\b210-фз\b",), way_back="назовите закон № 210-ФЗ")
SYSTEM = _filled_by("система и её адрес", "система", "адрес")
DEADLINES = _filled_by("сроки отметок и домашних заданий", "срок отметок", "срок домашних заданий")
START = _filled_by("дни начала", "дни запуска")
NO_INTERNET = _filled_by("распечатка для тех, у кого нет Интернета", "услуга без интернета")
REFUSED = _filled_by("распечатка при отказе", "услуга при отказе")
SENTENCE = Part("фраза отказа", word_for_word=REFUSAL_SENTENCE, way_back="вставьте {{фраза отказа}}")
DATA = Part("персональные данные", (r"\bперсональны", r"\bфамили|\bф(ио\b|\. ?и\. ?о\.)", r"\bдат\w+ рождения",
                                    r"\bпаспортны"),
            way_back="перечислите: фамилия, имя, отчество, дата рождения, класс; в 11 классе паспортные данные")
CERTIFYING = _filled_by("печать и заверение журнала", "печать и заверение")
SIGNED_FOR = Part("выдача логинов и паролей по ведомости", (r"\bлогин", r"\bпарол", r"\bведомост"),
                  way_back="напишите, что логины и пароли выдают, записывая в ведомость")
SIGNS = _filled_by("с какого класса ученик расписывается сам", "класс росписи")
MUST_SAY: Mapping[LetterKind, tuple[Part, ...]] = {
    LetterKind.MEMO: (
        LAW, SYSTEM,
        Part("логин и пароль", (r"\bлогин", r"\bпарол"), way_back="напишите, как получить логин и пароль"),
        DEADLINES, _filled_by("этап и дни начала", "этап", "дни запуска"), NO_INTERNET, REFUSED, SENTENCE, DATA,
        _filled_by("к кому обращаться", "классный руководитель"),
    ),
    LetterKind.ORDER: (
        LAW, SYSTEM, START,
        *(Part(f"приложение № {number}", (rf"\bприложени\w* № ?{number}\b",),
               way_back=f"напишите «приложение № {number}» там, где оно утверждается") for number in (1, 2, 6)),
        DEADLINES, SIGNED_FOR,
        Part("распечатки семьям на бумаге", (r"\bраспечатк", r"\bв неделю\b|\bеженедельн"),
             way_back="напишите, что распечатки результатов выдают раз в неделю"),
        Part("контроль заполнения", (r"\bконтрол", r"\bобъ[её]м", r"\bвовремя\b|\bсвоевременн"),
             way_back="напишите, кто следит, в каком объёме и вовремя ли заполняется журнал"),
        CERTIFYING,
    ),
    LetterKind.KEEPING: (
        SYSTEM, START, DEADLINES,
        Part("тема урока и отсутствующие", (r"\bтем\w* урок", r"\bотсутств", r"\bдень урока\b|\bдня урока\b"),
             way_back="напишите, что тему урока и отсутствующих записывают в день урока"),
        _filled_by("срок итоговых отметок", "срок итоговых отметок"), _filled_by("правка журнала", "правка журнала"),
        Part("кто за что отвечает", (r"\bучител", r"\bклассн\w+ руководител", r"\bзаместител", r"\bдиректор"),
             way_back="напишите, что делают учитель, классный руководитель, заместитель директора и директор"),
        CERTIFYING,
    ),
    LetterKind.SERVICE: (
        LAW, SYSTEM, START, SIGNED_FOR, SIGNS, NO_INTERNET, REFUSED, SENTENCE,
        Part("возвращение к электронной услуге", (r"\bаннулир",),
             way_back="напишите, что услуга начинается снова, когда заявление аннулировано"),
        Part("просьба ученика с 14 лет", (r"\b(14[ -]|четырнадцати )лет", r"\bпаспорт\b", r"\bсогласи"),
             way_back="напишите, что ученик с 14 лет, получивший паспорт, просит сам и даёт письменное согласие"),
        DATA,
        Part("выдержки из законов о персональных данных", (r"\b152-фз\b",), way_back="назовите закон № 152-ФЗ"),
    ),
    LetterKind.REGISTER: (
        Part("таблица 1: родители", (r"\bтаблица 1\b", r"\bродител|\bпредставител"),
             way_back="нужна «Таблица 1. Родители (законные представители)»"),
        Part("таблица 2: ученики", (r"\bтаблица 2\b", r"\bученик"),
             way_back="нужна «Таблица 2. Ученики, которые получают логин и пароль лично»"),
        Part("дата и подпись", (r"\bдата\b", r"\bподпись\b"), way_back="нужны столбцы «Дата» и «Подпись»"),
        SIGNS,
        Part("паролей в ведомости нет", (r"\bпарол", r"\bне (записыва|внос|указыва|вписыва)"),
             way_back="напишите, что логины и пароли в ведомость не записываются"),
    ),
}


def reason_not_to_word(kind: LetterKind, words: str) -> str | None:
    """Why a text can't become this paper, or None: an unknown placeholder, or a part that must stay said."""
    if not words.strip():
        return "Текст пуст: бумаге нечего сказать"
    if unknown := [name for name in names_in(words) if name not in PLACEHOLDERS]:
        return f"Подстановки {{{{{unknown[0]}}}}} нет: проверьте название по списку под текстом"
    if "{{" in (rest := PLACE.sub("", words)) or "}}" in rest:
        return "Подстановка не закрыта: она пишется целиком, например {{адрес}}"
    if lost := next((part for part in MUST_SAY[kind] if not _says(words, part)), None):
        return f"Из бумаги пропало обязательное: {lost.title}. Верните его: {lost.way_back}"
    return None


def _says(words: str, part: Part) -> bool:
    plain = _plain(words)
    if part.word_for_word:
        return _plain(part.word_for_word) in _plain(fill(words, {"фраза отказа": REFUSAL_SENTENCE}))
    return all(re.search(sign, plain) for sign in part.signs)


def _plain(words: str) -> str:
    """In one case, with single spaces and a law's number with a plain hyphen; braces hold no space."""
    plain = re.sub(r"(?<=\d) ?[-\u2010-\u2014] ?(?=фз\b)", "-", " ".join(words.split()).lower())
    return re.sub(r"\{\{ ?(.*?) ?\}\}", r"{{\1}}", plain)
