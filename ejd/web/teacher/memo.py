"""The memo for families, for the class teacher to read and print (R55)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import letters
from ejd.families.wording import LetterKind, Text
from ejd.web.access import own_class
from ejd.web.downloads import PDF, download
from ejd.web.saving import unlocked
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/memo")
def class_memo(class_id: int) -> ResponseReturnValue:
    school_class, _ = own_class(g.actor, class_id)
    text = _memo()
    return render_template("papers/memo.html", school_class=school_class, body=letters.html(text), stale=text.stale)


@bp.get("/classes/<int:class_id>/memo.pdf")
def class_memo_file(class_id: int) -> ResponseReturnValue:
    """With the name of the class teacher, whom to ask."""
    school_class, _ = own_class(g.actor, class_id)
    text = _memo()
    with unlocked():
        return download(letters.draw(text), PDF, f"Памятка {school_class.name}.pdf")


def _memo() -> Text:
    return letters.current(db.session, LetterKind.MEMO, settings=g.settings, today=clock.today(),
                           class_teacher=g.actor.name)
