"""Her word about ways to reach her."""

from __future__ import annotations

import pytest

from intake.clinical.contacts import (
    MISSING,
    NO_ADDRESS,
    QUESTION,
    REASONS,
    UNASKED,
    About,
    looser,
    no_freer,
    noted,
    reason_not_to_mail,
    saved_by_hand,
    taken_back,
    with_her_word,
    with_word_on_paper,
)

CLINIC = [
    {"method": "mobile", "value": "555 0199", "safe": "safe"},
    {"method": "email", "value": "sample@fernleaf.example", "safe": "unknown"},
]


def said(**flags):
    return {"id_safe_to_contact": {"value": flags}}


def test_a_way_she_calls_not_private_is_never_safe_whatever_the_clinic_wrote():
    assert [c["safe"] for c in with_her_word(CLINIC, said(mobile="not-safe"))] == ["not-safe", "unknown"]


def test_a_way_she_does_not_use_is_not_used():
    assert with_her_word(CLINIC, said(email="not-used"))[1]["safe"] == "not-safe"


def test_a_way_she_says_nothing_of_stays_as_it_was():
    assert with_her_word(CLINIC, {}) == CLINIC
    assert with_her_word(CLINIC, {"id_safe_to_contact": {"status": "declined"}}) == CLINIC


def test_a_way_the_clinic_does_not_have_is_not_made_up():
    assert len(with_her_word(CLINIC, said(home="safe"))) == 2


def test_a_way_she_did_not_tick_is_not_used_whatever_its_row_still_says():
    answers = {"id_contact_methods": {"value": ["email"]}, **said(mobile="safe", email="safe")}
    assert [c["safe"] for c in with_her_word(CLINIC, answers)] == ["not-safe", "safe"]


SAFE = [{"method": "email", "value": "sample@fernleaf.example", "safe": "safe"}]
TICKED = {"id_contact_methods": {"value": ["email"]}, **said(email="safe")}
PASSED_OVER = {"status": "skipped"}


@pytest.mark.parametrize(
    "now",
    [
        {"id_contact_methods": PASSED_OVER, "id_safe_to_contact": PASSED_OVER},
        {"id_contact_methods": PASSED_OVER, **said(email="safe")},  # without script the row is still sent
        {"id_contact_methods": {"value": ["email"]}, "id_safe_to_contact": PASSED_OVER},
        {"id_contact_methods": {"value": ["email"]}, "id_safe_to_contact": {"status": "declined"}},
        {"id_contact_methods": {"value": ["email"]}, **said(mobile="safe")},
    ],
)
def test_a_word_she_takes_back_is_no_leave_any_more(now):
    (mine,) = with_her_word(SAFE, now, TICKED)
    assert mine["safe"] == "unknown"
    assert reason_not_to_mail([mine], About.APPOINTMENT) == UNASKED


@pytest.mark.parametrize("on_file", ["not-safe", "unknown", "appointments-only"])
def test_what_she_only_says_as_before_frees_nothing_that_was_forbidden_since(on_file):
    """She said so in another form meanwhile, and now changes something else on the page of the older one."""
    kept = [{**SAFE[0], "safe": on_file}]
    more = {"id_contact_methods": {"value": ["email", "text"]}, **said(email="safe", text="safe")}
    assert with_her_word(kept, more, TICKED) == kept
    assert with_her_word(kept, more, {})[0]["safe"] == "safe", "said anew it counts"
    assert (
        with_her_word(SAFE, TICKED | said(email="not-safe"), TICKED | said(email="not-safe"))[0]["safe"] == "not-safe"
    )


def test_a_no_that_is_taken_back_is_no_leave_either():
    (mine,) = with_her_word([{**SAFE[0], "safe": "not-safe"}], {}, TICKED | said(email="not-safe"))
    assert mine["safe"] == "not-safe"


def test_leave_is_only_for_a_way_she_ticked_and_a_no_counts_without_it():
    contacts = [{**SAFE[0], "safe": "unknown"}]
    found = [with_her_word(contacts, said(email=word))[0]["safe"] for word in ("safe", "appointments-only", "not-safe")]
    assert found == ["unknown", "unknown", "not-safe"]


# ---------------------------------------------------------------- what may be mailed


def mail(safe="safe", value="rowan@example.org", method="email"):
    return {"method": method, "value": value, "safe": safe}


@pytest.mark.parametrize(
    ("contacts", "form", "appointment"),
    [
        ([mail()], None, None),
        ([mail("appointments-only")], "only for appointment times", None),
        ([mail("not-safe")], "not safe", "not safe"),
        ([mail("unknown")], "not asked", "not asked"),
        ([mail("")], "not asked", "not asked"),
        ([mail("Safe")], "not asked", "not asked"),
        ([{"method": "email", "value": "rowan@example.org"}], "not asked", "not asked"),
        ([], "no e-mail address", "no e-mail address"),
        ([mail(value="")], "no e-mail address", "no e-mail address"),
        ([mail(method="text")], "no e-mail address", "no e-mail address"),
        ([mail(value="rowan at example")], "none that mail can be sent to", "none that mail can be sent to"),
        ([mail(value="a@example.org, b@example.org")], "none that mail", "none that mail"),
        ([mail(value="a@example.org\nBcc: b@example.org")], "none that mail", "none that mail"),
        ([mail(), mail("not-safe", "other@example.org")], "not safe", "not safe"),
    ],
)
def test_mail_goes_only_where_the_patient_said_that_it_is_safe(contacts, form, appointment):
    for about, expected in ((About.FORM, form), (About.APPOINTMENT, appointment)):
        reason = reason_not_to_mail(contacts, about)
        assert (reason is None) is (expected is None), reason
        assert expected is None or expected in reason


def test_no_reason_says_more_than_what_was_said():
    for reason in (MISSING, NO_ADDRESS, UNASKED, *REASONS.values()):
        assert "e-mail" in reason
        assert len(reason.split()) <= 15


@pytest.mark.parametrize(
    ("on_file", "said", "then"),
    [
        ("not-safe", "safe", "not-safe"), ("appointments-only", "safe", "appointments-only"),
        ("safe", "not-safe", "not-safe"), ("appointments-only", "not-safe", "not-safe"), ("unknown", "safe", "safe"),
        ("not-safe", "appointments-only", "not-safe"), ("unknown", "not-safe", "not-safe"),
    ],
)  # fmt: skip
def test_a_paper_form_can_forbid_a_way_and_never_allows_one_that_was_forbidden(on_file, said, then):
    file = [{"method": "email", "value": "rowan@example.org", "safe": on_file}]
    answers = {"id_contact_methods": {"value": ["email"]}, QUESTION: {"value": {"email": said}}}
    assert with_word_on_paper(file, answers)[0]["safe"] == then


def test_what_a_paper_form_says_nothing_of_stays_as_it_was():
    file = [{"method": "email", "value": "rowan@example.org", "safe": "unknown"}]
    assert with_word_on_paper(file, {}) == file


def test_where_it_is_not_known_which_word_was_last_the_strictest_counts():
    ticked = {"id_contact_methods": {"value": ["mobile", "email"]}}
    told = [ticked | said(email="safe", mobile="safe"), ticked | said(email="not-safe", mobile="safe")]
    free = [{**contact, "safe": "safe"} for contact in CLINIC]
    for both in (told, told[::-1]):
        assert looser(free, *both) == {"email": "not-safe"}
        assert [c["safe"] for c in no_freer(free, *both)] == ["safe", "not-safe"]
    assert no_freer(free) == free
    assert no_freer(CLINIC, told[0]) == CLINIC, "it never makes anything freer"


# ---------------------------------------------------------------- what a paper changed


MAIL = {"method": "email", "value": "r@example.org"}


def test_what_a_paper_changed_is_noted_with_what_stood_before():
    first = noted([], [{**MAIL, "safe": "safe"}], [{**MAIL, "safe": "unknown"}])
    assert first == [{**MAIL, "before": "safe", "after": "unknown", "saved": 0}]
    again = noted(first, [{**MAIL, "safe": "unknown"}], [{**MAIL, "safe": "not-safe"}])
    assert again == [{**MAIL, "before": "safe", "after": "not-safe", "saved": 0}]


def test_what_somebody_set_in_between_is_what_stood_before():
    first = [{**MAIL, "before": "safe", "after": "unknown", "saved": 0}]
    again = noted(first, [{**MAIL, "safe": "appointments-only"}], [{**MAIL, "safe": "not-safe"}])
    assert again == [{**MAIL, "before": "appointments-only", "after": "not-safe", "saved": 0}]


def test_what_a_paper_changed_is_taken_back_unless_it_was_changed_since():
    known = [{**MAIL, "before": "safe", "after": "not-safe", "saved": 0}]
    assert taken_back([{**MAIL, "safe": "not-safe"}], known, {}) == [{**MAIL, "safe": "safe"}]
    assert taken_back([{**MAIL, "safe": "unknown"}], known, {}) == [{**MAIL, "safe": "unknown"}]
    (settled,) = saved_by_hand([{**MAIL, "safe": "not-safe"}], [{**MAIL, "safe": "not-safe"}])
    assert taken_back([settled], known, {}) == [settled], "the desk saved it as it was: it is theirs now"
    other = {**MAIL, "value": "new@example.org", "safe": "not-safe"}
    assert taken_back([other], known, {}) == [other]


def test_it_is_never_freer_than_she_says_elsewhere():
    known = [{**MAIL, "before": "safe", "after": "not-safe", "saved": 0}]
    hers = {"id_contact_methods": {"value": ["mobile"]}}
    assert taken_back([{**MAIL, "safe": "not-safe"}], known, hers) == [{**MAIL, "safe": "not-safe"}]
