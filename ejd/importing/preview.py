"""What a person is shown before anything is written: what is new, changed, unchanged, left and rejected, what is
asked, and what they decide."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from ejd.importing.recognising import Meaning, Recognised
from ejd.importing.records import Rejection


def short_key(*parts: object) -> str:
    """A field name for a form, the same whenever the same is asked; it holds nobody's name."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Question:
    """What a file can't tell. `careful` is the answer of the command line's --accept-proposed."""

    key: str
    title: str
    options: tuple[tuple[str, str], ...]  # value, words
    careful: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Several mentions taken for one person, confirmed together with the others."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody or something that the file lacks, one or many; nothing happens to it unless confirmed."""

    key: str
    text: str
    many: int = 1


@dataclass(slots=True)
class Section:
    """One list of the files against the database."""

    title: str
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    left: list[Left] = field(default_factory=list)
    detail: str = ""  # what else was counted

    @property
    def missing(self) -> int:
        """How many are not in the file."""
        return sum(left.many for left in self.left)

    @property
    def anything(self) -> bool:
        return bool(self.new or self.changed or self.unchanged or self.left)


@dataclass(frozen=True, slots=True)
class Decisions:
    """A person's answers: by question, the proposals accepted, who really left, and from which day it holds."""

    answers: dict[str, str] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """How a sheet was understood. `number` is its place among all sheets; `problem` is why it isn't taken over."""

    number: int
    file: str
    name: str
    rows: int
    recognised: Recognised
    samples: tuple[str, ...]  # what the first filled cell of each column holds; nothing of a forbidden one
    problem: str | None = None
    waits: bool = False  # until the list it rests on is understood

    @property
    def taken(self) -> bool:
        return self.problem is None and not self.waits

    @property
    def dropped(self) -> list[str]:
        """Columns that must not be kept (R40), by title."""
        return self._titles(Meaning.FORBIDDEN)

    @property
    def ignored(self) -> list[str]:
        """Columns that nothing is done with, by title."""
        return self._titles(Meaning.IGNORED)

    def _titles(self, meaning: Meaning) -> list[str]:
        titles = self.recognised.titles
        return [titles[index] for index in self.recognised.where(meaning) if titles[index]]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that can't be read, in one sentence."""

    file: str
    reason: str


@dataclass(slots=True)
class Findings:
    """What comparing collects on its way."""

    sections: list[Section] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def answer(self, question: Question, decisions: Decisions) -> str | None:
        """Ask, and the answer when it is given already and is one of those offered."""
        self.questions.append(question)
        given = decisions.answers.get(question.key)
        return given if given in {value for value, _ in question.options} else None
