"""Who needs the class teacher's attention: low or falling marks, missed lessons, works owed. Pure.

[practice] The bounds are custom, not law: they only sort a list that a person reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction

from ejd.journal.grading import FIGURES, suggestion
from ejd.words import average as in_words
from ejd.words import counted

ENOUGH = 3  # marks before anything is said of them
LATEST = 3
FALL = Fraction(1)  # by how much the latest marks are lower than those before
WITHOUT_REASON = 5  # lessons
SHARE_MISSED = Fraction(1, 3)
MOST = Fraction(2, 3)


class Sign(IntEnum):
    """What is wrong, the most pressing first."""

    LOW = 1
    FALLING = 2
    MISSING = 3
    OWING = 4
    UNMARKED = 5


@dataclass(frozen=True, slots=True)
class Concern:
    sign: Sign
    words: str


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """A pupil's marks of the term in one subject, in the order they were received; `mean` is what counts (R11)."""

    subject: str
    figures: Sequence[str]
    mean: Fraction | None


def of_marks(marks: SubjectMarks, thresholds: Mapping[str, int]) -> list[Concern]:
    """Low: the average suggests a «2». Falling: the last three marks are lower by one or more than those before."""
    values = [FIGURES[figure] for figure in marks.figures if figure in FIGURES]
    if len(values) < ENOUGH:
        return []
    found = []
    if suggestion(marks.mean, thresholds) == "2":
        found.append(Concern(Sign.LOW, f"{marks.subject}: средний балл {in_words(marks.mean)}"))
    before, latest = values[:-LATEST], values[-LATEST:]
    if len(before) >= ENOUGH and Fraction(sum(before), len(before)) - Fraction(sum(latest), LATEST) >= FALL:
        found.append(Concern(Sign.FALLING, f"{marks.subject}: последние отметки {', '.join(map(str, latest))}, "
                                           f"раньше в среднем {in_words(Fraction(sum(before), len(before)))}"))
    return found


def of_lessons(*, missed: int, without_reason: int, held: int) -> list[Concern]:
    """Missing: a third of the lessons, or five and more without a reason."""
    if without_reason >= WITHOUT_REASON:
        lessons = counted(without_reason, "урок", "урока", "уроков")
        return [Concern(Sign.MISSING, f"пропущено {lessons}, причина не указана")]
    if held and Fraction(missed, held) >= SHARE_MISSED:
        return [Concern(Sign.MISSING, f"пропущено {missed} из {counted(held, 'урока', 'уроков', 'уроков')}")]
    return []


def of_works(hand_in_by: Sequence[date], today: date) -> list[Concern]:
    """Owing: works whose day to hand them in is over."""
    over = sum(day < today for day in hand_in_by)
    return [Concern(Sign.OWING, f"не сдано в срок: {counted(over, 'работа', 'работы', 'работ')}")] if over else []


def of_blanks(subjects: Sequence[str]) -> list[Concern]:
    """Unmarked: no mark where most of the class has some."""
    return [Concern(Sign.UNMARKED, f"нет отметок: {', '.join(subjects)}")] if subjects else []


def marked_by_most(marked: Mapping[str, int], pupils: int) -> list[str]:
    """Subjects in which two thirds of the class have marks, in the order given."""
    return [subject for subject, number in marked.items() if number >= pupils * MOST]


def in_order(pupils: Mapping[int, Sequence[Concern]]) -> list[int]:
    """Pupils with concerns, those with more pressing and with more of them first; else in the order given."""
    with_concerns = [pupil_id for pupil_id, concerns in pupils.items() if concerns]
    return sorted(with_concerns, key=lambda pupil_id: (min(one.sign for one in pupils[pupil_id]),
                                                       -len(pupils[pupil_id])))
