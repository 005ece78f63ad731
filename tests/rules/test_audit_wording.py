"""Every declared act has its sentence in the search over the record, made of fields that it has."""

from __future__ import annotations

import pytest

from ejd.audit.trail import VERBS
from ejd.audit.wording import ACT, GROUP_NAMES, IT, SAID, SENTENCES, Group, fields_of


def test_every_verb_is_worded_once_and_no_other():
    assert SENTENCES.keys() == VERBS.keys(), "say in ejd/audit/wording.py how the new verb reads"
    assert sum(len(verbs) for verbs in SAID.values()) == len(SENTENCES)


@pytest.mark.parametrize("verb", VERBS)
def test_a_sentence_is_made_of_what_the_verb_declares(verb):
    assert {name for name, _ in fields_of(verb)} - {IT, ACT} <= VERBS[verb]
    assert " - " not in SENTENCES[verb] and '"' not in SENTENCES[verb]


def test_every_group_has_a_name():
    assert set(GROUP_NAMES) == set(Group) == set(SAID)
