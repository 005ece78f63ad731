"""Галина, the director, is told of whatever left the program in bulk, and nobody can do it often."""

import pytest

from ejd import clock
from ejd.audit.leaving import TOLD, Leaving, leave, unseen
from ejd.refusal import Refused


def left(school, session, kind=Leaving.CARDS, amount=412, hand="dina"):
    leave(session, kind=kind, amount=amount, actor_id=getattr(school, hand).id if hand else None,
          now=clock.real_now())
    session.commit()


def test_the_director_is_told_on_the_first_page_until_it_was_seen(as_, school, session):
    left(school, session)
    galina = as_(school.galina)
    assert "Выгрузки, о которых вы ещё не знаете: 1" in galina.get("/admin/").words
    page = galina.get("/admin/exports")
    assert "Дмитриева Дина Денисовна карточки с паролями 412 карточек новое" in page.words
    galina.post("/admin/exports", {"seen": [one["value"] for one in page.select("[name=seen]")]})
    assert "не знаете" not in galina.get("/admin/").words
    assert "412 карточек видели" in galina.get("/admin/exports").words


def test_a_deputy_is_not_told_and_sees_no_list(as_, school, session):
    left(school, session)
    dina = as_(school.dina)
    assert "не знаете" not in dina.get("/admin/").words
    dina.get("/admin/exports", status=403)


def test_what_came_while_the_page_was_open_stays_unseen(as_, school, session):
    left(school, session)
    galina = as_(school.galina)
    seen = [one["value"] for one in galina.get("/admin/exports").select("[name=seen]")]
    left(school, session, Leaving.ALL_DATA, 70_000)
    galina.post("/admin/exports", {"seen": seen})
    assert [one.kind for one in unseen(session)] == [Leaving.ALL_DATA]


@pytest.mark.parametrize("kind", Leaving)
def test_a_day_has_a_limit_whoever_asks(school, session, kind):
    most = TOLD[kind][2]
    for number in range(most):
        left(school, session, kind, hand="dina" if number % 2 else "olga")
    with pytest.raises(Refused, match=f"За сутки уже {most}"):
        left(school, session, kind, hand="galina")
    left(school, session, kind, hand=None)  # whoever has the server has everything anyway
    assert len(unseen(session)) == most + 1


def test_an_empty_list_says_so(as_, school):
    assert "ничего не выгружали" in as_(school.galina).get("/admin/exports").words
