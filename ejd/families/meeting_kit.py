"""The papers of a parents' meeting as one PDF, or a zip of its parts. With cards it is a sealed file: their passwords
come into force as it is handed over (R30)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from ejd import clock
from ejd.credentials import card_paper, cards, holders, register
from ejd.credentials.cards import Prepared
from ejd.credentials.holders import Scope
from ejd.credentials.receiving import Table
from ejd.credentials.register import Register
from ejd.db import Session
from ejd.documents import tables
from ejd.documents.letters import render_letter
from ejd.documents.tables import Column
from ejd.families import letters, wording
from ejd.families.meeting import day_of
from ejd.families.meeting_plan import points
from ejd.families.provision import PAPER_NAMES, REFUSAL_SENTENCE, PaperKind
from ejd.families.queries import FormRow, forms_of_class
from ejd.families.wording import LETTER_NAMES, LetterKind, Text
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.roster.queries_classes import class_by_id, class_teacher_of
from ejd.school import settings as school_settings
from ejd.words import counted

KIT, KIT_WITH_CARDS = "kit", "kit-cards"
MOST = 60  # copies of one paper


class Part(StrEnum):
    """What a kit is made of, in the order in which it is needed."""

    PLAN = "plan"
    ATTENDANCE = "attendance"
    MEMOS = "memos"
    RULES = "rules"
    REGISTER = "register"
    CARDS = "cards"
    FORMS = "forms"


PART_NAMES = {
    Part.PLAN: "План собрания",
    Part.ATTENDANCE: "Лист присутствия",
    Part.MEMOS: "Памятки",
    Part.RULES: "Регламенты (приложения № 1 и № 2), показать на собрании",
    Part.REGISTER: "Ведомость выдачи карточек",
    Part.CARDS: "Карточки доступа",
    Part.FORMS: "Бланки заявлений",
}
BLANKS = (PaperKind.NO_ACCESS, PaperKind.REFUSAL, PaperKind.ANNULMENT, PaperKind.PUPIL_REQUEST)
NO_CARDS = "Карточки делать некому: у всех уже есть действующий пароль. Снимите галочку «Карточки доступа»."


@dataclass(frozen=True, slots=True)
class Piece:
    """One paper of the kit, so many times."""

    name: str
    body: bytes
    copies: int = 1
    cut: bool = False  # its leaves are cut apart: nothing is printed on their backs


@dataclass(frozen=True, slots=True)
class Read:
    """Everything that the papers say."""

    class_name: str
    school: str
    teacher: str
    director: str
    values: Mapping[str, str]
    papers: Mapping[LetterKind, Text]
    register: Register
    rows: Sequence[FormRow]
    today: date


Drawn = tuple[str, Callable[[], bytes], int]  # name, what draws it, how many copies
RULES = (LetterKind.KEEPING, LetterKind.SERVICE)


@job(KIT, "Набор для родительского собрания")
def make_kit(session: Session, one: Job, tell: Tell) -> Made:
    return _made(session, params_of(one), None, tell)


@job(KIT_WITH_CARDS, "Набор для родительского собрания с карточками", fulfil=cards.put_in_force)
def make_kit_with_cards(session: Session, one: Job, tell: Tell) -> Made:
    asked = params_of(one)
    prepared = cards.prepare(session, owner_id=one.owner_id, scope=Scope(class_id=asked["class_id"]), renew=False,
                             address=asked["address"], tell=tell)
    if not prepared.cards:
        raise Refused(NO_CARDS)
    return _made(session, asked, prepared, tell)


def _made(session: Session, asked: Mapping[str, Any], prepared: Prepared | None, tell: Tell) -> Made:
    read = _read(session, asked["class_id"])
    session.rollback()  # nothing is held while papers are drawn
    wanted = list(_wanted(read, asked, prepared))
    pieces = []
    for done, (name, draw, copies) in enumerate(wanted, 1):
        pieces.append(Piece(name, draw(), copies, cut=name == PART_NAMES[Part.CARDS]))
        tell(done, len(wanted))
    if not pieces:
        raise Refused("Печатать нечего: в классе никого нет")
    both = asked.get("both", False)  # a job of before an upgrade does not say
    ending, body = ("zip", zipped(pieces, both=both)) if asked["zip"] else ("pdf", merged(pieces, both=both))
    return Made(f"Собрание {read.class_name}.{ending}", body,
                f"Готово: {counted(len(pieces), 'бумага', 'бумаги', 'бумаг')} для собрания.",
                prepared.promise if prepared else None)


def _read(session: Session, class_id: int) -> Read:
    listed = class_by_id(session, class_id)
    if listed is None:
        raise Refused("Этого класса больше нет")
    school_class, year = listed
    settings, today = school_settings.load(session), clock.today()
    day = day_of(year, today)
    person = class_teacher_of(session, class_id=class_id, day=day)
    teacher = person.full_name if person else ""
    known = letters.known(session, settings=settings, today=today, class_teacher=teacher)
    values = wording.texts(known)
    letters.check_printable(values)
    return Read(
        school_class.name, values["школа"], teacher, known.director, values,
        {kind: letters.of_values(session, kind, values) for kind in (LetterKind.MEMO, *RULES)},
        register.register_on(session, class_id=class_id, custom=holders.custom_of(settings), day=day,
                             real_now=clock.real_now()),
        forms_of_class(session, class_id=class_id, day=day), today)


def _wanted(read: Read, asked: Mapping[str, Any], prepared: Prepared | None) -> Iterator[Drawn]:
    """Every paper that is asked for, in the order in which it is needed."""
    parts = set(asked["parts"])
    if Part.PLAN in parts:
        yield PART_NAMES[Part.PLAN], partial(_plan, read), 1
    if Part.ATTENDANCE in parts:
        yield PART_NAMES[Part.ATTENDANCE], partial(_attendance, read), 1
    if Part.MEMOS in parts:
        yield PART_NAMES[Part.MEMOS], partial(letters.draw, read.papers[LetterKind.MEMO]), asked["memos"]
    for kind in RULES if Part.RULES in parts else ():
        yield LETTER_NAMES[kind].replace(":", "."), partial(letters.draw, read.papers[kind]), 1
    if Part.REGISTER in parts:
        coming = [row[0] for row in prepared.promise["rows"]] if prepared else []
        for table, there in ((Table.GUARDIANS, read.register.guardians), (Table.PUPILS, read.register.pupils)):
            if there:
                yield (f"Ведомость выдачи, таблица {table.value}", partial(
                    register.paper, read.register, table, class_name=read.class_name, school=read.school,
                    made_on=read.today, coming=coming,
                    issuer=register.Issuer("классный руководитель" if read.teacher else "", read.teacher)), 1)
    if prepared:
        yield PART_NAMES[Part.CARDS], partial(card_paper.draw, prepared.cards, prepared.heading), 1
    for blank in BLANKS:
        if Part.FORMS in parts and asked["blanks"][blank.value]:
            yield PAPER_NAMES[blank].replace(":", ""), partial(_blank, read, blank), asked["blanks"][blank.value]


def _plan(read: Read) -> bytes:
    """The plan of the meeting with the school's own values."""
    return render_letter("meeting_plan", {
        "name": PART_NAMES[Part.PLAN], "class_name": read.class_name, "school": read.school, "teacher": read.teacher,
        "points": points(read.values)})


def _attendance(read: Read) -> bytes:
    """Who is to sign for having been there: every guardian beside the child."""
    columns = [Column("№", 8, "right"), Column("Ученик", 62), Column("Родитель (законный представитель)", 70),
               Column("Подпись", 40)]
    return tables.as_pdf(tables.Table(
        f"Родительское собрание. Класс {read.class_name}",
        f"{read.school}. Лист присутствия. Дата собрания: «____» ______________ 20____ года", columns,
        [[number, row.pupil, row.guardian, ""] for number, row in enumerate(read.rows, 1)], read.today, to_sign=True))


def _blank(read: Read, kind: PaperKind) -> bytes:
    """A statement to be filled in by hand."""
    return render_letter(kind.value, {
        "school": read.school, "director": read.director, "class_teacher": read.teacher, "class_name": read.class_name,
        "sentence": REFUSAL_SENTENCE,
        **dict.fromkeys(("made_on", "guardian", "relation", "pupil", "annulled_on", "annulled_number"))})


def merged(pieces: Sequence[Piece], *, both: bool = False) -> bytes:
    """All papers in one file, ready to be printed. On both sides of a leaf each paper begins a leaf of its own, and so
    does each page that is cut apart: what lies on a back is nobody else's."""
    from pypdf import PdfReader, PdfWriter  # brought in when papers are put together

    writer = PdfWriter()
    for piece in pieces:
        paper = PdfReader(BytesIO(piece.body))
        for _ in range(piece.copies):
            for number, page in enumerate(paper.pages):
                if both and len(writer.pages) % 2 and (piece.cut or not number):
                    writer.add_blank_page()
                writer.add_page(page)
    body = BytesIO()
    writer.write(body)
    return body.getvalue()


def zipped(pieces: Sequence[Piece], *, both: bool = False) -> bytes:
    """Each paper as a file of its own, numbered in order."""
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for number, piece in enumerate(pieces, 1):
            many = f", {piece.copies} шт" if piece.copies > 1 else ""
            archive.writestr(f"{number} {piece.name}{many}.pdf", merged([piece], both=both))
    return body.getvalue()
