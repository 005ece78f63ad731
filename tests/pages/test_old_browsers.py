"""Families read on Android 5 with Chrome 60, on iOS 12 and in Opera Mini: what they are sent is held against what these
browsers know (MDN's browser-compat-data and caniuse, tests/data/browsers). What a browser does not know must have a
plainer form before it, stand behind @supports, or be listed here with what is seen without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ejd.db import db
from tests.access_table import ALLOWED
from tests.old_browsers import (
    Rule,
    features_of_around,
    features_of_declaration,
    features_of_page,
    features_of_script,
    features_of_selector,
    load,
    rules_of,
)
from tests.test_access_matrix import address

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
RULES = rules_of((STATIC / "app.css").read_text(encoding="utf-8"))
SUPPORT = load()
WITHOUT_IT = {
    "css.at-rules.media.prefers-color-scheme": "it is light",
    "css.properties.color-scheme": "fields and bars are light, like the page",
    "css.properties.accent-color": "boxes are ticked in the browser's own colour",
    "css.properties.content-visibility": "a folded part is printed as it stands",
    "css.selectors.details-content": "a folded part is printed as it stands",
    "css.properties.cursor": "a phone has none",
    "css.properties.display.contents": "the head takes a line more",
    "css.properties.overflow-wrap.anywhere": "words break as the body says: break-word",
    "css.properties.position.sticky": "heads and names scroll away with the page",
    "css.properties.scroll-margin-bottom": "what the keys lead to may lie under the bar of messages",
    "css.properties.scroll-margin-top": "what an address leads to may lie under the head of the table",
    "css.properties.scroll-padding": "what the keys lead to may lie under the head of the table",
    "css.selectors.focus-visible": "the browser's own ring stands around it",
}
WITHOUT_IT_IN_PAGES = {
    "html.elements.img.loading or html.global_attributes.loading": "pictures come at once",
    "html.elements.input.inputmode or html.global_attributes.inputmode": "the keyboard with letters comes up",
}
SCRIPTS_OF_FAMILIES = {"offline.js"}
SCRIPT_OF_WORKER = "offline-worker.js"
OWN_NAMES = {"any.keep"}


def unknown_without_words(features: set[str]) -> set[str]:
    """What an old browser does not know and nobody said what is seen then."""
    return {feature for feature in SUPPORT.too_new(features)
            if not any(feature == known or feature.startswith(f"{known}.") for known in WITHOUT_IT)}


def features_of(rule: Rule) -> set[str]:
    return features_of_around(rule) | features_of_selector(rule.selector) | {
        feature for name, tokens, _ in rule.declarations for feature in features_of_declaration(rule, name, tokens)}


def test_every_property_is_a_property():
    assert not SUPPORT.unheard({feature for rule in RULES for feature in features_of(rule)})


def test_what_the_style_sheet_asks_is_known_or_has_a_plainer_form():
    wrong = []
    for rule in RULES:
        if rule.protected:
            continue
        before: set[str] = set()
        for name, tokens, written in rule.declarations:
            missing = unknown_without_words(features_of_declaration(rule, name, tokens))
            if missing and name not in before:
                wrong.append(f"{rule.selector}{{{name}:{written}}}: {sorted(missing)}")
            if not missing:
                before.add(name)
        wrong += [f"{rule.selector}: {feature}" for feature in unknown_without_words(
            features_of_selector(rule.selector) | features_of_around(rule))]
    assert not wrong, "\n".join(wrong)


def test_an_unknown_selector_takes_no_other_with_it():
    """A browser drops the whole rule for one selector of a list that it does not know."""
    for rule in RULES:
        parts = [SUPPORT.too_new(features_of_selector(one)) for one in rule.selector.split(",")]
        assert all(parts) or not any(parts), rule.selector


def test_nothing_is_excused_that_is_not_used_or_is_known_by_now():
    missing = {feature for rule in RULES for feature in SUPPORT.too_new(features_of(rule))}
    assert not [known for known in WITHOUT_IT
                if not any(feature == known or feature.startswith(f"{known}.") for feature in missing)]


@pytest.mark.parametrize("sheet, told", [
    ("p{gap:4px;display:flex}", "css.properties.gap.flex_context"), ("p{width:clamp(1px,2px,3px)}", "css.types.clamp"),
    ("p{inset:0}", "css.properties.inset"), ("p:has(b){color:red}", "css.selectors.has"),
    ("@container (width>1px){p{color:red}}", "css.at-rules.container")])
def test_something_too_new_would_be_seen(sheet, told):
    assert SUPPORT.too_new(features_of(rules_of(sheet)[0])) == {told}


def test_a_mistyped_property_would_be_seen():
    assert SUPPORT.unheard(features_of(rules_of("p{colour:red}")[0])) == {"css.properties.colour"}


@pytest.mark.parametrize("script", ["a?.b", "a ?? b", "try {} catch {}", "x ||= {}", "box.replaceChildren()"])
def test_a_script_too_new_would_be_seen(script):
    assert SUPPORT.too_new(features_of_script(script)) or unheard_of(script)


def test_opera_mini_never_has_light_letters_on_a_light_ground():
    """It knows no custom properties: letters and their ground have plain colours both, or neither."""
    assert SUPPORT.opera_mini["css-variables"] == "n"
    for rule in RULES:
        if "print" in " ".join(rule.around):
            continue
        colours = {name: [written for key, _, written in rule.declarations if key == name]
                   for name in ("color", "background")}
        if all(colours.values()):
            has_plain = {name: any("var(" not in written for written in many) for name, many in colours.items()}
            assert len(set(has_plain.values())) == 1, rule.selector


def test_opera_mini_loses_only_limits_where_something_is_worked_out():
    assert SUPPORT.opera_mini["calc"] == "n"
    worked_out = {name for rule in RULES for name, _, written in rule.declarations if "calc(" in written}
    assert worked_out <= {"max-height", "max-width"}


def pages(app, visitor, school, endpoints):
    """Address and HTML of each page that this visitor opens."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and endpoints(rule.endpoint):
            url = address(app, rule, school)
            db.session.commit()
            answer = visitor.open(url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                yield url, answer.text


def check(url: str, html: str) -> None:
    asked = features_of_page(html)
    assert not SUPPORT.unheard(asked), url
    assert SUPPORT.too_new(asked) <= WITHOUT_IT_IN_PAGES.keys(), url
    scripts = {re.sub(r".*/", "", tag["src"]) for tag in BeautifulSoup(html, "html.parser").select("script[src]")}
    assert scripts <= SCRIPTS_OF_FAMILIES, url


@pytest.mark.parametrize("name, fewest", [("vera", 15), ("vitya", 15)])
def test_elements_and_scripts_of_every_page_of_a_family_are_known(app, as_, school, name, fewest):
    found = list(pages(app, as_(getattr(school, name)), school, lambda endpoint: name in ALLOWED.get(endpoint, ())))
    for url, html in found:
        check(url, html)
    assert len(found) >= fewest


def test_the_door_is_known_too(as_):
    check("/login", as_(None).open("/login").text)


def unheard_of(script: str) -> set[str]:
    """Members that nobody looked up, but for those of our own."""
    return {one for one in features_of_script(script) - SUPPORT.features.keys() if one not in OWN_NAMES}


@pytest.mark.parametrize("name", [*SCRIPTS_OF_FAMILIES, SCRIPT_OF_WORKER])
def test_scripts_of_families_are_understood(name):
    script = (STATIC / name).read_text(encoding="utf-8")
    assert not unheard_of(script), "tests/old_browsers.py says how to look it up"
    assert not SUPPORT.too_new(features_of_script(script))
