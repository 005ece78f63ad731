"""Papers that the school words itself (R55): which there are, what is filled in from the settings, and what differs
from the settings that hold. Pure: of a text it is told the words alone, without markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from ejd.families.provision import REFUSAL_SENTENCE
from ejd.school.launch_days import KEYS as LAUNCH_KEYS
from ejd.school.launch_days import LaunchDays
from ejd.school.settings_form import limit_in_words
from ejd.words import counted, long_date

LONGEST = 20_000  # signs of one paper
SYSTEM = "ЭЖД"
BLANK = "____________________"  # to be written by hand
PLACE = re.compile(r"\{\{([^{}]*)\}\}")


class LetterKind(StrEnum):
    """The papers of introduction. There is no other appendix: the plan of the meeting names these by number."""

    MEMO = "memo"
    ORDER = "order"
    KEEPING = "appendix-1"
    SERVICE = "appendix-2"
    REGISTER = "appendix-6"


LETTER_NAMES = {
    LetterKind.MEMO: "Памятка",
    LetterKind.ORDER: "Приказ о введении",
    LetterKind.KEEPING: "Приложение № 1: регламент ведения",
    LetterKind.SERVICE: "Приложение № 2: регламент услуги",
    LetterKind.REGISTER: "Приложение № 6: ведомость выдачи",
}
FOR_FAMILIES = (LetterKind.MEMO, LetterKind.KEEPING, LetterKind.SERVICE, LetterKind.REGISTER)  # the order is not
LETTERS_FOR = {
    LetterKind.MEMO: "Родителям и ученикам на собрании: коротко обо всём.",
    LetterKind.ORDER: "Приказ директора о введении электронного журнала и дневника.",
    LetterKind.KEEPING: "Как и в какие сроки ведётся журнал, кто за что отвечает.",
    LetterKind.SERVICE: "Как семья получает услугу, бумажная форма, отказ, персональные данные.",
    LetterKind.REGISTER: "Пустой бланк. Заполненную ведомость класса печатают со страницы «Карточки».",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What papers are filled from: the settings that hold on the day, and who is who."""

    settings: Mapping[str, Any]
    today: date
    kinds: Sequence[tuple[str, str]] = ()  # code and name of the kinds of work that have a school's own limit
    director: str = ""
    class_teacher: str = ""  # of the class that the paper is printed for

    @property
    def launch(self) -> LaunchDays:
        return LaunchDays.of(self.settings.__getitem__)


def _day_of_year(day: date | None) -> str:
    return f"{long_date(day)} года" if day else ""


def _stage(known: Known) -> str:
    """How far the school is (plan of the meeting, point 6)."""
    if known.launch.begun(known.today):
        return "Журнал и дневник ведутся: учителя вносят отметки и домашние задания."
    if known.launch.ahead(known.today):
        return ("Сейчас идёт первоначальное заполнение: в журнал вносят списки, нагрузку и расписание, "
                "отметок и домашних заданий ещё нет.")
    return "Журнал и дневник уже ведутся, но ещё не целиком: остальное появится с названных дней."


def _mark_deadline(known: Known) -> str:
    """The week always holds; a school may ask for less by kinds of work (R1, R2)."""
    limits = known.settings["limits"]
    own = [f"{name[:1].lower()}{name[1:]} – {limit_in_words(limits[code])}"
           for code, name in known.kinds if code in limits]
    return "не позднее недели после получения" + (f" ({'; '.join(own)})" if own else "")


HOMEWORK_DEADLINES = {
    "hour_after": "не позднее чем через час после последнего урока класса в этот день",
    "day_end": "не позднее конца последнего урока класса в этот день",
    "lesson_end": "не позднее конца самого урока",
}


def _result_deadline(known: Known) -> str:
    days = known.settings["results.due"]
    if not days:
        return "не позднее последнего учебного дня периода"
    return f"не позднее чем за {counted(days, 'учебный день', 'учебных дня', 'учебных дней')} до конца периода"


def _editing(known: Known) -> str:
    days = known.settings["edit.days"]
    until = "до закрытия учебного периода"
    return f"{counted(days, 'день', 'дня', 'дней')} после урока и не дольше чем {until}" if days else until


# R21, R22, R50: what a family is offered on paper, and how the journal is certified, is not for a school to reword.
WITHOUT_INTERNET = ("По заявлению родителя школа не реже чем один раз в неделю выдаёт распечатку результатов. "
                    "Отметки ребёнка всё равно вносятся в журнал, вход остаётся открытым.")
AFTER_REFUSAL = "По письменному отказу родителя распечатка выдаётся один раз в неделю, не реже и не чаще."
CERTIFIED = "полностью распечатывается и заверяется не реже одного раза в четверть (триместр) и по итогам года"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands in a text as {{name}}. One that is `lasting` is kept with the version as it was filled in."""

    name: str
    text: Callable[[Known], str]
    lasting: bool = True


PLACEHOLDERS = {one.name: one for one in (
    Placeholder("школа", lambda known: known.settings["school.name"]),
    Placeholder("система", lambda _: SYSTEM),
    Placeholder("адрес", lambda known: known.settings["school.address"]),
    Placeholder("директор", lambda known: known.director),
    Placeholder("дни запуска", lambda known: known.launch.spoken()),
    Placeholder("дата запуска", lambda known: _day_of_year(known.launch.marks)),
    Placeholder("дата запуска домашних заданий", lambda known: _day_of_year(known.launch.homework)),
    Placeholder("этап", _stage, lasting=False),
    Placeholder("срок отметок", _mark_deadline),
    Placeholder("срок домашних заданий", lambda known: HOMEWORK_DEADLINES[known.settings["homework.deadline"]]),
    Placeholder("срок итоговых отметок", _result_deadline),
    Placeholder("правка журнала", _editing),
    Placeholder("срок карточки", lambda known: counted(known.settings["card.days"], "день", "дня", "дней")),
    Placeholder("класс логинов", lambda known: str(known.settings["cards.first_login"])),
    Placeholder("класс росписи", lambda known: str(known.settings["cards.first_own"])),
    Placeholder("фраза отказа", lambda _: REFUSAL_SENTENCE),
    Placeholder("услуга без интернета", lambda _: WITHOUT_INTERNET),
    Placeholder("услуга при отказе", lambda _: AFTER_REFUSAL),
    Placeholder("печать и заверение", lambda _: CERTIFIED),
    Placeholder("классный руководитель", lambda known: known.class_teacher, lasting=False),
)}


def names_in(text: str) -> list[str]:
    """The placeholders of a text in order, each once, known or not."""
    return list(dict.fromkeys(_name(found) for found in PLACE.findall(text)))


def texts(known: Known) -> dict[str, str]:
    """What every placeholder reads now; empty where the school has not said."""
    return {name: one.text(known) for name, one in PLACEHOLDERS.items()}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; what is not known is left to be written by hand."""
    return PLACE.sub(lambda found: values.get(_name(found[1]), "") or BLANK, text)


def seen(words: str, now: Mapping[str, str]) -> dict[str, str]:
    """What a version keeps with it: everything that is filled in, as it reads now."""
    return {name: now[name] for name in names_in(words) if name in PLACEHOLDERS and PLACEHOLDERS[name].lasting}


def changed_since(kept: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Of what a version keeps, what reads otherwise now."""
    return [name for name, text in kept.items() if name in now and now[name] != text]


def told(names: Sequence[str]) -> str:
    """«Изменилась настройка: срок отметок; бумага её ещё не знает»"""
    if not names:
        return ""
    what = ", ".join(names)
    return (f"Изменилась настройка: {what}; бумага её ещё не знает" if len(names) == 1
            else f"Изменились настройки: {what}; бумага их ещё не знает")


@dataclass(frozen=True, slots=True)
class Text:
    """One version of a paper; number 0 is the program's own, which the school has not looked at yet."""

    kind: LetterKind
    number: int
    body: str
    kept: Mapping[str, str] = field(default_factory=dict)  # as it was filled in when the version was made
    stale: Sequence[str] = ()  # settings that have changed since
    values: Mapping[str, str] = field(default_factory=dict)  # what its placeholders read on paper

    @property
    def name(self) -> str:
        return LETTER_NAMES[self.kind]

    @property
    def unsaid(self) -> list[str]:
        """What the school has not said in its settings, so that the paper leaves a line for it."""
        return [name for name in names_in(self.body)
                if name in PLACEHOLDERS and PLACEHOLDERS[name].lasting and not self.values.get(name)]


def settings_of(value: Callable[[str], Any]) -> dict[str, Any]:
    """The settings that papers are filled from."""
    return {key: value(key) for key in ("school.name", "school.address", *LAUNCH_KEYS, "limits",
                                        "homework.deadline", "results.due", "edit.days", "card.days",
                                        "cards.first_login", "cards.first_own")}


def _name(found: str) -> str:
    return " ".join(found.split()).lower()
