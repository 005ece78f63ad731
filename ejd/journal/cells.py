"""The inside of a journal cell as HTML, made and escaped once: by the page and by the answer to a save alike.

Cells carry ids and versions, no addresses: a page has 1,800 of them. In the grid a mark's id is told as the distance
from the first mark of its column («+3»), for ids are what a page weighs most by. Every value that comes here is of a
closed set kept by the database's own checks, a number, or a sentence of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup, escape

from ejd import words
from ejd.journal import deadlines, expecting, grading
from ejd.journal.expecting import Presence

PRESENCE_WORDS = {
    Presence.ABSENT.value: "не был",
    Presence.ILL.value: "болел",
    Presence.EXCUSED.value: "не был по уважительной причине",
    Presence.LATE.value: "опоздал",
}
# Colour comes second, after the figure itself.
TINTS = {"5": "m5", "3": "m3", "2": "m2", "1": "m2", "незач": "m2"}
MONTHS = ("январь", "февраль", "март", "апрель", "май", "июнь",
          "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")


class Fact(NamedTuple):
    """What stands in a cell: one attendance code, mark, expectation, excuse or exemption, as the facts query tells it.

    `day` is what an expectation waits for, or the day a mark was received that took more than a week, as `days` tells
    (R1), or was not received at its lesson (R3); both are empty for any other mark. `received_on` is an expectation's.
    """

    what: int  # 0 attendance, 1 mark, 2 expectation, 3 excuse, 4 exemption: also the order inside a cell
    lesson_id: int
    pupil_id: int
    id: int
    version: int
    text: str | None  # code, value, or what is awaited
    weight: int
    days: int
    day: date | None
    work_id: int | None
    kind_id: int = 0
    received_on: date | None = None
    retakes_id: int | None = None  # the mark that this one re-takes (R11)
    notes: int = 0  # of a mark: COMMENTED, AFTER_CLOSING, both


COMMENTED, AFTER_CLOSING = 1, 2  # R10, R8
ATTENDANCE, MARK, EXPECTATION, EXCUSE, EXEMPTION = range(5)
# Only where nothing else stands: an excuse until attendance is taken, an exemption (R10).
EXEMPT = '<small title="освобождён">осв</small>'
ANNOUNCED = "?"
EXCUSE_WORDS = {
    Presence.ABSENT.value: "отсутствует, так отметила школа", Presence.ILL.value: "болеет, так отметила школа",
    Presence.EXCUSED.value: "отсутствует по уважительной причине, так отметила школа",
    ANNOUNCED: "семья сообщила об отсутствии, классный руководитель ещё не ответил",
}


def piece(fact: Fact, *, today: date, begins: date | None, kinds: Mapping[int, str] | None = None) -> str:
    """One fact of a cell as HTML."""
    if fact.what == MARK:
        kind = kinds.get(fact.kind_id, "") if kinds is not None and not fact.work_id else None
        late = words_of_lateness(fact.day, fact.days, begins) if fact.days and fact.day else ""
        return mark(f"{fact.id}.{fact.version}", fact.text or "", late, fact.day,
                    "" if kind is None else of_kind(fact.kind_id), f"<small>{escape(kind)}</small>" if kind else "",
                    retakes=bool(fact.retakes_id), notes=fact.notes)
    if fact.what >= EXCUSE:
        return EXEMPT if fact.what == EXEMPTION else _excuse(fact.text or "")
    return _presence(fact) if fact.what == ATTENDANCE else _awaited(fact, today, begins)


def inside(facts: Iterable[Fact], *, today: date, begins: date | None,
           kinds: Mapping[int, str] | None = None) -> Markup:
    """Everything that stands in a cell, in order. `kinds`: marks for no declared work tell their kind, by the short
    names given; None where the column tells it."""
    said = [(fact, piece(fact, today=today, begins=begins, kinds=kinds)) for fact in facts]
    # A letter that was taken back leaves a piece without words, for its version.
    alone = not any(html for fact, html in said if fact.what < EXCUSE and fact.text is not None)
    cell = ""
    for fact, html in said:
        if html and (alone or fact.what < EXCUSE):
            alone = alone and fact.what < EXCUSE
            cell = beside(cell, html, retaken=str(fact.retakes_id or ""))
    return Markup(cell)


def beside(cell: str, html: str, *, retaken: str = "") -> str:
    """The cell with one more piece; a re-take stands right behind the mark of that name: «3→5» (R11)."""
    at = cell.find(f"<b data-m={retaken}.") if retaken else -1
    if at < 0:
        return f"{cell} {html}" if cell else html
    end = cell.index("</b>", at) + len("</b>")
    return f"{cell[:end]}→{html}{cell[end:]}"


def mark(name: str, value: str, late: str, received_on: date | None, of: str = "", after: str = "", *,
         retakes: bool = False, notes: int = 0) -> str:
    """A mark under the name by which it is corrected. What is told of it besides stands in its title, of a late one
    in the words behind its corner (R1): a re-take (R11), the day when it was not its lesson's (R3), a comment,
    a change after closing (R8)."""
    tint = TINTS.get(value, "")
    if not (late or retakes or notes or received_on):  # nearly all of them
        return f"<b data-m={name}{of} class={tint}>{value}{after}</b>" if tint else (
            f"<b data-m={name}{of}>{value}{after}</b>")
    received = f"получена {words.day(received_on)}" if received_on else ""
    told = ", ".join(filter(None, ("пересдача" if retakes else "", late or received,
                                   "есть комментарий" if notes & COMMENTED else "",
                                   "после закрытия" if notes & AFTER_CLOSING else "")))
    looks = " ".join(filter(None, ("late" if late else "", "noted" if notes & COMMENTED else "", tint)))
    of += f' class="{looks}"' if " " in looks else f" class={looks}" if looks else ""
    if late:
        return f"<b data-m={name}{of}>{value}{after}<i>{told}</i></b>"
    return f'<b data-m={name} title="{told}"{of}>{value}{after}</b>'


def of_kind(kind_id: int) -> str:
    """What a mark is for when it is for no work, as a form's field `for` says it."""
    return f" data-f=k{kind_id}"


def words_of_lateness(received_on: date, days: int, begins: date | None) -> str:
    """Why a mark is late, in words (R1); empty when it is not, or when control had not begun (R7)."""
    if days <= deadlines.WEEK.days or not deadlines.is_controlled(received_on, begins):
        return ""
    return deadlines.sentence_of_lateness(received_on, received_on + timedelta(days=days))


def density(count: int, least: int) -> Markup:
    """How many marks stand, and a warning when they are fewer than R13 asks for."""
    if not grading.is_sparse(count, least):
        return Markup(count)
    return Markup('<abbr class=few title="мало отметок: нужно не меньше {}">{}</abbr>').format(least, count)


def row(pupil_id: int, name: str, tds: str, average: Fraction | None, marks: Markup) -> Markup:
    """One pupil's row of the journal: name, a cell a lesson, average, density."""
    return Markup(f"<tr id=r{pupil_id}><th scope=row>{escape(name)}{tds}"
                  f"<td class=avg>{words.average(average)}<td class=den>{marks}\n")


def row_of_letters(pupil_id: int, name: str, tds: str) -> Markup:
    """The same where no marks are given (R14)."""
    return Markup(f"<tr id=r{pupil_id}><th scope=row>{escape(name)}{tds}\n")


class Head(NamedTuple):
    """The head of one lesson's column. `first_mark` is what the ids of its marks are told from."""

    lesson_id: int
    day: date
    number: int
    works: str  # short names of declared works: «к/р»
    work_ids: tuple[int, ...]  # what a mark put by a key is for, when there is one
    first_mark: int | None
    how: str = ""  # given otherwise than usual: `how_given`

    def html(self, address: str | None) -> str:
        """`address` is where lessons live, up to the id; without it the head leads nowhere."""
        base = f" data-m={self.first_mark}" if self.first_mark else ""
        kind = f' data-for="{" ".join(f"w{work_id}" for work_id in self.work_ids)}"' if self.work_ids else ""
        tag, link = ("a", f" href={address}{self.lesson_id}") if address else ("span", "")
        told, sign = (f", {self.how}", "*") if self.how else ("", "")
        return (f"<th scope=col id=l{self.lesson_id}{base}{kind}><{tag}{link} "
                f'title="{words.weekday_day(self.day)}, {self.number}-й урок{told}">{self.day.day}{sign}'
                f"<small>{escape(self.works) or words.WEEKDAYS[self.day.weekday()]}</small></{tag}>\n")


def how_given(merged: bool, remote: bool) -> str:
    """How a lesson is given otherwise than by its own teacher in its own room (R6)."""
    return ", ".join(word for word, is_so in (("вместе с другим уроком", merged), ("дистанционно", remote)) if is_so)


def _presence(fact: Fact) -> str:
    if fact.text is None:
        return f"<abbr data-v={fact.version}></abbr>"
    return f'<abbr data-v={fact.version} title="{PRESENCE_WORDS[fact.text]}">{fact.text}</abbr>'


def _excuse(letter: str) -> str:
    """The letter that comes when attendance is taken; a key changes it as it would a letter."""
    told = "" if letter == ANNOUNCED else " data-v=0"
    return f'<abbr{told} class=soft title="{EXCUSE_WORDS[letter]}">{letter}</abbr>'


def _awaited(fact: Fact, today: date, begins: date | None) -> str:
    work = f"data-w={fact.work_id}"
    term = deadlines.term_of_teacher(fact.day, fact.received_on, begins) if fact.received_on else None
    cell = expecting.cell_of(fact.text, term, today)
    match cell:
        case expecting.Cell.OWED:
            told = expecting.sentence_of_expectation(cell, due_on=None, hand_in_by=fact.day, today=today)
            return f'<abbr {work} class=owes title="{told}">•</abbr>'
        case expecting.Cell.OVERDUE:
            return f'<abbr {work} class=overdue title="{expecting.sentence_for_teacher(cell, term)}">!</abbr>'
        case expecting.Cell.AWAITED:
            return f'<abbr {work} class=awaited title="{expecting.sentence_for_teacher(cell, term)}">·</abbr>'
    return ""
