"""Papers that the school words itself (R55): what is in force, earlier versions, new ones, and how they look on paper.
Nothing is overwritten: a version keeps its text and what its placeholders read on that day."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from markupsafe import Markup
from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from ejd.access import Position
from ejd.audit import trail
from ejd.db import Session
from ejd.documents.letters import render_letter
from ejd.documents.markup import html_of, too_much, words_of
from ejd.families import wording
from ejd.families.models import Letter
from ejd.families.must_say import reason_not_to_word
from ejd.families.wording import LONGEST, Known, LetterKind, Text
from ejd.journal.models import WorkKind
from ejd.journal.wording import OLD_PAGE, key_of, lines
from ejd.names import in_full
from ejd.refusal import Refused, Stale
from ejd.roster.belonging import held
from ejd.roster.models import Employment, Person
from ejd.school.catalogue import DEFINITIONS
from ejd.school.settings import Settings

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class NewWording:
    """A text about to become the next version; `seen` is the number of the version it was made from. The same key
    again answers as the first time."""

    kind: LetterKind
    body: str
    seen: int
    actor_id: int
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Version:
    """A line of the history of a paper."""

    number: int
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a text would read."""

    shown: Markup
    sides: int  # of A4; 0: not counted, or it can't be kept
    refused: str  # why not, or nothing


def known(session: Session, *, settings: Settings, today: date, class_teacher: str = "") -> Known:
    """What papers are filled from. One statement."""
    director = (select(Employment.person_id).where(Employment.position == Position.DIRECTOR.value,
                                                   held(Employment, today))
                .order_by(Employment.from_on.desc(), Employment.id).limit(1).scalar_subquery())
    rows = session.execute(union_all(
        select(literal("kind"), WorkKind.code, WorkKind.name, literal(""), WorkKind.position)
        .where(WorkKind.in_timeliness.is_(True)),
        select(literal("director"), Person.last_name, Person.first_name, Person.patronymic, literal(0))
        .where(Person.id == director))).all()
    return Known(
        settings=wording.settings_of(
            lambda key: settings.value(key, on=today if DEFINITIONS[key].legal else None)),
        today=today, class_teacher=class_teacher,
        kinds=[(code, name) for what, code, name, _, _ in sorted(rows, key=lambda row: row[4]) if what == "kind"],
        director=next((in_full(*parts) for what, *parts, _ in rows if what == "director"), ""))


def current(session: Session, kind: LetterKind, *, settings: Settings, today: date, class_teacher: str = "") -> Text:
    """The version in force, or the program's own text where the school has none yet. Two statements."""
    return of_values(session, kind, wording.texts(
        known(session, settings=settings, today=today, class_teacher=class_teacher)))


def of_values(session: Session, kind: LetterKind, now: dict[str, str]) -> Text:
    """The same where what placeholders read now is known. One statement."""
    return text_of(kind, session.scalar(_latest().where(Letter.kind == kind.value)), now)


def newest(kind: LetterKind) -> type[Letter]:
    """The row of the version in force, to be joined by whoever asks for more in the same statement."""
    return aliased(Letter, _latest().where(Letter.kind == kind.value).subquery())


def all_current(session: Session, *, settings: Settings, today: date) -> list[Text]:
    """The same of every paper. Two statements."""
    now = wording.texts(known(session, settings=settings, today=today))
    latest = {row.kind: row for row in session.scalars(_latest())}
    return [text_of(kind, latest.get(kind.value), now) for kind in LetterKind]


def version(session: Session, kind: LetterKind, number: int, *, settings: Settings, today: date) -> Text | None:
    """A version as it read when it was made. Two statements."""
    row = session.scalar(select(Letter).filter_by(kind=kind.value, number=number))
    return text_of(kind, row, wording.texts(known(session, settings=settings, today=today))) if row else None


def versions(session: Session, kind: LetterKind) -> list[Version]:
    """The history, the latest first. One statement."""
    return [Version(row.number, row.made_at, who.short_name if who else "")
            for row, who in session.execute(
                select(Letter, Person).outerjoin(Person, Person.id == Letter.made_by_id)
                .where(Letter.kind == kind.value).order_by(Letter.number.desc()))]


def word(session: Session, *, new: NewWording, settings: Settings, today: date) -> Letter:
    """Make the next version. Raises Refused naming what must not be lost, Stale when another hand was faster."""
    if (known_row := _of_key(session, new)) is not None:
        return known_row
    now = wording.texts(known(session, settings=settings, today=today))
    body = checked(new.kind, new.body, now)
    latest = session.scalar(_latest().where(Letter.kind == new.kind.value))
    before = text_of(new.kind, latest, now)
    if before.number != new.seen:
        raise _stale(before)
    if before.number and before.body == body and not before.stale:
        raise Refused("Вы ничего не изменили: такая версия уже в силе", field="body")
    row = Letter(kind=new.kind.value, number=before.number + 1, body=body, made_at=new.at, made_by_id=new.actor_id,
                 settings_seen=json.dumps(wording.seen(words_of(body), now), ensure_ascii=False),
                 key=key_of(new.key))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # another hand made this version meanwhile
        if (known_row := _of_key(session, new)) is not None:
            return known_row
        raise _stale(text_of(new.kind, session.scalar(_latest().where(Letter.kind == new.kind.value)), now)) from None
    trail.record(session, now=new.at, actor_id=new.actor_id, verb="letter.worded", subject_id=row.id, kind=row.kind,
                 number=row.number)
    return row


def checked(kind: LetterKind, typed: str, now: dict[str, str]) -> str:
    """The text made fit to keep and to print. Raises Refused."""
    body = lines(typed, longest=LONGEST, field="body")
    if reason := reason_not_to_word(kind, words_of(body)):
        raise Refused(reason, field="body")
    if sign := _unprintable(body):
        raise Refused(f"Знак «{sign}» не печатается: уберите его", field="body")
    if reason := too_much(body):
        raise Refused(f"Не поместится на лист: {reason}", field="body")
    if "{{" in html_of(body, lambda text: wording.fill(text, now)):
        raise Refused("Подстановка разорвана разметкой: внутри скобок {{ }} не ставят звёздочек", field="body")
    return body


def preview(kind: LetterKind, typed: str, now: dict[str, str], *, counted: bool = True) -> Preview:
    """A text that is not kept yet, as it would read, and what stands against keeping it; sides are counted by drawing
    the paper, which is too much for every pause in typing."""
    try:
        text = Text(kind, 0, checked(kind, typed, now), values=now)
        return Preview(html(text, top=3), sides(text) if counted else 0, "")
    except Refused as refused:
        shown = html(Text(kind, 0, typed, values=now), top=3) if len(typed) <= LONGEST else Markup("")
        return Preview(shown, 0, str(refused))


def html(text: Text, *, top: int = 2) -> Markup:
    """The paper on a page, its highest headings of that level."""
    return html_of(text.body, filled(text), top=top)


def filled(text: Text) -> Callable[[str], str]:
    """Puts what the placeholders read into a piece of the text."""
    return lambda piece: wording.fill(piece, text.values)


def draw(text: Text) -> bytes:
    """The paper as PDF. Raises Refused when what is filled in can't be printed."""
    check_printable(text.values)
    template = "memo" if text.kind is LetterKind.MEMO else "worded"  # one that goes to every family fits one side
    return render_letter(template, {"name": text.name, "body": html(text, top=1)})


def sides(text: Text) -> int:
    """Of how many sides of A4 the paper is."""
    from pypdf import PdfReader  # brought in when a paper is made

    return len(PdfReader(BytesIO(draw(text))).pages)


def check_printable(values: Mapping[str, str]) -> None:
    """Raises Refused when what placeholders read has a sign that the fonts of papers have not."""
    for name, value in values.items():
        if sign := _unprintable(value):
            raise Refused(f"«{name}»: знак «{sign}» не печатается, исправьте его в настройках или списках")


def paper(session: Session, kind: LetterKind, *, settings: Settings, today: date, class_teacher: str = "") -> bytes:
    """The version in force as PDF; for a class with the name of its teacher."""
    return draw(current(session, kind, settings=settings, today=today, class_teacher=class_teacher))


def _latest() -> Select[Letter]:
    other = aliased(Letter)
    newest = select(func.max(other.number)).where(other.kind == Letter.kind).scalar_subquery()
    return select(Letter).where(Letter.number == newest)


def text_of(kind: LetterKind, row: Letter | None, now: dict[str, str]) -> Text:
    """A version as it reads; none: the program's own."""
    if row is None:
        return Text(kind, 0, program_text(kind), values=now)
    kept: dict[str, str] = json.loads(row.settings_seen)
    return Text(kind, row.number, row.body, kept, wording.changed_since(kept, now), now | kept)


@cache
def program_text(kind: LetterKind) -> str:
    """What the program offers until the school has a text of its own."""
    return (TEXTS / f"{kind.value}.md").read_text(encoding="utf-8").strip()


def _of_key(session: Session, new: NewWording) -> Letter | None:
    row = session.scalar(select(Letter).filter_by(key=key_of(new.key)))
    if row is not None and (row.kind, row.made_by_id) != (new.kind.value, new.actor_id):
        raise Refused(OLD_PAGE)
    return row


def _stale(text: Text) -> Stale:
    return Stale(f"Пока вы писали, кто-то сохранил версию {text.number}: сравните её со своей и сохраните ещё раз",
                 theirs=str(text.number), field="body")


def _unprintable(text: str) -> str:
    from ejd.documents.fonts import unprintable  # ReportLab is brought in when a paper is made

    return unprintable(text)

