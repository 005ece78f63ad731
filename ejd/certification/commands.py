"""`flask --app app print-journal`: the printed journals of one class or of all, without a browser."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import click
from sqlalchemy import select

from ejd import clock, names
from ejd.certification.printing import print_each
from ejd.complaints import plainly
from ejd.db import db
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school.calendar import main_scheme
from ejd.school.models import SchoolYear, Term
from ejd.school.queries import current_year, years
from ejd.words import counted
from ejd.working import know_the_school


@click.command("print-journal", help="Напечатать классные журналы за четверть или год: PDF одного класса или всех.")
@click.option("--class", "class_name", metavar="КЛАСС", help="Класс, например 7А.")
@click.option("--all", "everybody", is_flag=True, help="Все классы, каждый отдельным файлом.")
@click.option("--term", type=click.IntRange(1, 4), help="Номер четверти (триместра); без него – весь год.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Год начала учебного года, например 2026; без него – "
                                                               "нынешний.")
@click.option("--out", required=True, metavar="ПУТЬ", type=click.Path(path_type=Path),
              help="Файл для одного класса, папка для всех.")
def print_journal(class_name: str | None, everybody: bool, term: int | None, year: int | None, out: Path) -> None:
    """Print, keep each journal as a file, and write down that it was printed."""
    with plainly():
        if bool(class_name) == everybody:
            raise Refused("Назовите один класс (--class 7А) или все (--all)")
        know_the_school()
        of_year = _year(year)
        class_ids = _classes(of_year, class_name)
        term_id = _term(of_year, term)
        written = _Files(out, alone=not everybody)
        with click.progressbar(length=100, label="Печатаю") as bar:
            pages = print_each(
                db.session, class_ids=class_ids, term_id=term_id, actor_id=None, key=f"command{token_hex(8)}",
                now=clock.now(), keep=written.keep,
                tell=lambda done, total: bar.update(done * 100 // total - bar.pos))
    click.echo(f"Готово: {counted(written.count, 'журнал', 'журнала', 'журналов')}, "
               f"{counted(pages, 'страница', 'страницы', 'страниц')}. {out}")


class _Files:
    """Where the papers go: one file, or a folder."""

    def __init__(self, out: Path, *, alone: bool) -> None:
        self.out, self.alone, self.count = out, alone, 0
        try:
            (out.parent if alone else out).mkdir(parents=True, exist_ok=True)
        except OSError:
            raise Refused(f"Записать в {out} нельзя: проверьте путь и права") from None
        if alone and out.is_dir():
            raise Refused(f"{out} – папка: назовите файл, например {out / 'журнал.pdf'}")

    def keep(self, name: str, pdf: bytes) -> None:
        path = self.out if self.alone else self.out / name
        try:
            path.write_bytes(pdf)
        except OSError:
            raise Refused(f"Записать {path} не получилось: проверьте место и права") from None
        self.count += 1


def _year(begins: int | None) -> SchoolYear:
    found = (current_year(db.session, clock.today()) if begins is None else
             next((one for one in years(db.session) if one.starts_on.year == begins), None))
    if found is None:
        raise Refused(f"Учебного года {begins} нет" if begins else "Учебного года ещё нет: заведите календарь")
    return found


def _classes(year: SchoolYear, named: str | None) -> list[int]:
    classes = db.session.scalars(select(SchoolClass).filter_by(year_id=year.id)).all()
    if named is None:
        return [one.id for one in classes]
    wanted = names.class_name(named)
    found = [one.id for one in classes if (one.grade, one.letter) == wanted or one.name == named]
    if not found:
        raise Refused(f"Класса {named} в {year.name} учебном году нет")
    return found


def _term(year: SchoolYear, number: int | None) -> int | None:
    """By the school's calendar, whatever terms a class is marked by (R50)."""
    if number is None:
        return None
    terms = db.session.scalars(select(Term).filter_by(year_id=year.id)).all()
    scheme = main_scheme(term.scheme for term in terms)
    found = next((term.id for term in terms if (term.scheme, term.number) == (scheme, number)), None)
    if found is None:
        raise Refused(f"Периода с номером {number} в {year.name} учебном году нет")
    return found
