"""`flask --app app import FILE…`: lists from files, without a browser."""

from __future__ import annotations

from pathlib import Path

import click

from ejd import clock
from ejd.complaints import plainly
from ejd.db import db, writing
from ejd.importing import services
from ejd.importing.preview import Section
from ejd.importing.reading import MOST_BYTES
from ejd.importing.records import titled
from ejd.importing.services import Preview, Report, Upload
from ejd.refusal import Refused
from ejd.school import settings

WAITS = "прочитан, но сначала нужны все столбцы списка учеников"
SHOWN = 40  # rejections and proposals on the screen


@click.command("import", help="Загрузить списки школы из файлов: учеников, сотрудников, нагрузку, подгруппы, "
                               "расписание, календарь, звонки.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--accept-proposed", is_flag=True,
              help="Принять предложенное: кто из представителей один человек. Спорные останутся разными людьми.")
@click.option("--year", type=click.IntRange(2000, 2100), help="Год начала учебного года, например 2026.")
@click.option("--preview", "only_preview", is_flag=True, help="Только показать, что получится.")
def import_files(files: tuple[Path, ...], accept_proposed: bool, year: int | None, only_preview: bool) -> None:
    """Load the school's lists: pupils, staff, load, subgroups, timetable, calendar, bells."""
    with plainly():
        report = load_files([read_upload(path) for path in files], accept_proposed=accept_proposed, year=year,
                            only_preview=only_preview)
    if report is not None:
        click.echo(f"Записано. Уроков в расписании до конца года: {report.lessons}." if report.changed_anything
                   else "Школа уже такая, как в файлах: менять нечего.")


def read_upload(path: Path) -> Upload:
    """A file from the disk; one that is too long is not read whole."""
    try:
        with path.open("rb") as file:
            return Upload(path.name, file.read(MOST_BYTES + 1))
    except OSError:
        raise Refused(f"Файл {path} не найден или не читается") from None


def load_files(files: list[Upload], *, accept_proposed: bool, year: int | None = None,
               only_preview: bool = False) -> Report | None:
    """Prepare, show, and confirm in a transaction of its own. Raises Refused when something needs an answer."""
    clock.use_zone(settings.load(db.session).value("zone", on=None))
    now = clock.now()
    click.echo("Читаю файлы…")
    preview = services.proposed(services.prepare(db.session, files=files, today=clock.today(), now=now, year=year))
    db.session.commit()
    _show(preview)
    if preview.problems or not any(sheet.taken for sheet in preview.sheets):
        raise Refused("Ничего не записано: исправьте файлы, названные выше")
    if only_preview:
        return None
    if (preview.questions or preview.proposals) and not accept_proposed:
        _show_questions(preview)
        raise Refused("Ничего не записано: есть вопросы. Ответьте на них на странице «Загрузка списков» или повторите "
                      "с --accept-proposed")
    decided = services.accepting(preview)
    click.echo("Записываю…")
    with writing():
        return services.confirm(db.session, actor_id=None, preview=decided, decisions=decided.decisions, now=now)


def _show(preview: Preview) -> None:
    for problem in preview.problems:
        click.echo(f"{problem.file}: {problem.reason}", err=True)
    for sheet in preview.sheets:
        if sheet.problem:
            click.echo(f"{titled(sheet.file, sheet.name)}: {sheet.problem}", err=True)
        if sheet.waits:
            click.echo(f"{titled(sheet.file, sheet.name)}: {WAITS}", err=True)
        if dropped := sheet.dropped:
            click.echo(f"{sheet.file}: столбцы, которые хранить нельзя, не загружаются: {', '.join(dropped)}")
    for section in preview.sections:
        click.echo(_counts(section))
    for rejection in preview.rejections[:SHOWN]:
        click.echo(f"Не загружено: {rejection.where}: {rejection.wrong}. {rejection.right}.", err=True)
    if len(preview.rejections) > SHOWN:
        click.echo(f"… и ещё {len(preview.rejections) - SHOWN}", err=True)
    for note in preview.findings.notes:
        click.echo(note)


def _counts(section: Section) -> str:
    told = (f"{section.title}: новых {len(section.new)}, изменится {len(section.changed)}, "
            f"без изменений {section.unchanged}")
    return told + (f", нет в файле {section.missing} (не тронуты)" if section.left else "")


def _show_questions(preview: Preview) -> None:
    for proposal in preview.proposals[:SHOWN]:
        click.echo(f"Предлагается считать одним человеком: {proposal.text}")
    if len(preview.proposals) > SHOWN:
        click.echo(f"… и ещё {len(preview.proposals) - SHOWN}")
    for question in preview.questions:
        click.echo(f"Вопрос: {question.title}")
