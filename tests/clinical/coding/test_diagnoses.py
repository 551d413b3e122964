"""Remarks about diagnoses: headings, pairs that exclude each other, codes of childbirth, codes that are kept apart."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest

from intake.clinical.additions import Change
from intake.clinical.coding import codes, diagnoses
from intake.clinical.coding.codes import Code, Lists
from tests.sizes import size

VISIT = date(2026, 11, 23)
LISTS = codes.built_in(VISIT)


def note(*open_ones, apart=()):
    """The answers of a note with these codes; `apart` are (code, bill, confidential)."""
    answers = {"dx": {"value": [{"dx_code": {"value": code}} for code in open_ones]}}
    if apart:
        entries = [
            {"dxa_code": {"value": code}, "dxa_bill": {"value": bill}, "dxa_confidential": {"value": mail}}
            for code, bill, mail in apart
        ]
        answers["dx_apart"] = {"value": entries}
    return answers


def said(answers, lists=LISTS, on=VISIT, birth=None):
    """{field: [texts]} of what is said."""
    found = {}
    for remark in diagnoses.remarks(answers, lists, on=on, birth=birth):
        found.setdefault(remark.field, []).append(remark.text)
    return found


def every(answers):
    return [text for texts in said(answers).values() for text in texts]


def stops(answers, lists=LISTS, on=VISIT):
    return [remark.text for remark in diagnoses.remarks(answers, lists, on=on) if remark.stops]


def test_a_code_that_stands_alone_and_fits_needs_no_word():
    assert said(note("N94.11 Superficial (introital) dyspareunia")) == {}


@pytest.mark.parametrize("heading", ["R10.2", "N39.4", "O70.2", "K59.0"])
def test_a_heading_is_refused_and_a_code_under_it_named(heading):
    (remark,) = [r for r in diagnoses.remarks(note(heading), LISTS, on=VISIT) if r.text == diagnoses.HEADING]
    assert remark.stops
    assert remark.values["under"].startswith(heading)
    assert remark.values["under"] != heading


def test_words_without_a_code_are_refused():
    assert stops(note("pelvic pain")) == [diagnoses.NO_CODE]


@pytest.mark.parametrize("code", ["Z37.0", "Z37.9", "Z3A.40"])
def test_codes_of_the_delivery_record_are_refused(code):
    assert stops(note(code)) == [diagnoses.REFUSED]


def test_the_routine_postpartum_check_is_doubted():
    assert said(note("Z39.2")) == {"dx.0.dx_code": [diagnoses.UNSUITED]}


@pytest.mark.parametrize("code", ["F52.6", "Z63.0", "T74.11XA", "Z91.410"])
def test_a_code_that_is_kept_apart_is_moved_before_signing(code):
    assert diagnoses.MOVE in stops(note(code))
    assert diagnoses.MOVE not in stops(note(apart=[(code, "no", "not-yet")]))


@pytest.mark.parametrize(
    ("bill", "mail", "warned"),
    [("yes", "not-yet", True), ("yes", "wanted", False), ("yes", "declined", False), ("no", "not-yet", False)],
)
def test_billing_such_a_code_asks_for_the_offer_of_other_mail(bill, mail, warned):
    found = said(note(apart=[("F52.0", bill, mail)])).get("dx_apart.0.dxa_code", [])
    assert (diagnoses.ASK in found) is warned


def test_a_code_that_is_kept_apart_is_on_the_claim_only_when_somebody_ticked_it():
    answers = note("N94.11", apart=[("F52.0", "yes", "wanted"), ("Z63.0", "no", "wanted"), ("Z70.8", None, None)])
    assert [each.code for each in diagnoses.on_claim(answers)] == ["N94.11", "F52.0"]


@pytest.mark.parametrize(
    "words",
    [
        "M62.89 pelvic floor; T74.21XA adult sexual abuse by husband, confirmed",
        "N39.3 and T7421XA",
        "N39.3/F52.0",
        "N39.3 with n39.41 urge",
        "N39.3, N3941",
        "Z99.9 words nobody lists, t74.21xa",
    ],
)
def test_a_line_takes_one_code(words):
    assert diagnoses.ONE in stops(note(words))
    assert diagnoses.ONE in stops(note(apart=[(words, "yes", "wanted")]))


@pytest.mark.parametrize("words", ["N39.3 after L4-S1 fusion", "N39.3 and low B12", "M62.89 2.5 cm at level T12"])
def test_words_that_only_look_a_little_like_a_code_are_words(words):
    assert diagnoses.ONE not in stops(note(words))


@pytest.mark.parametrize("words", ["R33.9 catheter F16 in place", "N39.3 (F32, G2P2)", "N39.3, lives in Z63"])
def test_a_size_of_a_catheter_or_an_age_is_no_second_code(words):
    assert diagnoses.ONE not in stops(note(words))
    assert diagnoses.ONE not in stops(note(apart=[(words, "no", "wanted")]))


def test_three_letters_are_a_second_code_where_the_list_of_the_day_has_them_as_one():
    heading = Code("F32", "Depressive episode", VISIT, is_heading=True)
    found = [Code("N39.3", "Stress", VISIT), Code("F39", "Mood disorder", VISIT), heading]
    full = Lists({each.code: each for each in found}, {}, {}, is_full=True)
    assert diagnoses.ONE in stops(note("N39.3 and f39"), full)
    assert diagnoses.ONE in stops(note("N39.3, R32")), "one that comes along"
    assert diagnoses.ONE not in stops(note("N39.3 (F32, G2P2)"), full)


SIGNED = "ICD-10-CM code: M62.89 Other specified disorders of muscle; Side, detail or how it shows: left"


def corrected(old, new, question="dx", lists=LISTS):
    change = Change(question, old or SIGNED, new)
    return [remark.text for remark in diagnoses.of_correction(SIGNED, change, lists, on=VISIT)]


@pytest.mark.parametrize("old", ["", "M62.89", "M62.89 Other specified disorders of muscle", "left"])
@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("T74.21XA Adult sexual abuse, confirmed, by husband", diagnoses.MOVE),
        ("it was really f53.0", diagnoses.MOVE),
        ("ICD-10-CM code: t7421xa", diagnoses.MOVE),
        ("Z37.0 Single live birth", diagnoses.REFUSED),
        ("N39.4", diagnoses.HEADING),
        ("M62.81 and N39.3", diagnoses.ONE),
    ],
)
def test_a_correction_of_diagnoses_is_refused_as_the_note_would_be(old, new, text):
    assert text in corrected(old, new)


@pytest.mark.parametrize(("old", "new"), [("M62.89", "F39"), ("M62.89", "F39 mood"), ("M62.8", "F53."), ("M62", "F53")])
def test_a_code_pieced_together_by_a_correction_is_seen(old, new):
    assert diagnoses.MOVE in corrected(old, new)


@pytest.mark.parametrize(
    ("old", "new"), [("left", "right, catheter F16"), ("M62.89 Other specified disorders of muscle", "M62.81 Weakness"),
                     ("", "M62.81\nN39.3 Stress incontinence (female) (male)"), ("left", "at level T12")]
)  # fmt: skip
def test_an_ordinary_correction_of_diagnoses_is_signed(old, new):
    assert corrected(old, new) == []
    assert corrected(old, new, "im_impression") == []


def test_what_is_kept_apart_is_corrected_where_it_stands():
    change = Change("dx_apart", "F53.0", "F53.1 Puerperal psychosis")
    held = "ICD-10-CM code: F53.0 Postpartum depression"
    assert diagnoses.of_correction(held, change, LISTS, on=VISIT) == ()


def test_the_title_of_the_list_stands_whatever_is_in_it():
    odd = Code("N39.3", "Leaks, other than N39.46", VISIT)
    assert stops(note(odd.words), Lists({"N39.3": odd}, {}, {})) == []


def test_a_bill_names_a_diagnosis_as_the_list_of_the_day_does():
    (known,) = diagnoses.written(note("N39.3 leaks on the trampoline; T74.21XA"))
    assert diagnoses.title(known, LISTS) == "Stress incontinence (female) (male)"


@pytest.mark.parametrize(
    ("text", "label"), [("S39.012A strain, low back", "strain, low back"), ("S39.012A strain, T74.21XA", "")]
)
def test_words_stand_on_a_bill_only_behind_a_code_of_no_list_and_without_another_code(text, label):
    (unknown,) = diagnoses.written(note(text))
    assert diagnoses.title(unknown, LISTS) == label


def test_a_code_that_is_kept_apart_is_on_no_claim_from_among_the_others():
    assert [each.code for each in diagnoses.on_claim(note("N94.11", "F53.0"))] == ["N94.11"]


def test_a_heading_without_known_codes_under_it_is_told_without_naming_one():
    full = Lists({"N39.3": Code("N39.3", "Stress", VISIT, is_heading=True)}, {}, {}, is_full=True)
    assert stops(note("N39.3"), full) == [diagnoses.HEADING_ALONE]


def test_a_code_of_another_time_is_refused():
    assert stops(note("R10.21"), codes.built_in(date(2025, 9, 30)), date(2025, 9, 30)) == [diagnoses.NOT_VALID]


def test_a_code_nobody_knows_is_doubted_here_and_refused_beside_the_full_set():
    assert said(note("S39.012A")) == {"dx.0.dx_code": [diagnoses.UNKNOWN]}
    assert stops(note("S39.012A")) == []
    full = Lists({"N39.3": Code("N39.3", "Stress incontinence", VISIT)}, {}, {}, is_full=True)
    assert stops(note("S39.012A"), full) == [diagnoses.NOT_VALID]
    assert stops(note("N39.3"), full) == []


PAIRS = [
    ("N39.3", "N39.46"), ("N39.41", "N39.46"), ("R32", "N39.3"), ("R32", "N39.498"), ("R10.21", "N94.818"),
    ("N94.11", "F52.6"), ("N94.2", "F52.5"), ("N81.10", "N81.2"), ("N81.12", "N81.4"), ("R27.8", "R26.0"),
    ("M54.50", "M54.41"), ("M54.59", "S39.012A"), ("M62.838", "M79.18"), ("M62.08", "R25.2"), ("N89.8", "O70.1"),
    ("N89.8", "O71.82"), ("N89.8", "N81.84"), ("F53.0", "O90.6"), ("Z98.891", "O34.211"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_codes_that_exclude_each_other_are_told_in_either_order(one, other):
    for pair in ((one, other), (other, one)):
        assert diagnoses.EXCLUDED in every(note(*pair))


@pytest.mark.parametrize(
    ("one", "other"), [("L90.5", "L91.0"), ("N39.3", "N39.41"), ("N81.10", "N81.6"), ("N89.8", "O71.5")]
)
def test_others_may_stand_together(one, other):
    assert diagnoses.EXCLUDED not in every(note(one, other))


def test_the_pair_is_told_across_what_is_kept_apart():
    assert diagnoses.EXCLUDED in every(note("N94.11", apart=[("F52.6", "no", "wanted")]))


def plainly_exclude(one, other):
    """The tabular notes once more, by hand."""

    def any_of(code, *starts):
        return any(code == start or (start.endswith("*") and code.startswith(start[:-1])) for start in starts)

    def either(first, second):
        return (any_of(one, *first) and any_of(other, *second)) or (any_of(other, *first) and any_of(one, *second))

    return (
        either(["N39.3", "N39.41"], ["N39.46"])
        or either(["R32"], ["N39.3", "N39.4*"])
        or either(["R10.2*"], ["N94.81*"])
        or either(["N94.1*"], ["F52.6"])
        or either(["N94.2"], ["F52.5"])
        or either(["N81.1*"], ["N81.2", "N81.3", "N81.4"])
        or either(["R27*"], ["R26.0"])
        or either(["M54.5*"], ["M54.4*", "S39.012*"])
        or either(["M62*"], ["M79.1*", "R25.2"])
        or either(["N89.8"], ["O70*", "O71.4", "O71.7", "O71.8*", "N81.8*"])
        or either(["F53*"], ["O90.6"])
        or either(["Z98.891"], ["O34.2*"])
    )


def test_pairs_agree_with_the_notes_written_out_by_hand():
    random = Random(20261123)
    names = [each.code for each in codes.ours()] + ["R26.0", "S39.012A", "R25.2", "O34.211"]
    for _turn in range(size(5_000, 100_000)):
        one, other = random.sample(names, 2)
        told = any(r.text == diagnoses.EXCLUDED for r in diagnoses._of_two(diagnoses.written(note(one, other))))
        assert told == plainly_exclude(one, other), (one, other)


def test_what_has_to_be_coded_too_is_reminded_of_until_it_is_there():
    assert said(note("N39.41")) == {"dx.0.dx_code": [diagnoses.ALSO]}
    assert said(note("N39.41", "N32.81")) == {}
    assert diagnoses.ALSO in said(note("N36.41"))["dx.0.dx_code"]


@pytest.mark.parametrize(("days", "late"), [(42, False), (43, True), (400, True)])
def test_codes_of_the_puerperium_are_doubted_after_six_weeks(days, late):
    found = said(note("O90.1"), birth=VISIT - timedelta(days=days)).get("dx.0.dx_code", [])
    assert (diagnoses.LATE in found) is late


def test_without_a_birth_nobody_says_that_it_is_late():
    assert said(note("O90.1")) == {}


def test_codes_of_the_delivery_itself_are_doubted_and_the_sequela_is_not():
    assert said(note("O70.21")) == {"dx.0.dx_code": [diagnoses.DELIVERY]}
    assert said(note("R15.9", "O94"), birth=VISIT - timedelta(days=400)) == {}


def test_childbirth_comes_first_and_what_it_left_behind_does_not():
    assert said(note("L90.5", "O90.1")) == {"dx.1.dx_code": [diagnoses.FIRST]}
    assert said(note("O90.1", "L90.5")) == {}
    assert said(note("O94", "R15.9")) == {"dx.0.dx_code": [diagnoses.BEHIND]}


def test_a_code_twice_is_told():
    assert said(note("N94.2", "N94.2")) == {"dx.1.dx_code": [diagnoses.TWICE]}


def test_payers_differ_on_diastasis_and_the_note_says_so():
    assert said(note("M62.08")) == {"dx.0.dx_code": [diagnoses.NOTE]}


def test_the_order_never_changes_which_pairs_are_told():
    for order in permutations(("R32", "N39.3", "N39.46")):
        assert every(note(*order)).count(diagnoses.EXCLUDED) == 3
