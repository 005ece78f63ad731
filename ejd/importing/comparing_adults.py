"""Guardians and staff of the files against those of the school. Who is one person with whom is proposed or asked,
never silent (R33 against R40)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ejd.access import POSITION_NAMES, Position
from ejd.importing import kinship
from ejd.importing.cell_values import Name, short_name_key, short_name_key_of
from ejd.importing.comparing_pupils import PupilsPlan, Ref
from ejd.importing.kinship import Cluster, Tie, Verdict
from ejd.importing.preview import Decisions, Findings, Proposal, Question, Section, short_key
from ejd.importing.records import ClassKey, Place, PupilRow, Records, Rejection, class_title
from ejd.importing.standing import Standing
from ejd.roster import names


@dataclass(slots=True)
class AdultsPlan:
    """New adults by key, whose guardians they are, which positions and classes they get."""

    who: dict[str, Name] = field(default_factory=dict)
    guardians: list[tuple[Ref, Ref, str]] = field(default_factory=list)  # guardian, pupil, relation
    employed: list[tuple[Ref, Position, str]] = field(default_factory=list)
    class_teachers: list[tuple[ClassKey, Ref]] = field(default_factory=list)
    leaders: dict[ClassKey, Ref] = field(default_factory=dict)  # as the files say
    staff: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))  # by name and by short name
    positions: dict[Ref, set[Position]] = field(default_factory=lambda: defaultdict(set))
    names: dict[Ref, Name] = field(default_factory=dict)  # the staff's

    def meant(self, said: str) -> list[Ref]:
        """Who of the staff is meant by a full or a short name; several when it is not told apart."""
        found = self.staff.get(names.sort_key(*_parts(said))) or self.staff.get(short_name_key(said)) or ()
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Mention:
    """A guardian named at a child, not yet written there."""

    pupil: Ref
    row: PupilRow
    name: Name
    relation: str


def compare_staff(records: Records, standing: Standing, decisions: Decisions, findings: Findings,
                  classes: set[ClassKey]) -> AdultsPlan:
    """Staff by name; a guardian of the same name is asked about."""
    plan, section = AdultsPlan(), Section("Сотрудники")
    for person_id, held in standing.positions.items():
        _enlist(plan, person_id, standing.names[person_id])
        plan.positions[person_id] |= held
    parents: dict[str, int] = {standing.names[guardian_id].key: guardian_id for guardian_id, _ in standing.guardians
                               if guardian_id in standing.names and guardian_id not in standing.positions}
    for row in records.staff:
        wanted = positions_of(row.job_title)
        if not wanted:
            findings.rejections.append(Rejection(
                row.place, f"{row.name}: должность «{row.job_title}» не работает с журналом",
                "Строка не нужна; если нужна, запишите должность иначе, например «Учитель» или «Секретарь»"))
            continue
        namesakes = list(dict.fromkeys(plan.staff.get(row.name.key, ())))
        if len(namesakes) > 1:
            findings.rejections.append(Rejection(row.place, f"Сотрудников с именем «{row.name}» несколько",
                                                 "Измените должность такого сотрудника вручную"))
            continue
        ref = namesakes[0] if namesakes else _new_staff(row.name, parents.get(row.name.key), plan, decisions, findings,
                                                        standing)
        changed = _employ(plan, ref, wanted, row.job_title)
        changed += _lead(plan, ref, row.class_key, row.place, standing, classes, findings)
        told = f"{row.name}: {', '.join(changed)}" if changed else str(row.name)
        if isinstance(ref, str):
            section.new.append(told)
        elif changed:
            section.changed.append(told)
        else:
            section.unchanged += 1
    findings.sections.append(section)
    return plan


def compare_guardians(pupils: PupilsPlan, plan: AdultsPlan, standing: Standing, decisions: Decisions,
                      findings: Findings) -> None:
    """Guardians named in the files but not yet written at the child, sorted into persons."""
    section = Section("Представители")
    mentions, section.unchanged = _mentions(pupils, standing)
    labels = {mention.pupil: _child(mention) for mention in mentions.values()}
    by_id = {pupil.id: pupil for pupil in standing.pupils}
    wanted = {key[1] for key in mentions}
    others = _others(pupils, standing)
    ties = [Tie(mention.name.key, _tie_key(mention.pupil), mention.row.name.last, mention.row.born,
                others[mention.pupil] - {mention.name.key}) for mention in mentions.values()]
    for guardian_id, pupil_id in standing.guardians:
        if pupil_id in by_id and (name := standing.names[guardian_id].key) in wanted:
            pupil = by_id[pupil_id]
            ties.append(Tie(name, _tie_key(pupil_id), pupil.name.last, pupil.born, others[pupil_id] - {name},
                            guardian_id))
            labels[pupil_id] = (f"{pupil.name.last} {pupil.name.first}"
                                + (f" ({class_title(pupil.class_key)})" if pupil.class_key else ""))
    words = {_tie_key(ref): label for ref, label in labels.items()}
    by_tie = {(_tie_key(pupil), name): mention for (pupil, name), mention in mentions.items()}
    for number, verdict in enumerate(kinship.verdicts(ties)):
        for index, group in enumerate(_persons(verdict, words, by_tie, decisions, findings)):
            news = [by_tie[tie.child, tie.name] for tie in group if tie.person_id is None]
            if news:
                known = next((tie.person_id for tie in group if tie.person_id is not None), None)
                ref = known or _new_guardian(f"guardian:{number}:{index}", news, plan, decisions, findings)
                _appoint(ref, news, plan, pupils, section)
    findings.sections.append(section)


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
        children = [standing.names[pupil_id] for guardian_id, pupil_id in standing.guardians
                    if guardian_id == parent_id]
        told = ", ".join(f"{child.last} {child.first}" for child in children)
        if _same_person(short_key("staff", parent_id),
                        f"{name} – сотрудник и представитель: {told}. Это один человек?", decisions, findings):
            _enlist(plan, parent_id, name)
            return parent_id
    key = f"staff:{name.key}"
    plan.who[key] = name
    _enlist(plan, key, name)
    return key


def _same_person(key: str, title: str, decisions: Decisions, findings: Findings) -> bool:
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


def _mentions(pupils: PupilsPlan, standing: Standing) -> tuple[dict[tuple[Ref, str], Mention], int]:
    """Guardians that the child does not have yet, and how many it has already."""
    there: dict[int, list[Name]] = defaultdict(list)
    for guardian_id, pupil_id in standing.guardians:
        there[pupil_id].append(standing.names[guardian_id])
    mentions, unchanged = {}, 0
    for ref, row in pupils.rows:
        for name, relation in row.guardians:
            if isinstance(ref, int) and any(_is_same(name, other) for other in there[ref]):
                unchanged += 1
            else:
                mentions[ref, name.key] = Mention(ref, row, name, relation)
    return mentions, unchanged


def _is_same(said: Name, there: Name) -> bool:
    """At one child initials and a missing patronymic are the same guardian."""
    return names.fold(said.last) == names.fold(there.last) and all(
        one == other or not one or not other or (one.endswith(".") and other.startswith(one[0]))
        or (other.endswith(".") and one.startswith(other[0]))
        for one, other in ((names.fold(said.first), names.fold(there.first)),
                           (names.fold(said.patronymic), names.fold(there.patronymic))))


def _others(pupils: PupilsPlan, standing: Standing) -> dict[Ref, frozenset[str]]:
    found: dict[Ref, set[str]] = defaultdict(set)
    for guardian_id, pupil_id in standing.guardians:
        found[pupil_id].add(standing.names[guardian_id].key)
    for ref, row in pupils.rows:
        found[ref] |= {name.key for name, _ in row.guardians}
    return defaultdict(frozenset, {ref: frozenset(keys) for ref, keys in found.items()})


def _persons(verdict: Verdict, words: dict[str, str], by_tie: dict[tuple[str, str], Mention], decisions: Decisions,
             findings: Findings) -> list[list[Tie]]:
    """The ties of each person, as proposed and as answered."""
    name = str(next(mention.name for (_, key), mention in by_tie.items() if key == verdict.name))
    groups: list[list[Tie]] = []
    whole: dict[int, list[Tie]] = {}
    for index, cluster in enumerate(verdict.clusters):
        key = short_key("join", verdict.name, *sorted(tie.child for tie in cluster))
        if cluster in verdict.proposed:
            findings.proposals.append(Proposal(key, f"{name}: {_children(cluster, words)}"))
            if key not in decisions.accepted:
                groups += [[tie] for tie in cluster]
                continue
        whole[index] = list(cluster)
    ways = verdict.partitions
    way = ways[-1]
    if len(ways) > 1:
        question = _question(name, verdict, ways, words)
        answer = findings.answer(question, decisions)
        way = ways[int(answer)] if answer is not None else way
    return groups + [together for part in way
                     if (together := [tie for index in part for tie in whole.get(index, ())])]


def _question(name: str, verdict: Verdict, ways: list[tuple[tuple[int, ...], ...]], words: dict[str, str]) -> Question:
    """Which children share the guardian of this name."""
    children = [_children(cluster, words) for cluster in verdict.clusters]
    options = []
    for number, way in enumerate(ways):
        if len(way) == 1:
            told = "Один и тот же человек у всех"
        elif len(way) == len(children):
            told = "Разные люди с одинаковым именем"
        else:
            told = "; отдельно – ".join(" и ".join(children[index] for index in part) for part in way)
        options.append((str(number), told))
    told = ", ".join(children)
    ties = sorted(tie.child for cluster in verdict.clusters for tie in cluster)
    return Question(short_key("who", verdict.name, *ties),
                    f"Представитель {name}: {told}. {_doubt(verdict)} Это один человек?", tuple(options),
                    str(len(ways) - 1))


def _doubt(verdict: Verdict) -> str:
    """Why it is asked and not proposed."""
    if kinship.could_be_one_mothers([tie.born for cluster in verdict.clusters for tie in cluster]):
        return "Вторые представители у детей разные."
    return "Между днями рождения детей меньше 270 дней."


def _children(cluster: Cluster, words: dict[str, str]) -> str:
    return " и ".join(words[tie.child] for tie in cluster)


def _new_guardian(key: str, news: list[Mention], plan: AdultsPlan, decisions: Decisions, findings: Findings) -> Ref:
    """A person to add, or the member of the staff of the same name when somebody says so."""
    name = news[0].name
    namesakes = list(dict.fromkeys(plan.staff.get(name.key, ())))
    if len(namesakes) == 1:
        children = _children_of(news)
        asked = short_key("staff", name.key, *sorted(_tie_key(one.pupil) for one in news))
        if _same_person(asked, f"{name} – сотрудник школы и представитель: {children}. Это один человек?",
                        decisions, findings):
            return namesakes[0]
    plan.who[key] = name
    return key


def _appoint(ref: Ref, news: list[Mention], plan: AdultsPlan, pupils: PupilsPlan, section: Section) -> None:
    told = f"{news[0].name}: {_children_of(news)}"
    (section.new if isinstance(ref, str) and ref in plan.who else section.changed).append(told)
    for mention in news:
        plan.guardians.append((ref, mention.pupil, mention.relation))
        if isinstance(mention.pupil, int):
            pupils.changes[mention.pupil].append(f"новый представитель – {mention.name}")


def _child(mention: Mention) -> str:
    return f"{mention.row.name.last} {mention.row.name.first} ({class_title(mention.row.class_key)})"


def _children_of(news: list[Mention]) -> str:
    return ", ".join(_child(mention) for mention in news)


def _tie_key(ref: Ref) -> str:
    return str(ref)
