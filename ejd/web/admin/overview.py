"""The administration's first page: the day, what is still to do, and where to go from here, by position."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.audit.leaving import unseen
from ejd.certification.queries import certified_figures
from ejd.compliance.choices import spans_of
from ejd.compliance.queries import lateness
from ejd.compliance.scope import Scope, launches
from ejd.db import db
from ejd.office.launch import unfinished
from ejd.office.to_do import Standing, Task, ToDo, standing, to_do
from ejd.remarks.queries import waiting_for_administration
from ejd.remarks.rules import State
from ejd.schedule.queries import NOBODY
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.words import number

# Where each task is done, and who may.
PLACES: dict[Task, tuple[str, Act]] = {
    Task.OPEN_YEAR: (".open_year", Act.KEEP_CALENDAR),
    Task.BELLS: (".bells", Act.KEEP_CALENDAR),
    Task.CLASSES: (".import_lists", Act.IMPORT_LISTS),
    Task.LOAD: (".import_lists", Act.IMPORT_LISTS),
    Task.CLASS_TEACHERS: (".classes", Act.KEEP_ROSTER),
    Task.VACANCIES: (".classes", Act.KEEP_ROSTER),
    Task.SUBGROUPS: (".classes", Act.KEEP_ROSTER),
    Task.TIMETABLE: (".import_lists", Act.IMPORT_LISTS),
    Task.UNTIMED: (".import_lists", Act.IMPORT_LISTS),
    Task.UNTAUGHT: (".lessons", Act.KEEP_CALENDAR),
    Task.AWAY: (".substitutions", Act.KEEP_CALENDAR),
    Task.CLOSE_TERMS: (".closing_now", Act.CLOSE_TERMS),
    Task.GUARDIANS: (".classes", Act.KEEP_ROSTER),
    Task.ERASE_PASSPORTS: (".passports", Act.SEE_PASSPORTS),
    Task.LAUNCH: (".settings", Act.CHANGE_SETTINGS),
    Task.FIRST_CLASSES: (".add_class", Act.KEEP_ROSTER),
    Task.CLOSE_YEAR: (".close_year", Act.TURN_YEAR),
}
OF_YEAR = {Task.CLASS_TEACHERS, Task.VACANCIES, Task.GUARDIANS, Task.FIRST_CLASSES}  # places that take a year
PAGES = (  # endpoint, title, what for, act
    (".control", "Контроль", "кто, где и насколько опаздывает", Act.SEE_CONTROL),
    (".results_overview", "Итоговые отметки", "что выставлено за период, с опозданием, не по предложению",
     Act.SEE_CONTROL),
    (".closing_now", "Закрытие", "периоды классов: чего ещё ждут, что закрыто и открыто снова", Act.CLOSE_TERMS),
    (".certification", "Заверение журналов", "что напечатать и заверить, журнал заверений", Act.SEE_CONTROL),
    (".plans", "Планы уроков", "выполнение КТП и отставание по классам и учителям", Act.SEE_CONTROL),
    (".assessments", "График оценочных процедур", "контрольные классов по дням и предупреждения", Act.SEE_CONTROL),
    (".authority_report", "Отчёт управлению", "числа по школе за любые дни: Excel, PDF и файл для отправки",
     Act.SEE_CONTROL),
    (".remarks", "Замечания", "по ведению журналов: ответы учителей, сроки, что закрыто", Act.SEE_CONTROL),
    (".attendance", "Посещаемость", "кого нет сегодня, справки", Act.EXCUSE_ABSENCES),
    (".school_missed", "Пропуски", "пропущенные дни и уроки по классам и причинам", Act.EXCUSE_ABSENCES),
    (".classes", "Классы", "ученики, нагрузка, подгруппы", Act.SEE_ROSTER),
    (".groups", "Группы", "группы из разных классов, обучение на дому, внеурочная деятельность", Act.SEE_ROSTER),
    (".search", "Люди", "поиск ученика, представителя, сотрудника", Act.SEE_ROSTER),
    (".staff", "Сотрудники", "должности и учителя", Act.SEE_ROSTER),
    (".cards", "Карточки доступа", "логины и пароли: кому сделаны, кем получены, кто вошёл", Act.ISSUE_PASSWORD),
    (".forms", "Формы услуги", "кто получает дневник электронно, кто распечатками; заявления и отказы",
     Act.REGISTER_FORMS),
    (".papers", "Памятка и приказ", "памятка родителям, приказ о введении и приложения: тексты, версии, печать",
     Act.KEEP_LETTERS),
    (".school_sheets", "Недельные листы", "кому положены результаты на бумаге, что напечатано и выдано",
     Act.PRINT_SHEETS),
    (".bases", "Персональные данные", "основания обработки, паспорта 11 классов", Act.KEEP_BASES),
    (".import_lists", "Загрузка списков", "ученики, сотрудники, нагрузка и расписание из файлов", Act.IMPORT_LISTS),
    (".timetable", "Расписание", "версии, уроки классов и учителей, накладки", Act.KEEP_CALENDAR),
    (".lessons", "Уроки дня", "отмены и переносы", Act.KEEP_CALENDAR),
    (".substitutions", "Замены", "кого нет, кто свободен, кто кого заменил за месяц", Act.KEEP_CALENDAR),
    (".calendar", "Календарь", "четверти, каникулы, выходные", Act.KEEP_CALENDAR),
    (".bells", "Звонки", "время уроков по сменам и ступеням", Act.KEEP_CALENDAR),
    (".weeks", "Недели классов", "пять или шесть дней, звонки, периоды", Act.KEEP_CALENDAR),
    (".new_year_classes", "Новый учебный год", "классы переходят, выпускники уходят, старый год закрывается",
     Act.TURN_YEAR),
    (".history", "Журнал действий", "кто, что и когда сделал в программе", Act.SEE_HISTORY),
    (".settings", "Настройки", "сроки, правила, начало контроля", Act.CHANGE_SETTINGS),
    (".archive", "Архив и выгрузка", "завершённый год одним файлом, все данные школы", Act.ARCHIVE),
    (".exports", "Выгрузки", "когда и кем выгружалось сразу много сведений", Act.WATCH_EXPORTS),
    (".access_table", "Кто что может", "права по должностям", Act.SEE_ACCESS_TABLE),
)


@bp.get("/")
@needs(Act.SEE_ACCESS_TABLE)
def overview() -> ResponseReturnValue:
    now = standing(db.session, today=clock.today())
    pages = [page for page in PAGES if may(g.actor, page[3])]
    return render_template("admin/overview.html", standing=now, pages=pages, tasks=_tasks(now), today=clock.today(),
                           may_search=may(g.actor, Act.SEE_ROSTER), may_see_day=may(g.actor, Act.KEEP_CALENDAR))


def _tasks(now: Standing) -> list[tuple[str, str]]:
    """The open tasks that this person may do: the sentence and where."""
    open_tasks = to_do(now, g.settings.day("launch.marks"))
    tasks = [(one.sentence, _address(one, now)) for one in open_tasks if may(g.actor, PLACES[one.task][1])]
    return (_left() if may(g.actor, Act.WATCH_EXPORTS) else []) + tasks + _launch(now) + (
        _to_certify(now) if may(g.actor, Act.CERTIFY) else []) + (
        _remarks() if may(g.actor, Act.REMARK_ON_JOURNALS) and not may(g.actor, Act.CERTIFY) else []) + (
        _lateness() if may(g.actor, Act.SEE_CONTROL) else [])


def _launch(now: Standing) -> list[tuple[str, str]]:
    """The list before the launch, while the journal has not begun or something in it is not complete."""
    ahead = unfinished(now, launch=g.settings.launch, today=clock.today())
    if not ahead or not may(g.actor, Act.KEEP_ROSTER):
        return []
    return [("Запуск журнала: что уже заполнено", url_for(".launch"))]


def _left() -> list[tuple[str, str]]:
    """What left in bulk and the director has not looked at yet."""
    count = len(unseen(db.session))
    return [(f"Выгрузки, о которых вы ещё не знаете: {number(count)}", url_for(".exports"))] if count else []


def _remarks() -> list[tuple[str, str]]:
    """Remarks that teachers have answered, and those past their day (R61): the deputy's to follow, the director's page
    has other things to tell."""
    answered, overdue = waiting_for_administration(db.session, today=clock.today())
    return [(f"Замечания по журналам: {what} {number(count)}", url_for(".remarks", state=state.value))
            for count, what, state in ((answered, "прочесть ответов", State.ANSWERED),
                                       (overdue, "без ответа в срок", State.OVERDUE)) if count]


def _to_certify(now: Standing) -> list[tuple[str, str]]:
    """Printed journals that wait for the director's hand, of the year that began last (R50)."""
    year = now.year if not now.ahead else next(iter(reversed(now.unclosed)), None)
    if year is None:
        return []
    due, certified, overdue, out_of_date = certified_figures(db.session, year_id=year.id, today=clock.today(),
                                                             settings=g.settings)
    told = [f"{what} {number(count)}" for count, what in (
        (overdue, "просрочено"), (out_of_date, "устарело"),
        (due - certified - overdue - out_of_date, "пора заверить")) if count]
    return [(f"Заверение журналов: {', '.join(told)}", url_for(".certification", year=year.id))] if told else []


def _lateness() -> list[tuple[str, str]]:
    """What is late in the term that the control page opens with, and the way there; nothing when nothing is."""
    today = clock.today()
    span = spans_of(db.session, today).usual
    late, overdue = lateness(db.session, scope=Scope(span.first, span.last), launches=launches(g.settings),
                             today=today)
    told = [f"{number(count)} {what}"
            for count, what in ((late, "с опозданием"), (overdue, "не выставлено в срок")) if count]
    return [(f"{span.title}, отметки: {', '.join(told)}", url_for(".control"))] if told else []


def _address(to_do: ToDo, now: Standing) -> str:
    task = to_do.task
    if task is Task.CLOSE_YEAR:
        return url_for(".close_year", year_id=to_do.year_id)
    if task is Task.LAUNCH:
        return url_for(".settings", section="launch")
    if task is Task.UNTAUGHT:
        return url_for(".lessons", teacher_id=NOBODY)
    if task is Task.SUBGROUPS:
        first = now.undivided[0]
        return url_for(".divide_class", class_id=first.class_id, subject_id=first.subject_id)
    of_year: dict[str, Any] = {"year": now.year.id} if now.ahead and now.year and task in OF_YEAR else {}
    return url_for(PLACES[task][0], **of_year)
