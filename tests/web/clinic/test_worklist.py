"""Warning signs that wait for somebody."""

from __future__ import annotations

import pytest

from intake.store import flags
from tests.pages import save


@pytest.fixture
def flag(client, new_client, make, enter, session):
    """A flag an intake has just raised through the patient's own page."""
    invitation = make.invitation(make.visit(make.patient(legal_name="Rowan Flagged")))
    patient = enter(invitation, new_client())
    page = save(patient, "page 2.2", {"rf_bleed": "heavy", "rf_temp_taken": "not-taken-fine"})
    assert page.status_code == 303
    return next(each for each in flags.open_flags(session) if each.rule == "E1")


def close(client, flag, outcome="Called: at the hospital.", version=None):
    url = f"/clinic/worklist/{flag.id}"
    return client.submit(f"{url}/close", {"outcome": outcome, "version": str(version or flag.version)}, at=url)


def test_any_therapist_sees_it_gravest_first_and_it_stays_until_an_outcome_is_written(client, make, sign_in, flag):
    sign_in(make.therapist())
    page = client.get("/clinic/worklist").text
    assert "Rowan Flagged" in page
    assert page.index("too much blood") < page.index("</table>")
    assert close(client, flag).status_code == 303
    assert str(flag.id) not in client.get("/clinic/worklist").text
    assert "Called: at the hospital." in client.get(f"/clinic/worklist/{flag.id}").text


def test_a_colleague_takes_it_on_and_her_name_shows(client, make, sign_in, flag, session):
    sign_in(make.therapist(name="Tess Taker"))
    for _time in range(2):
        client.submit(f"/clinic/worklist/{flag.id}/acknowledge", at=f"/clinic/worklist/{flag.id}")
    assert "taken this on already" in client.get(f"/clinic/worklist/{flag.id}").text
    assert "Tess Taker" in client.get("/clinic/worklist").text
    session.expire_all()
    assert flag.acknowledged_at is not None
    assert flag.closed_at is None


def test_it_says_what_the_patient_was_told_and_where_the_rule_comes_from(client, make, sign_in, flag):
    sign_in(make.therapist())
    page = client.get(f"/clinic/worklist/{flag.id}").text
    assert "Call 911 now" in page
    assert "Rule E1" in page
    assert "555-0123" in page


def test_it_is_not_closed_without_words_that_can_be_kept(client, make, sign_in, flag, session):
    for outcome in ("", "   ", "x" * 2001, "a\u202eb", "a\x00b"):
        sign_in(make.therapist())
        assert close(client, flag, outcome).status_code == 422
        session.expire_all()
        assert flag.closed_at is None


def test_what_a_colleague_wrote_is_not_overwritten(client, make, sign_in, flag, session):
    sign_in(make.therapist())
    seen = flag.version
    close(client, flag, "First", seen)
    session.refresh(flag)
    for version in (seen, flag.version):
        client.get("/clinic")
        late = client.post(
            f"/clinic/worklist/{flag.id}/close",
            data={"csrf_token": client.token, "outcome": "Second", "version": str(version)},
        )
        assert late.status_code == 409
    session.refresh(flag)
    assert flag.outcome == "First"


def test_nobody_but_a_therapist_finds_the_worklist(client, new_client, make, sign_in, flag):
    for user in (make.front_desk(), make.admin()):
        browser = sign_in(user, new_client())
        assert browser.get("/clinic/worklist").status_code == 404
        assert browser.get(f"/clinic/worklist/{flag.id}").status_code == 404
