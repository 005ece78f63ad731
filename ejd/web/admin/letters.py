"""Papers of introduction (R55): the memo, the order and its appendices, in the school's own words, with versions."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.families import letters, wording
from ejd.families.letters import NewWording, Preview
from ejd.families.must_say import MUST_SAY
from ejd.families.wording import LetterKind, Text
from ejd.refusal import Refused, Stale
from ejd.web.access import needs
from ejd.web.access_papers import paper_version
from ejd.web.admin import bp
from ejd.web.downloads import PDF, download
from ejd.web.fragments import wants_partial
from ejd.web.given import number_in
from ejd.web.saving import saving, unlocked

KIND = f"<any({', '.join(repr(kind.value) for kind in LetterKind)}):letter>"  # in an address
TYPING = "typing"  # the paper beside the text follows it


@bp.get("/letters")
@needs(Act.KEEP_LETTERS)
def papers() -> ResponseReturnValue:
    """Every paper: which version holds, and what it doesn't know yet."""
    texts = letters.all_current(db.session, settings=g.settings, today=clock.today())
    return render_template("papers/list.html", texts=texts, means=wording.LETTERS_FOR, told=wording.told)


@bp.get(f"/letters/{KIND}")
@needs(Act.KEEP_LETTERS)
def paper(letter: str) -> ResponseReturnValue:
    """One paper as it reads, with its history."""
    text = _current(LetterKind(letter))
    return render_template("papers/paper.html", text=text, body=letters.html(text), told=wording.told(text.stale),
                           now=_now(), history=letters.versions(db.session, text.kind))


@bp.get(f"/letters/{KIND}.pdf")
@needs(Act.KEEP_LETTERS)
def paper_file(letter: str) -> ResponseReturnValue:
    return file_of(_current(LetterKind(letter)))


@bp.get(f"/letters/{KIND}/versions/<int:edition>")
@needs(Act.KEEP_LETTERS)
def paper_edition(letter: str, edition: int) -> ResponseReturnValue:
    """An earlier version, as it read then."""
    text = paper_version(LetterKind(letter), edition)
    made = next(one for one in letters.versions(db.session, text.kind) if one.number == edition)
    return render_template("papers/version.html", text=text, made=made, body=letters.html(text))


@bp.get(f"/letters/{KIND}/versions/<int:edition>.pdf")
@needs(Act.KEEP_LETTERS)
def paper_edition_file(letter: str, edition: int) -> ResponseReturnValue:
    return file_of(paper_version(LetterKind(letter), edition))


@bp.get(f"/letters/{KIND}/edit")
@needs(Act.KEEP_LETTERS)
def edit_paper(letter: str) -> ResponseReturnValue:
    """The text with its markup, to be worded otherwise."""
    text = _current(LetterKind(letter))
    program = request.args.get("text") == "program"
    return _form(text, letters.program_text(text.kind) if program else text.body)


@bp.post(f"/letters/{KIND}/edit")
@needs(Act.KEEP_LETTERS)
def word_paper(letter: str) -> ResponseReturnValue:
    """Look at the text as it would read, or make it the next version."""
    kind, body = LetterKind(letter), request.form.get("body", "")
    if request.form.get("act") in {"preview", TYPING}:
        return _looked_at(kind, body)
    try:
        with saving():
            kept = letters.word(db.session, settings=g.settings, today=clock.today(), new=NewWording(
                kind, body, number_in(request.form, "seen") or 0, g.actor.person_id, clock.now(),
                request.form.get("key", "")))
    except Refused as refused:
        return _form(_current(kind), body, error=refused), 409 if isinstance(refused, Stale) else 422
    flash(f"{wording.LETTER_NAMES[kind]}: сохранена версия {kept.number}.")
    return redirect(url_for(".paper", letter=letter), 303)


def file_of(text: Text) -> ResponseReturnValue:
    with unlocked():
        return download(letters.draw(text), PDF, f"{text.name.replace(':', '.')}.pdf")


def _current(kind: LetterKind) -> Text:
    return letters.current(db.session, kind, settings=g.settings, today=clock.today())


def _now() -> dict[str, str]:
    """What the placeholders read today."""
    return wording.texts(letters.known(db.session, settings=g.settings, today=clock.today()))


def _looked_at(kind: LetterKind, body: str) -> ResponseReturnValue:
    """As a piece of the page while it is typed, else the editor again."""
    now = _now()
    if wants_partial():
        preview = _preview(kind, body, now, counted=request.form.get("act") != TYPING)
        return render_template("papers/_preview.html", kind=kind, preview=preview, errors={})
    try:
        letters.checked(kind, body, now)
    except Refused as refused:
        return _form(_current(kind), body, error=refused), 422
    return _form(_current(kind), body)


def _preview(kind: LetterKind, body: str, now: dict[str, str], *, counted: bool = True) -> Preview:
    with unlocked():
        return letters.preview(kind, body, now, counted=counted)


def _form(text: Text, body: str, *, error: Refused | None = None) -> str:
    """The editor; of a text that another hand was faster with, what stands now beside what was typed."""
    theirs = letters.html(text, top=3) if isinstance(error, Stale) else None
    seen = text.number if request.method != "POST" or theirs else number_in(request.form, "seen") or 0
    now = _now()
    return render_template(
        "papers/edit.html", text=text, kind=text.kind, body=body, theirs=theirs, seen=seen, now=now,
        preview=_preview(text.kind, body, now), errors={"body": str(error)} if error else {},
        key=request.form.get("key") or token_urlsafe(12), must_say=MUST_SAY[text.kind])
