"""A passkey signs the very text that stands on the page; the password stays as the other way."""

from __future__ import annotations

import json
import re

import pytest

from intake.forms import reader
from intake.security import proof
from intake.store import audit, verdicts
from intake.store import notes as stored
from intake.web import limits
from tests.authenticator import Device
from tests.builders import INSTANCE, NOTE, PASSWORD, filled
from tests.web.clinic.test_notes import IMPRESSION, cosign, sign, url

FORM = reader.latest("evaluation")
SITE = {"origin": "http://localhost:8000", "host": "localhost"}


@pytest.fixture(autouse=True)
def named(app, monkeypatch):
    """Browsers make passkeys for names, not for numbers."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", SITE["origin"])


@pytest.fixture
def note(make):
    return make.note(answers=filled(FORM, NOTE))


@pytest.fixture
def device(session, make, note):
    return of(session, make, note.author)


@pytest.fixture
def author(client, sign_in, note):
    return sign_in(note.author)


def of(session, make, user, **wrong):
    return Device.of(session, user, make.now, **{**SITE, **wrong})


def draft_on(page):
    (read,) = set(re.findall(r'name="draft" value="([0-9a-f]{64})"', page.text))
    return read


def ask(client, note, read):
    return client.post(url(note, "/sign/passkey/options"), data={"csrf_token": client.token, "draft": read})


def touch(client, note, device, read=None, options=None):
    """Press the button, touch the device, send what it answers."""
    read = read or draft_on(client.get(url(note, "/sign")))
    given = device.show(options or ask(client, note, read).json)
    return client.post(
        url(note, "/sign/passkey"), data={"csrf_token": client.token, "draft": read, "credential": given}
    )


def signed(session, note):
    return stored.get(session, note.id).is_signed


def test_who_has_a_passkey_is_offered_it_first_and_the_password_after_it(author, note, device):
    page = author.get(url(note, "/sign")).text
    assert page.index("Sign with your passkey") < page.index("Or with your password") < page.index("Sign this note")


def test_who_has_none_is_asked_for_the_password_alone(author, note):
    page = author.get(url(note, "/sign")).text
    assert "passkey" not in page
    assert "Sign this note" in page


def test_the_device_signs_the_hash_of_the_text_and_the_note_holds(author, note, device, session):
    read = draft_on(author.get(url(note, "/sign")))
    options = ask(author, note, read).json
    assert touch(author, note, device, read, options).location == url(note)
    found = stored.get(session, note.id)
    (entry,) = found.signatures
    assert options["challenge"] == proof.challenge_text(entry.content.encode())
    assert options["userVerification"] == "required"
    assert (entry.key.method, entry.key.wrapped_private) == ("passkey", None)
    assert verdicts.of_note(session, found, INSTANCE.trusted).holds
    page = author.get(url(note)).text
    assert entry.code in page
    assert f"Signed by {note.author.name}" in page


def test_a_touch_counts_as_a_fresh_factor(clock, author, note, device, session):
    clock.shift(600)
    assert author.get(f"/clinic/notes/{note.id}/proof").status_code in {303, 404, 409}
    touch(author, note, device)
    assert author.get(f"/clinic/notes/{note.id}/proof").status_code == 200


def test_the_proof_file_of_a_note_signed_with_a_passkey_carries_its_assertion(author, note, device):
    touch(author, note, device)
    (entry,) = json.loads(author.get(f"/clinic/notes/{note.id}/proof").text)["entries"]
    assert entry["certificate"]["says"]["method"] == "passkey"
    assert entry["passkey"]["client_data"]


def test_a_device_that_is_wrong_in_any_way_signs_nothing(author, note, session, make):
    stranger = of(session, make, make.therapist())
    unknown = Device(**SITE)
    for wrong in (
        of(session, make, note.author, verifies=False),
        of(session, make, note.author, origin="https://evil.example"),
        of(session, make, note.author, host="evil.example"),
        stranger,
        unknown,
    ):
        answer = touch(author, note, wrong)
        assert answer.status_code == 422
        assert "did not sign this text" in answer.text
        assert not signed(session, note)
    assert audit.has(session, "account.sign-in-failed")


def test_an_answer_to_another_question_signs_nothing(author, note, device, session):
    author.get("/clinic")
    elsewhere = author.post("/step-up/passkey/options", data={"csrf_token": author.token}).json
    assert touch(author, note, device, options=elsewhere).status_code == 422
    assert touch(author, note, device, options={"challenge": "AAAA"}).status_code == 422
    assert not signed(session, note)


def test_a_text_that_changed_after_it_was_read_is_not_even_offered(author, note, device, make, session):
    read = draft_on(author.get(url(note, "/sign")))
    make.answer(note.response, {IMPRESSION: {"value": "Written in another window"}})
    assert ask(author, note, read).status_code == 409
    stale = author.post(url(note, "/sign/passkey"), data={"csrf_token": author.token, "draft": read, "credential": ""})
    assert stale.status_code == 409
    assert "Written in another window" in stale.text
    assert "read it again" in stale.text
    assert touch(author, note, device, draft_on(stale)).status_code == 303


def test_a_text_that_changed_while_the_finger_was_on_its_way_is_not_signed(author, note, device, make, session):
    read = draft_on(author.get(url(note, "/sign")))
    options = ask(author, note, read).json
    make.answer(note.response, {IMPRESSION: {"value": "Written in another window"}})
    assert touch(author, note, device, read, options).status_code == 409
    options = ask(author, note, read := draft_on(author.get(url(note, "/sign")))).json
    make.note(make.visit(note.patient, note.author), signed=True)  # the ledger has moved on
    assert touch(author, note, device, read, options).status_code == 409
    assert not signed(session, note)


def test_a_touch_that_comes_too_late_is_asked_for_again(clock, author, note, device, session):
    read = draft_on(author.get(url(note, "/sign")))
    options = ask(author, note, read).json
    clock.shift(301)
    assert touch(author, note, device, read, options).status_code == 422
    assert not signed(session, note)
    assert touch(author, note, device).status_code == 303


def test_nobody_but_the_author_is_asked(client, make, sign_in, note, session):
    colleague = make.therapist()
    make.visit(note.patient, colleague)
    sign_in(colleague)
    client.get("/clinic")
    for more in ("/sign/passkey/options", "/sign/passkey"):
        assert client.post(url(note, more), data={"csrf_token": client.token, "draft": "0" * 64}).status_code == 404


def test_a_signed_note_is_not_offered_again(author, note, device):
    read = draft_on(author.get(url(note, "/sign")))
    assert touch(author, note, device).status_code == 303
    assert ask(author, note, read).status_code == 409


# ---------------------------------------------------------------- guessing


def act(client, note, more, password):
    if more == "/sign":
        return sign(client, note, password)
    if more == "/cosign":
        return cosign(client, note, password)
    words = {"text": "She called.", "readers": "therapists"}
    return client.submit(url(note, more), {**words, "password": password}, at=url(note))


@pytest.mark.dear
@pytest.mark.parametrize("more", ["/sign", "/addenda", "/cosign"])
def test_passwords_under_a_signature_are_counted_like_those_of_the_sign_in(clock, client, make, sign_in, session, more):
    """Whoever sits at an open screen does not get to try one password after the other."""
    author = make.assistant() if more == "/cosign" else make.therapist()
    form = reader.latest("daily-note") if more == "/cosign" else FORM
    note = make.note(
        make.visit(therapist=None if more == "/cosign" else author), author=author, answers=filled(form, NOTE)
    )
    if more != "/sign":
        make.sign(note)
    sign_in(note.visit.therapist)
    for _guess in range(5):
        assert act(client, note, more, "not my password at all").status_code == 422
    for password in ("not my password at all", PASSWORD):
        assert act(client, note, more, password).status_code == 429
    clock.shift(61)
    assert act(client, note, more, PASSWORD).status_code == 303


def test_a_right_password_is_never_counted_even_where_the_note_is_not_ready(clock, client, make, sign_in):
    lacking, whole = make.note(), make.note(answers=filled(FORM, NOTE))
    for note, status in ((lacking, 422), (whole, 409)):
        sign_in(note.author)
        client.get(url(note, "/sign"))
        for _try in range(7):
            said = {"csrf_token": client.token, "password": PASSWORD, "draft": "0" * 64}
            assert client.post(url(note, "/sign"), data=said).status_code == status


def test_pages_that_do_not_count_would_let_somebody_guess_on(clock, client, make, sign_in, monkeypatch):
    """The control."""
    monkeypatch.setattr(limits, "charge", lambda _bucket, _subject: None)
    note = make.note(answers=filled(FORM, NOTE))
    sign_in(note.author)
    assert {sign(client, note, "not my password at all").status_code for _guess in range(7)} == {422}
