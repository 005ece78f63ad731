"""When the school's control of marks and of homework begins, as its settings say (R7)."""

from __future__ import annotations

from ejd.journal.deadlines import Launch
from ejd.school.settings import Settings


def launch_of_marks(settings: Settings) -> Launch:
    return Launch.of(settings.day("launch.marks"), settings.value("launch.grades", on=None))


def launch_of_homework(settings: Settings) -> Launch:
    """A parallel's own day holds for marks and homework alike."""
    return Launch.of(settings.day("launch.homework"), settings.value("launch.grades", on=None))
