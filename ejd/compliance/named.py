"""Every figure of control by the name of its list, and the lists read for a span and filter as of a moment (R60)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from ejd.compliance import density, lists, metrics, sheet_lists, standing, standing_lists
from ejd.compliance.density import Density, DensityFigure
from ejd.compliance.lists import Listing
from ejd.compliance.metrics import Figure, Meaning
from ejd.compliance.scope import Scope, launches
from ejd.compliance.sheet_lists import SheetFigure
from ejd.compliance.standing import StandFigure
from ejd.db import Session
from ejd.school.settings import Settings

Named: TypeAlias = Figure | DensityFigure | StandFigure | SheetFigure
FIGURES: dict[str, Named] = {one.value: one for kind in (Figure, DensityFigure, StandFigure, SheetFigure)
                             for one in kind}
MEANINGS: Mapping[Any, Meaning] = (metrics.MEANINGS | density.MEANINGS | standing.MEANINGS
                                   | sheet_lists.MEANINGS)


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
        if isinstance(figure, Figure | DensityFigure):
            return lists.listing(session, figure=figure, scope=self.scope, launches=launches(self.settings),
                                 today=self.today, now=self.now, limit=limit, offset=offset, density=self._density)
        if self.year_id is None:
            return Listing(0, (), ())
        if isinstance(figure, SheetFigure):
            return sheet_lists.listing(session, figure=figure, year_id=self.year_id, scope=self.scope, now=self.now,
                                       today=self.today, limit=limit, offset=offset)
        return standing_lists.listing(session, figure=figure, year_id=self.year_id, scope=self.scope,
                                      settings=self.settings, today=self.today, limit=limit, offset=offset)

    def whole(self, session: Session, figure: Named, *, most: int) -> Listing:
        """The whole list, for a file: not all of its rows when it has more than `most`."""
        if isinstance(figure, Figure | DensityFigure):
            return lists.whole_list(session, figure=figure, scope=self.scope, launches=launches(self.settings),
                                    today=self.today, now=self.now, most=most, density=self._density)
        return self.part(session, figure, limit=most)

    @property
    def _density(self) -> Density:
        """As it holds on the last day (R13)."""
        given: Density = self.settings.value("density", on=min(self.scope.last, self.today))
        return given
