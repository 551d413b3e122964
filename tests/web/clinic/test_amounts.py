"""What findings amount to, where it is read: with a word when what it was worked out from was corrected."""

from __future__ import annotations

import re

import pytest

from intake.cli.demo import people
from intake.clinical import additions
from intake.clinical.additions import Change

POINTS = {"aa": "-1", "ba": "-1", "c": "-6", "d": "-8", "ap": "-2", "bp": "-2", "tvl": "9"}
EXAMINED = {
    **{name: {"value": value} for name, value in people.consent().items()},
    **{f"popq_{name}": {"value": {"number": cm, "unit": "cm"}} for name, cm in POINTS.items()},
    "popq_cervix": {"value": "yes"},
    "popq_position": {"value": "supine"},
    "popq_note": {"value": "Bladder empty."},
}
SINCE = "Worked out from what was signed, and corrected on"


@pytest.fixture
def note(make, sign_in):
    made = make.note(answers=EXAMINED, signed=True)
    sign_in(made.author)
    return made


def popq(client, note):
    page = client.get(f"/clinic/notes/{note.id}").text
    return re.search(r'<section aria-labelledby="popq:title">.*?</section>', page, re.DOTALL)[0]


def test_a_stage_whose_points_were_corrected_says_so(client, make, note):
    assert SINCE not in popq(client, note)
    make.add(note, addition=additions.correction(Change("popq_c", "-6 cm", "3 cm"), "Sign forgotten"))
    part = popq(client, note)
    assert "POP-Q stage II, leading: anterior" in part
    assert f"{SINCE} " in part
    assert note.author.name in part


def test_other_words_of_the_same_note_do_not_touch_it(client, make, note):
    made = make.note(note.visit, answers={**EXAMINED, "im_impression": {"value": "On the left."}}, signed=True)
    make.add(made, addition=additions.correction(Change("im_impression", "left", "right"), "Slip"))
    assert SINCE not in client.get(f"/clinic/notes/{made.id}").text
