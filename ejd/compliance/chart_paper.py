"""The charts of control on paper: the same bars as on the page, drawn on a ReportLab canvas (R60)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ejd.compliance.charts import Ranking, Weeks
from ejd.compliance.histogram import Histogram
from ejd.documents.fonts import REGULAR
from ejd.documents.tables import Picture
from ejd.words import number

COLOURS = {"late": (0.706, 0.137, 0.094), "warn": (0.85, 0.6, 0.1), "good": (0.102, 0.431, 0.235)}
SIZE = 9


def picture_of(chart: Ranking | Weeks | Histogram, title: str) -> Picture:
    """The chart as wide and as high as the page's, a point for a pixel."""
    draw: Callable[[Any], None]
    if isinstance(chart, Ranking):
        draw = _ranking(chart)
    else:
        draw = _weeks(chart) if isinstance(chart, Weeks) else _histogram(chart)
    return Picture(title, chart.width, chart.height, draw)


def _ranking(chart: Ranking) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.setFont(REGULAR, SIZE)
        for row in chart.rows:
            base = chart.height - row.y - 11
            _black(canvas).drawRightString(chart.names - 6, base, row.name)
            canvas.drawString(row.end + 5, base, row.words)
            for piece in row.pieces:
                _bar(canvas, piece.look, float(piece.x), chart.height - row.y - 14, float(piece.width), 14)

    return draw


def _weeks(chart: Weeks) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.setFont(REGULAR, SIZE)
        for week in chart.columns:
            _bar(canvas, "late", week.x, chart.height - week.y - week.height, week.width, week.height)
            _black(canvas)
            if week.told:
                canvas.drawCentredString(week.middle, chart.height - chart.floor - 12, week.label)
            if week.marks and len(chart.columns) <= 20:
                canvas.drawCentredString(week.middle, chart.height - week.y + 3, number(week.marks))
        canvas.line(0, chart.height - chart.floor, chart.width, chart.height - chart.floor)

    return draw


def _histogram(chart: Histogram) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.setFont(REGULAR, SIZE)
        floor = chart.height - chart.floor
        for bar in chart.bars:
            _bar(canvas, "late" if bar.late else "good", bar.x, chart.height - bar.y - bar.height, chart.bar_width,
                 bar.height)
            _black(canvas).drawCentredString(bar.middle, floor - 13, bar.label)
            if bar.marks:
                canvas.drawCentredString(bar.middle, chart.height - bar.y + 4, bar.amount)
        canvas.line(0, floor, chart.width, floor)
        canvas.line(chart.late_from, 0, chart.late_from, chart.height)
        canvas.drawString(8, 6, "дней от получения")
        canvas.drawString(chart.late_from + 6, 6, "дней опоздания")

    return draw


def _black(canvas: Any) -> Any:
    canvas.setFillGray(0)
    return canvas


def _bar(canvas: Any, look: str, x: float, y: float, width: float, height: float) -> None:
    canvas.setFillColorRGB(*COLOURS[look])
    canvas.rect(x, y, width, height, stroke=0, fill=1)
