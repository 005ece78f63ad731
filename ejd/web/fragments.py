"""The one seam with htmx 4: whether a piece of the page is asked for, and notices beside the page."""

from __future__ import annotations

from flask import Response, make_response, render_template, request


def wants_partial() -> bool:
    """True when htmx asks for a fragment to put into the page (header HX-Request-Type)."""
    return request.headers.get("HX-Request-Type") == "partial"


def notice(message: str, status: int, *, link: str | None = None, link_text: str = "") -> Response:
    """A sentence for `#notices`, never into the cell that asked."""
    body = render_template("components/_notice.html", message=message, link=link, link_text=link_text)
    response = make_response(body, status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
