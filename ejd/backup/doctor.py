"""The installation's health: each check is a sentence and whether all is well."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.backup import copies
from ejd.config import Config
from ejd.db import Session, triggers_missing
from ejd.files import store
from ejd.journal import sums, week_sums
from ejd.privacy import unnamed
from ejd.privacy.models import Passport
from ejd.privacy.sealing import key_of
from ejd.school import settings

LEAST_FREE = 1024**3  # bytes
OLDEST_COPY = timedelta(days=2)
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Found:
    what: str
    is_well: bool


def examine(session: Session, config: Config, *, complaint: str | None, copies_folder: Path) -> Iterator[Found]:
    """Every check in turn; `complaint` is why the program can't work with the database at all, or None."""
    yield Found(complaint or "База отвечает, её версия – версия программы.", complaint is None)
    if complaint is not None:
        return
    checks: tuple[Callable[[], Found], ...] = (
        lambda: _integrity(session), lambda: _references(session), lambda: _append_only(session),
        lambda: _sums(session), lambda: _clock(session), lambda: _disk(config.instance),
        lambda: _last_copy(copies_folder), lambda: _settings(session), lambda: _reach(config),
        lambda: _passports(session, config), lambda: _files(session, config.instance / store.FOLDER))
    for check in checks:
        yield check()


def _integrity(session: Session) -> Found:
    """SQLite reads the whole file; PostgreSQL keeps to its own checksums."""
    if session.get_bind().dialect.name != "sqlite":
        return Found("Целость данных проверяет сам PostgreSQL.", True)
    answer = session.scalar(text("PRAGMA integrity_check"))
    return Found("Файл базы цел." if answer == "ok" else f"Файл базы повреждён: {str(answer)[:200]}", answer == "ok")


def _references(session: Session) -> Found:
    if session.get_bind().dialect.name != "sqlite":
        return Found("Ссылки между таблицами держит сам PostgreSQL.", True)
    broken = len(session.execute(text("PRAGMA foreign_key_check")).all())
    return Found("Ссылки между таблицами целы." if not broken else f"Оборванных ссылок: {broken}.", not broken)


def _append_only(session: Session) -> Found:
    """The triggers that keep history unchangeable are there (engineering 4)."""
    there = not triggers_missing(session)
    return Found("История закрыта от правки." if there else "История не закрыта от правки: нет триггеров.", there)


def _sums(session: Session) -> Found:
    wrong = len(sums.recount(session)) + len(week_sums.recount(session))
    return Found("Суммы контроля сходятся с отметками и уроками." if not wrong
                 else f"Сумм, не равных пересчёту: {wrong}.", not wrong)


def _clock(session: Session) -> Found:
    """The machine's clock does not lag behind what was already recorded. A demo database has a clock of its own."""
    newest = session.scalar(select(func.max(AuditRecord.at)))
    behind = newest is not None and newest > clock.now() + AHEAD
    return Found("Часы отстают: в базе есть записи из будущего." if behind else "Часы идут вперёд, как и записи.",
                 not behind)


def _disk(folder: Path) -> Found:
    free = shutil.disk_usage(folder).free
    return Found(f"Свободно на диске: {free / 1024**3:.1f} ГБ.".replace(".", ",", 1), free >= LEAST_FREE)


def _last_copy(folder: Path) -> Found:
    found = copies.copies_in(folder)
    if not found:
        return Found(f"Копий ещё нет: flask --app app backup (папка {folder}).", False)
    age = datetime.now(UTC) - datetime.fromtimestamp(found[-1].stat().st_mtime, UTC)
    return Found(f"Последней копии {age.days} дн. {age.seconds // 3600} ч: {found[-1].name}.", age <= OLDEST_COPY)


def _settings(session: Session) -> Found:
    known = settings.load(session)
    missing = [title for key, title in (("school.name", "название школы"), ("school.address", "адрес сайта"),
                                        ("launch.marks", "день начала контроля")) if not known.value(key, on=None)]
    return Found(f"Не указано: {', '.join(missing)} (страница «Настройки»)." if missing else "Настройки школы указаны.",
                 not missing)


def _reach(config: Config) -> Found:
    if config.on_loopback or config.tls_only:
        return Found("Снаружи программа доступна только по TLS.", True)
    return Found("Программа доступна по сети без TLS (EJD_PLAIN_HTTP=1): пароли идут открыто.", False)


def _passports(session: Session, config: Config) -> Found:
    """Passport data that the installation's key does not open are lost with the key that does (R41)."""
    kept = set(session.scalars(select(Passport.key_id).where(Passport.sealed.is_not(None)).distinct()))
    key = key_of(config.data_key)
    if not kept or key is not None and kept == {key.id}:
        return Found("Паспортные данные открываются ключом программы." if kept else "Паспортных данных нет.", True)
    return Found("Паспортные данные не открываются: EJD_DATA_KEY не тот, которым они зашифрованы." if key else
                 "Паспортные данные есть, а ключа EJD_DATA_KEY нет.", False)


def _files(session: Session, folder: Path) -> Found:
    """A file of an erased person is removed once that is saved; one that still lies there waits for the server."""
    left = len(unnamed.lying(session, folder))
    return Found("Файлов, которые больше никому не нужны, на диске нет." if not left else
                 f"На диске ещё лежат файлы, которые больше никому не нужны: {left}. Работающий сервер уберёт их в "
                 "течение часа.", not left)
