"""What a style sheet, a page or a script asks of a browser, and whether a browser of 2017 or 2018 knows it.

The names of features are those of MDN's browser-compat-data. tests/data/browsers/support.json keeps two versions of
each feature of CSS and HTML, and of what our scripts ask. A script asks for more? `npm pack @mdn/browser-compat-data`,
`npm pack caniuse-db`, unpack both, `python -m tests.old_browsers …/data.json …/fulldata-json/data-2.0.json`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tinycss2
from bs4 import BeautifulSoup

FOLDER = Path(__file__).resolve().parent / "data" / "browsers"
SUPPORT = FOLDER / "support.json"
STATIC = FOLDER.parent.parent.parent / "static"
OLDEST = {"chrome_android": 60, "safari_ios": 12}  # Android 5 stands at Chrome 60 in many hands
ALIASES = {"grid-gap": "gap", "word-wrap": "overflow-wrap"}  # older names of a property in the data
# What is meant for one engine: others pass over it.
ONE_ENGINE = "css.properties.-webkit-"


@dataclass
class Rule:
    """One rule of the style sheet with the at-rules around it."""

    around: tuple[str, ...]
    selector: str
    declarations: list[tuple[str, list[Any], str]] = field(default_factory=list)  # name, tokens, as written

    @property
    def protected(self) -> bool:
        return any(one.startswith("supports") for one in self.around)


def rules_of(css: str) -> list[Rule]:
    return list(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ()))


def _rules(nodes: list[Any], around: tuple[str, ...]) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "at-rule":
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, (*around, f"{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}"))
        elif node.type == "qualified-rule":
            found = tinycss2.parse_declaration_list(node.content, skip_comments=True, skip_whitespace=True)
            yield Rule(around, tinycss2.serialize(node.prelude).strip(),
                       [(one.name, one.value, tinycss2.serialize(one.value).strip()) for one in found])
        else:
            raise ValueError(f"not understood: {node}")


def features_of_around(rule: Rule) -> set[str]:
    """At-rules and what a media query asks about."""
    asked = set()
    for one in rule.around:
        name, _, condition = one.partition(" ")
        asked.add(f"css.at-rules.{name}")
        asked |= {f"css.at-rules.media.{feature.removeprefix('min-').removeprefix('max-')}"
                  for feature in re.findall(r"\(\s*([\w-]+)\s*[:)]", condition) if name == "media"}
    return asked


def features_of_selector(selector: str) -> set[str]:
    asked = {f"css.selectors.{name}" for name in re.findall(r"::?([\w-]+)", selector)}
    if re.search(r":not\([^()]*,", selector):
        asked.add("css.selectors.not.selector_list")
    return asked


def features_of_declaration(rule: Rule, name: str, tokens: list[Any]) -> set[str]:
    """The property, the words of its value and its functions."""
    if name.startswith("--"):
        return set()  # passed over by who does not know them; every var() has its own check
    property_ = f"css.properties.{ALIASES.get(name, name)}"
    asked = {property_}
    if property_.endswith(".gap") and any(tinycss2.serialize(value).strip() in {"flex", "inline-flex"}
                                          for key, value, _ in rule.declarations if key == "display"):
        asked.add(f"{property_}.flex_context")
    for token in _all(tokens):
        if token.type == "ident":
            asked.add(f"{property_}.{token.lower_value}")
        elif token.type == "function":
            asked |= {f"css.types.{token.lower_name}", f"{property_}.{token.lower_name}"}
        elif token.type == "dimension":
            asked.add(f"css.types.length.{token.lower_unit}")
    return asked


def _all(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _all(getattr(token, "arguments", []) or [])


def features_of_page(html: str) -> set[str]:
    """Elements and their attributes, kinds of fields included."""
    asked = set()
    for element in BeautifulSoup(html, "html.parser").find_all(True):
        home = f"html.elements.{element.name}"
        asked.add(home)
        for name, value in element.attrs.items():
            if name.startswith(("aria-", "data-")) or name in {"role", "class", "id"}:
                continue
            asked.add(f"{home}.{name} or html.global_attributes.{name}")
            if name == "type" and element.name == "input":
                asked.add(f"{home}.type_{value}")
    return asked


# Syntax that a browser must know to read a script at all: one such sign and nothing of the file runs.
SYNTAX = {
    "javascript.operators.optional_chaining": r"\?\.[\w(\[]",
    "javascript.operators.nullish_coalescing": r"\?\?(?!=)",
    "javascript.operators.nullish_coalescing_assignment": r"\?\?=",
    "javascript.operators.logical_or_assignment": r"\|\|=",
    "javascript.operators.exponentiation": r"\*\*",
    "javascript.statements.try_catch.optional_catch_binding": r"catch\s*\{",
    "javascript.statements.async_function": r"\basync function\b",
    "javascript.functions.arrow_functions": r"=>",
    "javascript.functions.rest_parameters": r"\(\.\.\.\w+\)\s*=>",
    "javascript.operators.spread.spread_in_object_literals": r"\{\s*\.\.\.",
    "javascript.operators.object_initializer.spread_properties": r"\{\s*\.\.\.",
    "javascript.grammar.template_literals": r"`",
    "javascript.grammar.numeric_separators": r"\d_\d",
    "javascript.classes": r"\bclass \w+",
    "javascript.classes.private_class_fields": r"\bthis\.#",
    "javascript.statements.for_await_of": r"\bfor await\b",
    "javascript.operators.import_meta": r"\bimport\.meta\b",
    "javascript.statements.const": r"\bconst\b",
    "javascript.operators.destructuring": r"\bconst [{\[]",
}


def features_of_script(script: str) -> set[str]:
    """Its syntax, and each name after a dot that some interface of browsers has."""
    bare = re.sub(r"//[^\n]*|/\*.*?\*/", "", script, flags=re.DOTALL)
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', bare)
    members = {f"any.{name}" for name in re.findall(r"\.([a-zA-Z]\w+)", bare)}
    return {feature for feature, sign in SYNTAX.items() if re.search(sign, bare)} | members


class Support:
    """Since which versions the browsers that matter know a feature; [null] stands for never."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.features, self.opera_mini = kept["features"], kept["opera_mini"]

    def unheard(self, asked: set[str]) -> set[str]:
        """Properties and elements that the data has no word of: mistyped, or newer than the data."""
        return {one for one in asked if one.startswith(("css.properties.", "html.elements.")) and one.count(".") == 2
                and not self._entries(one) and not one.startswith(ONE_ENGINE)}

    def too_new(self, asked: set[str]) -> set[str]:
        """Known too late by one of them; a value that has no line of its own is as old as its property."""
        return {one for one in asked if (entries := self._entries(one)) and not any(
            all(since is not None and since <= oldest for since, oldest in zip(entry, OLDEST.values(), strict=True))
            for entry in entries)}

    def _entries(self, feature: str) -> list[list[float | None]]:
        return [self.features[name] for name in feature.split(" or ") if name in self.features]


def load() -> Support:
    return Support(json.loads(SUPPORT.read_text(encoding="utf-8")))


class Data:
    """MDN's browser-compat-data as published."""

    def __init__(self, published: dict[str, Any]) -> None:
        self.published = published
        self.members: dict[str, list[dict[str, Any]]] = {}
        for part in (published["api"], published["javascript"]["builtins"]):
            self._collect(part)

    def _collect(self, node: dict[str, Any]) -> None:
        for name, inner in node.items():
            if name != "__compat" and isinstance(inner, dict):
                if compat := inner.get("__compat"):
                    self.members.setdefault(name.removesuffix("_static"), []).append(compat["support"])
                self._collect(inner)

    def all_of(self, *parts: str) -> dict[str, list[float | None]]:
        """Every feature of these parts, by its full name."""
        found: dict[str, list[float | None]] = {}

        def walk(node: dict[str, Any], path: str) -> None:
            if compat := node.get("__compat"):
                found[path] = _versions([compat["support"]])
            for name, inner in node.items():
                if name != "__compat" and isinstance(inner, dict):
                    walk(inner, f"{path}.{name}")

        for part in parts:
            walk(self.published[part], part)
        return found

    def member(self, name: str) -> list[float | None] | None:
        """The first of all interfaces that has a member of this name."""
        return _versions(self.members[name]) if name in self.members else None


def _versions(supports: list[dict[str, Any]]) -> list[float | None]:
    return [min((since for support in supports if (since := _since(support.get(browser))) is not None), default=None)
            for browser in OLDEST]


def _since(statement: Any) -> float | None:
    """The version that knows a feature under its own name, without a switch of the user's."""
    versions = [float(number[0]) for one in (statement if isinstance(statement, list) else [statement or {}])
                if not {"flags", "prefix", "alternative_name"} & one.keys()
                and (number := re.search(r"[\d.]+", str(one.get("version_added"))))]
    return min(versions, default=None)


# What of the style sheet Opera Mini is known for, by the names of caniuse.
OPERA_MINI = ("css-variables", "css-sticky", "css-grid", "flexbox", "multicolumn", "css-gencontent", "css-mediaqueries",
              "prefers-color-scheme", "css-table", "details", "css-first-letter", "calc", "svg-img")


def main() -> None:
    """Write support.json anew out of what the two packages publish."""
    published, caniuse = (json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3])
    data = Data(published)
    scripts = {name for path in STATIC.glob("offline*.js") for name in features_of_script(path.read_text("utf-8"))}
    features = data.all_of("css", "html")
    syntax = data.all_of("javascript")
    features |= {name: syntax[name] for name in SYNTAX if name in syntax}
    features |= {name: versions for name in scripts if (versions := data.member(name.removeprefix("any.")))}
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(versions)}" for name, versions in sorted(features.items()))
    opera_mini = {name: caniuse["data"][name]["stats"]["op_mini"]["all"][0] for name in OPERA_MINI}
    SUPPORT.write_text(f'{{"mdn":"{published["__meta"]["version"]}",\n"opera_mini":{json.dumps(opera_mini)},\n'
                       f'"features":{{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
