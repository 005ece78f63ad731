"""When the journal no longer takes a change, and when a term may be closed (R8). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ejd.words import day, long_date

BEFORE_CLOSING = timedelta(days=7)  # between a term's last lesson and its closing
LONGEST_REOPENING = timedelta(days=14)

YEAR_SHUT = "Учебный год закрыт: его журналы только для чтения"
ASK = "Открыть журнал для исправления может завуч или директор"


@dataclass(frozen=True, slots=True)
class Closed:
    """A term of a class that is closed."""

    name: str
    starts_on: date
    ends_on: date

    def holds(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


def why_shut(lesson_day: date, *, today: date, edit_days: int | None, closed: Closed | None,
             year_closed: bool) -> str | None:
    """Why nothing of a lesson can be changed, or None while it can. `edit_days` after the lesson is the school's own
    setting; its last day is still open."""
    if year_closed:
        return YEAR_SHUT
    if closed is not None:
        return f"Закрыто: {closed.name}. {ASK}"
    if edit_days is not None and today > lesson_day + timedelta(days=edit_days):
        return f"Урок {day(lesson_day)} закрыт для правки: прошло больше {edit_days} дн. {ASK}"
    return None


def first_day_to_close(last_lesson: date) -> date:
    """The first day on which a term closes without anybody's special word."""
    return last_lesson + BEFORE_CLOSING


def refusal_to_close(*, today: date, last_lesson: date | None, last_is_over: bool, expected: int, reason: str,
                     is_director: bool) -> str | None:
    """Why the term cannot be closed today, or None. `expected` counts marks awaited and works owed."""
    if last_lesson is None:
        return "В этом периоде у класса нет уроков: закрывать нечего"
    if not last_is_over:
        return f"Уроки ещё идут: последний {long_date(last_lesson)}"
    if today >= first_day_to_close(last_lesson) or expected == 0:
        return None
    until = long_date(first_day_to_close(last_lesson))
    if not is_director:
        return f"Ещё ждут отметок, поэтому закрыть можно с {until}. Раньше – только директор, с причиной"
    return None if reason else f"Ещё ждут отметок, а неделя пройдёт {until}: назовите причину, почему закрываете раньше"


def is_early(today: date, last_lesson: date) -> bool:
    """Whether a closing counts as early: what it cuts off is told apart and is not late."""
    return today < first_day_to_close(last_lesson)


def refusal_to_reopen(*, until: date, today: date, reason: str) -> tuple[str, str] | None:
    """The field and the sentence why not, or None."""
    if not reason:
        return "reason", "Назовите причину: она останется в журнале действий"
    if not today <= until <= today + LONGEST_REOPENING:
        return "until", f"Открыть можно на срок до двух недель: не позже {long_date(today + LONGEST_REOPENING)}"
    return None
