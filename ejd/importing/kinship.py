"""When guardians of one name are one person: proposed, asked, or left apart (R33 against R40). Pure.

The same full name with the same child's surname and the same co-guardian is proposed as one person. Births 1–269
days apart, or differing co-guardians, are asked one by one. Other equal names stay separate. A wrong merge shows a
stranger's child, so nothing is merged silently.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from ejd import names

SHORTEST_BETWEEN_BIRTHS = 270  # days
MOST_TO_ENUMERATE = 3


@dataclass(frozen=True, slots=True)
class Tie:
    """A guardian's name at a child. `person_id` tells who it is already, when the school knows."""

    name: str  # sort key of the guardian's full name
    child: str
    surname: str
    born: date | None
    others: frozenset[str]  # names of the child's other guardians
    person_id: int | None = None


Cluster = tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Clusters are one person each; more than one cluster is a question whether they are the same."""

    name: str
    clusters: tuple[Cluster, ...]

    @property
    def proposed(self) -> tuple[Cluster, ...]:
        return tuple(cluster for cluster in self.clusters if len(cluster) > 1 and _has_new(cluster))

    @property
    def partitions(self) -> list[tuple[tuple[int, ...], ...]]:
        """The ways to take clusters for the same person, all together first, all apart last."""
        everything = range(len(self.clusters))
        ways = list(_partitions(tuple(everything))) if len(self.clusters) <= MOST_TO_ENUMERATE else [
            (tuple(everything),), tuple((index,) for index in everything)]
        return [way for way in ways if all(self._possible(part) for part in way)]

    def _possible(self, part: Sequence[int]) -> bool:
        """Two persons that the school tells apart already are never joined by a file."""
        known = {tie.person_id for index in part for tie in self.clusters[index] if tie.person_id is not None}
        return len(known) <= 1


def verdicts(ties: Iterable[Tie]) -> list[Verdict]:
    """One answer for each name and family surname that has a new tie."""
    groups: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    for tie in ties:
        groups[tie.name, surname_stem(tie.surname)].append(tie)
    return [Verdict(name, clusters) for (name, _), together in sorted(groups.items())
            if any(tie.person_id is None for tie in together) and (clusters := _clusters(together))]


def surname_stem(surname: str) -> str:
    """What a brother's and a sister's surname have in common: Римский-Корсаков and Римская-Корсакова."""
    parts = []
    for part in names.fold(surname).split("-"):
        part = re.sub(r"(?<=..)(?:ая|яя|ий|ый|ой)$", "", part)
        parts.append(re.sub(r"(?<=.)(ов|ев|ин|ын)а$", r"\1", part))
    return "-".join(parts)


def could_be_one_mothers(births: Sequence[date | None]) -> bool:
    """Twins on one day, else at least 270 days between births. An unknown birth tells nothing for sure."""
    known = sorted({born for born in births if born is not None})
    return None not in births and all(
        (later - earlier).days >= SHORTEST_BETWEEN_BIRTHS for earlier, later in pairwise(known))


def _clusters(ties: Sequence[Tie]) -> tuple[Cluster, ...]:
    """Known persons hold together; new ties join those with the same co-guardian where births allow it."""
    by_others: dict[frozenset[str], list[Tie]] = defaultdict(list)
    for tie in ties:
        by_others[tie.others].append(tie)
    clusters: list[list[Tie]] = []
    for together in by_others.values():
        known = {tie.person_id for tie in together if tie.person_id is not None}
        if len(known) <= 1 and could_be_one_mothers([tie.born for tie in together]):
            clusters.append(together)
        else:
            clusters += [[tie] for tie in together]
    return tuple(tuple(cluster) for cluster in _known_together(clusters))


def _known_together(clusters: Iterable[list[Tie]]) -> Iterator[list[Tie]]:
    by_person: dict[int, list[Tie]] = {}
    for cluster in clusters:
        person_id = next((tie.person_id for tie in cluster if tie.person_id is not None), None)
        if person_id is None:
            yield cluster
        else:
            by_person.setdefault(person_id, []).extend(cluster)
    yield from by_person.values()


def _partitions(items: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest), -1, -1):
        for together in combinations(rest, size):
            left = tuple(item for item in rest if item not in together)
            for way in _partitions(left):
                yield ((first, *together), *way)


def _has_new(cluster: Cluster) -> bool:
    return any(tie.person_id is None for tie in cluster)
