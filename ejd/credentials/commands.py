"""`flask --app app cards`: the cards of a class, a parallel or all families as one file, without a browser (R30)."""

from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy import select

from ejd import clock, names
from ejd.complaints import plainly
from ejd.credentials import card_paper
from ejd.credentials.cards import CARDS, NOBODY, Prepared, prepare, put_in_force
from ejd.credentials.holders import Scope
from ejd.db import db, writing
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school.queries import year_ahead
from ejd.words import counted
from ejd.working import know_the_school

OWNER_ONLY = 0o600
NO_ADDRESS = "В настройках школы нет адреса журнала: назовите его, --address https://…"


@click.command("cards", help="Сделать карточки доступа с одноразовыми паролями для семей, у которых действующего "
                             "пароля нет. Пароли есть только в этом файле: храните его, как ключ, и сотрите после "
                             "печати. Директор узнает о выгрузке.")
@click.option("--class", "class_name", metavar="КЛАСС", help="Класс, например 7А.")
@click.option("--grade", type=click.IntRange(1, 11), help="Параллель, например 7.")
@click.option("--all", "everybody", is_flag=True, help="Все семьи школы.")
@click.option("--renew", is_flag=True, help="И остальным: новые взамен действующих, прежние перестанут действовать.")
@click.option("--address", metavar="АДРЕС", help="Адрес журнала на карточке; без него – из настроек школы.")
@click.option("--out", required=True, metavar="ФАЙЛ", type=click.Path(path_type=Path), help="Новый файл PDF.")
def cards(class_name: str | None, grade: int | None, everybody: bool, renew: bool, address: str | None,
          out: Path) -> None:
    """Make the cards and put their passwords in force when the file is on the disk."""
    with plainly():
        if sum((class_name is not None, grade is not None, everybody)) != 1:
            raise Refused("Назовите, для кого: класс (--class 7А), параллель (--grade 7) или все (--all)")
        school = know_the_school()
        shown = address or school.value("school.address", on=None)
        if not shown:
            raise Refused(NO_ADDRESS)
        scope = Scope(class_id=_class(class_name) if class_name is not None else None, grade=grade)
        _check(out)
        with click.progressbar(length=100, label="Делаю") as bar:
            prepared = prepare(db.session, owner_id=None, scope=scope, renew=renew, address=shown,
                               tell=lambda done, total: bar.update(done * 100 // total - bar.pos))
        if not prepared.cards:
            raise Refused(NOBODY)
        said = _hand_over(prepared, out)
    click.echo(f"Готово: {counted(len(prepared.cards), *CARDS)}. {said} {out}")


def _class(named: str) -> int:
    year = year_ahead(db.session, clock.today())
    classes = db.session.scalars(select(SchoolClass).filter_by(year_id=year.id)).all() if year else []
    found = next((one.id for one in classes
                  if (one.grade, one.letter) == names.class_name(named) or one.name == named), None)
    if found is None:
        raise Refused(f"Класса {named} в этом учебном году нет")
    return found


def _check(out: Path) -> None:
    """Before the long work: whether the file can be written."""
    if out.exists():
        raise Refused(f"{out} уже есть: назовите новый файл, старый не перезаписывается")
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise Refused(f"Записать в {out.parent} нельзя: проверьте путь и права")


def _hand_over(prepared: Prepared, out: Path) -> str:
    """The file first, readable by its owner alone, then the passwords; without them no file stays."""
    body = card_paper.draw(prepared.cards, prepared.heading)
    try:
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Refused(f"{out} уже есть: назовите новый файл") from None
    except OSError:
        out.unlink(missing_ok=True)
        raise Refused(f"Записать {out} не получилось: проверьте место и права. Пароли не менялись") from None
    try:
        with writing():
            return put_in_force(db.session, actor=None, promise=prepared.promise, now=clock.now(),
                                real_now=clock.real_now())
    except BaseException:
        out.unlink(missing_ok=True)
        raise
