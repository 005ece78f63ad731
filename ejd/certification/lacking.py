"""What the journals lack before their printed copies are certified (R50, R52): named, and recorded if certified all the
same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ejd.certification.due import Period
from ejd.db import Session
from ejd.remarks.queries import unclosed_by_class
from ejd.results.gaps import Gap, there
from ejd.results.lacking import Missing, Span, expected_in, journals_in, results_missing


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one class lacks in a period; missing results also by term, as their lists are opened."""

    gaps: Mapping[Gap, int]
    results: Sequence[Missing] = ()


NOTHING = Lacking({})


def lacking_in(session: Session, *, year_id: int, period: Period, today: date, now: datetime,
               class_id: int | None = None) -> dict[int, Lacking]:
    """By class, those that lack something. Four statements."""
    counts: dict[int, Counter[Gap]] = {}
    span = Span(year_id, period.first, period.last)
    for of_class, journals in journals_in(session, span, now=now, today=today, class_id=class_id).items():
        counts[of_class] = Counter({gap: sum(getattr(one, gap.value) for one in journals)
                                    for gap in (Gap.NO_TOPIC, Gap.NO_ATTENDANCE, Gap.NO_HOMEWORK)})
    for (of_class, _), (awaited, _, owed) in expected_in(session, period.first, period.last, today=today,
                                                         class_id=class_id).items():
        counts.setdefault(of_class, Counter()).update({Gap.AWAITED: awaited, Gap.OWED: owed})
    results = results_missing(session, year_id=year_id, first=period.first, last=period.last, class_id=class_id,
                              whole_year=period.term_id is None)
    for of_class, missing in results.items():
        counts.setdefault(of_class, Counter())[Gap.NO_RESULT] = sum(one.number for one in missing)
    for of_class, number in session.execute(unclosed_by_class(period.first, period.last)):
        counts.setdefault(of_class, Counter())[Gap.REMARKS] = number
    return {of_class: Lacking(found, results.get(of_class, ())) for of_class, gaps in counts.items()
            if (found := there(gaps))}
