"""Who receives a pupil's own card, and in which table of the issue register it is signed for (R31, R32). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Table(IntEnum):
    """The two tables of the issue register (appendix 6)."""

    GUARDIANS = 1
    PUPILS = 2


@dataclass(frozen=True, slots=True)
class Custom:
    """The school's decision: the first class whose pupils have logins, and the first that signs for itself."""

    first_login: int = 1
    first_own: int = 7

    def table_of_pupil(self, grade: int) -> Table | None:
        """Where a pupil's own card is signed for; None: pupils of that class have no login yet."""
        if grade < self.first_login:
            return None
        return Table.GUARDIANS if grade < self.first_own else Table.PUPILS
