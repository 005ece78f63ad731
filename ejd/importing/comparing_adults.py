"""Staff of the files against those of the school, and the plan for all adults."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ejd import names
from ejd.access import LEADERSHIP, POSITION_NAMES, Position
from ejd.importing.cell_values import Name, short_name_key, short_name_key_of
from ejd.importing.comparing_pupils import Ref
from ejd.importing.preview import Decisions, Findings, Left, Question, Section, short_key
from ejd.importing.records import ClassKey, Place, Records, Rejection, StaffRow, class_title
from ejd.importing.standing import Standing


@dataclass(slots=True)
class AdultsPlan:
    """New adults by key, whose guardians they are, which positions and classes they get."""

    who: dict[str, Name] = field(default_factory=dict)
    guardians: list[tuple[Ref, Ref, str]] = field(default_factory=list)  # guardian, pupil, relation
    related: list[tuple[int, int, str]] = field(default_factory=list)  # the same, where it was told otherwise
    employed: list[tuple[Ref, Position, str]] = field(default_factory=list)
    retitled: dict[tuple[int, Position], str] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)  # staff not in the file, and confirmed
    class_teachers: list[tuple[ClassKey, Ref]] = field(default_factory=list)
    leaders: dict[ClassKey, Ref] = field(default_factory=dict)  # as the files say
    staff: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))  # by name and by short name
    positions: dict[Ref, set[Position]] = field(default_factory=lambda: defaultdict(set))
    names: dict[Ref, Name] = field(default_factory=dict)  # the staff's

    def meant(self, said: str) -> list[Ref]:
        """Who of the staff is meant by a full or a short name; several when it is not told apart."""
        found = self.staff.get(names.sort_key(*_parts(said))) or self.staff.get(short_name_key(said)) or ()
        return list(dict.fromkeys(found))


def compare(records: Records, standing: Standing, decisions: Decisions, findings: Findings,
            classes: set[ClassKey], closed: frozenset[Position]) -> AdultsPlan:
    """Staff by name; a guardian of the same name is asked about. Closed positions are for others to give."""
    plan, section = AdultsPlan(), Section("Сотрудники")
    for person_id, positions in standing.positions.items():
        _enlist(plan, person_id, standing.names[person_id])
        plan.positions[person_id] |= positions
    parents: dict[str, int] = {standing.names[guardian_id].key: guardian_id for guardian_id, _ in standing.guardians
                               if guardian_id in standing.names and guardian_id not in standing.positions}
    titles: dict[str, set[str]] = defaultdict(set)
    for row in records.staff:
        titles[row.name.key].add(names.fold(row.job_title))
    for row in records.staff:
        namesakes = list(dict.fromkeys(plan.staff.get(row.name.key, ())))
        wanted = _wanted(row, namesakes, plan, closed, findings)
        if not wanted:
            continue
        ref = namesakes[0] if namesakes else _new_staff(row.name, parents.get(row.name.key), plan, decisions, findings,
                                                        standing)
        changed = _employ(plan, ref, wanted, row.job_title)
        changed += _retitle(plan, ref, wanted, row.job_title, titles[row.name.key], standing)
        changed += _lead(plan, ref, row.class_key, row.place, standing, classes, findings)
        told = f"{row.name}: {', '.join(changed)}" if changed else str(row.name)
        if isinstance(ref, str):
            section.new.append(told)
        elif changed:
            section.changed.append(told)
        else:
            section.unchanged += 1
    if records.staff:
        _missing_staff(records, standing, plan, decisions, section)
    findings.sections.append(section)
    return plan


def _wanted(row: StaffRow, namesakes: list[Ref], plan: AdultsPlan, closed: frozenset[Position],
            findings: Findings) -> list[Position]:
    """The positions that a row gives or keeps; none when it can't be taken over."""
    wanted = positions_of(row.job_title)
    if not wanted:
        findings.rejections.append(Rejection(
            row.place, f"{row.name}: должность «{row.job_title}» не работает с журналом",
            "Строка не нужна; если нужна, запишите должность иначе, например «Учитель» или «Секретарь»"))
    elif len(namesakes) > 1:
        findings.rejections.append(Rejection(row.place, f"Сотрудников с именем «{row.name}» несколько",
                                             "Измените должность такого сотрудника вручную"))
        wanted = []
    held = plan.positions[namesakes[0]] if namesakes else set()
    return _open(row, wanted, closed - held, findings)


def _open(row: StaffRow, wanted: list[Position], closed: frozenset[Position], findings: Findings) -> list[Position]:
    """Those of the positions that whoever loads the list may give."""
    if barred := [POSITION_NAMES[one].lower() for one in wanted if one in closed]:
        findings.rejections.append(Rejection(
            row.place, f"{row.name}: списком вам эту должность не дать – {', '.join(barred)}",
            "Директора назначает директор, завуча – директор или завуч, на странице человека. Первого директора "
            "назначают на сервере: flask --app app director «ФИО»"))
    return [one for one in wanted if one not in closed]


def _missing_staff(records: Records, standing: Standing, plan: AdultsPlan, decisions: Decisions,
                   section: Section) -> None:
    """Who works at the school and is not in the list of its staff; who leads the school is dismissed by hand."""
    said = {row.name.key for row in records.staff} | records.misread
    teaching = {ref for row in records.load for ref in plan.meant(row.teacher)}
    for person_id, held in standing.positions.items():
        name = standing.names[person_id]
        if name.key in said or person_id in teaching | standing.leaving or held & LEADERSHIP:
            continue
        left = Left(f"staff-{person_id}", f"{name}, {', '.join(sorted(POSITION_NAMES[one].lower() for one in held))}")
        section.left.append(left)
        if left.key in decisions.left:
            plan.gone.append(person_id)


def positions_of(job_title: str) -> list[Position]:
    """What a job title gives at the journal (R34); nothing for those who don't work with it."""
    title = names.fold(job_title)
    if not title:
        return [Position.TEACHER]
    found = []
    deputy = "зам" in title and "директор" in title
    housekeeping = any(word in title for word in ("ахч", "ахр", "хозяйств", "безопасност"))
    if "директор" in title and not deputy:
        found.append(Position.DIRECTOR)
    if (deputy and not housekeeping) or "завуч" in title:
        found.append(Position.DEPUTY)
    if any(word in title for word in ("секретар", "делопроизвод", "канцеляр", "специалист по кадрам")):
        found.append(Position.OFFICE)
    if any(word in title for word in ("системный администратор", "администратор сет", "инженер-программист",
                                      "программист", "техник-программист")):
        found.append(Position.IT)
    if any(word in title for word in ("учител", "преподавател", "педагог", "тьютор", "логопед", "воспитател")):
        found.append(Position.TEACHER)
    return found


def _parts(said: str) -> tuple[str, str, str]:
    words = said.split(" ")
    return words[0], words[1] if len(words) > 1 else "", " ".join(words[2:])


def _enlist(plan: AdultsPlan, ref: Ref, name: Name) -> None:
    plan.names[ref] = name
    plan.staff[name.key].append(ref)
    plan.staff[short_name_key_of(name)].append(ref)


def _new_staff(name: Name, parent_id: int | None, plan: AdultsPlan, decisions: Decisions, findings: Findings,
               standing: Standing) -> Ref:
    if parent_id is not None:
        children = {pupil_id for guardian_id, pupil_id in standing.guardians if guardian_id == parent_id}
        told = ", ".join(f"{child.name.last} {child.name.first} ({child.born:%d.%m.%Y})" for child in standing.pupils
                         if child.id in children)
        title = f"{name} – сотрудник и представитель: {told}. Имена совпали. Это один человек?"
        if same_person(short_key("staff", parent_id), title, decisions, findings):
            _enlist(plan, parent_id, name)
            return parent_id
    key = f"staff:{name.key}"
    plan.who[key] = name
    _enlist(plan, key, name)
    return key


def same_person(key: str, title: str, decisions: Decisions, findings: Findings) -> bool:
    question = Question(key, title, (("same", "Да, один человек: один вход на обе роли"),
                                     ("other", "Нет, однофамильцы")), "same")
    return findings.answer(question, decisions) == "same"


def _employ(plan: AdultsPlan, ref: Ref, wanted: list[Position], job_title: str) -> list[str]:
    given = []
    for position in wanted:
        if position not in plan.positions[ref]:
            plan.positions[ref].add(position)
            plan.employed.append((ref, position, job_title))
            given.append(POSITION_NAMES[position].lower())
    return given


def _retitle(plan: AdultsPlan, ref: Ref, wanted: list[Position], job_title: str, said: set[str],
             standing: Standing) -> list[str]:
    """A job worded otherwise than before. Somebody with several jobs of one position keeps their words."""
    told: list[str] = []
    if not isinstance(ref, int) or not job_title:
        return told
    for position in wanted:
        before = standing.job_titles.get((ref, position), ())
        if len(before) == 1 and names.fold(before[0]) not in said and (ref, position) not in plan.retitled:
            plan.retitled[ref, position] = job_title
            told = [f"должность – {job_title}, была – {before[0] or 'не указана'}"]
    return told


def _lead(plan: AdultsPlan, ref: Ref, class_key: ClassKey | None, place: Place, standing: Standing,
          classes: set[ClassKey], findings: Findings) -> list[str]:
    """Class teacher of a class, when that is news."""
    if class_key is None:
        return []
    if class_key not in classes:
        findings.rejections.append(Rejection(place, f"Класса {class_title(class_key)} в школе нет",
                                             "Загрузите список учеников этого класса или откройте класс"))
        return []
    if plan.leaders.setdefault(class_key, ref) != ref:
        findings.rejections.append(Rejection(place, f"У {class_title(class_key)} в файле два классных руководителя",
                                             "Оставьте одного"))
        return []
    there = standing.class_teachers.get(standing.classes.get(class_key, 0))
    if there == ref or (class_key, ref) in plan.class_teachers:
        return []
    plan.class_teachers.append((class_key, ref))
    return [f"классный руководитель {class_title(class_key)}"]
