"""After how many days marks were entered, as bars to draw: the page's SVG takes these numbers as they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ejd.school.catalogue import WEEK
from ejd.words import NBSP, number

FAR = 9999
THIN = "\u202f"  # a no-break space too, and narrow enough for figures above a bar
# Days taken, both included: the week of R1 day by day, then lateness by 1, 2, 3 days and coarser.
BUCKETS = (*((day, day) for day in range(WEEK + 4)), (11, 14), (15, 21), (22, 37), (38, FAR))
BAR_WIDTH, GAP, HEIGHT, LEFT, TOP = 26, 4, 120, 8, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the days that the marks took, how many there are, and where it is drawn."""

    days: tuple[int, int]
    marks: int
    x: int
    y: int
    height: int

    @property
    def late(self) -> bool:
        return self.days[0] > WEEK

    @property
    def middle(self) -> int:
        return self.x + BAR_WIDTH // 2

    @property
    def amount(self) -> str:
        """Above the bar: what fits its width, the table has the number in full."""
        if self.marks >= 100_000:
            return f"{self.marks // 1000}\u00a0т."
        return number(self.marks).replace(NBSP, THIN)

    @property
    def label(self) -> str:
        """Under the bar: days taken within the week, else days late."""
        first, last = (days - WEEK if self.late else days for days in self.days)
        return f"{first}+" if self.days[1] == FAR else _from_to(first, last)

    @property
    def address(self) -> str:
        """«8-8»: how a list's address names these days."""
        return f"{self.days[0]}-{self.days[1]}"

    @property
    def title(self) -> str:
        return title_of_days(self.days)


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: tuple[Bar, ...]
    width: int = 2 * LEFT + len(BUCKETS) * (BAR_WIDTH + GAP)
    height: int = TOP + HEIGHT + 36
    floor: int = TOP + HEIGHT
    bar_width: int = BAR_WIDTH

    @property
    def late_from(self) -> int:
        """Where the line between on time and late stands."""
        return next(bar.x for bar in self.bars if bar.late) - GAP // 2


def histogram(days: Mapping[int, int]) -> Histogram | None:
    """Bars of the marks under control by days taken, the highest as high as the picture; None without marks."""
    counts = [sum(marks for taken, marks in days.items() if first <= taken <= last) for first, last in BUCKETS]
    highest = max(counts)
    if highest == 0:
        return None
    bars = []
    for index, (bucket, marks) in enumerate(zip(BUCKETS, counts, strict=True)):
        height = max(-(-HEIGHT * marks // highest), 2) if marks else 0  # one mark among thousands is still seen
        bars.append(Bar(bucket, marks, LEFT + index * (BAR_WIDTH + GAP), TOP + HEIGHT - height, height))
    return Histogram(tuple(bars))


def title_of_days(days: tuple[int, int]) -> str:
    """Days taken in words: «через 2 дн.», «опоздание 4–7 дн.»."""
    first, last = days
    if last <= WEEK:
        return "в тот же день" if last == 0 else f"через {_from_to(first, last)}\u00a0дн."
    first, last = max(first - WEEK, 1), last - WEEK
    if last == FAR - WEEK:
        return f"опоздание {first}\u00a0дн. и больше"
    return f"опоздание {_from_to(first, last)}\u00a0дн."


def _from_to(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
