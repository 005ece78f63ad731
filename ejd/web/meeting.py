"""The parents' meeting of a class, alike for its teacher and the administration: the check list by the plan's points,
ticks, and the kit of papers. Whose class it is the views of either side have asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import meeting
from ejd.families.meeting_kit import BLANKS, KIT, KIT_WITH_CARDS, MOST, PART_NAMES, Part
from ejd.families.meeting_plan import PAPERS_OF
from ejd.families.provision import PAPER_NAMES, PaperKind
from ejd.families.wording import LetterKind
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school.models import SchoolYear
from ejd.web.cards import address
from ejd.web.confirming import wrong_confirmation
from ejd.web.following import begin_job
from ejd.web.given import number_in
from ejd.web.saving import saving

Listed = tuple[SchoolClass, SchoolYear]
Places = Mapping[str, Sequence[tuple[str, str]]]  # by point: address and title of where it is done
SPARE = 3  # blanks of a statement that nobody has asked for yet


def guide() -> tuple[str, str]:
    """The whole guide, which the plan has families told of beside the memo."""
    return url_for("help.guide", guide="family"), "Руководство ученика и родителя"


def with_papers(places: Places, place: Callable[[LetterKind], tuple[str, str]]) -> Places:
    """And where the papers are read that the points of the plan name."""
    named = {code: [place(kind) for kind in kinds] for code, kinds in PAPERS_OF.items()}
    return {code: [*named.get(code, ()), *places.get(code, ())] for code in (*named, *places)}


def show(listed: Listed, places: Places, errors: Mapping[str, str] | None = None, status: int = 200
         ) -> ResponseReturnValue:
    """What is to be said and what is done, point by point."""
    found = meeting.meeting_of(db.session, listed=listed, settings=g.settings, today=clock.today(),
                               now=clock.now(), real_now=clock.real_now())
    sent = "key" in request.form
    ticked = request.form.getlist("part") if sent else [part for part in Part if part is not Part.CARDS]
    return render_template(
        "meeting/meeting.html", school_class=listed[0], page=found, places=places, errors=errors or {},
        parts=[(part, PART_NAMES[part]) for part in Part], ticked=ticked, most=MOST, both="both" in request.form,
        counts=[(name, title, request.form.get(name, "") if sent else offered)
                for name, title, offered in _counts(found)],
        key=request.form.get("key") or token_urlsafe(12)), status


def tick(listed: Listed, places: Places) -> ResponseReturnValue:
    """A point was done, or was ticked by mistake."""
    done = request.form.get("done")
    try:
        with saving():
            meeting.tick(db.session, class_id=listed[0].id, code=done or request.form.get("undo", ""),
                         done=bool(done), actor_id=g.actor.person_id, today=clock.today(), now=clock.now())
    except Refused as refused:
        return show(listed, places, {"point": str(refused)}, 422)
    return redirect(url_for(".class_meeting", class_id=listed[0].id), 303)


def make_kit(listed: Listed, places: Places) -> ResponseReturnValue:
    """Begin putting the ticked papers together; cards ask for the password once more."""
    try:
        params = _asked(listed[0])
    except Refused as refused:
        return show(listed, places, {refused.field or "kit": str(refused)}, 422)
    with_cards = Part.CARDS in params["parts"]
    if with_cards and (error := wrong_confirmation()):
        return show(listed, places, {"password": error}, 422)
    try:
        return begin_job(KIT_WITH_CARDS if with_cards else KIT, params, key=request.form.get("key", ""),
                         back=url_for(".class_meeting", class_id=listed[0].id))
    except Refused as refused:
        return show(listed, places, {"kit": str(refused)}, 422)


def _asked(school_class: SchoolClass) -> dict[str, Any]:
    parts = [part.value for part in Part if part.value in request.form.getlist("part")]
    if not parts:
        raise Refused("Отметьте, какие бумаги собрать", field="kit")
    blanks = {kind.value: _count(kind.value) for kind in BLANKS} if Part.FORMS in parts else {}
    if parts == [Part.FORMS] and not any(blanks.values()):
        raise Refused("Укажите, сколько бланков нужно", field=PaperKind.NO_ACCESS.value)
    return {"class_id": school_class.id, "parts": parts, "zip": request.form.get("how") == "zip",
            "both": "both" in request.form, "blanks": blanks,
            "memos": _count("memos", least=1) if Part.MEMOS in parts else 0, "address": address()}


def _count(name: str, least: int = 0) -> int:
    number = number_in(request.form, name)
    if number is None or not least <= number <= MOST:
        raise Refused(f"Укажите число от {least} до {MOST}", field=name)
    return number


def _counts(found: meeting.Meeting) -> list[tuple[str, str, int]]:
    """How many of each paper: field, title, what is offered."""
    offered = {PaperKind.NO_ACCESS: SPARE, PaperKind.REFUSAL: SPARE, PaperKind.ANNULMENT: found.annulments,
               PaperKind.PUPIL_REQUEST: found.requests}
    return [("memos", "Памяток", min(max(found.families, 1), MOST)),
            *((kind.value, PAPER_NAMES[kind], min(offered[kind], MOST)) for kind in BLANKS)]
