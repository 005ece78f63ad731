"""Forms of service, alike for a class teacher and the office: who gets the service how, blanks to print, signed papers
to register (R20, R22–R24). Whose pupil it is the views of either side have asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.documents.letters import render_letter
from ejd.families import provision, queries
from ejd.families.forms import NewPaper, attach_scan, register_paper
from ejd.families.provision import PAPER_NAMES, Form, PaperKind
from ejd.families.queries import FormRow
from ejd.files.store import Received
from ejd.refusal import Refused
from ejd.web.attaching import files_given, keep_all, megabytes
from ejd.web.downloads import PDF, download
from ejd.web.given import day_in
from ejd.web.saving import saving

COURTS = {PaperKind.COURT, PaperKind.COURT_LIFTED}
GUARDIANS_PAPER = f"<any({', '.join(provision.FOLLOWS)}):paper>"  # in an address
SCANS = {"application/pdf", "image/jpeg", "image/png"}
ENDINGS = (".pdf", ".jpg", ".jpeg", ".png")
ONE_SCAN = "Приложите один файл: PDF или снимок (jpg, png)"
REQUEST = PaperKind.PUPIL_REQUEST


@dataclass(frozen=True, slots=True)
class Side:
    """Who keeps the papers: how their addresses go on, and the class whose tabs stand above."""

    where: Mapping[str, Any] = field(default_factory=dict)
    school_class: Any = None

    @property
    def administration(self) -> bool:
        """Only the administration registers what a court says (R23, R34)."""
        return not self.where


def show_pupil(side: Side, rows: Sequence[FormRow]) -> str:
    """Every guardian's form with its history and the papers that may follow, and the pupil's own login."""
    pupil_id, today = rows[0].pupil_id, clock.today()
    standing = queries.pupil_standing(db.session, pupil_id=pupil_id, day=today)
    asks = _reason_not_to_ask(standing)
    return render_template(
        "forms/pupil.html", side=side, rows=[row for row in rows if row.guardian_id], pupil=rows[0], asks=asks,
        standing=standing, closed=_closed_to_pupil(standing), histories=queries.history_of(
            db.session, pupil_id=pupil_id), logins=queries.login_history_of(db.session, pupil_id=pupil_id),
        papers={row.guardian_id: provision.papers_open(row.form, administration=side.administration) for row in rows},
        on_paper=[kind for kind in PaperKind if kind not in COURTS], names=PAPER_NAMES,
        form_names=provision.FORM_NAMES, means=provision.FORM_MEANS)


def register(side: Side, row: FormRow, kind: PaperKind) -> ResponseReturnValue:
    """Write down a signed paper: the form of the paper, then what it changed."""
    if kind in COURTS and not (side.administration and may(g.actor, Act.REGISTER_FORMS)):
        abort(403, "Решения суда регистрирует администрация школы.")
    if kind in COURTS and row.guardian_id == g.actor.person_id:
        abort(403, "Решение суда о вас самих регистрирует другой сотрудник администрации.")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with _scans_given() as scans, saving():
                paper = register_paper(db.session, paper=_given(row, kind))
                for _, stored in keep_all(scans):
                    attach_scan(db.session, paper=paper, file_id=stored.id, actor_id=g.actor.person_id, now=clock.now())
        except Refused as refused:
            errors[refused.field or "form"] = str(refused)
        else:
            flash(f"Зарегистрировано: {PAPER_NAMES[kind].lower()}. Изменения действуют с сегодняшнего дня.")
            return redirect(url_for(".pupil_forms", pupil_id=row.pupil_id, **side.where), 303)
    page = render_template(
        "forms/register.html", side=side, row=row, kind=kind, name=PAPER_NAMES[kind], errors=errors,
        typed=request.form, today=clock.today(), key=request.form.get("key") or token_urlsafe(12),
        takes_scan=_takes_scans(), megabytes=megabytes(), becomes=provision.MAKES.get(kind), means=provision.FORM_MEANS,
        standing=reason_not_now(row, kind))
    return page, 422 if errors else 200


def blank(row: FormRow, kind: PaperKind) -> ResponseReturnValue:
    """The paper to be signed, with names and date."""
    if kind in COURTS:
        abort(404)
    if kind is REQUEST and (reason := reason_not_now(row, kind)):
        abort(422, f"{reason}.")
    body = render_letter(kind.value, values_of(row))
    return download(body, PDF, f"{PAPER_NAMES[kind].replace(':', '')} {row.pupil}.pdf")


def values_of(row: FormRow) -> dict[str, Any]:
    """What a paper about this guardian and pupil says."""
    offices = queries.offices_of(db.session, pupil_id=row.pupil_id, day=clock.today())
    return {"school": g.settings.value("school.name", on=None), "director": offices.director,
            "class_teacher": offices.class_teacher, "made_on": clock.today(), "guardian": row.guardian,
            "relation": row.relation, "pupil": row.pupil, "class_name": row.class_name,
            "sentence": provision.REFUSAL_SENTENCE, "form": row.form.value,
            "annulled_on": row.paper.signed_on if row.paper else None,
            "annulled_number": row.paper.number if row.paper else ""}


def reason_not_now(row: FormRow, kind: PaperKind) -> str | None:
    """Why the paper can't be registered whatever is filled in, or None."""
    if kind is not REQUEST:
        return provision.reason_not_to_register(kind, row.form)
    return _reason_not_to_ask(queries.pupil_standing(db.session, pupil_id=row.pupil_id, day=clock.today()))


def _reason_not_to_ask(standing: provision.PupilStanding) -> str | None:
    """Why the pupil's own request is no matter of today, the passport shown or not (R24)."""
    return provision.reason_not_to_ask(born=standing.born, forms=standing.forms, asked=standing.asked,
                                       day=clock.today(), passport_shown_on=clock.today())


def _takes_scans() -> bool:
    return bool(g.settings.value("forms.scans", on=None))


@contextmanager
def _scans_given() -> Iterator[Sequence[Received]]:
    """The scan that came with the form, where the school keeps them."""
    if not _takes_scans():
        yield ()
        return
    named = [file.filename for file in request.files.getlist("files") if file.filename]
    if len(named) > 1 or not all(name.lower().endswith(ENDINGS) for name in named):
        raise Refused(ONE_SCAN, field="files")
    with files_given() as scans:
        if any(scan.media_type not in SCANS for scan in scans):
            raise Refused(ONE_SCAN, field="files")
        yield scans


def _given(row: FormRow, kind: PaperKind) -> NewPaper:
    form = request.form
    return NewPaper(
        kind=kind, pupil_id=row.pupil_id, guardian_id=None if kind is REQUEST else row.guardian_id,
        number=form.get("number", ""), signed_on=_day("signed_on", "Укажите, когда бумага подписана"),
        actor_id=g.actor.person_id, at=clock.now(), key=form.get("key", ""),
        passport_shown_on=_day("passport_shown_on", "Укажите, когда ученик предъявил паспорт")
        if kind is REQUEST else None)


def _day(name: str, missing: str) -> Any:
    if not request.form.get(name, "").strip():
        raise Refused(missing, field=name)
    found = day_in(request.form, name)
    if found is None:
        raise Refused("Дата пишется так: 01.09.2026", field=name)
    return found


def _closed_to_pupil(standing: provision.PupilStanding) -> provision.Closed | None:
    return provision.closed_to_pupil(standing, today=clock.today(),
                                     signs_from=g.settings.value("cards.first_own", on=None))


def counts_of(rows: Sequence[FormRow]) -> dict[Form, int]:
    """How many guardians × children get the service in each form."""
    return {form: sum(row.form is form for row in rows if row.guardian_id) for form in Form}
