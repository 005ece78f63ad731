"""What an excuse covers, what it makes of a lesson's letter, and what may be announced (R4, R8, R10). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from ejd.journal.expecting import AWAY, Presence
from ejd.words import NBSP, days_from_to, plural, weekday_day

NUMBERS = range(1, 13)  # of the lessons of a day
LONGEST = timedelta(days=92)  # a spell; a longer one is written down in two
BACK = timedelta(days=31)  # how far back a guardian explains an absence
REASONS = (Presence.ILL.value, Presence.EXCUSED.value)
REASON_WORDS = {"б": "болезнь", "у": "уважительная причина", "н": "причина не указана"}
LETTER_WORDS = REASON_WORDS | {"о": "опоздание"}


def part_of_day(first: int | None, last: int | None) -> str:
    """«2-й урок», «2–4 уроки», «с 4-го урока», «по 3-й урок»; empty when all of the day."""
    if first and last:
        return f"{first}-й{NBSP}урок" if first == last else f"{first}–{last}{NBSP}уроки"
    if first:
        return f"с{NBSP}{first}-го{NBSP}урока"
    return f"по{NBSP}{last}-й{NBSP}урок" if last else ""


class Span(NamedTuple):
    """Some days, or from a lesson to another of one day."""

    from_on: date
    to_on: date
    first_number: int | None = None
    last_number: int | None = None

    def covers(self, day: date, number: int) -> bool:
        return (self.from_on <= day <= self.to_on and (self.first_number or 0) <= number
                and (self.last_number is None or number <= self.last_number))

    def holds(self, other: Span) -> bool:
        """Whether every lesson of the other is in this one."""
        return (self.from_on <= other.from_on and other.to_on <= self.to_on
                and (self.first_number or 0) <= (other.first_number or 0)
                and (self.last_number is None or (other.last_number or NUMBERS[-1]) <= self.last_number))

    def meets(self, other: Span) -> bool:
        """Whether some lesson is in both."""
        return (self.from_on <= other.to_on and other.from_on <= self.to_on
                and (self.first_number or 0) <= (other.last_number or NUMBERS[-1])
                and (other.first_number or 0) <= (self.last_number or NUMBERS[-1]))

    @property
    def in_words(self) -> str:
        """«вт, 3 ноября», «вт, 3 ноября, с 4-го урока», «3–7 ноября»."""
        part = part_of_day(self.first_number, self.last_number)
        days = weekday_day(self.from_on) if self.from_on == self.to_on else days_from_to(self.from_on, self.to_on)
        return f"{days}, {part}" if part else days


class Excused(NamedTuple):
    """An accepted excuse, as the letters of lessons are concerned."""

    id: int
    span: Span
    code: str
    certificate: bool


def prevailing(excuses: Iterable[Excused]) -> Excused | None:
    """Of several for one lesson the one that tells a reason, a paper before a word, the later before the earlier."""
    return max(excuses, key=lambda one: (one.code in REASONS, one.certificate, one.id), default=None)


class Outcome(StrEnum):
    """What an accepted excuse does to one lesson's cell."""

    FILL = "fill"
    LEAVE = "leave"  # a reason stands there, or the letter comes when attendance is taken
    TELL = "tell"  # the pupil was there: nothing is changed, the list says so


def outcome(code: str, *, letter: str | None, said_present: bool, taken: bool, marked: bool, shut: bool) -> Outcome:
    """`code` is the excuse's. A blank counts as present once attendance was taken, unless somebody said so before
    (`said_present`). Where the lesson is closed only н becomes б or у (R8). Without a reason (н) nothing outweighs the
    teacher who took attendance."""
    if letter is not None:
        if letter not in AWAY:
            return Outcome.TELL
        return Outcome.FILL if letter == Presence.ABSENT and code in REASONS else Outcome.LEAVE
    if said_present:
        return Outcome.TELL
    if not taken:
        return Outcome.LEAVE
    return Outcome.TELL if marked or shut or code not in REASONS else Outcome.FILL


def refusal_of_span(span: Span, *, year: tuple[date, date]) -> tuple[str, str] | None:
    """The field and the sentence why nobody can be excused from these lessons, or None."""
    if span.to_on < span.from_on:
        return "to_on", "Последний день раньше первого"
    if span.from_on < year[0] or span.to_on > year[1]:
        return ("from_on" if span.from_on < year[0] else "to_on",
                f"Дни – внутри учебного года: {days_from_to(*year)}")
    if span.to_on - span.from_on > LONGEST:
        return "to_on", "Больше трёх месяцев сразу не записывают: проверьте последний день"
    for field, number in (("first_number", span.first_number), ("last_number", span.last_number)):
        if number is not None and number not in NUMBERS:
            return field, f"Номер урока – от 1 до {NUMBERS[-1]}"
    if (span.first_number or span.last_number) and span.from_on != span.to_on:
        return "first_number", "Часть уроков указывают для одного дня: оставьте один день или сотрите номера уроков"
    if span.first_number and span.last_number and span.last_number < span.first_number:
        return "last_number", "Последний урок раньше первого"
    return None


def refusal_to_announce(span: Span, code: str, *, today: date, standing: Iterable[Span]) -> tuple[str, str] | None:
    """The same for what a guardian announces. `standing` are the spans already announced or accepted."""
    if code not in REASONS:
        return "code", "Выберите причину"
    if span.to_on < today - BACK:
        days = BACK.days
        return "from_on", (f"Прошло больше {days}{NBSP}{plural(days, 'дня', 'дней', 'дней')}: "
                           "принесите справку или заявление классному руководителю")
    if any(one.holds(span) for one in standing):
        return "from_on", "Об этих днях уже сообщили: смотрите список ниже"
    return None


# The reason of a missed day whose lessons tell several: what nobody has explained comes first.
ORDER = (Presence.ABSENT.value, Presence.ILL.value, Presence.EXCUSED.value)


def missed_day(letters: Iterable[str], lessons: int) -> str | None:
    """The letter of a day on which every lesson was missed; None of any other. `lessons` are the pupil's of that day,
    `letters` what stands in them."""
    away = [letter for letter in letters if letter in AWAY]
    if not away or len(away) < lessons:
        return None
    return next(letter for letter in ORDER if letter in away)
