"""Sending news: every five minutes while the server runs, and `flask --app app news` for a timetable of one's own."""

from __future__ import annotations

import logging

import click
from flask import current_app

from ejd import clock, mail
from ejd.complaints import Complaint, plainly, the_school
from ejd.db import Session, db
from ejd.jobs.kinds import every
from ejd.news.sending import Outcome, site_of, tell_all
from ejd.refusal import Refused
from ejd.school import settings
from ejd.words import counted

log = logging.getLogger("ejd.news")


@every(minutes=5)
def tell_news(session: Session) -> None:
    """What the process beside the server does again and again."""
    outcome = _tell(session)
    if outcome.failed:
        log.warning("letters not taken on: %d, sent: %d (%s)", outcome.failed, outcome.sent, "; ".join(outcome.why))


@click.command("news", help="Отправить по почте новости, время которых пришло. Сервер, который работает, делает это "
                            "сам каждые пять минут.")
def news() -> None:
    """Send what is due; ends non-zero when the mail server did not take a letter on."""
    with plainly():
        known = the_school()
        if not mail.configured():
            raise Refused("Отправка писем не настроена: назовите почтовый сервер, EJD_SMTP_HOST и EJD_SMTP_FROM.")
        if not site_of(known):
            raise Refused("Не указан адрес сайта журнала: впишите его в настройках школы, он стоит в каждом письме.")
        outcome = _tell(db.session)
    said = f"Отправлено: {counted(outcome.sent, 'письмо', 'письма', 'писем')}"
    if outcome.failed:
        raise Complaint(f"{said}, не принято: {outcome.failed} ({'; '.join(sorted(outcome.why))}). "
                        "Они будут отправлены ещё раз.")
    click.echo(f"{said}.")


def _tell(session: Session) -> Outcome:
    return tell_all(session, settings=settings.load(session), key=current_app.config["SECRET_KEY"], now=clock.now())
