"""The house's walls: who may import whom, what rules may know, what never happens where."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EJD = ROOT / "ejd"
FILES = sorted(p for p in EJD.rglob("*.py") if "migrations" not in p.parts)
CAPABILITIES = {p.name for p in EJD.iterdir() if p.is_dir() and (p / "__init__.py").exists()} - {"web", "migrations"}
ROLES = {"teacher", "parent", "student", "admin", "auth"}

# Rules: values in, a reason out; the standard library and one another only. A module says of itself that it is one.
PURE = [path for path in FILES
        if re.search(r"\bPure\b", ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")]

# What every capability may know, and the capabilities from the ground up: each knows those below it, none beside it.
GROUND = {"access", "audit", "bulk", "clock", "config", "db", "mail", "names", "refusal", "typed", "words"}
FLOORS = ("school documents files jobs", "roster", "credentials", "schedule", "plans", "journal", "results", "homeroom",
          "diary", "families", "remarks", "certification", "privacy", "office compliance importing backup",
          "news archive", "demo")
# Known upward looks: module → modules it may ask, and why.
UPWARD = {
    # A login goes with its person, and one who can sign in must go on leading the school.
    "ejd/roster/people.py": {"ejd.credentials.models"},
    # Acts on who and what stands in a journal ask it first: marks stay, what is expected is released or handed over.
    "ejd/roster/classes.py": {"ejd.journal.leaving"},
    "ejd/roster/subgroups.py": {"ejd.journal.leaving"},
    "ejd/roster/groups.py": {"ejd.journal.leaving"},
    "ejd/roster/load.py": {"ejd.journal.lesson_facts", "ejd.journal.works"},
    "ejd/schedule/services.py": {"ejd.journal.lesson_facts"},
    "ejd/schedule/substitutions.py": {"ejd.journal.lesson_facts", "ejd.journal.closed", "ejd.journal.occasions"},
    "ejd/schedule/moving.py": {"ejd.journal.lesson_facts"},
    # What is typed is made fit to keep in one way.
    "ejd/plans/services.py": {"ejd.journal.wording"},
    # A term that marks and closed journals hang on stays as it is.
    "ejd/school/term_facts.py": {"ejd.journal.models", "ejd.results.models", "ejd.roster.models"},
    # The list of a day's lessons tells whether homework is there.
    "ejd/schedule/queries.py": {"ejd.journal.lessons_in_a_row"},
    # What a form of service closes is known with the session, in the same statement.
    "ejd/credentials/arriving.py": {"ejd.families.models", "ejd.families.provision"},
    # Before a term is closed it is told which remarks on its journals are not.
    "ejd/results/queries_closing.py": {"ejd.remarks.queries"},
    # To whom a refusal closes everything, nobody makes a card.
    "ejd/credentials/holders.py": {"ejd.families.models", "ejd.families.provision"},
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Modules a file imports anywhere in it, `from a import b` counted as a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", PURE, ids=name)
def test_rules_know_only_the_standard_library_and_rules(path):
    pure = {".".join(p.relative_to(ROOT).with_suffix("").parts) for p in PURE}
    for module in imports(path):
        top = module.split(".")[0]
        if top == "ejd":
            assert any(module == p or module.startswith(p + ".") or p.startswith(module + ".") for p in pure), module
        else:
            assert top in sys.stdlib_module_names, module


@pytest.mark.parametrize("path", [p for p in FILES if "web" not in p.parts], ids=name)
def test_capabilities_do_not_know_the_web(path):
    if path.parent == EJD or path.name == "commands.py":
        return
    for module in imports(path):
        assert not module.startswith(("ejd.web", "flask_login", "flask_wtf")), module
        assert not re.match(r"flask(\.|$)", module), module


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in CAPABILITIES and p.name != "commands.py"],
                         ids=name)
def test_capabilities_know_only_those_below_them(path):
    mine = path.relative_to(EJD).parts[0]
    floor = next((number for number, names in enumerate(FLOORS) if mine in names.split()), 0)
    below = GROUND | set(" ".join(FLOORS[:floor]).split()) | {mine}
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "ejd" and len(parts) > 1 and parts[1] not in below:
            assert any(module == one or module.startswith(one + ".") or one.startswith(module + ".")
                       for one in UPWARD.get(name(path), ())), module


def test_every_capability_has_its_floor_and_every_upward_look_is_needed():
    assert CAPABILITIES - {"audit"} == set(" ".join(FLOORS).split())
    for path, modules in UPWARD.items():
        assert modules <= imports(ROOT / path), path


@pytest.mark.parametrize("path", [p for p in FILES if "web" in p.parts], ids=name)
def test_roles_do_not_import_each_other(path):
    mine = path.parts[path.parts.index("web") + 1]
    for module in imports(path):
        parts = module.split(".")
        if parts[:2] == ["ejd", "web"] and len(parts) > 2 and parts[2] in ROLES and mine in ROLES:
            assert parts[2] == mine, module


@pytest.mark.parametrize("path", [p for p in FILES if "web" in p.parts and p.name != "access.py"], ids=name)
def test_views_do_not_ask_the_database(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bselect\(|session\.(scalar|scalars|execute|query|get|add)\(", text)


@pytest.mark.parametrize("path", [p for p in FILES if "web" in p.parts], ids=name)
def test_only_a_post_is_a_save(path):
    """Where everything but GET counts as a save, HEAD is one, without a token."""
    for found in re.finditer(r'method\s*[=!]=\s*"(\w+)"', path.read_text(encoding="utf-8")):
        assert found[1] == "POST" or path.name == "access.py", found[0]


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in CAPABILITIES], ids=name)
def test_capabilities_never_commit(path):
    if path.name != "commands.py" and path.parent.name != "demo":
        assert ".commit(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_stay_readable(path):
    assert path.read_text(encoding="utf-8").count("\n") <= 400


def test_templates_keep_the_rules():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b", text), name(path)
        assert not re.search(r"{%\s*if\s+htmx", text), name(path)
        assert all("action=" in form for form in re.findall(r"<form\b(?:{{.*?}}|{%.*?%}|[^>])*>", text)), name(path)
        if path.name.startswith("_"):
            assert text.startswith("{# needs:"), name(path)
