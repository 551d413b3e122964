"""Signing: the text that was read becomes final under one name, is added to, and co-signed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url

from intake.actions import accounts
from intake.actions import signatures as acts
from intake.actions.refusals import FinalError, NotReadyError, RefusedError, StaleError, WrongPasswordError
from intake.actions.signatures import Touch
from intake.clinical import signed
from intake.forms import reader
from intake.security import passwords, proof, signing
from intake.security.policy import Permission
from intake.security.signing import Instance
from intake.store import audit, factors, notes, responses, scope, signing_keys, verdicts
from intake.store.audit import AuditEvent
from intake.store.factors import Passkey
from intake.store.people import User
from intake.store.proofs import Shown
from intake.store.scope import Scope
from intake.store.sessions import Login
from intake.store.signatures import Signature
from tests.builders import COST, INSTANCE, NOTE, PASSWORD, filled
from tests.passkeys import ORIGIN, Authenticator

FORM = reader.latest("evaluation")
DAILY = reader.latest("daily-note")


def holds(session, note):
    session.expire_all()
    kept = notes.get(session, note.id)
    return verdicts.of_note(session, kept, INSTANCE.trusted).holds


@pytest.fixture
def ready(make):
    return make.note(answers=filled(FORM, NOTE))


@pytest.fixture
def under_supervision(make):
    """A signed note of an assistant, on a visit of a therapist."""
    note = make.note(make.visit(), author=make.assistant(), answers=filled(DAILY, NOTE))
    make.sign(note)
    return note


def test_signing_lists_everything_that_is_missing_at_once(session, make):
    note = make.note(answers={"co_exam_type": {"value": ["vaginal"]}})
    with pytest.raises(NotReadyError) as refusal:
        make.sign(note)
    asked = {reason.question for reason in refusal.value.reasons}
    assert {"co_vaginal_decision", "chaperone_offered", "im_impression", "goal"} <= asked
    session.rollback()
    assert not note.is_signed


def test_a_wrong_password_signs_nothing(session, make, ready):
    with pytest.raises(WrongPasswordError):
        make.sign(ready, password="seven green kettles hiss")
    session.rollback()
    assert not ready.is_signed
    make.sign(ready)
    assert ready.is_signed


def test_a_visit_that_has_not_begun_has_no_signed_note(session, make):
    visit = make.visit(starts_at=make.now + timedelta(days=20))
    note = make.note(visit, answers=filled(FORM, NOTE), ahead=True)
    with pytest.raises(RefusedError, match="has not begun"):
        make.sign(note)
    session.rollback()
    with pytest.raises(RefusedError, match="has not begun"):
        make.sign(note, now=visit.starts_at - timedelta(seconds=1))
    session.rollback()
    assert make.sign(note, now=visit.starts_at)


def test_a_text_that_changed_since_it_was_read_is_not_signed(session, make, ready):
    draft = make.draft(ready)
    make.answer(ready.response, {"im_impression": {"value": "Something else"}})
    with pytest.raises(StaleError):
        make.sign(ready, draft=draft)
    session.rollback()
    assert not ready.is_signed
    for nothing in ("", draft):
        with pytest.raises(StaleError):
            make.sign(ready, draft=nothing)
        session.rollback()


def test_a_note_without_an_internal_examination_is_complete(session, make):
    note = make.note(answers={"co_exam_type": {"value": ["none"]}}, signed=True)
    assert "consent_decision" not in responses.answers(session, note.response_id)
    assert note.is_signed


def test_what_was_signed_says_everything_and_holds(session, make):
    note = make.note(signed=True)
    (entry,) = notes.get(session, note.id).signatures
    said = json.loads(entry.content)
    assert said["author"] == {"credentials": "PT, DPT", "id": str(note.author_id), "name": note.author.name}
    assert {part["id"]: part for part in said["sections"]}["goals"]["answers"]["goal"]["value"][0]["goal_target"] == {
        "value": "30 minutes"
    }
    assert (said["note"], said["patient"], said["visit"]) == (str(note.id), str(note.patient_id), str(note.visit_id))
    assert (said["kind"], said["meaning"], said["position"]) == ("note", "signed", 1)
    assert said["form"] == {"id": "evaluation", "version": FORM.version, "sha256": said["form"]["sha256"]}
    assert entry.sha256 == signing.digest(b"fernleaf-note-v1\0" + entry.content.encode())
    assert holds(session, note)


def test_the_name_on_a_signature_stays_when_the_person_changes_theirs(session, make):
    note = make.note(signed=True)
    before = note.author.name
    note.author.name = "Renamed Later"
    session.commit()
    assert notes.get(session, note.id).signatures[0].said.author_name == before
    assert holds(session, note)


def test_findings_the_page_no_longer_asks_for_are_dropped_with_a_record(session, make):
    hidden = {"co_exam_type": {"value": ["none"]}, "co_stop_signal": {"value": "raise a hand"}}
    note = make.note(answers=hidden, signed=True)
    assert "co_stop_signal" in note.response.dropped
    assert "co_stop_signal" not in note.signatures[0].content
    assert holds(session, note)


def test_a_signed_note_is_not_signed_again(make):
    note = make.note(signed=True)
    with pytest.raises(FinalError):
        make.sign(note)


def test_a_note_begun_in_time_and_signed_late_is_no_late_entry_and_tells_how_long_it_took(make):
    day = timedelta(days=1)
    for wait, late in ((2 * day, False), (2 * day + timedelta(seconds=1), True), (0 * day, False)):
        note = make.note(answers=filled(FORM, NOTE))
        make.sign(note, now=note.visit.starts_at + wait)
        said = note.signatures[0].said
        assert (said.is_late_entry, said.was_signed_late) == (False, late)


def test_a_note_begun_late_is_signed_with_its_reason_and_its_source_and_holds(session, make):
    visit = make.visit(starts_at=make.now - timedelta(hours=49))
    note = make.note(visit)
    with pytest.raises(NotReadyError) as refusal:
        make.sign(note)
    assert {"late_reason", "late_source"} <= {reason.question for reason in refusal.value.reasons}
    session.rollback()
    given = {"late_reason": {"value": "The power was out."}, "late_source": {"value": "records"}}
    make.answer(note.response, filled(reader.begun_late(FORM), {**NOTE, **given}))
    said = make.sign(note).said
    assert said.is_late_entry
    assert said.answers["late_reason"] == given["late_reason"]
    assert (said.visit_at, said.started_at) == (visit.starts_at, note.created_at)
    assert holds(session, note)


def test_the_first_signature_makes_a_key_and_the_next_ones_use_it(session, make):
    first = make.note(signed=True)
    second = make.note(make.visit(therapist=first.author), signed=True)
    (key,) = signing_keys.of_user(session, first.author_id)
    assert {first.signatures[0].key_id, second.signatures[0].key_id} == {key.id}
    assert audit.has(session, "signing-key.made")


def test_a_key_that_an_older_key_of_the_instance_certified_gives_way_to_a_new_one(session, make):
    first = make.note(signed=True)
    newer = Instance.of(b"y" * 32, INSTANCE.private)
    second = make.note(make.visit(therapist=first.author), answers=filled(FORM, NOTE))
    make.sign(second, instance=newer)
    old, new = first.signatures[0].key, second.signatures[0].key
    assert (old.id != new.id, old.valid_until is not None) == (True, True)
    assert (new.instance_public, old.instance_public in newer.trusted) == (newer.public, True)


OLD, NEW = PASSWORD, "eleven invented umbrellas"


def with_a_new_password(session, make):
    """A draft of somebody who has signed before and then chose another password, by which a key is retired."""
    first = make.note(signed=True)
    make.login(first.author)
    kept = session.scalars(select(Login).where(Login.user_id == first.author_id)).one()
    accounts.change_password(session, first.author, NEW, cost=COST, keep=kept, now=make.now)
    return make.note(make.visit(therapist=first.author), answers=filled(FORM, NOTE))


def test_after_a_new_password_the_old_one_signs_nothing(session, make):
    ready = with_a_new_password(session, make)
    with pytest.raises(WrongPasswordError):
        make.sign(ready, password=OLD)
    make.sign(ready, password=NEW)
    assert ready.is_signed


def test_a_key_that_outlived_its_password_would_let_the_old_one_sign(session, make, monkeypatch):
    """The control: what retiring the key with the password is for."""
    monkeypatch.setattr(signing_keys, "retire", lambda *_asked: 0)
    ready = with_a_new_password(session, make)
    make.sign(ready, password=OLD)
    assert ready.is_signed


def test_a_key_that_does_not_open_gives_way_when_the_password_is_right(session, make, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(signing_keys, "retire", lambda *_asked: 0)
        ready = with_a_new_password(session, make)
    make.sign(ready, password=NEW)
    keys = signing_keys.of_user(session, ready.author_id)
    assert sorted(key.valid_until is None for key in keys) == [False, True]
    assert [key.id for key in keys if key.valid_until is None] == [ready.signatures[0].key_id]


def hashed_in(session, monkeypatch, act):
    """For each password hashed while something is signed: whether the signing held a transaction open meanwhile."""
    held, real = [], passwords.turn

    def turn():
        held.append(session.in_transaction())
        return real()

    with monkeypatch.context() as patched:
        patched.setattr(passwords, "turn", turn)
        act()
    return held


def test_a_password_is_hashed_once_and_nobody_waits_for_the_database_meanwhile(session, make, ready, monkeypatch):
    assert hashed_in(session, monkeypatch, lambda: make.sign(ready)) == [False, False], "a first key is locked as well"
    second = make.note(make.visit(therapist=ready.author), answers=filled(FORM, NOTE))
    assert hashed_in(session, monkeypatch, lambda: make.sign(second)) == [False]
    assert hashed_in(session, monkeypatch, lambda: make.add(second)) == [False]


def test_hashing_within_the_act_would_be_noticed(session, make, ready, monkeypatch):
    """The control: the password is checked after something was asked of the database."""

    def act():
        session.refresh(ready)
        passwords.matches(ready.author.password_hash, PASSWORD, COST)

    assert hashed_in(session, monkeypatch, act) == [True]


def test_a_password_changed_while_it_was_hashed_signs_nothing(engine, session, make, ready, monkeypatch):
    make.note(make.visit(therapist=ready.author), signed=True)

    def turn():
        with Session(engine) as other:
            other.get_one(User, author).password_hash = "another"
            other.commit()
        return real()

    real, author = passwords.turn, ready.author_id
    draft = make.draft(ready)
    session.commit()
    monkeypatch.setattr(passwords, "turn", turn)
    with pytest.raises(WrongPasswordError):
        make.sign(ready, draft=draft)


def test_a_key_that_a_forgotten_password_locked_is_retired_and_its_signatures_stay_valid(session, make):
    first = make.note(signed=True)
    signing_keys.retire(session, first.author, make.now)
    session.commit()
    second = make.note(make.visit(therapist=first.author), answers=filled(FORM, NOTE))
    make.sign(second, now=make.now + timedelta(days=1))
    assert first.signatures[0].key_id != second.signatures[0].key_id
    assert holds(session, first)
    assert holds(session, second)


def test_each_signature_names_the_one_before_in_the_patient_s_ledger(session, make):
    note = make.note(signed=True)
    added = make.add(note)
    second = make.note(make.visit(note.patient, note.author), signed=True)
    first, third = note.signatures[0], second.signatures[0]
    assert [entry.position for entry in (first, added, third)] == [1, 2, 3]
    assert (first.prev_hash, added.prev_hash, third.prev_hash) == (signed.FIRST, first.sha256, added.sha256)
    lines = [
        line for line in audit.of_patient(session, note.patient_id) if line.action in {"note.signed", "note.added-to"}
    ]
    assert [line.reason for line in lines] == [f"{e.position} {e.sha256[:24]}" for e in (first, added, third)]


def test_a_signed_note_takes_addenda_and_stays_as_it_was(session, make):
    note, colleague = make.note(signed=True), make.therapist(name="Colleague Example")
    before = note.signatures[0].content
    make.add(note, " She called: the calf is fine. ", by=colleague)
    first, added = notes.get(session, note.id).signatures
    assert (added.said.addition.text, added.said.author_name) == ("She called: the calf is fine.", "Colleague Example")
    assert (first.content, added.adds_to) == (before, first.sha256)
    assert holds(session, note)


def test_an_addendum_names_what_was_there_when_it_was_written(make):
    note = make.note(signed=True)
    first, second = make.add(note), make.add(note, "And once more.")
    assert second.adds_to == first.sha256


def test_an_addendum_needs_the_password_a_signed_note_and_words(session, make):
    note = make.note(signed=True)
    with pytest.raises(WrongPasswordError):
        make.add(note, password="seven green kettles hiss")
    session.rollback()
    with pytest.raises(RefusedError, match="what you want to add"):
        make.add(note, "  ")
    with pytest.raises(RefusedError, match="draft"):
        make.add(make.note(make.visit()))
    assert len(notes.get(session, note.id).signatures) == 1


def queue(session, therapist, now):
    """The notes somebody is asked to co-sign."""
    therapist.standing = scope.standing(session, therapist.id, now)
    return notes.waiting_for(session, therapist, Scope(therapist, Permission.COSIGN_NOTE, now))


def test_an_assistant_s_note_waits_until_a_therapist_co_signs_it(session, make, under_supervision):
    note = under_supervision
    therapist = note.visit.therapist
    assert note.signatures[0].meaning == signed.AWAITS
    assert queue(session, therapist, make.now) == [note]
    assert notes.awaiting_of(session, note.author) == [note]
    assert queue(session, make.therapist(), make.now) == []
    (beside,) = make.cosign(note)
    assert (beside.meaning, beside.adds_to) == (signed.COSIGNED, note.signatures[0].sha256)
    assert queue(session, therapist, make.now) == notes.awaiting_of(session, note.author) == []
    assert holds(session, note)
    assert audit.has(session, "note.cosigned")


def test_what_an_assistant_adds_waits_too_and_one_visit_co_signs_all_of_it(session, make, under_supervision):
    make.add(under_supervision)
    assert len(under_supervision.waiting) == 2
    assert len(make.cosign(under_supervision)) == 2
    assert under_supervision.waiting == []
    make.add(under_supervision, "Later still.")
    assert len(make.cosign(under_supervision)) == 1
    assert holds(session, under_supervision)


def test_what_was_added_after_the_note_was_read_is_not_co_signed(session, make, under_supervision):
    read = signed.waiting_hash(under_supervision.signatures)
    make.add(under_supervision, "She fell off the table.")
    with pytest.raises(StaleError):
        make.cosign(under_supervision, read=read)
    session.rollback()
    assert len(under_supervision.waiting) == 2
    assert len(make.cosign(under_supervision)) == 2


def test_nobody_co_signs_twice_nor_their_own_nor_what_needs_none(session, make, under_supervision):
    with pytest.raises(RefusedError, match="themselves"):
        make.cosign(under_supervision, by=under_supervision.author)
    session.rollback()
    make.cosign(under_supervision)
    with pytest.raises(RefusedError, match="Nothing"):
        make.cosign(under_supervision)
    session.rollback()
    with pytest.raises(RefusedError, match="Nothing"):
        make.cosign(make.note(signed=True))


def test_nobody_signs_beside_something_that_is_not_what_it_was(session, make, under_supervision):
    stranger = signing.Instance.of(b"x" * 32)
    for act in (make.add, make.cosign):
        with pytest.raises(RefusedError, match="not what was signed"):
            act(under_supervision, instance=stranger)
        session.rollback()


# ---------------------------------------------------------------- with a passkey


def registered(session, user, device, *, at, public_key=None):
    """The row of somebody's passkey."""
    name = bytes_to_base64url(device.credential_id)
    if (found := factors.passkey_by_credential(session, name)) is not None:
        return found
    row = Passkey(
        user_id=user.id, credential_id=name, public_key=public_key or device.cose, name="Phone", created_at=at
    )
    session.add(row)
    session.commit()
    return row


def by_passkey(session, make, note, device, *, later=0, offered=None, shown=None, public_key=None, by=None):
    """Sign with a passkey: `offered` instead of the bytes that would be offered, `shown` instead of those signed."""
    now, author = make.now, note.author
    draft = make.draft(note)
    content = offered or acts.offer(session, note, FORM, draft=draft, instance=INSTANCE, by=author, now=now)
    answer = device.sign(signing.labelled(signing.NOTE, shown or content))
    row = registered(session, by or author, device, at=now, public_key=public_key)
    touch = Touch(signed.read(content).signed_at, answer, Shown(row, 7, proof.challenge_text(content)), ORIGIN)
    at = now + timedelta(seconds=later)
    return acts.sign_with_passkey(session, note, FORM, touch, draft=draft, instance=INSTANCE, by=author, now=at)


def test_a_passkey_signs_the_very_text_and_holds(session, make, ready):
    made = by_passkey(session, make, ready, Authenticator(), later=40)
    assert (made.key.method, made.key.wrapped_private) == ("passkey", None)
    assert holds(session, ready)
    second = make.note(make.visit(therapist=ready.author), answers=filled(FORM, NOTE))
    other = by_passkey(session, make, second, device := Authenticator())
    third = make.note(make.visit(therapist=ready.author), answers=filled(FORM, NOTE))
    assert by_passkey(session, make, third, device).key_id == other.key_id != made.key_id


def test_a_passkey_that_signed_something_else_signs_nothing(session, make, ready):
    for device, more in (
        (Authenticator(), {"shown": b"another text"}),
        (Authenticator(verified=False), {}),
        (Authenticator(origin="https://elsewhere.example"), {}),
        (Authenticator(), {"public_key": Authenticator().cose}),
        (Authenticator(), {"by": make.therapist()}),
    ):
        with pytest.raises(RefusedError, match="passkey"):
            by_passkey(session, make, ready, device, **more)
        session.rollback()
    assert session.query(Signature).count() == 0


def test_a_text_that_was_offered_too_long_ago_or_changed_is_offered_again(session, make, ready):
    with pytest.raises(StaleError):
        by_passkey(session, make, ready, Authenticator(), later=301)
    session.rollback()
    content = acts.offer(
        session, ready, FORM, draft=make.draft(ready), instance=INSTANCE, by=ready.author, now=make.now
    )
    make.note(make.visit(ready.patient, ready.author), signed=True)  # the ledger has moved on
    with pytest.raises(StaleError):
        by_passkey(session, make, ready, Authenticator(), offered=content)


def test_a_passkey_s_first_signature_tells_the_audit_trail_of_its_key_and_each_one_of_its_counter(session, make, ready):
    device = Authenticator()
    by_passkey(session, make, ready, device)
    second = make.note(make.visit(therapist=ready.author), answers=filled(FORM, NOTE))
    by_passkey(session, make, second, device)  # its counter has not moved
    lines = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    told = [(line.action, line.outcome) for line in lines if line.action in {"signing-key.made", "note.signed"}]
    assert told == [("signing-key.made", "done"), ("note.signed", "done"), ("note.signed", "alert")]
    assert registered(session, ready.author, device, at=make.now).sign_count == 7


def test_the_password_that_opens_the_key_is_checked_first(session, make, ready):
    ready.author.password_hash = None
    session.commit()
    with pytest.raises(WrongPasswordError):
        make.sign(ready)
