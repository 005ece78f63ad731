"""Teaching load and subgroups of the files against those of the school."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ejd import names
from ejd.access import Position
from ejd.importing import spelling
from ejd.importing.cell_values import Fault
from ejd.importing.comparing_adults import AdultsPlan
from ejd.importing.comparing_pupils import PupilsPlan, Ref
from ejd.importing.preview import Decisions, Findings, Left, Section
from ejd.importing.records import (
    ClassKey,
    LoadRow,
    Records,
    Rejection,
    SubgroupRow,
    absent_classes,
    class_title,
)
from ejd.importing.standing import CourseThere, Standing
from ejd.words import in_hours, in_subgroup

CourseKey = tuple[ClassKey, Ref, int]  # class, subject (id, or name of a new one), subgroup
Journals = dict[ClassKey, dict[Ref, list[CourseKey]]]


@dataclass(slots=True)
class LoadPlan:
    """Journals to open and to change, who is in which subgroup, and every journal there will be."""

    subjects: list[str] = field(default_factory=list)  # new ones
    opened: list[tuple[CourseKey, int, Ref | None]] = field(default_factory=list)  # half-hours, teacher
    hours: list[tuple[int, int]] = field(default_factory=list)  # course id, half-hours
    assigned: list[tuple[int, Ref | None]] = field(default_factory=list)  # course id, teacher
    retired: list[int] = field(default_factory=list)
    members: list[tuple[CourseKey, Ref]] = field(default_factory=list)
    there: dict[CourseKey, CourseThere] = field(default_factory=dict)
    half_hours: dict[CourseKey, int] = field(default_factory=dict)
    teachers: dict[CourseKey, Ref | None] = field(default_factory=dict)
    titles: dict[Ref, str] = field(default_factory=dict)  # subjects, standing and new
    spellings: dict[str, Ref] = field(default_factory=dict)  # folded

    def subject(self, said: str) -> Ref | None:
        """The subject a file means by a name or an abbreviation of it."""
        if (known := self.spellings.get(names.fold(said))) is not None or not spelling.is_short(said):
            return known
        meant = spelling.meant(said, self.titles.values())
        return next(ref for ref, title in self.titles.items() if title == meant[0]) if len(meant) == 1 else None

    def journals(self) -> Journals:
        """Every journal by class and subject."""
        found: Journals = defaultdict(lambda: defaultdict(list))
        for key in sorted(self.half_hours, key=lambda key: (str(key[1]), key[2])):
            found[key[0]][key[1]].append(key)
        return found

    def title(self, key: CourseKey, *, of_class: bool = False) -> str:
        """«7А, Алгебра, подгруппа 1», or without the class where it is said already."""
        title = in_subgroup(self.titles[key[1]], key[2])
        return title if of_class else f"{class_title(key[0])}, {title}"


def compare_load(records: Records, standing: Standing, adults: AdultsPlan, decisions: Decisions, findings: Findings,
                 classes: set[ClassKey]) -> LoadPlan:
    """Journals by class, subject and subgroup; hours and teacher may have changed."""
    plan = LoadPlan(titles=dict(standing.subjects.items()), spellings=dict(standing.spellings.items()))
    key: CourseKey
    for course in standing.courses:
        key = (course.class_key, course.subject_id, course.subgroup)
        plan.there[key], plan.half_hours[key], plan.teachers[key] = course, course.half_hours, course.teacher_id
    section, seen = Section("Нагрузка"), dict[CourseKey, int]()
    findings.rejections += absent_classes(records.load, classes)
    for row in records.load:
        if row.class_key not in classes:
            continue
        teacher = _teacher(row, adults)
        if isinstance(teacher, Fault):
            findings.rejections.append(Rejection(row.place, teacher.wrong, teacher.right))
            if (subject := plan.subject(row.subject)) is not None:
                seen.setdefault((row.class_key, subject, row.subgroup), row.place.row)  # not missing from the file
            continue
        key = (row.class_key, _subject(row.subject, plan), row.subgroup)
        if key in seen:
            findings.rejections.append(Rejection(row.place, f"{plan.title(key)} уже стоит в строке {seen[key]}",
                                                 "Оставьте одну из двух строк"))
            continue
        seen[key] = row.place.row
        _note(key, row, teacher, plan, section, standing)
        _let_teach(teacher, adults)
    loaded = {key[0] for key in seen}
    gone = [(key, course) for key, course in plan.there.items() if key[0] in loaded and key not in seen]
    section.left = [Left(f"course-{course.id}", plan.title(key)) for key, course in gone]
    plan.retired = [course.id for _, course in gone if f"course-{course.id}" in decisions.left]
    findings.sections.append(section)
    return plan


def compare_subgroups(records: Records, standing: Standing, pupils: PupilsPlan, plan: LoadPlan,
                      findings: Findings, classes: set[ClassKey]) -> None:
    """Who is in which subgroup; a pupil not named stays where he is."""
    section = Section("Состав подгрупп")
    by_name, journals = _pupils_by_name(standing, pupils), plan.journals()
    placed: dict[tuple[ClassKey, Ref, Ref], int] = {}
    findings.rejections += absent_classes(records.subgroups, classes)
    for row in records.subgroups:
        if row.class_key not in classes:
            continue
        found = _place(row, by_name, plan, [plan.titles[ref] for ref in journals[row.class_key]])
        if isinstance(found, Fault):
            findings.rejections.append(Rejection(row.place, found.wrong, found.right))
            continue
        key, pupil = found
        if (before := placed.setdefault((key[0], key[1], pupil), key[2])) != key[2]:
            findings.rejections.append(Rejection(row.place, f"{row.name} уже стоит в подгруппе {before}",
                                                 "Оставьте одну из двух строк"))
            continue
        course = plan.there.get(key)
        if course is not None and isinstance(pupil, int) and pupil in standing.members.get(course.id, ()):
            section.unchanged += 1
        elif (key, pupil) not in plan.members:
            plan.members.append((key, pupil))
            told = f"{row.name}: {plan.title(key)}"
            moved = any(isinstance(pupil, int) and pupil in standing.members.get(other.id, ())
                        for at, other in plan.there.items() if at[:2] == key[:2])
            (section.changed if moved else section.new).append(told)
    findings.sections.append(section)


def _teacher(row: LoadRow, adults: AdultsPlan) -> Ref | None | Fault:
    if not row.teacher:
        return None
    found = adults.meant(row.teacher)
    if len(found) == 1:
        return found[0]
    if found:
        return Fault(f"Учителей «{row.teacher}» несколько", "Впишите имя и отчество полностью")
    return Fault(f"Учителя «{row.teacher}» в школе нет", "Добавьте его в список сотрудников или исправьте имя")


def _subject(said: str, plan: LoadPlan) -> Ref:
    """The subject meant, a new one when there is none."""
    ref = plan.subject(said)
    if ref is None:
        ref = said
        plan.subjects.append(said)
        plan.titles[said] = said
        plan.spellings[names.fold(said)] = said
    return ref


def _note(key: CourseKey, row: LoadRow, teacher: Ref | None, plan: LoadPlan, section: Section,
          standing: Standing) -> None:
    course = plan.there.get(key)
    told = f"{plan.title(key)}, {in_hours(row.half_hours)} ч, {row.teacher or 'вакансия'}"
    plan.half_hours[key], plan.teachers[key] = row.half_hours, teacher
    if course is None:
        plan.opened.append((key, row.half_hours, teacher))
        section.new.append(told)
        return
    changes = []
    if course.half_hours != row.half_hours:
        plan.hours.append((course.id, row.half_hours))
        changes.append(f"было {in_hours(course.half_hours)} ч")
    if course.teacher_id != teacher:
        plan.assigned.append((course.id, teacher))
        before = standing.names.get(course.teacher_id or 0)
        changes.append(f"был учитель {before}" if before else "была вакансия")
    if changes:
        section.changed.append(f"{told}: {', '.join(changes)}")
    else:
        section.unchanged += 1


def _let_teach(teacher: Ref | None, adults: AdultsPlan) -> None:
    """Who has a journal is a teacher, whatever else (a deputy who teaches, R34)."""
    if teacher is not None and Position.TEACHER not in adults.positions[teacher]:
        adults.positions[teacher].add(Position.TEACHER)
        adults.employed.append((teacher, Position.TEACHER, ""))


def _place(row: SubgroupRow, by_name: dict[tuple[ClassKey, str], list[Ref]], plan: LoadPlan,
           offered: list[str]) -> tuple[CourseKey, Ref] | Fault:
    found = by_name.get((row.class_key, row.name.key)) or []
    if len(found) != 1:
        wrong = "несколько" if found else "нет"
        return Fault(f"В {class_title(row.class_key)} учеников «{row.name}» {wrong}",
                     "Исправьте имя или класс, либо выберите подгруппу на странице класса")
    subject = plan.subject(row.subject)
    if subject is None:
        meant = spelling.meant(row.subject, offered)
        subject = next((ref for ref, title in plan.titles.items() if meant == [title]), None)
    key = (row.class_key, subject if subject is not None else "", row.subgroup)
    if key not in plan.half_hours:
        return Fault(f"В нагрузке {class_title(row.class_key)} нет подгруппы {row.subgroup} по предмету "
                     f"«{row.subject}»", "Исправьте предмет и подгруппу или загрузите нагрузку")
    return key, found[0]


def _pupils_by_name(standing: Standing, pupils: PupilsPlan) -> dict[tuple[ClassKey, str], list[Ref]]:
    """Each pupil once, in the class where he will be."""
    by_name: dict[tuple[ClassKey, str], list[Ref]] = defaultdict(list)
    told, left = {ref for ref, _ in pupils.rows}, {pupil_id for pupil_id, _ in pupils.left}
    for ref, row in pupils.rows:
        by_name[row.class_key, row.name.key].append(ref)
    for pupil in standing.pupils:
        if pupil.id not in told and pupil.class_key is not None and pupil.id not in left:
            by_name[pupil.class_key, pupil.name.key].append(pupil.id)
    return by_name
