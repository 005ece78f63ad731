"""Addresses in what a teacher typed become links, and nothing else becomes anything."""

from __future__ import annotations

import pytest

from ejd.web.links import linked

LINK = '<a class="url" href="{0}" rel="noopener noreferrer nofollow">{0}</a>'


@pytest.mark.parametrize(("text", "html"), [
    ("§ 5, № 12", "§ 5, № 12"),
    ("https://resh.edu.ru/subject/13/", LINK.format("https://resh.edu.ru/subject/13/")),
    ("смотри http://a.ru.", f"смотри {LINK.format('http://a.ru')}."),
    ("(https://a.ru/b)", f"({LINK.format('https://a.ru/b')})"),
    ("https://ru.wikipedia.org/wiki/Пушкин_(город), до конца",
     f"{LINK.format('https://ru.wikipedia.org/wiki/Пушкин_(город)')}, до конца"),
    ("«https://a.ru»", f"«{LINK.format('https://a.ru')}»"),
    ("https://a.ru/?x=1&y=2", LINK.format("https://a.ru/?x=1&amp;y=2")),
    ("https://a.ru https://b.ru", f"{LINK.format('https://a.ru')} {LINK.format('https://b.ru')}"),
    ("HTTPS://A.RU", LINK.format("HTTPS://A.RU")),
    ("<b>№ 1</b>", "&lt;b&gt;№ 1&lt;/b&gt;"),
    ("javascript:alert(1) ftp://a.ru data:text/html,x", "javascript:alert(1) ftp://a.ru data:text/html,x"),
    ("https://a.ru/<script>alert(1)</script>", f"{LINK.format('https://a.ru/')}&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("https://a.ru/' onclick='x", f"{LINK.format('https://a.ru/')}&#39; onclick=&#39;x"),
    ('https://a.ru/"onmouseover="x', f"{LINK.format('https://a.ru/')}&#34;onmouseover=&#34;x"),
])
def test_links(text, html):
    assert linked(text) == html
