"""Failed attempts slow down, and a victim is not locked out."""

import pytest

from ejd.credentials.throttling import LONGEST, Failures, seconds_to_wait

QUIET = 10**9


def failures(*, here=0, ago=0.0, everywhere=None, logins=1, own_device=False):
    return Failures(here, ago if here else QUIET, everywhere if everywhere is not None else here,
                    ago, logins, ago, own_device)


@pytest.mark.parametrize(("here", "ago", "least", "most"), [
    (0, 0, 0, 0),
    (3, 0, 0, 0),  # three slips cost nothing
    (4, 0, 2, 3),
    (5, 0, 4, 5),
    (5, 10, 0, 0),  # waited long enough
    (30, 0, LONGEST, LONGEST + 1),  # never longer than five minutes
])
def test_the_pause_doubles_with_each_failure_and_has_an_end(here, ago, least, most):
    assert least <= seconds_to_wait(failures(here=here, ago=ago)) <= most


def test_an_attacker_with_many_addresses_is_slowed_down():
    assert seconds_to_wait(failures(here=0, everywhere=25)) > 0


def test_the_victim_at_her_own_device_is_not():
    assert seconds_to_wait(failures(here=0, everywhere=2500, logins=60, own_device=True)) == 0


def test_her_own_slips_count_there():
    assert seconds_to_wait(failures(here=4, own_device=True)) > 0


def test_a_school_behind_one_address_is_not_held_up_by_thirty_forgetful_people():
    assert seconds_to_wait(failures(here=1, everywhere=1, logins=30)) == 0


def test_guessing_many_logins_from_one_address_is_slowed_down():
    assert seconds_to_wait(failures(here=1, everywhere=1, logins=60)) > 0
