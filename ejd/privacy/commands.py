"""`flask --app app privacy new-key | rotate-key`; and what is cleared while the server runs."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from ejd import clock, schema
from ejd.complaints import plainly
from ejd.config import Config
from ejd.db import Session, db, writing
from ejd.files import store
from ejd.jobs.kinds import every
from ejd.privacy import passports, sealing, unnamed
from ejd.refusal import Refused
from ejd.words import counted


@every(minutes=60)
def clear_unnamed_files(session: Session) -> None:
    """What an erasure or an expiry left on the disk goes, once it has lain for an hour."""
    for path in unnamed.lying(session, Path(current_app.instance_path) / store.FOLDER):
        path.unlink(missing_ok=True)


@click.group("privacy", help="Ключ, которым зашифрованы паспортные данные 11 классов.")
def privacy() -> None:
    """The key of passport data."""


@privacy.command("new-key", help="Создать ключ и показать его. В базу он не попадает: задайте его серверу в "
                                 "EJD_DATA_KEY и храните копию отдельно от копий базы. Без ключа данные не прочесть.")
def new_key() -> None:
    """Make a key and print it, nothing else: it can be sent into a file."""
    click.echo(sealing.new_key())


@privacy.command("rotate-key", help="Зашифровать паспортные данные новым ключом: прежний в EJD_DATA_KEY_OLD, новый в "
                                    "EJD_DATA_KEY. Всё или ничего; второй раз ничего не меняет. Потом прежний ключ "
                                    "уберите, но храните, пока есть копии базы, сделанные раньше.")
def rotate_key() -> None:
    """Put passport data under the key of EJD_DATA_KEY."""
    config: Config = current_app.config["EJD"]
    with plainly():
        if reason := schema.complaint():
            raise Refused(reason)
        new, old = sealing.key_of(config.data_key), sealing.key_of(config.data_key_old)
        if new is None:
            raise Refused("Нового ключа нет: создайте его командой privacy new-key и задайте в EJD_DATA_KEY.")
        with writing():
            changed, stood = passports.rotate(db.session, old=old, new=new, now=clock.now())
        if changed:
            click.echo(f"Зашифровано новым ключом: {counted(changed, 'запись', 'записи', 'записей')}.")
        else:
            click.echo(f"Менять нечего: под этим ключом {counted(stood, 'запись', 'записи', 'записей')}.")
