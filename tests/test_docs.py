"""What the documents say about the code is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import FLOORS

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
RULES = dict(re.findall(
    r"^\| (R\d+) (\|.*)$", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE))
PATH = re.compile(r"`((?:ejd|tests|bench|docs)/[\w/.-]+\.(?:py|md))`")


def test_every_rule_that_is_cited_is_explained():
    cited = {number for folder in ("ejd", "tests", "templates", "docs") for path in (ROOT / folder).rglob("*")
             if path.suffix in {".py", ".html", ".md"}
             for number in re.findall(r"\bR\d+\b", path.read_text(encoding="utf-8"))}
    assert cited == RULES.keys()


@pytest.mark.parametrize("number", RULES)
def test_what_keeps_and_what_tells_a_rule_names_it(number):
    paths = PATH.findall(RULES[number])
    assert {path.split("/")[0] for path in paths} == {"ejd", "tests"}
    for path in paths:
        cited = re.findall(r"\bR(\d+)(?:–R(\d+))?\b", (ROOT / path).read_text(encoding="utf-8"))
        assert any(int(first) <= int(number[1:]) <= int(last or first) for first, last in cited), path


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_files_that_documents_name_are_there(path):
    text = path.read_text(encoding="utf-8")
    for named in PATH.findall(text):
        assert (ROOT / named).exists(), named
    for named in re.findall(r"\]\(([\w/.-]+)\)", text):
        assert (path.parent / named).exists(), named


def test_the_readme_names_every_document():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs").glob("*.md"):
        assert f"docs/{path.name}" in readme, path.name


def test_the_picture_of_the_house_is_the_house():
    """docs/architecture.md names every capability, and their order as it is checked."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    order = re.search(r"```\n (school, .*?)\n```", text, re.DOTALL)[1]
    assert [set(re.findall(r"\w+", floor)) for floor in order.split("→")] == [set(floor.split()) for floor in FLOORS]
    assert not [name for floor in FLOORS for name in floor.split() if f" {name}/ " not in text]
