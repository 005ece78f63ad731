"""Pupils of the files against those of the school: by name and birth date; the class may have changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from ejd import names
from ejd.importing.cell_values import Name
from ejd.importing.preview import Decisions, Findings, Left, Question, Section, short_key
from ejd.importing.records import ClassKey, PupilRow, Records, Rejection, class_title
from ejd.importing.standing import Pupil, Standing

Ref = int | str  # a person's id, or the key of one about to be added


@dataclass(slots=True)
class PupilsPlan:
    """What happens to pupils, and who each row is."""

    who: dict[str, PupilRow] = field(default_factory=dict)  # new pupils by key
    renamed: dict[int, Name] = field(default_factory=dict)
    redated: dict[int, date] = field(default_factory=dict)
    enrolled: list[tuple[Ref, ClassKey]] = field(default_factory=list)
    moved: list[tuple[int, ClassKey]] = field(default_factory=list)
    left: list[tuple[int, date]] = field(default_factory=list)  # and the last day
    rows: list[tuple[Ref, PupilRow]] = field(default_factory=list)
    changes: dict[Ref, list[str]] = field(default_factory=lambda: defaultdict(list))


def compare(records: Records, standing: Standing, decisions: Decisions, findings: Findings,
            since: date) -> PupilsPlan:
    """Match each row, note what changes, and who of the file's classes is missing from it."""
    plan = PupilsPlan()
    rows = _once(records.pupils, findings)
    known = {(pupil.name.key, pupil.born): pupil for pupil in reversed(standing.pupils)}
    matched = {(row.name.key, row.born): known[row.name.key, row.born] for row in rows
               if (row.name.key, row.born) in known}
    file_classes = {row.class_key for row in rows}
    taken = {pupil.id for pupil in matched.values()}
    spare = [pupil for pupil in standing.pupils if pupil.id not in taken]
    for row in rows:
        pupil = matched.get((row.name.key, row.born)) or _fuller(row, spare)
        if pupil is None:
            pupil = _asked(row, spare, decisions, findings)
        if pupil is not None and pupil in spare:
            spare.remove(pupil)
        _note(row, pupil, plan, findings, since)
    section = Section("Ученики")
    for ref, row in plan.rows:
        if isinstance(ref, str):
            section.new.append(f"{row.name}, {class_title(row.class_key)}, {row.born:%d.%m.%Y}")
    missing = [pupil for pupil in spare if pupil.class_key in file_classes and pupil.name.key not in records.misread]
    section.left = [Left(f"pupil-{pupil.id}", f"{pupil.name}, {class_title(pupil.class_key)}") for pupil in missing
                    if pupil.class_key is not None]
    plan.left = [(pupil.id, max(since - timedelta(days=1), pupil.from_on or since)) for pupil in missing
                 if f"pupil-{pupil.id}" in decisions.left]
    findings.sections.append(section)
    return plan


def finish(plan: PupilsPlan, section: Section) -> None:
    """Count changed and unchanged once guardians are compared too."""
    for ref, row in plan.rows:
        if isinstance(ref, int) and plan.changes.get(ref):
            section.changed.append(f"{row.name}, {class_title(row.class_key)}: {'; '.join(plan.changes[ref])}")
        elif isinstance(ref, int):
            section.unchanged += 1


def _once(rows: list[PupilRow], findings: Findings) -> list[PupilRow]:
    first: dict[tuple[str, date], PupilRow] = {}
    for row in rows:
        before = first.setdefault((row.name.key, row.born), row)
        if before is not row:
            findings.rejections.append(Rejection(
                row.place, f"{row.name} ({row.born:%d.%m.%Y}) уже стоит в строке {before.place.row} файла "
                f"«{before.place.file}»", "Оставьте одну из двух строк"))
    return list(first.values())


def _fuller(row: PupilRow, spare: list[Pupil]) -> Pupil | None:
    """The same pupil whose patronymic only one side knows."""
    found = [pupil for pupil in spare if pupil.born == row.born
             and _plain(pupil.name) == _plain(row.name) and not (pupil.name.patronymic and row.name.patronymic)]
    return found[0] if len(found) == 1 else None


def _asked(row: PupilRow, spare: list[Pupil], decisions: Decisions, findings: Findings) -> Pupil | None:
    """A pupil of the same class whom a slip of the keyboard or a new surname may have hidden."""
    for pupil in spare:
        if pupil.class_key == row.class_key and (
                (pupil.name.key == row.name.key and _slip_of_date(pupil.born, row.born))
                or (pupil.born == row.born and _slip_of_name(pupil.name, row.name))):
            was, now = (f"{one.name}, {one.born:%d.%m.%Y}" for one in (pupil, row))
            question = Question(
                short_key("typo", pupil.id, row.name.key, row.born),
                f"{class_title(row.class_key)}: в базе «{was}», в файле «{now}». Это один ученик?",
                (("same", "Да, исправить по файлу"), ("other", "Нет, это другой ученик")), "other")
            if findings.answer(question, decisions) != "other":  # until it is answered nothing more is asked about them
                return pupil
    return None


def _note(row: PupilRow, pupil: Pupil | None, plan: PupilsPlan, findings: Findings, since: date) -> None:
    if pupil is None:
        key = f"pupil:{row.name.key}:{row.born}"
        plan.who[key] = row
        plan.enrolled.append((key, row.class_key))
        plan.rows.append((key, row))
        return
    plan.rows.append((pupil.id, row))
    changes = plan.changes[pupil.id]
    if pupil.name.key != row.name.key and not (_plain(pupil.name) == _plain(row.name) and not row.name.patronymic):
        plan.renamed[pupil.id] = row.name
        changes.append(f"было «{pupil.name}»")
    if pupil.born != row.born:
        plan.redated[pupil.id] = row.born
        changes.append(f"дата рождения была {pupil.born:%d.%m.%Y}, станет {row.born:%d.%m.%Y}")
    if pupil.last_day is not None and pupil.last_day >= since:
        findings.notes.append(f"{row.name}, {class_title(row.class_key)}: есть в файле, но выбывает "
                              f"{_dmy(pupil.last_day)}. Чтобы зачислить снова, выберите ниже день после этого")
    elif pupil.class_key is None and not pupil.enrolled:
        plan.enrolled.append((pupil.id, row.class_key))
        gone = f"выбыл {_dmy(pupil.last_day)}, " if pupil.last_day else ""
        changes.append(f"{gone}будет зачислен в {class_title(row.class_key)}")
    elif pupil.class_key != row.class_key:
        plan.moved.append((pupil.id, row.class_key))
        before = f" из {class_title(pupil.class_key)}" if pupil.class_key else ""
        changes.append(f"переведён{before} в {class_title(row.class_key)}")


def _dmy(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _plain(name: Name) -> tuple[str, str]:
    return names.fold(name.last), names.fold(name.first)


def _slip_of_date(one: date, other: date) -> bool:
    """One figure differs, two neighbours changed places, or day and month did."""
    a, b = f"{one:%d%m%Y}", f"{other:%d%m%Y}"
    differ = [index for index in range(8) if a[index] != b[index]]
    swapped = len(differ) == 2 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
    return len(differ) == 1 or swapped or (one.day, one.month, one.year) == (other.month, other.day, other.year)


def _slip_of_name(one: Name, other: Name) -> bool:
    """A new surname, or one letter too many, too few or another in one part of the name."""
    a, b = one.key.split("\x1f"), other.key.split("\x1f")
    differ = [index for index in range(3) if a[index] != b[index]]
    return len(differ) == 1 and (differ[0] == 0 or _one_letter(a[differ[0]], b[differ[0]]))


def _one_letter(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (one[start + 1:] == other[start + 1:] or one[start:] == other[start + 1:]
            or one[start + 1:] == other[start:])
