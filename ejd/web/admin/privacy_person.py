"""Everything about one person: handed over as a file to whoever asks for the own data, and erased for good."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.names import fold
from ejd.privacy import erasing, everything, everything_paper
from ejd.refusal import Refused
from ejd.roster.models import Person
from ejd.web import downloads
from ejd.web.access import needs, person_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, by, done
from ejd.web.attaching import discard
from ejd.web.confirming import wrong_confirmation
from ejd.web.saving import saving, unlocked

JSON = "application/json"


@bp.route("/people/<int:person_id>/everything", methods=["GET", "POST"])
@needs(Act.EXPORT_PERSON)
def everything_about(person_id: int) -> ResponseReturnValue:
    """What the program keeps about a person, as PDF or JSON (152-ФЗ, article 14); asks for the password once more."""
    person, form = person_listed(person_id), Form()
    if not form.sent:
        return render_template("admin/privacy/everything.html", form=form, person=person)
    if reason := wrong_confirmation():
        form.errors["password"] = reason
        return render_template("admin/privacy/everything.html", form=form, person=person), 422
    school, as_json = g.settings.value("school.name", on=None), form.text("act") == "json"
    with unlocked():
        found = everything.everything_about(db.session, person=person, today=clock.today())
        body = (everything_paper.as_json if as_json else everything_paper.as_pdf)(found, school=school)
    try:
        with saving():
            everything.hand_over(db.session, **by(), person_id=person_id, form="json" if as_json else "pdf",
                                 real_now=clock.real_now())
    except Refused as refused:
        form.errors["form"] = str(refused)
        return render_template("admin/privacy/everything.html", form=form, person=person), 422
    return downloads.download(body, JSON if as_json else downloads.PDF,
                              f"Сведения о человеке, {found.name}.{'json' if as_json else 'pdf'}")


@bp.route("/people/<int:person_id>/erase", methods=["GET", "POST"])
@needs(Act.ERASE_PEOPLE)
def erase_person(person_id: int) -> ResponseReturnValue:
    """Erase a person's data for good: first what goes and what stays, then the surname typed and the password."""
    person, form = person_listed(person_id), Form()
    if form.sent:
        _confirm_erasure(form, person)
        if not form.errors:
            return _erase(form, person) or _erasure_page(form, person)
    return _erasure_page(form, person)


def _confirm_erasure(form: Form, person: Person) -> None:
    if fold(form.text("last_name")) != fold(person.last_name):
        form.errors["last_name"] = "Впишите фамилию так, как она записана в заголовке"
    if not form.text("kept"):
        form.errors["kept"] = "Отметьте, что журналы этих лет напечатаны и хранятся"
    if not form.errors and (reason := wrong_confirmation()):
        form.errors["password"] = reason


def _erase(form: Form, person: Person) -> ResponseReturnValue | None:
    with form.saving():
        gone = erasing.erase(db.session, **by(), person_id=person.id, real_now=clock.real_now())
    if form.errors:
        return None
    discard(gone)
    return done(f"Личные данные удалены. Записи остались под номером {person.id}", ".search")


def _erasure_page(form: Form, person: Person) -> ResponseReturnValue:
    page = erasing.preview(db.session, person=person, actor_id=g.actor.person_id, today=clock.today())
    return render_template("admin/privacy/erase_person.html", form=form, person=person,
                           page=page), 422 if form.errors else 200
