"""A list of control as a file: small ones at once, long ones as work of their own (R60)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from ejd import clock
from ejd.compliance.choices import Options, choices_of
from ejd.compliance.metrics import OF_MARKS
from ejd.compliance.named import FIGURES, MEANINGS, Named, Question
from ejd.compliance.scope import Scope
from ejd.db import Session
from ejd.documents.tables import Table, as_pdf, as_xlsx
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.school import settings as school_settings
from ejd.words import counted, number

KIND = "control-list"
AT_ONCE = 5_000  # rows that are made while somebody waits
MOST_ROWS = {"xlsx": 1_048_000, "pdf": 20_000}  # all that a sheet of Excel holds; what is drawn in seconds
FORMS = {"xlsx": "таблицу Excel", "pdf": "PDF"}


def table_of(session: Session, figure: Named, question: Question, options: Options, *, form: str, most: int) -> Table:
    """The whole list as a table; too long a list is refused with what to do."""
    found = question.whole(session, figure, most=min(most, MOST_ROWS[form]))
    rows = counted(found.total, "строка", "строки", "строк")
    if found.total > MOST_ROWS[form]:
        raise Refused(f"В списке {rows}, в {FORMS[form]} поместится {number(MOST_ROWS[form])}: выберите меньше дней, "
                      f"один класс или одного учителя")
    if found.total > most:
        raise Refused(f"В списке {rows}: такой большой файл готовится отдельно. Вернитесь к списку и нажмите "
                      f"«Подготовить {FORMS[form]}»")
    meaning, about = MEANINGS[figure], options.about(question.scope, days_taken=figure in OF_MARKS)
    head = filter(None, (question.settings.value("school.name", on=None), rows, about, meaning.sentence))
    return Table(meaning.listing, " · ".join(head), found.columns, found.rows, made_on=question.today)


def file_of(table: Table, form: str) -> tuple[str, bytes]:
    """Its name and content."""
    return (f"{table.title.replace(':', ',')}.{form}",
            as_xlsx(table) if form == "xlsx" else as_pdf(table, landscape=True))


def kept(question: Question) -> dict[str, Any]:
    """Days, filter and year of a question, to be kept with the work that asks it again."""
    scope = asdict(question.scope)
    return {"year_id": question.year_id,
            "scope": scope | {"first": scope["first"].isoformat(), "last": scope["last"].isoformat()}}


def asked_again(session: Session, params: Mapping[str, Any]) -> Question:
    """The question that was kept, as of now."""
    given = dict(params["scope"])
    scope = Scope(**given | {
        "first": date.fromisoformat(given["first"]), "last": date.fromisoformat(given["last"]),
        "days_taken": tuple(given["days_taken"]) if given["days_taken"] else None})
    return Question(scope, params["year_id"], school_settings.load(session), clock.today(), clock.now())


@job(KIND, "Список контроля")
def make_list(session: Session, done: Job, tell: Tell) -> Made:
    params = params_of(done)
    question = asked_again(session, params)
    options = choices_of(session).options(question.scope.first, question.scope.last)
    table = table_of(session, FIGURES[params["figure"]], question, options, form=params["form"],
                     most=MOST_ROWS[params["form"]])
    name, body = file_of(table, params["form"])
    return Made(name, body, counted(len(table.rows), "строка", "строки", "строк"))
