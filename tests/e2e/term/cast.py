"""Who is in the story."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.term.hands import ByForms, ByKeys
from tests.e2e.term.school import PASSWORD, School


class Cast:
    """Everybody in the story with a browser of their own, signed in when they first come. Teachers write by `hand`."""

    def __init__(self, school: School, somebody, hand: ByKeys | ByForms) -> None:  # noqa: ANN001
        self.school, self.hand, self._somebody = school, hand, somebody
        self._pages: dict[str, Page] = {}

    def __getattr__(self, name: str) -> Page:
        if name not in self._pages:
            family = name in ("vera", "vitya")
            visitor = self._somebody(self.school, width=360 if family else 1366,
                                     javascript=self.hand.javascript and not family)
            self._pages[name] = visitor.signs_in(name, PASSWORD)
        return self._pages[name]
