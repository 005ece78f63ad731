"""The tables behind the spreads of a printed journal: the class list, who missed how much, the summary sheet in its
classical form, behaviour, remarks (R51)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ejd.certification.drawing.grid_pdf import Column, Grid
from ejd.certification.journal_book import AbsenceSheet
from ejd.certification.journal_facts import JournalFacts
from ejd.certification.journal_pages import parted
from ejd.remarks.queries import RemarkCard
from ejd.results.models import Period
from ejd.results.queries import Slot
from ejd.results.summary import SubjectColumn, SummarySheet
from ejd.words import day_year

SUBJECTS = 16  # on a page
LINES_TO_WRITE = 14
NUMBER, NAME, PERIOD, DECISION = 7.0, 43.0, 15.0, 19.0
WIDEST, LEAST = 11.0, 11.0
WORDS = {Period.YEAR: "год", Period.EXAM: "экзамен", Period.FINAL: "итог"}


def class_list(facts: JournalFacts) -> Grid:
    """Everybody who was in the class in the span, with those who came and left."""
    rows = [[[str(number), pupil.full_name,
              day_year(pupil.came_on) if pupil.came_on > facts.year.starts_on else "",
              day_year(pupil.left_on) if pupil.left_on and pupil.left_on <= facts.last and (
                  pupil.left_on < facts.year.ends_on) else ""]]
            for number, pupil in enumerate(facts.pupils, 1)]
    return Grid("Список класса", [Column("№", NUMBER, middle=True), Column("Фамилия, имя, отчество", 109),
                                  Column("Прибыл", 32), Column("Выбыл", 32)], rows or [[["", "В классе никого не было",
                                                                                         "", ""]]], least=14)


def absence_grid(sheet: AbsenceSheet) -> Grid:
    """Pupils × months or quarters: days, lessons, of those with a reason and without."""
    width = min(12.0, (180 - NUMBER - NAME) / (4 * len(sheet.periods)))
    columns = [Column("№", NUMBER, middle=True), Column("Фамилия, имя", NAME)]
    columns += [Column(heading, width, upright=True, middle=True) for _ in sheet.periods
                for heading in ("дней", "уроков", "уважит.", "без причины")]
    rows = [[[str(number), name, *(text for one in absences for text in one.cells)]]
            for number, (name, absences) in enumerate(sheet.rows, 1)]
    rows.append([["", "Всего", *(text for one in sheet.total for text in one.cells)]])
    return Grid("Сводная ведомость учёта посещаемости", columns, rows,
                [(2 + 4 * place, 4, name) for place, name in enumerate(sheet.periods)], running="Посещаемость",
                note="Дней – пропущено целиком; уважит. – уроков по болезни и другой уважительной причине; без причины "
                     "– уроков, причина которых не известна.", least=14)


def summary_grids(sheet: SummarySheet, facts: JournalFacts) -> list[Grid]:
    """Rows are pupils, under each the periods; columns are subjects (R51). Only what is set, no suggestions; of a term
    what was over by its end."""
    slots = [slot for slot in sheet.slots
             if (slot.term.ends_on <= facts.last if slot.term else facts.whole_year)]
    here = {pupil.id for pupil in facts.pupils}
    pupils = [pupil for pupil in sheet.pupils if pupil.id in here]
    decision = [Column("Решение педсовета", DECISION)] if facts.whole_year else []
    grids = []
    for part in parted(len(sheet.subjects), SUBJECTS - (3 if decision else 0)):
        last = part.stop == len(sheet.subjects)
        subjects = [sheet.subjects[place] for place in part]
        columns = [Column("№", NUMBER, middle=True), Column("Фамилия, имя", NAME), Column("Период", PERIOD)]
        behaviour = last and (sheet.behaviour_marked or bool(facts.behaviour))
        width = min(WIDEST, (180 - NUMBER - NAME - PERIOD - (DECISION if decision else 0)) / (len(subjects) + behaviour
                                                                                              or 1))
        columns += [Column(name, width, upright=True, middle=True)
                    for name in (*(one.name for one in subjects), *(["Поведение"] if behaviour else []))]
        blocks = [[_line(sheet, number, pupil.id, pupil.name, slot, subjects, behaviour)
                   + [""] * (len(decision) if last else 0) for slot in slots]
                  for number, pupil in enumerate(pupils, 1)]
        if not slots:
            blocks = []
        grids.append(Grid(
            "Сводная ведомость учёта успеваемости", columns + (decision if last else []), _named_once(blocks),
            running="Успеваемость", free=len(decision) if last else 0,
            note="" if slots else "В эти дни ни один учебный период класса не закончился: итоговых отметок ещё нет.",
            least=14 if len(slots) == 1 else LEAST))
    return grids


def _line(sheet: SummarySheet, number: int, pupil_id: int, name: str, slot: Slot, subjects: Iterable[SubjectColumn],
          behaviour: bool) -> list[str]:
    line = [str(number), name, WORDS.get(slot.period, slot.head),
            *(sheet.cell(pupil_id, subject.id, slot).value for subject in subjects)]
    return [*line, sheet.behaviour.get((pupil_id, slot.code), "")] if behaviour else line


def _named_once(blocks: Sequence[Sequence[list[str]]]) -> list[list[list[str]]]:
    """The pupil's number and name stand on the first line of the block."""
    return [[line if not place else ["", "", *line[2:]] for place, line in enumerate(block)] for block in blocks]


def remarks_grid(remarks: Sequence[RemarkCard]) -> Grid:
    """What the administration remarked, with room to write by hand."""
    rows = [[[f"{one.made_on:%d.%m.%Y}", ": ".join(filter(None, (one.about, f"{one.text} ({one.author})"))), one.answer,
              one.done]] for one in remarks]
    rows += [[["", "", "", ""]] for _ in range(max(0, LINES_TO_WRITE - len(rows)))]
    return Grid("Замечания по ведению журнала", [
        Column("Дата", 20), Column("Содержание замечания, кто сделал", 80), Column("Ответ учителя", 50),
        Column("Отметка о выполнении", 30)], rows, running="Замечания", least=30)
