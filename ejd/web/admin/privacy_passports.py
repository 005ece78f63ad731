"""Passport data of class 11: masked, written, looked at with a record of it, erased (R41)."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.privacy import passports as acts
from ejd.privacy import queries
from ejd.privacy.models import Passport
from ejd.privacy.passport_data import PassportData, faults, reason_not_to_keep, tidied
from ejd.privacy.queries import PupilHere
from ejd.privacy.sealing import NO_KEY, DataKey, key_of
from ejd.refusal import Refused, Stale
from ejd.typed import day_of
from ejd.web.access import needs
from ejd.web.access_privacy import passport_kept, pupil_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done
from ejd.web.saving import saving
from ejd.words import counted

UNREADABLE = "не читаются"


@bp.get("/privacy/passports")
@needs(Act.SEE_PASSPORTS)
def passports() -> ResponseReturnValue:
    """The pupils of class 11 with what is kept, masked; whatever must go stands first."""
    rows = queries.passports(db.session, day=clock.today())
    return render_template("admin/privacy/passports.html", rows=[row for row in rows if not row.due],
                           due=[row for row in rows if row.due], no_key=_no_key(),
                           masks={row.person.id: _mask(row.passport) for row in rows if row.passport and row.kept})


@bp.get("/privacy/passports/looks")
@needs(Act.SEE_PASSPORTS)
def passport_looks() -> ResponseReturnValue:
    """Who has seen passport data in full, and when."""
    return render_template("admin/privacy/looks.html", looks=queries.looks(db.session))


@bp.route("/privacy/passports/erase", methods=["GET", "POST"])
@needs(Act.SEE_PASSPORTS)
def erase_due_passports() -> ResponseReturnValue:
    """Erase all that must go: the exams are over, or the pupil has left."""
    form = Form()
    if form.sent:
        with form.saving():
            form.sure()
            erased = acts.erase(db.session, **by(), why="due",
                                pupil_ids=queries.pupils_to_erase(db.session, day=clock.today()))
        if not form.errors:
            return done(f"Стёрто: {counted(erased, 'запись', 'записи', 'записей')}", ".passports")
    due = [row for row in queries.passports(db.session, day=clock.today()) if row.due]
    return render_template("admin/privacy/erase_due.html", form=form, due=due), 422 if form.errors else 200


@bp.route("/people/<int:person_id>/passport", methods=["GET", "POST"])
@needs(Act.SEE_PASSPORTS)
def pupil_passport(person_id: int) -> ResponseReturnValue:
    """A pupil's passport data: masked, and a form to write them; refused for any other class."""
    pupil = pupil_listed(person_id)
    form, row, key = Form(), queries.passport_of(db.session, person_id), _key()
    if form.sent and key is not None:
        status = _enter(form, pupil, key)
        if not form.errors:
            return done("Паспортные данные записаны", ".pupil_passport", person_id=person_id)
    else:
        status = 422 if form.sent else 200
    kept = row is not None and row.sealed is not None
    return render_template(
        "admin/privacy/passport.html", form=form, pupil=pupil, row=row, kept=kept, mask=_mask(row) if kept else "",
        no_key=_no_key(), looks=queries.looks(db.session, pupil_id=person_id),
        closed=reason_not_to_keep(pupil.grade, revoked=queries.is_revoked(db.session, pupil_id=person_id)),
        version=form.value("version") or (row.version if row else 0)), status


@bp.post("/privacy/passports/<int:passport_id>/look")
@needs(Act.SEE_PASSPORTS)
def look_at_passport(passport_id: int) -> ResponseReturnValue:
    """The data in full, in this answer alone; the look is in the record."""
    pupil, row = passport_kept(passport_id)
    with saving():
        data = acts.look(db.session, **by(), row=row, key=_key())
    return render_template("admin/privacy/passport_in_full.html", pupil=pupil, data=data)


@bp.route("/privacy/passports/<int:passport_id>/erase", methods=["GET", "POST"])
@needs(Act.SEE_PASSPORTS)
def erase_passport(passport_id: int) -> ResponseReturnValue:
    """Erase one pupil's passport data."""
    pupil, _ = passport_kept(passport_id)
    form = Form()
    if form.sent:
        with form.saving():
            form.sure()
            acts.erase(db.session, **by(), pupil_ids=[pupil.id], why="hand")
        if not form.errors:
            return done("Паспортные данные стёрты", ".passports")
    return render_template("admin/privacy/erase_passport.html", form=form, pupil=pupil), 422 if form.errors else 200


def _enter(form: Form, pupil: PupilHere, key: DataKey) -> int:
    """Keep what was typed; the status of the page when something is wrong in it."""
    typed = tidied({name: form.text(name) for name in ("series", "number", "issued_by", "code")})
    issued_on = day_of(form.text("issued_on"))
    form.errors = faults(typed, issued_on, born=pupil.person.birth_date, today=clock.today())
    if form.errors or issued_on is None:
        return 422
    try:
        with saving():
            acts.enter(db.session, **by(), pupil_id=pupil.id, key=key, version=form.number_or_none("version") or 0,
                       data=PassportData(**typed, issued_on=issued_on))
    except Refused as refused:
        theirs = f" ({refused.theirs})" if isinstance(refused, Stale) else ""
        form.errors["form"] = f"{refused}{theirs}"
        return 409 if isinstance(refused, Stale) else 422
    return 200


def _key() -> DataKey | None:
    return key_of(current_app.config["EJD"].data_key)


def _no_key() -> str | None:
    return None if _key() else NO_KEY


def _mask(row: Passport | None) -> str:
    """The last figures of the number; not a look."""
    try:
        return acts.data_of(row, _key()).masked if row else ""
    except Refused:
        return UNREADABLE
