"""`flask --app app archive make | verify | expire | export | import | key`."""

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
from ejd.archive import bringing, expiring, packing, signing, year
from ejd.archive.export import export
from ejd.archive.formats import FORMATS
from ejd.audit.leaving import Leaving, leave
from ejd.backup.copies import FILES
from ejd.complaints import Complaint, plainly, the_school
from ejd.db import begin_as_writer, db, writing
from ejd.files.store import untouched
from ejd.refusal import Refused
from ejd.school import settings
from ejd.school.models import SchoolYear
from ejd.school.queries import years
from ejd.words import counted, day_year

PATH = click.Path(dir_okay=False, path_type=Path)
OUT = click.option("--out", required=True, type=PATH, help="Куда записать; такого файла ещё не должно быть.")


@click.group("archive", help="Архив учебного года, выгрузка всех данных школы и её загрузка.")
def archive() -> None:
    """A finished year, or everything, as one signed file."""


YEAR = click.option("--year", "beginning", required=True, type=int,
                    help="Год, в котором начался учебный, например 2026.")
DRAFT = "черновик"


@archive.command("make", help="Сделать архив закрытого учебного года.")
@YEAR
@OUT
@click.option("--draft", is_flag=True, help="Год ещё не закрыт: сделать черновик, он так и называется.")
def make(beginning: int, out: Path, draft: bool) -> None:
    """The archive of a finished year."""
    with plainly(), _ready():
        known = _year(beginning)
        reason = year.why_not(db.session, known, clock.now())
        if reason and draft and DRAFT not in out.stem:
            out = out.with_stem(f"{out.stem} ({DRAFT})")
        with _new_file(out) as target:
            made = year.make_year(db.session, target, year_id=known.id, key=_key(), now=clock.now(), tell=_tell,
                                  draft=draft)
        _note(Leaving.ARCHIVE, 1)
        click.echo(f"Архив {known.name}: {out} ({_size(out)}), "
                   f"{counted(made.classes, 'класс', 'класса', 'классов')}. {_whose()}")
        if made.draft:
            click.echo(f"Это черновик. {reason}.")


@archive.command("expire", help="Удалить из базы годы, срок хранения которых истёк: журналы – через 5 лет, сводные "
                                "ведомости – через 25. Без --year показать сроки всех лет.")
@click.option("--year", "beginning", type=int, help="Год, в котором начался учебный, например 2026.")
@click.option("--archive", "file", type=PATH, help="Архив этого года: без целого архива ничего не удаляется.")
@click.option("--key", "key_file", type=PATH, help="Открытый ключ школы (PEM); без него – ключ этой установки.")
@click.option("--yes", is_flag=True, help="Удалить. Без этого только показать, что уйдёт.")
def expire(beginning: int | None, file: Path | None, key_file: Path | None, yes: bool) -> None:
    """Let what has outlived its time go."""
    with plainly(), _ready():
        if beginning is None:
            _show_years()
            return
        known = _year(beginning)
        if file is None:
            raise Refused("Назовите архив этого года: --archive ФАЙЛ. Без целого архива ничего не удаляется")
        key = _given_key(key_file) if key_file else _key().public_key()
        allowed = expiring.allow(db.session, year=known, file=file, key=key, today=clock.today())
        _show_what_goes(allowed)
        if not yes:
            click.echo("Ничего не удалено. Чтобы удалить, повторите с --yes.")
            return
        with writing():
            rows, unnamed = expiring.expire(db.session, allowed, now=clock.now(), today=clock.today())
        for path in untouched(_files(), unnamed, now=clock.real_now()):
            path.unlink(missing_ok=True)
        click.echo(expiring.said(allowed.part, known.name, rows))


def _show_years() -> None:
    for one in expiring.standing(db.session, today=clock.today()):
        state = f"пора удалить: {one.due}" if one.due else "ничего не удаляется"
        journals = "удалены" if one.journals_gone else f"до {day_year(one.journals_until)}"
        click.echo(f"{one.name}: журналы {journals}, сводные ведомости до {day_year(one.sheets_until)} – {state}.")


def _show_what_goes(allowed: expiring.Leave) -> None:
    click.echo(f"Уйдёт ({allowed.part}):")
    for title, count in expiring.to_go(db.session, allowed):
        click.echo(f"  {title}: {count}")
    click.echo("Останется: люди, " + ("классы, нагрузка и итоговые отметки, " if allowed.part is expiring.Part.JOURNALS
                                      else "") + "настройки, журнал действий.")


def _year(beginning: int) -> SchoolYear:
    known = next((one for one in years(db.session) if one.starts_on.year == beginning), None)
    if known is None:
        raise Refused(f"Учебного года {beginning}/{beginning + 1} в базе нет")
    return known


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
    if checked.manifest.get("draft"):
        click.echo("ЧЕРНОВИК. Год не был закрыт, на хранение файл не годится.")
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
        manifest = bringing.open_export(file, revision=schema.head())  # every byte is read before the database is held
        with writing():
            rows = bringing.bring_in(db.session, file, manifest, files=_files())
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
