"""Which kinds of notes there are."""

from __future__ import annotations

import pytest

from intake.clinical.kinds import AT_VISITS, OUTSIDE
from intake.forms import reader
from intake.security.policy import ASSISTANTS_WRITE

ALL = {*AT_VISITS, *OUTSIDE}


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_kind_is_a_form_for_clinicians(kind):
    assert reader.latest(kind).audience == "clinician"


def test_what_assistants_may_write_are_kinds():
    assert ALL > ASSISTANTS_WRITE
