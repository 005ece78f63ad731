"""How the people of the demo school are: a teacher's habits, a pupil's ability and health, what a lesson is worth.

Pure: the dice are handed in, so the same seed makes the same school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ejd.demo.lessons import WITHOUT_TESTS

Weights = Mapping[int, int]  # days after the lesson → how often


@dataclass(frozen=True, slots=True)
class Habits:
    """When a teacher writes things down, and how often something is forgotten (shares of all lessons)."""

    answers: Weights  # marks for oral answers and homework
    papers: Weights  # marks for works written by the whole class
    no_topic: float = 0.01
    no_attendance: float = 0.005
    no_homework: float = 0.01
    late_homework: float = 0.03
    late_correction: float = 0.0003  # shares of all marks
    correction: float = 0.002


PUNCTUAL = Habits({0: 97, 1: 3}, {1: 35, 2: 40, 3: 20, 5: 5})
EASY_GOING = Habits({0: 82, 1: 12, 3: 6}, {2: 30, 4: 40, 6: 24, 7: 6}, no_topic=0.03, late_homework=0.07)
SOMEWHAT_LATE = Habits({0: 74, 2: 18, 9: 8}, {3: 40, 6: 34, 8: 16, 10: 10}, no_topic=0.05, late_homework=0.1,
                       late_correction=0.005)
VERY_LATE = Habits({0: 40, 4: 22, 9: 24, 12: 14}, {6: 14, 9: 34, 12: 32, 17: 20}, no_topic=0.15,
                   no_attendance=0.03, no_homework=0.08, late_homework=0.25, late_correction=0.02)

WRITTEN_WORKS = {
    "Русский язык": ("dictation", "written", "essay"), "Литература": ("essay", "written"),
    "Литературное чтение": ("written",), "Математика": ("test", "written"), "Алгебра": ("test", "written"),
    "Геометрия": ("test", "written"), "Физика": ("practical", "test"), "Химия": ("practical", "test"),
    "Биология": ("practical", "written"), "География": ("practical", "written"), "Информатика": ("practical",),
}
USUAL_WORKS = ("written", "test")
# Which of a subject's written works of the quarter is its assessment.
ASSESSED = {"Математика": 2, "Алгебра": 2, "Геометрия": 0, "Русский язык": 2, "Физика": 1}
TITLES = {"dictation": ("В осеннем лесу", "Утро на реке", "Старый мост", "Дорога в школу"),
          "essay": ("Мой любимый герой", "Осень в нашем городе", "Книга, которую я советую")}
CODES_OF_ABSENCE = ("б", "б", "б", "у", "н")


def days_after(dice: Random, when: Weights) -> int:
    return dice.choices(tuple(when), tuple(when.values()))[0]


def kind_of_work(subject: str, index: int) -> str | None:
    """The written work of the course's lesson number `index`, or None: every fifth lesson has one."""
    if subject in WITHOUT_TESTS or index % 5 != 3:
        return None
    kinds = WRITTEN_WORKS.get(subject, USUAL_WORKS)
    return kinds[index // 5 % len(kinds)]


def is_assessment(subject: str, index: int) -> bool:
    """Whether it is the one assessment that the subject has in the quarter: the parallel writes it in the same days
    (R16)."""
    return subject in ASSESSED and index == 5 * ASSESSED[subject] + 3


def title_of_work(kind: str, topic: str, index: int) -> str:
    """What the work is called: a dictation or an essay by its text, any other by the lesson's topic."""
    titles = TITLES.get(kind, (topic,))
    return titles[index // 5 % len(titles)]


def ability(dice: Random) -> float:
    """About what mark a pupil is worth on the whole."""
    return min(4.9, max(2.7, dice.gauss(3.95, 0.5)))


def value_of(dice: Random, able: float) -> str:
    return str(min(5, max(2, round(dice.gauss(able, 0.65)))))


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a pupil is away, and the code for it."""

    first: date
    last: date
    code: str


def absences(dice: Random, *, first: date, last: date) -> list[Absence]:
    """A pupil's spells away from school between two days: most have one or none."""
    spells = []
    for _ in range(dice.choices((0, 1, 2), (45, 42, 13))[0]):
        begins = first + timedelta(days=dice.randrange((last - first).days))
        code = dice.choice(CODES_OF_ABSENCE)
        length = dice.randint(3, 8) if code == "б" else dice.randint(1, 2)
        spells.append(Absence(begins, begins + timedelta(days=length - 1), code))
    return spells


def code_on(spells: Sequence[Absence], day: date) -> str | None:
    return next((spell.code for spell in spells if spell.first <= day <= spell.last), None)
