"""Pupils between schools: the extract of who leaves, the marks that somebody brings along."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import abort, g
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.documents.tables import as_pdf
from ejd.office import extract, transfer
from ejd.roster.models import Person
from ejd.school.calendar import TermDates
from ejd.school.queries import terms_of
from ejd.web.access import needs, person_listed
from ejd.web.admin import bp
from ejd.web.admin.people_forms import Form, done, show
from ejd.web.downloads import PDF, download


@bp.get("/people/<int:person_id>/extract")
@needs(Act.SEE_MARKS)
def pupil_extract(person_id: int) -> ResponseReturnValue:
    """A pupil's marks, results, absences and debts, to take along to another school."""
    return show("extract", person=(person := person_listed(person_id)), extract=_extract(person, _stay(person_id)))


@bp.get("/people/<int:person_id>/extract.pdf")
@needs(Act.SEE_MARKS)
def pupil_extract_paper(person_id: int) -> ResponseReturnValue:
    person = person_listed(person_id)
    table = extract.as_table(_extract(person, _stay(person_id)), clock.today(),
                             school=g.settings.value("school.name", on=None))
    return download(as_pdf(table, landscape=True), PDF, f"Выписка {person.full_name}.pdf")


@bp.route("/people/<int:person_id>/brought", methods=["GET", "POST"])
@needs(Act.TAKE_IN_MARKS)
def brought_marks(person_id: int) -> ResponseReturnValue:
    """Enter the marks from the paper of another school: of the running term, and results of earlier ones."""
    person, stay = person_listed(person_id), _stay(person_id)
    journals, waiting = extract.journals_for_marks(db.session, pupil_id=person_id, day=clock.today())
    terms = [term for term in terms_of(db.session, stay.year.id)
             if term.scheme == stay.school_class.term_scheme and term.starts_on < stay.from_on
             and term.ends_on < stay.on]
    here_all_along = stay.from_on <= stay.year.starts_on  # then the paper is of a hospital
    form = Form(received_on=stay.on if here_all_along else stay.from_on, key=token_urlsafe(9))
    if form.sent:
        with form.saving():
            put = transfer.take_in_marks(
                db.session, actor_id=g.actor.person_id, pupil_id=person_id, brought=_marks(form, journals),
                received_on=form.day("received_on"), key=form.text("key"), settings=g.settings, now=clock.now())
            kept = transfer.take_in_results(
                db.session, actor_id=g.actor.person_id, pupil_id=person_id, class_id=stay.school_class.id,
                year_id=stay.year.id, results=_results(form, journals, terms), now=clock.now())
        if not form.errors:
            return done(f"Внесено из справки: отметок {put}, итоговых {kept}", ".pupil_extract", person_id=person_id)
    subjects = {one.subject_id: one.title.split(",")[0] for one in journals}
    return form.page("brought", person=person, stay=stay, journals=journals, waiting=waiting, terms=terms,
                     subjects=subjects,
                     standing=extract.results_brought(db.session, pupil_id=person_id, year_id=stay.year.id))


def _stay(person_id: int) -> extract.Stay:
    return extract.stay_of(db.session, pupil_id=person_id, today=clock.today()) or abort(
        422, "Этот человек ещё не учится ни в одном классе.")


def _extract(person: Person, stay: extract.Stay) -> extract.Extract:
    return extract.extract_of(db.session, pupil_id=person.id, name=person.full_name, stay=stay, settings=g.settings,
                              reader=g.actor, born=person.birth_date)


def _marks(form: Form, journals: list[extract.Journal]) -> list[transfer.BroughtMarks]:
    """Marks as they are typed: «5 4 4», «5, 4»."""
    typed = ((one.course_id, form.text(f"marks-{one.course_id}").replace(",", " ").casefold().split())
             for one in journals)
    return [transfer.BroughtMarks(course_id, values) for course_id, values in typed if values]


def _results(form: Form, journals: list[extract.Journal], terms: list[TermDates]) -> list[transfer.BroughtResult]:
    found = []
    for subject_id in dict.fromkeys(one.subject_id for one in journals):
        for term in terms:
            name = f"result-{subject_id}-{term.id}"
            seen = form.number_or_none(f"seen-{subject_id}-{term.id}")
            if seen is not None:
                found.append(transfer.BroughtResult(subject_id, term.id, form.text(name), seen))
    return found
