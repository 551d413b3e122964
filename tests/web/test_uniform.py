"""Whether somebody or something exists cannot be told: not at the door, not by searching, not from an error."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import PASSWORD
from tests.pages import come_in
from tests.web.test_matrix import seen
from tests.web.world import NOTHING

WRONG = "not the right words at all"


def typed(answer, *words):
    """An answer without what somebody typed into it."""
    status, text, headers = seen(answer)
    for word in words:
        text = text.replace(word, "")
    return status, text, [(name, value) for name, value in headers if name != "Content-Length"]


def test_an_unknown_address_a_wrong_password_and_a_closed_account_are_answered_alike(new_client, make, clock):
    known, closed, fresh = make.therapist(), make.therapist(is_active=False), make.user("admin", password_hash=None)
    tries = [("nobody@example.org", WRONG), (known.email, WRONG), (closed.email, PASSWORD), (fresh.email, WRONG)]
    answers = []
    for email, password in tries:
        sent = new_client().submit("/sign-in", {"email": email, "password": password})
        answers.append(typed(sent, email))
    assert answers == [answers[0]] * len(answers)
    right = new_client().submit("/sign-in", {"email": known.email, "password": PASSWORD})
    assert typed(right, known.email) != answers[0], "the check would see a difference"


def test_a_wrong_code_and_a_wrong_birth_date_are_answered_alike(new_client, make, clock):
    invitation = make.invitation()
    code, day = make.codes[invitation.id], invitation.patient.birth_date.day
    wrong = {"year": 1993, "month": 4, "day": day + 1}
    answers = [typed(come_in(new_client(), tried, **wrong), tried) for tried in ("ZZZZ-ZZZZ-ZZZZ", code)]
    assert answers[0] == answers[1]
    assert come_in(new_client(), code, **{**wrong, "day": day}).status_code == 303, "the right one opens"


@pytest.mark.parametrize("role", ["therapist", "assistant"])
def test_a_search_says_the_same_of_somebody_else_s_patient_and_of_nobody(client, make, sign_in, clock, role):
    there = make.visit(make.patient(legal_name="Zelda Invented")).patient
    sign_in(getattr(make, role)())
    known, nobody = (client.get("/clinic/patients", query_string={"q": name}) for name in ("Zelda", "Xelda"))
    assert typed(known, "Zelda") == typed(nobody, "Xelda")
    desk = make.front_desk()
    assert there.name in sign_in(desk).get("/clinic/patients?q=Zelda").text, "the desk finds her"


def test_a_link_that_never_was_one_that_was_used_and_one_that_ran_out_are_answered_alike(new_client, make, clock):
    user = make.user("front-desk", password_hash=None)
    used = make.link(user)
    chosen = {"password": "eleven blue lanterns sway"}
    assert new_client().submit(f"/password#{used}", chosen).status_code == 303
    late = make.link(user)
    assert new_client().submit(f"/password#{late}", {"password": "short"}).status_code == 422
    clock.shift(timedelta(days=30))
    answers = [typed(new_client().submit(f"/password#{token}", chosen), token) for token in ("y" * 43, used, late)]
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 422


def test_a_page_that_was_never_there_and_one_that_is_not_for_somebody_are_the_same_page(client, make, sign_in, clock):
    note = make.note()
    sign_in(make.privacy_lead())
    there, nothing, never = (
        client.get(path) for path in (f"/clinic/notes/{note.id}", f"/clinic/notes/{NOTHING}", "/x")
    )
    assert seen(there) == seen(nothing) == seen(never)
