"""The full journal of a term for 36 classes, as the administration prints it: read, drawn, written down and packed, in
a process of its own, so that the memory is that of the work alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CLASSES, TERM = 36, 3  # the longest term
SECONDS, MEGABYTES = 30.0, 400.0


def printed_journal(house: Any) -> None:
    """One line for the time, one for the memory."""
    ended = subprocess.run([sys.executable, "-m", "bench.printed_journal", str(house.folder)], check=True,
                           capture_output=True, text=True)
    found = json.loads(ended.stdout.splitlines()[-1])
    house.report.line("printed-journal", found["seconds"], SECONDS, "s",
                      note=f"{CLASSES} classes, {found['pages']} pages, {found['size'] / 1024 / 1024:.1f} MB")
    house.report.line("printed-journal-memory", found["memory"], MEGABYTES, "MB")


def main(folder: Path) -> None:
    from sqlalchemy import select

    from bench.school import DEPUTY, NOW, app_on
    from ejd import clock
    from ejd.certification.printing import print_classes
    from ejd.db import db
    from ejd.jobs.models import Job
    from ejd.roster.models import SchoolClass

    with app_on(folder).app_context(), clock.freeze(NOW):
        class_ids = db.session.scalars(select(SchoolClass.id).order_by(SchoolClass.id).limit(CLASSES)).all()
        db.session.rollback()
        told: list[int] = []
        begun = time.perf_counter()
        made = print_classes(
            db.session, Job(id=1, kind="journal", owner_id=DEPUTY, params=json.dumps({
                "class_ids": list(class_ids), "term_id": TERM})), lambda done, total: told.append(done))
        taken = time.perf_counter() - begun
    assert told[-1] == CLASSES and made.name.endswith(".zip")
    pages = int("".join(filter(str.isdigit, made.said.split(",")[1])))
    print(json.dumps({"seconds": taken, "pages": pages, "size": len(made.body), "memory": most_memory()}))


def most_memory() -> float:
    """The most that this process has held, in MB. Not getrusage: a child begins there with what its parent held."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
