"""Why no news will ever come to somebody, and what to do about it (R20, R23, R40). Pure."""

from __future__ import annotations

from collections.abc import Collection

from ejd.families.provision import Closed, Form

ON_PAPER = ("Новости об успеваемости школа даёт вам распечатками, поэтому писем о них не будет. Чтобы получать письма, "
            "подпишите у классного руководителя аннулирование заявления.")
LIMITED = (f"{Closed.LIMITED}, поэтому писем не будет. Когда ограничение снимут, принесите в канцелярию решение суда.")
NO_TOPICS = "Не отмечено ни одной темы: новостей дневника не будет. Отметьте, о чём писать, и сохраните."
OPENED_BY = {
    Closed.ALL_REFUSED: "Открыть его может представитель, аннулировав отказ, или вы сами с 14 лет: подойдите с "
                        "паспортом к классному руководителю.",
    Closed.SWITCHED_OFF: "Открыть его может он же на странице «Доступ» вашего дневника.",
}


def reason_silent(forms: Collection[Form], *, is_pupil: bool, closed: Closed | None, topics: Collection[str]) -> str:
    """In whole sentences; empty when there is somebody to hear about and something to hear. `forms` are those of the
    own children, `closed` is why a pupil's own login is closed."""
    if Form.ELECTRONIC in forms or (is_pupil and closed is None):
        return "" if topics else NO_TOPICS
    if is_pupil and closed:
        return f"{closed}: пока дневник закрыт, писем не будет. {OPENED_BY[closed]}"
    if not forms:
        return ""
    return LIMITED if set(forms) == {Form.LIMITED} else ON_PAPER
