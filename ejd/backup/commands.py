"""`flask --app app backup | restore | doctor`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from ejd import clock, schema
from ejd.backup import copies
from ejd.backup import doctor as health
from ejd.complaints import Complaint, plainly
from ejd.db import db
from ejd.refusal import Refused

PASSPHRASE = click.option("--passphrase-file", type=click.Path(dir_okay=False, path_type=Path),
                          help="Файл с паролем копии: первая строка.")
SHORTEST = 12


def folder_of_copies() -> Path:
    return Path(current_app.instance_path) / "backups"


@click.command("backup", help="Сделать копию базы и файлов, не останавливая программу.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="Куда; без него – папка backups рядом с базой.")
@click.option("--keep", default=0, type=click.IntRange(0), help="Сколько последних копий оставить; 0 – все.")
@PASSPHRASE
def backup(folder: Path | None, keep: int, passphrase_file: Path | None) -> None:
    """Copy the database and the files, check the copy, and drop old ones."""
    with plainly():
        if reason := schema.complaint():
            raise Refused(reason)
        passphrase = _passphrase(passphrase_file)
        place = folder or folder_of_copies()
        try:
            made = copies.make(db.engine, instance=Path(current_app.instance_path), folder=place,
                               revision=schema.head(), passphrase=passphrase)
        except OSError as error:
            raise Refused(f"Копию не записать в {place}: {error.strerror}") from None
        copies.check(made, passphrase=passphrase)
        click.echo(f"Копия: {made} ({made.stat().st_size / 1024**2:.1f} МБ), проверена.")
        if keep and (gone := copies.keep_newest(place, keep)):
            click.echo(f"Убрано старых копий: {len(gone)}.")


@click.command("restore", help="Вернуть копию в пустую базу и пустую папку файлов.")
@click.argument("copy", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Только проверить копию, ничего не возвращать.")
@PASSPHRASE
def restore(copy: Path, only_check: bool, passphrase_file: Path | None) -> None:
    """Bring a copy back into an empty place."""
    with plainly():
        passphrase = _passphrase(passphrase_file)
        if only_check:
            manifest = copies.check(copy, passphrase=passphrase)
            click.echo(f"Копия цела: {_moment(manifest)}.")
            return
        db.session.remove()
        manifest = copies.restore(copy, db.engine, instance=Path(current_app.instance_path), passphrase=passphrase)
        click.echo(f"Копия возвращена: {_moment(manifest)}.")
        if manifest.revision != schema.head():
            click.echo("Она сделана другой версией программы. Обновите базу: flask --app app init")


@click.command("doctor", help="Проверить базу, диск, часы, настройки и последнюю копию.")
def doctor() -> None:
    """Say what is well and what is not; ends non-zero when something is not."""
    wrong = 0
    with plainly():
        for found in health.examine(db.session, current_app.config["EJD"], complaint=schema.complaint(),
                                    copies_folder=folder_of_copies()):
            click.echo(f"{'хорошо' if found.is_well else 'ПЛОХО '}  {found.what}")
            wrong += not found.is_well
    if wrong:
        raise Complaint(f"Требует внимания: {wrong}.")


def _passphrase(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        first = path.read_text(encoding="utf-8").splitlines()[:1]
    except (OSError, UnicodeDecodeError):
        raise Refused(f"Файл с паролем не читается: {path}") from None
    if not first or len(first[0].strip()) < SHORTEST:
        raise Refused(f"Пароль копии – не короче {SHORTEST} знаков, первой строкой файла")
    return first[0].strip()


def _moment(manifest: copies.Manifest) -> str:
    return f"{clock.local(datetime.fromisoformat(manifest.made_at)):%d.%m.%Y %H:%M}"
