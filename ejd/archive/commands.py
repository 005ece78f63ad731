"""`flask --app app archive make | verify | export | import | key`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app

from ejd import clock, schema
from ejd.archive import bringing, packing, signing, year
from ejd.archive.export import export
from ejd.archive.formats import FORMATS
from ejd.audit.leaving import Leaving, leave
from ejd.backup.copies import FILES
from ejd.complaints import Complaint, plainly, the_school
from ejd.db import begin_as_writer, db, writing
from ejd.refusal import Refused
from ejd.school import settings
from ejd.school.queries import years
from ejd.words import counted

PATH = click.Path(dir_okay=False, path_type=Path)
OUT = click.option("--out", required=True, type=PATH, help="Куда записать; такого файла ещё не должно быть.")


@click.group("archive", help="Архив учебного года, выгрузка всех данных школы и её загрузка.")
def archive() -> None:
    """A finished year, or everything, as one signed file."""


@archive.command("make", help="Сделать архив учебного года.")
@click.option("--year", "beginning", required=True, type=int, help="Год, в котором начался учебный, например 2026.")
@OUT
def make(beginning: int, out: Path) -> None:
    """The archive of a finished year."""
    with plainly(), _ready():
        known = next((one for one in years(db.session) if one.starts_on.year == beginning), None)
        if known is None:
            raise Refused(f"Учебного года {beginning}/{beginning + 1} в базе нет")
        with _new_file(out) as target:
            made = year.make_year(db.session, target, year_id=known.id, key=_key(), now=clock.now(), tell=_tell)
        _note(Leaving.ARCHIVE, 1)
        click.echo(f"Архив {known.name}: {out} ({_size(out)}), "
                   f"{counted(made.classes, 'класс', 'класса', 'классов')}. {_whose()}")
        if not made.closed:
            click.echo("Этот учебный год не закрыт: его журналы ещё могут измениться.")


@archive.command("verify", help="Проверить архив или выгрузку: каждый байт и подпись.")
@click.argument("file", type=PATH)
@click.option("--key", "key_file", type=PATH, help="Открытый ключ школы (PEM); без него – ключ этой установки.")
def verify(file: Path, key_file: Path | None) -> None:
    """Say whether any byte was changed, and in which file."""
    with plainly():
        key = _given_key(key_file) if key_file else _own_public()
        checked = packing.check(file, key=key)
    if checked.faults:
        for fault in checked.faults:
            click.echo(fault)
        raise Complaint(f"Архив не цел: {counted(len(checked.faults), 'ошибка', 'ошибки', 'ошибок')}.")
    assert checked.key is not None
    what = " ".join(filter(None, (checked.manifest.get("school"), checked.manifest.get("year"))))
    files = counted(len(checked.manifest["files"]), "файл", "файла", "файлов")
    click.echo(f"Архив цел: {what or 'без названия'}, {files}.")
    click.echo(f"Отпечаток ключа: {signing.fingerprint(checked.key)}."
               + ("" if key else " Своего ключа здесь нет: сравните отпечаток с тем, что записан в школе."))


@archive.command("export", help="Выгрузить все данные школы.")
@OUT
@click.option("--form", type=click.Choice(sorted(FORMATS)), default="csv", help="Вид таблиц.")
@click.option("--secrets", is_flag=True, help="Вместе с хешами паролей и другим тайным: только для переезда на "
                                              "другой сервер. Храните такой файл как саму базу.")
def export_all(out: Path, form: str, secrets: bool) -> None:
    """All data as tables."""
    with plainly(), _ready():
        with _new_file(out) as target:
            rows = export(db.session, target, key=_key(), files=_files(), revision=schema.head(), form=form,
                          school=settings.load(db.session).value("school.name", on=None), secrets=secrets,
                          now=clock.now(), tell=_tell)
        _note(Leaving.ALL_DATA, rows)
        click.echo(f"Выгружено: {out} ({_size(out)}), {counted(rows, 'строка', 'строки', 'строк')}. {_whose()}")
        if not secrets:
            click.echo("Паролей в файле нет: после загрузки всем нужны новые карточки.")


@archive.command("import", help="Загрузить выгрузку всех данных в новую, пустую установку.")
@click.argument("file", type=PATH)
def import_all(file: Path) -> None:
    """Bring a school into an empty installation."""
    with plainly():
        if schema.current() is None:
            schema.bring_forward()
        elif reason := schema.complaint():
            raise Refused(reason)
        with writing():
            rows = bringing.bring_in(db.session, file, revision=schema.head(), files=_files())
        click.echo(f"Загружено: {counted(rows, 'строка', 'строки', 'строк')}. Проверьте: flask --app app doctor")


@archive.command("key", help="Показать открытый ключ школы: его записывают и хранят отдельно от архивов.")
def show_key() -> None:
    """The public half of the school's key."""
    with plainly():
        click.echo(signing.public_pem(_key()).decode(), nl=False)
        click.echo(f"Отпечаток: {signing.fingerprint(_key())}")


@contextmanager
def _ready() -> Iterator[None]:
    """The school's database, clock and zone."""
    the_school()
    begin_as_writer(False)
    yield


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all, for its owner alone."""
    if path.exists():
        raise Refused(f"Файл {path} уже есть: назовите другой")
    aside = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as target:
            yield target
        aside.replace(path)
    except OSError as error:
        raise Refused(f"Файл {path} не записать: {error.strerror}") from None
    finally:
        aside.unlink(missing_ok=True)


def _note(kind: Leaving, amount: int) -> None:
    """The director is told of what left by the server's command line too."""
    with writing():
        leave(db.session, kind=kind, amount=amount, actor_id=None, now=clock.real_now())


def _tell(done: int, total: int) -> None:
    click.echo(f"\r{done} из {total}", nl=False, err=True)
    if done + 1 == total:
        click.echo("\r", nl=False, err=True)


def _instance() -> Path:
    return Path(current_app.instance_path)


def _files() -> Path:
    return _instance() / FILES


def _key() -> signing.Ed25519PrivateKey:
    return signing.own_key(_instance())


def _own_public() -> Ed25519PublicKey | None:
    """The installation's own key, when it has one."""
    return _key().public_key() if (_instance() / signing.KEY_FILE).exists() else None


def _given_key(path: Path) -> Ed25519PublicKey:
    try:
        key = signing.read_public(path.read_bytes())
    except OSError as error:
        raise Refused(f"Ключ не читается: {error.strerror}") from None
    if key is None:
        raise Refused("В файле ключа нет открытого ключа Ed25519 (PEM)")
    return key


def _whose() -> str:
    return f"Отпечаток ключа: {signing.fingerprint(_key())}."


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1024**2:.1f} МБ"
