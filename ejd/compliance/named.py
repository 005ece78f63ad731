"""Every figure of control by the name of its list, and the lists read for a span and filter as of a moment (R60)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from ejd.compliance import lists, metrics, standing, standing_lists
from ejd.compliance.lists import Listing
from ejd.compliance.metrics import Figure, Meaning
from ejd.compliance.scope import Scope, launches
from ejd.compliance.standing import StandFigure
from ejd.db import Session
from ejd.school.settings import Settings

Named: TypeAlias = Figure | StandFigure
FIGURES: dict[str, Named] = {one.value: one for kind in (Figure, StandFigure) for one in kind}
MEANINGS: Mapping[Any, Meaning] = metrics.MEANINGS | standing.MEANINGS


@dataclass(frozen=True, slots=True)
class Question:
    """Whose lists, of which days, as of when; `year_id` is the year of the last day."""

    scope: Scope
    year_id: int | None
    settings: Settings
    today: date
    now: datetime

    def part(self, session: Session, figure: Named, *, limit: int, offset: int = 0) -> Listing:
        """Rows `offset` to `offset + limit` of a list, the worst first."""
        if isinstance(figure, Figure):
            return lists.listing(session, figure=figure, scope=self.scope, launches=launches(self.settings),
                                 today=self.today, now=self.now, limit=limit, offset=offset)
        if self.year_id is None:
            return Listing(0, (), ())
        return standing_lists.listing(session, figure=figure, year_id=self.year_id, scope=self.scope,
                                      settings=self.settings, today=self.today, limit=limit, offset=offset)

    def whole(self, session: Session, figure: Named, *, most: int) -> Listing:
        """The whole list, for a file: not all of its rows when it has more than `most`."""
        if isinstance(figure, Figure):
            return lists.whole_list(session, figure=figure, scope=self.scope, launches=launches(self.settings),
                                    today=self.today, now=self.now, most=most)
        return self.part(session, figure, limit=most)
