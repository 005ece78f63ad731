"""How the program says no: one exception that carries a sentence for the person. Pure."""

from __future__ import annotations


class Refused(Exception):
    """An act that a rule does not allow; `str()` of it is one clear Russian sentence.

    `field` names the form field beside which the sentence belongs, when there is one; `pupil_id` whom it is about,
    when one row of many was refused.
    """

    pupil_id: int | None = None

    def __init__(self, reason: str, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.field = field


class Stale(Refused):
    """The thing was changed by somebody else since it was shown (409).

    `theirs` is what stands there now, in words, so that both can be shown.
    """

    def __init__(self, reason: str, *, theirs: str = "", field: str | None = None) -> None:
        super().__init__(reason, field=field)
        self.theirs = theirs
