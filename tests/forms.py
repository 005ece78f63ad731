"""Signed papers as tests tell them: a guardian refuses, annuls, is limited by a court; a pupil asks himself."""

from __future__ import annotations

from datetime import date
from itertools import count

from ejd import clock
from ejd.families.forms import NewPaper, register_paper
from ejd.families.models import ServicePaper
from ejd.families.provision import PaperKind
from ejd.roster.models import Guardianship, Person
from tests.world import FIRST_DAY, World

_numbers = count(1)


def signs(school: World, kind: PaperKind | str, pupil: Person, guardian: Person | None = None, *,
          by: Person | None = None, **more: object) -> ServicePaper:
    """The paper is registered today by Анна, unless another is named."""
    number = next(_numbers)
    said: dict[str, object] = {"number": f"{number}/26", "signed_on": clock.today(), "key": f"paper-{number}"} | more
    return register_paper(school.session, paper=NewPaper(
        kind=PaperKind(kind), pupil_id=pupil.id, guardian_id=guardian.id if guardian else None,
        actor_id=(by or school.anna).id, at=clock.now(), **said))  # type: ignore[arg-type]


def second_guardian(school: World, pupil: Person) -> Person:
    """Пётр Волков becomes a guardian of the pupil as well."""
    from tests.world import _person

    person = _person(("Волков", "Павел", "Петрович"))
    school.session.add(Guardianship(guardian_id=person.id, pupil_id=pupil.id, relation="отец", from_on=FIRST_DAY))
    school.session.flush()
    return person


def is_born(school: World, pupil: Person, born: date) -> None:
    pupil.birth_date = born
    school.session.flush()
