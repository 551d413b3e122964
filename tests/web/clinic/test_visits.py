"""One visit and its invitations."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.pages import arrive, come_in, place, save


@pytest.fixture
def desk(client, make, sign_in):
    return sign_in(make.front_desk())


@pytest.fixture
def invite(desk, make):
    """Make an invitation on the page of a visit: the answer, and the code it shows."""

    def invited(visit):
        page = desk.submit(f"/clinic/visits/{visit.id}/invitations", at=f"/clinic/visits/{visit.id}")
        return page, re.search(r"#([0-9A-Z-]{14})", page.text)[1]

    return invited


def test_an_invitation_shows_link_code_and_message_once(desk, make, invite):
    visit = make.visit()
    page, code = invite(visit)
    assert page.status_code == 201
    assert f"http://127.0.0.1:8000/f#{code}" in page.text
    assert "give your date of birth" in page.text
    assert code not in desk.get(f"/clinic/visits/{visit.id}").text


def test_the_message_says_neither_who_nor_what_it_is_about(make, invite):
    visit = make.visit(make.patient(legal_name="Rowan Marzipan"))
    page, _code = invite(visit)
    text = re.search(r'<textarea id="message"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)[1]
    assert "Marzipan" not in text
    assert not re.search(
        r"pelvi|birth(?! *\.)|therap|intim|postpartum", text.replace("date of birth", ""), re.IGNORECASE
    )


def test_the_link_of_an_invitation_lets_the_patient_in(new_client, make, invite):
    _page, code = invite(make.visit())
    patient = new_client()
    assert arrive(patient, come_in(patient, code)) == "tasks"


def test_its_state_goes_from_sent_to_submitted(desk, new_client, make, invite, session):
    visit = make.visit()
    url = f"/clinic/visits/{visit.id}"
    states = [tag(desk.get(url).text)]
    _page, code = invite(visit)
    states.append(tag(desk.get(url).text))
    patient = new_client()
    come_in(patient, code)
    states.append(tag(desk.get(url).text))
    save(patient, place("id_name_used"), {"id_name_used": "Ro"}, autosave=True)
    states.append(tag(desk.get(url).text))
    assert states == ["Not invited", "Invited", "Opened", "Started"]


def tag(page):
    return html.unescape(re.search(r'<span class="tag[^>]*>([^<]*)<', page)[1])


def test_a_visit_whose_answers_are_in_is_not_invited_again(desk, make):
    intake = make.intake(submitted=True)
    url = f"/clinic/visits/{intake.visit_id}"
    assert tag(desk.get(url).text) == "Answers are in"
    assert desk.submit(f"{url}/invitations", at="/clinic").status_code == 303
    assert "are in already" in desk.get(url).text


def test_expired_and_withdrawn_invitations_show_as_such(desk, make, session):
    expired, withdrawn = make.invitation(), make.invitation()
    expired.expires_at = make.now - timedelta(days=1)
    session.commit()
    desk.submit(f"/clinic/visits/invitations/{withdrawn.id}/revoke", at=f"/clinic/visits/{withdrawn.visit_id}")
    assert "Expired" in desk.get(f"/clinic/visits/{expired.visit_id}").text
    assert "Withdrawn" in desk.get(f"/clinic/visits/{withdrawn.visit_id}").text


def test_the_slip_is_a_pdf_that_needs_the_code_nobody_kept(desk, make):
    invitation, other = make.invitation(), make.invitation()
    url, at = f"/clinic/visits/invitations/{invitation.id}/slip", f"/clinic/visits/{invitation.visit_id}"
    slip = desk.submit(url, {"code": make.codes[invitation.id]}, at=at)
    assert (slip.status_code, slip.mimetype) == (200, "application/pdf")
    for code in (make.codes[other.id], "", "0" * 12, "\x00" * 14, "x" * 10_000):
        assert desk.submit(url, {"code": code}, at=at).status_code == 404


def test_a_therapist_invites_only_those_she_treats(client, make, sign_in):
    visit = make.visit()
    sign_in(make.therapist())
    assert client.get(f"/clinic/visits/{visit.id}").status_code == 404
    client.get("/clinic")
    assert client.post(f"/clinic/visits/{visit.id}/invitations", data={"csrf_token": client.token}).status_code == 404
    assert visit.invitations == []
