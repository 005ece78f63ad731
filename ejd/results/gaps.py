"""What journals may lack when a term is closed or a copy is certified (R8, R50): the codes and their words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Gap(StrEnum):
    """In the order in which it is told."""

    NO_TOPIC = "no_topic"
    NO_ATTENDANCE = "no_attendance"
    NO_HOMEWORK = "no_homework"
    AWAITED = "awaited"  # marks, from teachers
    OWED = "owed"  # works, by pupils
    NO_RESULT = "no_result"
    REMARKS = "remarks"  # of the administration, not closed


GAP_NAMES = {
    Gap.NO_TOPIC: "уроков без темы",
    Gap.NO_ATTENDANCE: "уроков без посещаемости",
    Gap.NO_HOMEWORK: "уроков без домашнего задания",
    Gap.AWAITED: "ждут отметок",
    Gap.OWED: "долгов учеников",
    Gap.NO_RESULT: "не выставлено итоговых",
    Gap.REMARKS: "незакрытых замечаний",
}


def there(counts: Mapping[Gap, int]) -> dict[Gap, int]:
    """The gaps that there are, in their order."""
    return {gap: counts[gap] for gap in Gap if counts.get(gap)}


def in_words(counts: Mapping[str, int]) -> str:
    """«уроков без темы – 3, ждут отметок – 12»; empty when nothing was missing."""
    return ", ".join(f"{GAP_NAMES[gap]} – {count}" for gap in Gap if (count := counts.get(gap.value)))
