"""«Новости по почте»: an address that somebody gives by own choice, what it is told and how often (R40); the links out
of letters, which confirm an address and take it back without signing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock, mail
from ejd.access import Position, Role
from ejd.db import db
from ejd.families.provision import Form
from ejd.news import letters, services
from ejd.news.due import TOPIC_NAMES, Often, Topic
from ejd.news.queries import Chosen, chosen_by
from ejd.news.sending import site_of
from ejd.news.services import Choice
from ejd.news.silent import reason_silent
from ejd.refusal import Refused, Stale
from ejd.web.access import closed_self, reach
from ejd.web.auth import bp
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.security import csrf

OFTEN_NAMES = {
    Often.ONCE: "сразу, не чаще раза в полчаса",
    Often.DAILY: "раз в день, в 18:00",
    Often.WEEKLY: "раз в неделю, в пятницу в 18:00",
}
ITEMS_OFTEN_NAMES = {
    "": "не писать",
    Often.DAILY: "каждый рабочий день в 8:00",
    Often.WEEKLY: "по понедельникам в 8:00",
}
NOT_READY = "Школа пока не настроила отправку писем: адрес не подтвердить"


@bp.get("/account/news")
def news() -> ResponseReturnValue:
    return _page(chosen_by(db.session, g.actor.person_id))


@bp.post("/account/news")
def choose_news() -> ResponseReturnValue:
    """Keep what was chosen; a new address gets the letter that confirms it."""
    typed = _typed()
    if not _ready():
        return _page(typed, {"email": NOT_READY}), 422
    try:
        with saving():
            row, code = services.choose(
                db.session, person_id=g.actor.person_id, choice=_choice_of(typed), version=typed.version,
                key=current_app.config["SECRET_KEY"], now=clock.now(), real_now=clock.real_now())
    except Stale as stale:
        standing = chosen_by(db.session, g.actor.person_id)
        said = f"{stale}. Сейчас там: {_in_words(standing)}. Проверьте и сохраните ещё раз"
        return _page(replace(typed, version=standing.version, confirmed=standing.confirmed), {"email": said}), 409
    except Refused as refused:
        return _page(typed, {refused.field or "email": str(refused)}), 422
    flash(_ask_to_confirm(row.email, code) if code else "Сохранено.")
    return redirect(url_for(".news"))


@bp.post("/account/news/again")
def ask_news_again() -> ResponseReturnValue:
    """One more letter for an address that is not confirmed yet."""
    if not _ready():
        abort(422, f"{NOT_READY}.")
    with saving():
        row, code = services.ask_again(db.session, person_id=g.actor.person_id, key=current_app.config["SECRET_KEY"],
                                       real_now=clock.real_now())
    flash(_ask_to_confirm(row.email, code))
    return redirect(url_for(".news"))


@bp.post("/account/news/remove")
def remove_news() -> ResponseReturnValue:
    with saving():
        services.take_back(db.session, person_id=g.actor.person_id, now=clock.now())
    flash("Адрес удалён: писем больше не будет.")
    return redirect(url_for(".news"))


@bp.get("/news/confirm/<code>")
def confirm_news_page(code: str) -> ResponseReturnValue:
    """A button, for mail programs open links by themselves."""
    address = services.address_to_confirm(db.session, code=code, real_now=clock.real_now())
    return render_template("auth/news_confirm.html", code=code, lives=address is not None,
                           already=address is not None and address.confirmed_at is not None), 200 if address else 404


@bp.post("/news/confirm/<code>")
def confirm_news(code: str) -> ResponseReturnValue:
    try:
        with saving():
            services.confirm(db.session, code=code, now=clock.now(), real_now=clock.real_now())
    except Refused:
        return render_template("auth/news_confirm.html", code=code, lives=False), 404
    return render_template("auth/news_confirm.html", done=True)


@bp.get("/news/leave/<secret>")
def leave_news(secret: str) -> ResponseReturnValue:
    """A button, for mail programs open links by themselves."""
    return render_template("auth/news_leave.html", secret=secret)


@bp.post("/news/leave/<secret>")
@csrf.exempt
def unsubscribe(secret: str) -> ResponseReturnValue:
    """By the button, or by the mail program at one click (RFC 8058), which has neither cookie nor token: the secret in
    the address is what lets it in, and all it can do is that nothing is sent any more. Again changes nothing."""
    with saving():
        there = services.leave(db.session, secret=secret, now=clock.now())
    return render_template("auth/news_leave.html", done=there, secret=secret), 200 if there else 404


def _ready() -> bool:
    """Whether the installation can send letters, and the school has said where it is found."""
    return mail.configured() and bool(site_of(g.settings))


def _ask_to_confirm(email: str, code: str) -> str:
    """Send the letter that asks, and say how it went. Outside any transaction."""
    link = f"{site_of(g.settings)}news/confirm/{code}"
    [reason] = mail.send([mail.Message(email, *letters.to_confirm(link))])
    if reason is not None:
        current_app.logger.warning("a letter to confirm an address: %s", reason)
        return "Сохранено, но письмо для подтверждения не отправлено: почтовый сервер его не принял. Попробуйте позже."
    return "Письмо отправлено. Откройте ссылку в нём: она действует 24 часа."


def _typed() -> Chosen:
    """What the form says, as far as it is for this person's roles."""
    form, (family, staff) = request.form, _sides()
    return Chosen(
        form.get("email", "").strip()[:300], topics=frozenset(form.getlist("topics")) if family else frozenset(),
        often=form.get("often", Often.DAILY.value) if family else Often.DAILY.value,
        quiet_from=_hour("quiet_from", 21), quiet_to=_hour("quiet_to", 8),
        items_often=form.get("items_often", "") if staff else "", version=number_in(form, "version") or 0)


def _hour(name: str, default: int) -> int:
    return number if (number := number_in(request.form, name)) is not None else (
        -1 if request.form.get(name) else default)


def _choice_of(typed: Chosen) -> Choice:
    return Choice(typed.email, typed.topics, typed.often, typed.quiet_from, typed.quiet_to, typed.items_often)


def _sides() -> tuple[bool, bool]:
    """Whether news of pupils are for the signed-in person, and whether a digest of own open items is."""
    actor = g.actor
    return (bool(actor.children) or actor.is_pupil,
            Role.TEACHER in actor.roles or bool(actor.positions & {Position.DIRECTOR, Position.DEPUTY}))


def _in_words(chosen: Chosen) -> str:
    return f"{chosen.email or 'адреса нет'}, {OFTEN_NAMES[Often(chosen.often)]}"


def _page(chosen: Chosen, errors: Mapping[str, str] | None = None) -> str:
    family, staff = _sides()
    forms = [reach().forms.get(child, Form.ELECTRONIC) for child in g.actor.children]
    silent = reason_silent(forms, is_pupil=g.actor.is_pupil, topics=chosen.topics,
                           closed=closed_self() if g.actor.is_pupil else None)
    return render_template(
        "auth/news.html", chosen=chosen, errors=errors or {}, ready=_ready(), family=family, staff=staff,
        silent=silent, partly=not silent and bool(set(forms) - {Form.ELECTRONIC}),
        topics=[(topic.value, TOPIC_NAMES[topic]) for topic in Topic],
        often=[(often.value, name) for often, name in OFTEN_NAMES.items()],
        items_often=[(str(often), name) for often, name in ITEMS_OFTEN_NAMES.items()],
        hours=[(hour, f"{hour}:00") for hour in range(24)])
