"""The papers of introduction that concern families, for the class teacher to read and print, not to word (R55)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import letters
from ejd.families.wording import FOR_FAMILIES, LETTER_NAMES, LetterKind, Text
from ejd.web.access import own_class
from ejd.web.downloads import PDF, download
from ejd.web.saving import unlocked
from ejd.web.teacher import bp

KIND = f"<any({', '.join(repr(kind.value) for kind in FOR_FAMILIES)}):letter>"  # in an address


@bp.get(f"/classes/<int:class_id>/papers/{KIND}")
def class_paper(class_id: int, letter: str) -> ResponseReturnValue:
    school_class, _ = own_class(g.actor, class_id)
    text = _current(letter)
    return render_template("papers/of_class.html", school_class=school_class, text=text, body=letters.html(text),
                           papers=[(kind, LETTER_NAMES[kind]) for kind in FOR_FAMILIES])


@bp.get(f"/classes/<int:class_id>/papers/{KIND}.pdf")
def class_paper_file(class_id: int, letter: str) -> ResponseReturnValue:
    """With the name of the class teacher, whom to ask."""
    school_class, _ = own_class(g.actor, class_id)
    text = _current(letter)
    with unlocked():
        return download(letters.draw(text), PDF, f"{text.name.replace(':', '.')}, {school_class.name}.pdf")


def _current(letter: str) -> Text:
    return letters.current(db.session, LetterKind(letter), settings=g.settings, today=clock.today(),
                           class_teacher=g.actor.name)
