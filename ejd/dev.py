"""The Makefile's tasks, for machines with or without make: `python -m ejd.dev run|test|bench|…`.

Makes the virtual environment and installs pinned packages on first use. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
PYTHON = VENV / PROGRAMS / ("python.exe" if os.name == "nt" else "python")
LOAD = ROOT / ".venv-load"  # Locust brings gevent and a plugin of pytest: it stays by itself
LEAST_PYTHON = (3, 11)


def prepare(requirements: str, environment: Path = VENV) -> None:
    """Install what `requirements` pins, unless that very file was installed already."""
    files = [ROOT / "requirements.txt", ROOT / requirements]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    stamp = environment / f"{requirements}.installed"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Устанавливаю пакеты (один раз)…", flush=True)
    if not (environment / PROGRAMS).exists():
        make_environment(environment)
    python = environment / PROGRAMS / PYTHON.name
    call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", ROOT / requirements)
    stamp.write_text(digest)


def make_environment(environment: Path) -> None:
    """A virtual environment with pip, or one line about what the machine lacks."""
    try:
        venv.create(environment, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(environment, ignore_errors=True)
        sys.exit("В этом Python нет pip. Debian, Astra: apt-get install python3-venv")


def call(*command: object) -> None:
    """Run a command in the project's folder; end with its exit code when it fails."""
    if code := _code_of(_started(command)):
        sys.exit(code)


def both(first: Sequence[object], second: Sequence[object], *, between: str) -> int:
    """Run two commands at once, what they say one after the other; the worse exit code."""
    with tempfile.TemporaryFile() as said:
        behind = _started(second, stdout=said, stderr=subprocess.STDOUT)
        code = _code_of(_started(first))
        print(between, flush=True)
        worse = max(abs(code), abs(_code_of(behind)))
        said.seek(0)
        sys.stdout.write(said.read().decode(errors="replace"))
        sys.stdout.flush()
    return worse


def _started(command: Sequence[object], **streams: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([str(part) for part in command], cwd=ROOT, **streams)


def _code_of(process: subprocess.Popen[bytes]) -> int:
    while (code := _ended(process)) is None:
        pass  # Ctrl+C reaches the command too: wait until it has stopped by itself
    return code


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait()
    except KeyboardInterrupt:
        return None


def run() -> None:
    """The program with its demo school on http://127.0.0.1:8000."""
    prepare("requirements.txt")
    call(PYTHON, "-m", "flask", "--app", "app", "demo", "--if-empty")
    call(PYTHON, "app.py")


def test() -> None:
    """Rules, services and pages on SQLite, and services and pages again on a real PostgreSQL at the same time."""
    prepare("requirements-dev.txt")
    tests = (PYTHON, "-m", "pytest", "tests", "--ignore=tests/e2e")
    if sys.argv[2:]:
        call(*tests, *sys.argv[2:])
        return
    told_once = [f"--ignore=tests/{name}" for name in (  # ask no database; after the empty line: .ci/run tells them
        "rules", "test_architecture.py", "test_docs.py", "test_dev.py", "test_serving.py", "pages/test_headers.py",

        "test_demo.py", "test_access_matrix.py", "test_safe_methods.py", "pages/test_mutated_forms.py")]
    code = both(tests, (*tests, *told_once, "--database=postgresql", "-p", "no:cacheprovider"),
                between="\nТе же тесты на PostgreSQL:")
    if code:
        sys.exit(code)


def bench() -> None:
    """Every budget: figure, budget, floor, ratio."""
    prepare("requirements-dev.txt")
    call(PYTHON, "-m", "bench", *sys.argv[2:])


def september() -> None:
    """The first school morning, by Locust: 1,000 families sign in within 10 minutes while 40 teachers mark."""
    prepare("requirements-dev.txt")
    prepare("requirements-load.txt", LOAD)
    call(PYTHON, "-m", "bench.september", "--locust", LOAD / PROGRAMS / "locust", *sys.argv[2:])


def soak() -> None:
    """Twenty teachers type while the server is killed fifty times, on SQLite and on PostgreSQL: nothing is lost."""
    prepare("requirements-dev.txt")
    for database in ((), ("--postgresql",)):
        call(PYTHON, "-m", "bench.soak", *database, *sys.argv[2:])


def lint() -> None:
    """Style and types."""
    prepare("requirements-dev.txt")
    call(PYTHON, "-m", "ruff", "check", ".")
    call(PYTHON, "-m", "mypy")


def e2e() -> None:
    """Journeys in a real browser (Chromium on the PATH)."""
    prepare("requirements-dev.txt")
    call(PYTHON, "-m", "pytest", "tests/e2e", *sys.argv[2:])


def pictures() -> None:
    """Every page as a picture at 1366 and 360 pixels, with a sheet of them all; arguments: a folder, --dark."""
    prepare("requirements-dev.txt")
    call(PYTHON, "-m", "tests.e2e.pictures", *sys.argv[2:])


def attack() -> None:
    """Two scanners, wapiti and sqlmap, against a demo school of their own."""
    prepare("requirements-dev.txt")
    call(PYTHON, "-m", "bench.attack")


TASKS = {task.__name__: task for task in (
    run, test, bench, september, soak, lint, e2e, pictures, attack)}


def main() -> None:
    if sys.version_info < LEAST_PYTHON:
        sys.exit("Нужен Python 3.11 или новее: https://www.python.org/downloads/")
    task = TASKS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if task is None:
        sys.exit("Задачи:\n" + "\n".join(f"  {name:9} {task.__doc__}" for name, task in TASKS.items()))
    task()


if __name__ == "__main__":
    main()
