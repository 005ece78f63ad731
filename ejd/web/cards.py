"""Credential cards and the issue register, alike for the office and a class teacher; whose class it is the views of
either side have asked (R30–R32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.credentials import card_paper, cards, holders, passwords, register, services
from ejd.credentials.card_paper import CardOnPaper, Heading
from ejd.credentials.holders import Scope
from ejd.credentials.models import Account
from ejd.credentials.receiving import Table
from ejd.credentials.register import Handing, Issuer, Register
from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.roster.models import Person, SchoolClass
from ejd.school.models import SchoolYear
from ejd.typed import number_of
from ejd.web import downloads
from ejd.web.confirming import wrong_confirmation
from ejd.web.following import begin_job
from ejd.web.given import day_in, number_in
from ejd.web.saving import release, saving

Listed = tuple[SchoolClass, SchoolYear]


def register_of(listed: Listed) -> Register:
    return register.register_of(db.session, class_id=listed[0].id, custom=holders.custom_of(g.settings),
                                today=clock.today(), real_now=clock.real_now())


def show_register(listed: Listed, errors: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    """Both tables of a class: who has a card, who received it, who has signed in."""
    return render_template("cards/register.html", school_class=listed[0], page=register_of(listed), errors=errors or {},
                           typed=request.form, today=clock.today(), key=request.form.get("key") or token_urlsafe(12),
                           custom=holders.custom_of(g.settings)), status


def make_for_class(listed: Listed) -> ResponseReturnValue:
    """Begin making the cards of a class."""
    school_class, _ = listed
    if error := wrong_confirmation():
        return show_register(listed, {"password": error}, 422)
    try:
        return begin(Scope(class_id=school_class.id), f"класс {school_class.name}",
                     back=url_for(".class_cards", class_id=school_class.id))
    except Refused as refused:
        return show_register(listed, {"make": str(refused)}, 422)


def begin(scope: Scope, title: str, *, back: str) -> Response:
    """Begin making cards; only a `renew` that was ticked cancels passwords that work (R30)."""
    params = {"scope": {"class_id": scope.class_id, "grade": scope.grade, "staff": scope.staff}, "title": title,
              "renew": request.form.get("renew") == "1", "address": address()}
    return begin_job("cards", params, key=request.form.get("key", ""), back=back)


def address() -> str:
    """Where families find the journal."""
    return g.settings.value("school.address", on=None) or request.url_root


def hand_out(listed: Listed) -> ResponseReturnValue:
    """Note who received cards: those ticked, or the whole sheet."""
    whole = request.form.get("act") == "sheet"
    given = request.form.get("sheet", "").split() if whole else request.form.getlist("card")
    handings = [one for text in given if (one := _handing(text))]
    on = day_in(request.form, "on")
    if on is None:
        return show_register(listed, {"on": "Укажите дату, например 01.09.2026"}, 422)
    try:
        with saving():
            done = register.hand_out(db.session, actor_id=g.actor.person_id, handings=handings, on=on,
                                     seen_in=register_of(listed), now=clock.now())
    except Refused as refused:
        return show_register(listed, {refused.field or "form": str(refused)},
                             409 if isinstance(refused, Stale) else 422)
    flash(f"Отмечено выданными: {done}")
    return redirect(url_for(".class_cards", class_id=listed[0].id), 303)


def take_back(listed: Listed, card_id: int) -> ResponseReturnValue:
    """A mark of handing out was a mistake."""
    try:
        with saving():
            register.take_back(db.session, actor_id=g.actor.person_id, card_id=card_id,
                               version=number_in(request.form, "version") or 0, seen_in=register_of(listed),
                               now=clock.now())
    except Refused as refused:
        return show_register(listed, {"form": str(refused)}, 409 if isinstance(refused, Stale) else 422)
    flash("Отметка о выдаче снята")
    return redirect(url_for(".class_cards", class_id=listed[0].id), 303)


def register_file(listed: Listed, number: int, post: str) -> ResponseReturnValue:
    """A table to be signed, given out by whoever prints it."""
    name = listed[0].name
    body = register.paper(register_of(listed), Table(number), class_name=name, made_on=clock.today(),
                          school=g.settings.value("school.name", on=None), issuer=Issuer(post, g.actor.name))
    return downloads.download(body, downloads.PDF, f"Ведомость выдачи, {name}, таблица {number}.pdf")


def issue(person: Person, blank: CardOnPaper, pupil_id: int | None, *, account: Account | None, action: str,
          back: str) -> ResponseReturnValue:
    """A card for one person on the spot: its password stands in this answer alone, on the page or as a PDF."""
    if request.method != "POST":
        return _issue_page(person, account, "", 0, action, back)
    release()
    password, days = passwords.one_time_password(), g.settings.value("card.days", on=None)
    hashed = passwords.hash_password(password)
    real_now = clock.real_now()
    with saving():
        account = services.issue_card(
            db.session, actor_id=g.actor.person_id, person=person, pupil_id=pupil_id, password_hash=hashed,
            days=days, now=clock.now(), real_now=real_now)
    if request.form.get("act") != "paper":
        return _issue_page(person, account, passwords.in_groups(password), days, action, back)
    heading = Heading(g.settings.value("school.name", on=None), address(), cards.lapse_day(real_now, days))
    card = replace(blank, login=account.login, password=passwords.in_groups(password))
    return downloads.download(card_paper.draw([card], heading), downloads.PDF, f"Карточка, {person.full_name}.pdf")


def _issue_page(person: Person, account: Account | None, password: str, days: int, action: str, back: str) -> str:
    return render_template("cards/issue.html", person=person, account=account, password=password, days=days,
                           action=action, back=back)


def _handing(text: str) -> Handing | None:
    """«12-34-1»: card, who received it, version."""
    numbers = [number_of(part) for part in text.split("-")]
    match numbers:
        case [int(card_id), int(to_id), int(version)]:
            return Handing(card_id, to_id, version)
    return None
