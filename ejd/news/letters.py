"""What the letters say: that there is something new, of which kinds, and where to read it. No names, no marks, no
subjects (R40): a letter lies on servers that are not the school's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ejd.news.due import told

NOBODY = "В письме нет ни имён, ни отметок: они только в дневнике, после входа."


def to_confirm(link: str) -> tuple[str, str]:
    """Subject and text of the letter that asks whether the address is really its owner's."""
    return "Подтвердите адрес почты", (
        "Здравствуйте!\n\n"
        "Кто-то указал этот адрес в электронном журнале школы, чтобы получать новости. Если это вы, подтвердите адрес "
        f"в течение 24 часов:\n{link}\n\n"
        "Если не вы, ничего не делайте: других писем не будет.\n")


def of_news(topics: Iterable[str], *, address: str, leave: str) -> tuple[str, str]:
    """Subject and text of a letter of news."""
    return "Дневник: есть новое", (
        f"В электронном дневнике появились {told(topics)}.\n\n"
        f"Прочитать: {address}\n\n{NOBODY}\n{_ending(address, leave)}")


def of_items(items: Sequence[tuple[str, int]], *, address: str, leave: str) -> tuple[str, str]:
    """Subject and text of the digest of own open items: how many of each kind."""
    listed = "\n".join(f"– {title}: {count}" for title, count in items)
    return "Журнал: что ждёт", (
        f"В электронном журнале вас ждут дела:\n{listed}\n\n"
        f"Открыть: {address}\n\n{_ending(address, leave)}")


def _ending(address: str, leave: str) -> str:
    return f"Настроить письма: {address}account/news\nБольше не получать: {leave}\n"
