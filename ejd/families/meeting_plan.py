"""The plan of the parents' meeting, points 1–8: what a class teacher says, with this school's own values (R55), and how
far what can be counted has come (R7, R22, R31). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ejd.families.wording import LetterKind, fill
from ejd.school.launch_days import LaunchDays
from ejd.words import counted

CARDS = ("карточки", "карточек", "карточек")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the plan; what is said may have the placeholders of the school's papers."""

    code: str
    title: str
    says: tuple[str, ...]


POINTS = (
    Point("1", "О введении электронного журнала и дневника", (
        "Основание – Федеральный закон от 27 июля 2010 года № 210-ФЗ «Об организации предоставления государственных и "
        "муниципальных услуг»: электронный дневник – государственная услуга, перевести её в электронный вид полагалось "
        "до 1 января 2014 года.",
        "На первых порах может вестись и бумажный дневник: отметки в него вписывают или вклеивают распечатку. "
        "Электронный журнал школа полностью печатает и заверяет не реже раза в четверть (триместр) и по итогам года.",
        "Отметки появляются {{срок отметок}}. Записывать домашние задания учителя обязаны.",
    )),
    Point("2", "Система и её адрес", (
        "Система называется «{{система}}», адрес в сети Интернет: {{адрес}}. Устанавливать ничего не нужно.",
    )),
    Point("3", "Памятка", (
        "Раздайте памятку каждой семье и прочтите её вслух: как войти, когда появляются отметки и задания, что делать "
        "без Интернета, к кому обращаться.",
        "Полное руководство ученика и родителя – на сайте журнала, в разделе «Справка».",
    )),
    Point("4", "Логины и пароли", (
        "Карточку с логином и одноразовым паролем выдают под роспись в ведомости (приложение № 6). Карточка действует "
        "{{срок карточки}}, при первом входе пароль меняют на свой.",
        "До {{класс росписи}} класса родитель получает обе карточки, свою и ребёнка, и сам решает, давать ли ребёнку "
        "логин и разрешать ли Интернет. С {{класс росписи}} класса ученик получает карточку лично, под роспись "
        "в таблице 2.",
    )),
    Point("5", "Сроки отметок и домашних заданий", (
        "Отметки: {{срок отметок}}.",
        "Домашние задания: {{срок домашних заданий}}.",
        "Итоговые отметки: {{срок итоговых отметок}}. Все сроки – в регламенте ведения (приложение № 1 к приказу).",
        "В течение года проверяется, в каком объёме и за какой период выставлены отметки и вовремя ли заполняются "
        "домашние задания.",
    )),
    Point("6", "Что происходит сейчас", (
        "{{этап}}",
        "Начало: {{дни запуска}}.",
    )),
    Point("7", "Кому электронный дневник не подходит", (
        "Электронный дневник – возможность для семьи. Сначала предложите помочь со входом, потом говорите об отказе.",
        "Нет компьютера с Интернетом. {{услуга без интернета}}",
        "Нежелание. {{услуга при отказе}} В отказе обязательно указывается: {{фраза отказа}}.",
        "Снова открыть дневник можно только заявлением об аннулировании. Ученик, которому исполнилось 14 лет и который "
        "получил паспорт, может попросить об услуге сам и дать письменное согласие.",
    )),
    Point("8", "Персональные данные", (
        "Нужны только фамилия, имя и отчество ученика и родителя, дата рождения ученика и класс. В 11 классе – ещё "
        "паспортные данные ученика, чтобы сообщать о результатах ЕГЭ.",
        "Отдельное согласие на обработку не требуется: его означает согласие получать услугу (приложение № 2 "
        "к приказу).",
    )),
)
# The papers that a point names.
PAPERS_OF = {"3": (LetterKind.MEMO,), "4": (LetterKind.REGISTER,), "5": (LetterKind.KEEPING,),
             "7": (LetterKind.SERVICE,), "8": (LetterKind.SERVICE,)}
CODES = frozenset(point.code for point in POINTS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted for a class."""

    address: str = ""
    launch: LaunchDays = field(default_factory=LaunchDays)
    memo: int = 0  # version of the school's own; none: the program's text
    memo_stale: bool = False
    people: int = 0  # of its families, who are to have a card
    without: int = 0  # a card
    waiting: int = 0  # made, not handed out
    no_internet: int = 0
    refused: int = 0
    unsigned: int = 0  # forms on paper whose statement is not registered
    to_print: int = 0  # weekly sheets of weeks that are over
    to_hand: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """How far what stands behind a point has come."""

    good: bool
    said: str


def points(values: Mapping[str, str]) -> list[Point]:
    """The plan with the school's values; what the school has not said is left to be written by hand."""
    return [Point(one.code, one.title, tuple(fill(text, values) for text in one.says)) for one in POINTS]


def ready(facts: Facts) -> dict[str, Ready]:
    """By point, of those behind which something can be counted."""
    return {
        "2": Ready(True, "Адрес указан.") if facts.address else Ready(False, "Адрес журнала в настройках не указан."),
        "3": _memo(facts),
        "4": _cards(facts),
        "6": _launch(facts.launch),
        "7": _forms(facts),
    }


def _launch(days: LaunchDays) -> Ready:
    if not days.named:
        return Ready(False, "День начала в настройках не назван.")
    if not days.complete:
        return Ready(False, "Названы не все дни начала: нужны и отметок, и домашних заданий.")
    return Ready(True, "День начала назван." if days.only else "Дни начала названы.")


def _memo(facts: Facts) -> Ready:
    if not facts.memo:
        return Ready(False, "Школа ещё не утвердила свою памятку: печатается текст программы.")
    if facts.memo_stale:
        return Ready(False, f"Памятка, версия {facts.memo}: с тех пор изменились настройки, она их не знает.")
    return Ready(True, f"Памятка школы, версия {facts.memo}.")


def _cards(facts: Facts) -> Ready:
    if not facts.people:
        return Ready(False, "Карточки выдавать некому: в списках нет ни представителей, ни учеников с логином.")
    handed = facts.people - facts.without - facts.waiting
    rest = [f"нет карточки у {facts.without}"] * bool(facts.without)
    rest += [f"сделано и не выдано {facts.waiting}"] * bool(facts.waiting)
    return Ready(not rest, f"Выдано {handed} из {counted(facts.people, *CARDS)}" + "".join(
        f"; {one}" for one in rest) + ".")


def _forms(facts: Facts) -> Ready:
    sheets = [f"недельных листов напечатать: {facts.to_print}"] * bool(facts.to_print)
    sheets += [f"напечатано и не выдано: {facts.to_hand}"] * bool(facts.to_hand)
    if not facts.no_internet + facts.refused + len(sheets):
        return Ready(True, "Все представители получают дневник в электронной форме.")
    papers = f"без зарегистрированного заявления: {facts.unsigned}" if facts.unsigned else "заявления зарегистрированы"
    said = [f"Без Интернета: {facts.no_internet}, отказов: {facts.refused}", papers, *(
        sheets or ["все недельные листы выданы"])]
    return Ready(not facts.unsigned + len(sheets), "; ".join(said) + ".")
