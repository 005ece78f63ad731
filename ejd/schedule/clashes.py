"""What is wrong with a timetable before it is published: who or what is wanted twice at once, by the real bells, and
what is only worth knowing: vacancies, gaps, long days. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum

from ejd.words import NBSP, WEEKDAYS_FULL, counted

LESSONS = ("урок", "урока", "уроков")
SATURDAY = 6
# Most lessons a day, and on one day of the week: СанПиН 1.2.3685-21, table 6.6.
NORMS = {1: (4, 5), 2: (5, 6), 3: (5, 6), 4: (5, 6), 5: (6, 6), 6: (6, 6)}
NORM_OF_THE_OTHERS = (7, 7)


class Kind(StrEnum):
    """What a finding is about, the gravest first."""

    CLASS = "class"
    SUBGROUP = "subgroup"
    TEACHER = "teacher"
    ROOM = "room"
    VACANCY = "vacancy"
    GAP = "gap"
    LONG_DAY = "long_day"
    FREE_DAY = "free_day"


ORDER = list(Kind)
# A class cannot be in two places; the others may be meant: a merged lesson, a gym for two classes.
FORBIDDEN, DOUBTFUL = frozenset({Kind.CLASS}), frozenset({Kind.SUBGROUP, Kind.TEACHER, Kind.ROOM})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One journal at one place of the week, by the bells of its pupils. `class_ids` are the classes that sit there:
    one, or several for a cross-class `group`; none for a pupil taught at home."""

    weekday: int
    number: int
    course_id: int
    title: str  # «7А, Математика»
    starts_at: time
    ends_at: time
    class_ids: frozenset[int] = frozenset()
    subgroup: int = 0
    group: bool = False
    teacher_id: int | None = None
    teacher: str = ""
    room: str = ""
    lesson: bool = True  # an activity or elective is none: norms don't count it

    @property
    def takes_whole_class(self) -> bool:
        return not self.group and self.subgroup == 0


@dataclass(frozen=True, slots=True)
class ClassWeek:
    """A class as far as its week needs it; `numbers` are those of its bells."""

    id: int
    name: str
    grade: int
    days_per_week: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in words, and whom it concerns: for the links beside it."""

    kind: Kind
    sentence: str
    weekday: int = 0
    number: int = 0
    class_ids: frozenset[int] = frozenset()
    teacher_ids: frozenset[int] = frozenset()
    room: str = ""

    @property
    def forbidden(self) -> bool:
        return self.kind in FORBIDDEN

    @property
    def doubtful(self) -> bool:
        return self.kind in DOUBTFUL


def findings(sittings: Collection[Sitting], classes: Mapping[int, ClassWeek]) -> list[Finding]:
    """Everything, the gravest first, in order of the week."""
    found = [*_classes_twice(sittings, classes), *_teachers_twice(sittings), *_rooms_twice(sittings),
             *_vacancies(sittings), *_weeks(sittings, classes)]
    return sorted(found, key=lambda one: (ORDER.index(one.kind), one.weekday, one.number, one.sentence))


def at_once(sittings: Iterable[Sitting]) -> list[list[Sitting]]:
    """Those that overlap in time, together; who sits alone is left out."""
    together: list[list[Sitting]] = []
    ends = (0, time.min)
    for one in sorted(sittings, key=lambda one: (one.weekday, one.starts_at, one.number, one.title)):
        if (one.weekday, one.starts_at) < ends and ends[0] == one.weekday:
            together[-1].append(one)
            ends = max(ends, (one.weekday, one.ends_at))
        else:
            together.append([one])
            ends = (one.weekday, one.ends_at)
    return [cluster for cluster in together if len(cluster) > 1]


def _classes_twice(sittings: Iterable[Sitting], classes: Mapping[int, ClassWeek]) -> Iterable[Finding]:
    """Two lessons of the whole class, the whole class beside a subgroup or group, or a subgroup twice. Subgroups sit
    side by side, in one subject or two, and so do cross-class groups."""
    for class_id, cluster in _clusters(sittings, lambda one: one.class_ids):
        if any(one.takes_whole_class for one in cluster):
            yield _twice(Kind.CLASS, f"{classes[class_id].name} – весь класс в двух местах", cluster, {class_id})
        for subgroup in sorted({one.subgroup for one in cluster if one.subgroup}):
            same = [one for one in cluster if one.subgroup == subgroup]
            if len(same) > 1:
                who = f"{classes[class_id].name}, подгруппа{NBSP}{subgroup} – в двух местах"
                yield _twice(Kind.SUBGROUP, who, same, {class_id})


def _teachers_twice(sittings: Iterable[Sitting]) -> Iterable[Finding]:
    for _, cluster in _clusters(sittings, lambda one: {one.teacher_id} - {None}):
        yield _twice(Kind.TEACHER, f"{cluster[0].teacher} – в двух местах", cluster)


def _rooms_twice(sittings: Iterable[Sitting]) -> Iterable[Finding]:
    """Two teachers in one room; one teacher there twice is told as such."""
    for _, cluster in _clusters(sittings, lambda one: {one.room.casefold()} - {""}):
        if len({one.teacher_id for one in cluster}) > 1 or cluster[0].teacher_id is None:
            yield replace(_twice(Kind.ROOM, f"Кабинет {cluster[0].room} занят дважды", cluster), room=cluster[0].room)


def _clusters(sittings: Iterable[Sitting], wanted: Callable[[Sitting], Iterable[int | str | None]],
              ) -> Iterable[tuple[int, list[Sitting]]]:
    """What overlaps, for each of those who are wanted."""
    by_wanted: dict[int, list[Sitting]] = defaultdict(list)
    for one in sittings:
        for key in wanted(one):
            by_wanted[key].append(one)  # type: ignore[index]
    return ((key, cluster) for key, ones in by_wanted.items() for cluster in at_once(ones))


def _twice(kind: Kind, who: str, cluster: Sequence[Sitting], class_ids: Iterable[int] | None = None) -> Finding:
    first = cluster[0]
    places = " и ".join(f"{one.title} (урок{NBSP}{one.number})" for one in cluster)
    concerned = frozenset(class_ids) if class_ids else frozenset().union(*(one.class_ids for one in cluster))
    return Finding(kind, f"{WEEKDAYS_FULL[first.weekday - 1]}, {first.starts_at:%H:%M}: {who}: {places}",
                   first.weekday, first.number, concerned,
                   frozenset(one.teacher_id for one in cluster if one.teacher_id is not None))


def _vacancies(sittings: Iterable[Sitting]) -> Iterable[Finding]:
    """Journals that nobody teaches."""
    vacant: dict[int, list[Sitting]] = defaultdict(list)
    for one in sittings:
        if one.teacher_id is None:
            vacant[one.course_id].append(one)
    for ones in vacant.values():
        yield Finding(Kind.VACANCY, f"{ones[0].title}: учителя нет, {counted(len(ones), *LESSONS)} в неделю",
                      class_ids=ones[0].class_ids)


def _weeks(sittings: Iterable[Sitting], classes: Mapping[int, ClassWeek]) -> Iterable[Finding]:
    """Gaps, long days and lessons on a free day of each class."""
    numbers: dict[tuple[int, int], set[int]] = defaultdict(set)
    lessons: dict[tuple[int, int], set[int]] = defaultdict(set)
    for one in sittings:
        for class_id in one.class_ids:
            numbers[class_id, one.weekday].add(one.number)
            if one.lesson:
                lessons[class_id, one.weekday].add(one.number)
    for (class_id, weekday), taken in numbers.items():
        of_class, day = classes[class_id], WEEKDAYS_FULL[weekday - 1]
        concerned = frozenset({class_id})
        gaps = [number for number in of_class.numbers if min(taken) < number < max(taken) and number not in taken]
        if gaps:
            places = ", ".join(map(str, gaps))
            yield Finding(Kind.GAP, f"{of_class.name}, {day}: окно – урок{NBSP}{places}", weekday, gaps[0], concerned)
        if weekday > of_class.days_per_week:
            yield Finding(Kind.FREE_DAY, f"{of_class.name}, {day}: {counted(len(taken), *LESSONS)}, но в этот день "
                                         "класс не учится: уроков не будет", weekday, 0, concerned)
    yield from _long_days(lessons, classes)


def _long_days(lessons: Mapping[tuple[int, int], set[int]], classes: Mapping[int, ClassWeek]) -> Iterable[Finding]:
    """Days with more lessons than the sanitary norm: one day of the week may be longer for classes 1–4."""
    for class_id, of_class in classes.items():
        usual, longest = NORMS.get(of_class.grade, NORM_OF_THE_OTHERS)
        days = sorted(((len(taken), weekday) for (one, weekday), taken in lessons.items()
                       if one == class_id and len(taken) > usual), reverse=True)
        spared = len(days) > 0 and days[-1][0] <= longest and longest > usual
        for count, weekday in days[:-1] if spared else days:
            norm = f"{usual}" if longest == usual else f"{usual}, один день – {longest}"
            yield Finding(Kind.LONG_DAY, f"{of_class.name}, {WEEKDAYS_FULL[weekday - 1]}: {counted(count, *LESSONS)}, "
                                         f"по санитарным нормам не больше {norm}", weekday, 0, frozenset({class_id}))
