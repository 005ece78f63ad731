"""Guardians of the files against those of the school: which mentions are one person is proposed or asked, never
settled silently (R33 against R40)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ejd import names
from ejd.importing import kinship
from ejd.importing.cell_values import Name
from ejd.importing.comparing_adults import AdultsPlan, same_person
from ejd.importing.comparing_pupils import PupilsPlan, Ref
from ejd.importing.kinship import Cluster, Tie, Verdict
from ejd.importing.preview import Decisions, Findings, Proposal, Question, Section, short_key
from ejd.importing.records import ClassKey, PupilRow, class_title
from ejd.importing.standing import Standing
from ejd.words import counted, number

MONTH = 30  # days


class Called(NamedTuple):
    """How a child is called in a question, and in its answers."""

    whole: str
    brief: str


Words = dict[tuple[str, str], Called]  # by child and guardian's name


@dataclass(frozen=True, slots=True)
class Mention:
    """A guardian named at a child, not yet written there."""

    pupil: Ref
    row: PupilRow
    name: Name
    relation: str


def compare(pupils: PupilsPlan, plan: AdultsPlan, standing: Standing, decisions: Decisions,
            findings: Findings) -> None:
    """Guardians named in the files but not yet written at the child, sorted into persons."""
    section = Section("Представители")
    others = _others(pupils, standing)
    mentions, changed, known_here = _mentions(pupils, plan, standing)
    by_id = {pupil.id: pupil for pupil in standing.pupils}
    wanted = {key[1] for key in mentions}
    words = {(_tie_key(one.pupil), one.name.key): _label(one.row.name, one.row.class_key, one.row.born,
                                                         others[one.pupil], one.name) for one in mentions.values()}
    ties = [Tie(one.name.key, _tie_key(one.pupil), one.row.name.last, one.row.born,
                frozenset(others[one.pupil]) - {one.name.key}) for one in mentions.values()]
    for guardian_id, pupil_id in standing.guardians:
        if pupil_id in by_id and (guardian := standing.names[guardian_id]).key in wanted:
            pupil = by_id[pupil_id]
            ties.append(Tie(guardian.key, _tie_key(pupil_id), pupil.name.last, pupil.born,
                            frozenset(others[pupil_id]) - {guardian.key}, guardian_id))
            words[_tie_key(pupil_id), guardian.key] = _label(pupil.name, pupil.class_key, pupil.born, others[pupil_id],
                                                             guardian)
    by_tie = {(_tie_key(pupil), name): mention for (pupil, name), mention in mentions.items()}
    for at, verdict in enumerate(kinship.verdicts(ties)):
        for index, group in enumerate(_persons(verdict, words, by_tie, decisions, findings)):
            news = [by_tie[tie.child, tie.name] for tie in group if tie.person_id is None]
            if news:
                known = next((tie.person_id for tie in group if tie.person_id is not None), None)
                ref = known or _new_guardian(f"guardian:{at}:{index}", news, plan, decisions, findings)
                _appoint(ref, news, plan, pupils, section, changed)
    section.changed = ["; ".join(told) for told in changed.values()]
    section.unchanged = len(known_here - changed.keys())
    if links := sum(len(row.guardians) for _, row in pupils.rows):
        section.detail = f"связей с детьми: {number(links)}"
    findings.sections.append(section)


def _mentions(pupils: PupilsPlan, plan: AdultsPlan, standing: Standing) -> tuple[
        dict[tuple[Ref, str], Mention], dict[int, list[str]], set[int]]:
    """Guardians that the child does not have yet; those it has and what changes about them, all those it has."""
    there: dict[int, list[int]] = defaultdict(list)
    for guardian_id, pupil_id in standing.guardians:
        there[pupil_id].append(guardian_id)
    mentions: dict[tuple[Ref, str], Mention] = {}
    changed: dict[int, list[str]] = defaultdict(list)
    known: set[int] = set()
    for ref, row in pupils.rows:
        for name, relation in row.guardians:
            same = next((one for one in there[ref] if _is_same(name, standing.names[one])), None) if isinstance(
                ref, int) else None
            if same is None or not isinstance(ref, int):
                mentions[ref, name.key] = Mention(ref, row, name, relation)
                continue
            known.add(same)
            before = standing.relations[same, ref]
            if relation and names.fold(relation) != names.fold(before):
                plan.related.append((same, ref, relation))
                changed[same].append(f"{standing.names[same]}: {row.name.last} {row.name.first} – {relation}, было – "
                                     f"{before or 'не указано'}")
    return mentions, changed, known


def _is_same(said: Name, there: Name) -> bool:
    """At one child initials and a missing patronymic are the same guardian."""
    return names.fold(said.last) == names.fold(there.last) and all(
        one == other or not one or not other or (one.endswith(".") and other.startswith(one[0]))
        or (other.endswith(".") and one.startswith(other[0]))
        for one, other in ((names.fold(said.first), names.fold(there.first)),
                           (names.fold(said.patronymic), names.fold(there.patronymic))))


def _others(pupils: PupilsPlan, standing: Standing) -> dict[Ref, dict[str, Name]]:
    """Every guardian of each child, standing and in the file."""
    found: dict[Ref, dict[str, Name]] = defaultdict(dict)
    for guardian_id, pupil_id in standing.guardians:
        found[pupil_id][standing.names[guardian_id].key] = standing.names[guardian_id]
    for ref, row in pupils.rows:
        found[ref] |= {name.key: name for name, _ in row.guardians}
    return found


def _persons(verdict: Verdict, words: Words, by_tie: dict[tuple[str, str], Mention], decisions: Decisions,
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


def _question(name: str, verdict: Verdict, ways: list[tuple[tuple[int, ...], ...]], words: Words) -> Question:
    """Which children share the guardian of this name."""
    children = [" и ".join(words[tie.child, tie.name].brief for tie in cluster) for cluster in verdict.clusters]
    options = []
    for at, way in enumerate(ways):
        if len(way) == 1:
            told = "Один и тот же человек у всех"
        elif len(way) == len(children):
            told = "Разные люди с одинаковым именем"
        else:
            told = "; отдельно – ".join(" и ".join(children[index] for index in part) for part in way)
        options.append((str(at), told))
    told = ", ".join(_children(cluster, words) for cluster in verdict.clusters)
    ties = sorted(tie.child for cluster in verdict.clusters for tie in cluster)
    return Question(short_key("who", verdict.name, *ties),
                    f"Представитель {name}: {told}. {_doubt(verdict)} Это один человек?", tuple(options),
                    str(len(ways) - 1))


def _doubt(verdict: Verdict) -> str:
    """Why it is asked and not proposed."""
    ties = [tie for cluster in verdict.clusters for tie in cluster]
    births = sorted({tie.born for tie in ties if tie.born is not None})
    told = []
    if not kinship.could_be_one_mothers([tie.born for tie in ties]) and len(births) > 1:
        days = min((later - earlier).days for earlier, later in pairwise(births))
        told.append("между рождениями " + (counted(days // MONTH, "месяц", "месяца", "месяцев") if days >= MONTH
                                           else counted(days, "день", "дня", "дней")))
    if len({tie.others for tie in ties}) > 1:
        told.append("второй представитель указан не у всех" if not all(tie.others for tie in ties)
                    else "второй представитель другой")
    return f"Почему спрашиваем: {', '.join(told) or 'имена совпали'}."


def _children(cluster: Cluster, words: Words) -> str:
    return " и ".join(words[tie.child, tie.name].whole for tie in cluster)


def _new_guardian(key: str, news: list[Mention], plan: AdultsPlan, decisions: Decisions, findings: Findings) -> Ref:
    """A person to add, or the member of the staff of the same name when somebody says so."""
    name = news[0].name
    namesakes = list(dict.fromkeys(plan.staff.get(name.key, ())))
    if len(namesakes) == 1:
        children = _children_of(news)
        asked = short_key("staff", name.key, *sorted(_tie_key(one.pupil) for one in news))
        if same_person(asked, f"{name} – сотрудник школы и представитель: {children}. Имена совпали. Это один человек?",
                        decisions, findings):
            return namesakes[0]
    plan.who[key] = name
    return key


def _appoint(ref: Ref, news: list[Mention], plan: AdultsPlan, pupils: PupilsPlan, section: Section,
             changed: dict[int, list[str]]) -> None:
    told = f"{news[0].name}: {_children_of(news)}"
    if isinstance(ref, int):
        changed[ref].append(told)
    else:
        section.new.append(told)
    for mention in news:
        plan.guardians.append((ref, mention.pupil, mention.relation))
        if isinstance(mention.pupil, int):
            pupils.changes[mention.pupil].append(f"новый представитель – {mention.name}")


def _label(child: Name, class_key: ClassKey | None, born: date, guardians: dict[str, Name], but: Name) -> Called:
    """«Волков Олег (7Б, 05.11.2011, второй представитель Волков Илья Ильич)»."""
    told = ", ".join(([class_title(class_key)] if class_key else []) + [f"{born:%d.%m.%Y}"])
    others = ", ".join(sorted(str(name) for key, name in guardians.items() if key != but.key))
    brief = f"{child.last} {child.first} ({told})"
    return Called(f"{brief[:-1]}, второй представитель {others})" if others else brief, brief)


def _children_of(news: list[Mention]) -> str:
    return ", ".join(f"{one.row.name.last} {one.row.name.first} ({class_title(one.row.class_key)}, "
                     f"{one.row.born:%d.%m.%Y})" for one in news)


def _tie_key(ref: Ref) -> str:
    return str(ref)
