"""Closing terms, class by class, with what is missing before; opening what is closed for a while (R8)."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, Position, may
from ejd.certification.due import IN_WORDS, State
from ejd.certification.queries import class_periods
from ejd.db import db
from ejd.journal.closing import LONGEST_REOPENING
from ejd.refusal import Refused
from ejd.results import queries_closing, term_closing
from ejd.results.gaps import GAP_NAMES
from ejd.results.queries_closing import ClassState
from ejd.school.models import SchoolYear, Term
from ejd.web.access import needs, school_year_named, term_listed
from ejd.web.admin import bp
from ejd.web.filters import counted
from ejd.web.given import day_in, number_in, numbers_of
from ejd.web.saving import saving

Errors = dict[str, str]


@bp.get("/closing")
@needs(Act.CLOSE_TERMS)
def closing_now() -> ResponseReturnValue:
    """The term of the year that ended last, else the first."""
    year = school_year_named()
    terms = queries_closing.terms_to_close(db.session).get(year)
    if not terms:
        abort(422, "В учебном году ещё нет четвертей: назначьте их в календаре школы.")
    ended = [term for term in terms if term.ends_on < clock.today()]
    return redirect(url_for(".closing_terms", term_id=max(ended, key=lambda term: term.ends_on).id if ended
                            else terms[0].id))


@bp.get("/closing/terms/<int:term_id>")
@needs(Act.CLOSE_TERMS)
def closing_terms(term_id: int) -> ResponseReturnValue:
    return _overview(*term_listed(term_id), {})


@bp.post("/closing/terms/<int:term_id>")
@needs(Act.CLOSE_TERMS)
def close_terms(term_id: int) -> ResponseReturnValue:
    """Close the term of the ticked classes, all or none."""
    term, year = term_listed(term_id)
    chosen = set(numbers_of(request.form.getlist("class")))
    if request.form.get("ready"):
        states = queries_closing.states_of(db.session, term, today=clock.today(), now=clock.now())
        chosen |= {state.class_id for state in queries_closing.ready(states, clock.today())}
    try:
        if not chosen:
            raise Refused("Отметьте классы галочкой", field="class")
        with saving():
            count = term_closing.close_terms(db.session, actor=g.actor, class_ids=chosen, term_id=term.id,
                                             now=clock.now())
    except Refused as refused:
        return _overview(term, year, {"class": str(refused)}), 422
    flash(f"Закрыто: {term.name}, {counted(count, 'класс', 'класса', 'классов')}.")
    return redirect(url_for(".closing_terms", term_id=term.id))


@bp.get("/closing/terms/<int:term_id>/classes/<int:class_id>")
@needs(Act.CLOSE_TERMS)
def closing_class(term_id: int, class_id: int) -> ResponseReturnValue:
    return _class_page(term_id, class_id, {})


@bp.post("/closing/terms/<int:term_id>/classes/<int:class_id>")
@needs(Act.CLOSE_TERMS)
def close_class(term_id: int, class_id: int) -> ResponseReturnValue:
    term, _, state = _state(term_id, class_id)
    try:
        with saving():
            term_closing.close_term(db.session, actor=g.actor, class_id=class_id, term_id=term_id, now=clock.now(),
                               reason=request.form.get("reason", ""))
    except Refused as refused:
        return _class_page(term_id, class_id, {refused.field or "reason": str(refused)}), 422
    flash(f"{state.name}: {term.name} – закрыто.")
    return redirect(url_for(".closing_class", term_id=term_id, class_id=class_id))


@bp.post("/closing/terms/<int:term_id>/classes/<int:class_id>/openings")
@needs(Act.CLOSE_TERMS)
def reopen(term_id: int, class_id: int) -> ResponseReturnValue:
    """Open a journal of the class, or all of them, until the end of a day."""
    *_, state = _state(term_id, class_id)
    try:
        if state.closing is None:
            raise Refused("Этот период не закрыт: открывать нечего", field="until")
        until = day_in(request.form, "until")
        if until is None:
            raise Refused("Укажите день, до которого открыть", field="until")
        with saving():
            term_closing.reopen(db.session, actor_id=g.actor.person_id, now=clock.now(), opening=term_closing.Opening(
                class_id=class_id, term_id=term_id, until=until, reason=request.form.get("reason", ""),
                key=request.form.get("key", ""), course_id=number_in(request.form, "course_id")))
    except Refused as refused:
        return _class_page(term_id, class_id, {f"open-{refused.field or 'until'}": str(refused)}), 422
    flash("Открыто для исправления. Закроется само.")
    return redirect(url_for(".closing_class", term_id=term_id, class_id=class_id))


@bp.post("/closing/terms/<int:term_id>/classes/<int:class_id>/openings/<int:opening_id>/end")
@needs(Act.CLOSE_TERMS)
def shut_again(term_id: int, class_id: int, opening_id: int) -> ResponseReturnValue:
    _state(term_id, class_id)
    try:
        with saving():
            ended = term_closing.shut_again(db.session, actor_id=g.actor.person_id, reopening_id=opening_id,
                                       class_id=class_id, now=clock.now())
    except Refused as refused:
        abort(404, str(refused))
    flash("Снова закрыто." if ended else "Уже закрыто.")
    return redirect(url_for(".closing_class", term_id=term_id, class_id=class_id))


def _overview(term: Term, year: SchoolYear, errors: Errors) -> str:
    today, now = clock.today(), clock.now()
    states = queries_closing.states_of(db.session, term, today=today, now=now)
    of_years = queries_closing.terms_to_close(db.session)
    return render_template(
        "admin/closing/terms.html", term=term, year=year, states=states, errors=errors, today=today, now=now,
        terms=of_years.get(year, ()), ticked=set(request.form.getlist("class")),
        years=list(of_years), ready=queries_closing.ready(states, today),
        early=queries_closing.early(states, today) if _is_director() else ())


def _is_director() -> bool:
    return Position.DIRECTOR in g.actor.positions


def _state(term_id: int, class_id: int) -> tuple[Term, SchoolYear, ClassState]:
    """The class in the term of a year; 404 when it keeps to other terms or another year."""
    term, year = term_listed(term_id)
    states = queries_closing.states_of(db.session, term, today=clock.today(), now=clock.now(), class_id=class_id)
    return term, year, next(iter(states), None) or abort(404)


def _class_page(term_id: int, class_id: int, errors: Errors) -> str:
    term, year, state = _state(term_id, class_id)
    today, now = clock.today(), clock.now()
    return render_template(
        "admin/closing/class.html", term=term, year=year, state=state, errors=errors, typed=request.form, today=today,
        now=now,
        why_not=state.why_not(today, reason="есть", is_director=_is_director()),
        early=bool(state.why_not(today)),
        copies=[row for row in class_periods(db.session, year_id=year.id, class_id=class_id, today=today,
                                             settings=g.settings)
                if row.period.first <= term.ends_on and row.period.last >= term.starts_on],
        words=IN_WORDS, State=State, gaps=state.gaps, gap_names=GAP_NAMES,
        turns_year=may(g.actor, Act.TURN_YEAR), longest=today + LONGEST_REOPENING, key=token_urlsafe(12),
        changes=queries_closing.changes_after_closing(db.session, term, class_id) if state.closing else ())
