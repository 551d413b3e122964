"""What is worked out from a note's findings. Nothing given, nothing said."""

from __future__ import annotations

import pytest

from intake.clinical.findings import computed

POINTS = {"aa": -1, "ba": -1, "c": -6, "d": -8, "ap": -2, "bp": -2, "tvl": 9}
PERFECT = {"p": 3, "e": 6, "r": 4, "f": 7}


def note(points=POINTS, perfect=PERFECT):
    answers = {f"popq_{name}": {"value": {"number": str(number), "unit": "cm"}} for name, number in points.items()}
    return answers | {f"perfect_{name}": {"value": {"number": str(number)}} for name, number in perfect.items()}


def test_the_stage_and_the_perfect_line_come_from_the_findings():
    found = computed(note())
    assert (found.stage, found.leading, found.perfect) == ("II", ("anterior",), "3/6/4//7")


def test_a_stage_never_stands_on_a_point_that_was_not_there_to_measure():
    supported = note({**POINTS, "aa": -3, "ba": -3, "ap": -3, "bp": -3, "tvl": 10})
    assert computed(supported | {"popq_cervix": {"value": "yes"}}).stage == "0"
    assert computed(supported | {"popq_cervix": {"value": "no"}}).stage == ""
    without = {name: answer for name, answer in supported.items() if name != "popq_d"}
    assert computed(without | {"popq_cervix": {"value": "no"}}).stage == "I"


def test_nothing_examined_is_nothing_said():
    found = computed({})
    assert (found.stage, found.leading, found.perfect) == ("", (), "")


@pytest.mark.parametrize("missing", ["p", "e", "r", "f"])
def test_an_incomplete_perfect_has_no_line_and_not_a_small_one(missing):
    assert computed(note(perfect={name: number for name, number in PERFECT.items() if name != missing})).perfect == ""


def test_a_point_that_was_not_examined_is_never_a_zero():
    unseen = note() | {
        "popq_ba": {"status": "not-examined", "reason": "declined"},
        "popq_aa": {"status": "not-examined", "reason": "declined"},
    }
    assert computed(unseen).leading != ("anterior",)


def aslr(left, right, column="lp_aslr_plain"):
    rows = {side: {column: code} for side, code in (("left", left), ("right", right)) if code is not None}
    return {"lp_aslr": {"value": rows}}


def test_the_straight_leg_raise_and_the_girdle_come_from_their_tables():
    rows = {"p4": {"lp_prov_left": "neg", "lp_prov_right": "pos"}, "symphysis": {"lp_prov_left": "pos"}}
    found = computed(aslr("2", "1") | {"lp_provocation": {"value": rows}})
    assert (found.aslr, found.eased) == (3, None)
    assert (found.girdle.likely, found.girdle.positive, found.girdle.tested) == (True, 1, 1)


def test_one_leg_has_no_total_and_says_nothing_of_the_girdle():
    rows = {"p4": {"lp_prov_left": "pos"}, "faber": {"lp_prov_nt": "unable"}}
    found = computed(aslr("2", None) | {"lp_provocation": {"value": rows}})
    assert (found.aslr, found.girdle.likely, found.girdle.tested) == (None, None, 1)


@pytest.mark.parametrize(
    ("cells", "tested", "likely"),
    [
        ({"lp_prov_left": "neg"}, 0, None),
        ({"lp_prov_left": "neg", "lp_prov_nt": "declined"}, 0, None),
        ({"lp_prov_right": "pos"}, 1, True),
        ({"lp_prov_left": "neg", "lp_prov_right": "neg"}, 1, False),
    ],
)
def test_a_test_of_one_side_is_negative_only_once_the_other_was_done(cells, tested, likely):
    rows = {"p4": cells, "symphysis": {"lp_prov_left": "pos"}}
    found = computed(aslr("2", "1") | {"lp_provocation": {"value": rows}}).girdle
    assert (found.tested, found.likely) == (tested, likely)


def test_a_leg_that_was_not_tested_has_no_part_in_a_total():
    rows = {"left": {"lp_aslr_plain": "0", "lp_aslr_nt": "unable"}, "right": {"lp_aslr_plain": "0"}}
    assert computed({"lp_aslr": {"value": rows}}).aslr is None


def test_compression_that_eases_the_raise_is_a_difference_of_totals():
    both = {side: {"lp_aslr_plain": "3", "lp_aslr_aided": "1"} for side in ("left", "right")}
    found = computed({"lp_aslr": {"value": both}})
    assert (found.aslr, found.eased) == (6, -4)


def test_brink_and_complexity_come_from_three_answers_each():
    brink = {f"in_brink_{part}": {"value": "3"} for part in ("pressure", "displacement", "duration")}
    parts = {"im_personal": "3+", "im_elements": "3", "im_presentation": "unstable"}
    found = computed(brink | {name: {"value": code} for name, code in parts.items()})
    assert (found.brink, found.complexity) == (9, "moderate")
    empty = computed({})
    assert (empty.brink, empty.complexity, empty.aslr) == (None, "", None)
