"""Signing: a note that becomes final, what is added to it later, and a therapist's name beside an assistant's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.actions.refusals import FinalError, NotReadyError, RefusedError, StaleError, WrongPasswordError
from intake.clinical import additions, signed
from intake.clinical.additions import Addition
from intake.clinical.coding import diagnoses
from intake.clinical.coding.diagnoses import Remark
from intake.clinical.signing import reasons_not_to_sign
from intake.forms import reader
from intake.forms.conditions import visible_answers
from intake.forms.model import Form
from intake.forms.problems import N_
from intake.security import passwords, proof
from intake.security.assertions import Assertion
from intake.security.passwords import Cost
from intake.security.policy import ASSISTANTS_WRITE
from intake.security.signing import Instance, LockedError
from intake.store import audit, codes, courses, ledgers, notes, responses, signatures, signing_keys, verdicts
from intake.store.notes import Note
from intake.store.people import User
from intake.store.proofs import Shown
from intake.store.signatures import Signature
from intake.store.signing_keys import SigningKey

NOT_BEGUN = N_("This visit has not begun yet. The note can be written ahead, and is signed once the visit has begun.")
NOT_THIS_KIND = N_("A therapist has to write this kind of note: an assistant cannot sign it.")


@dataclass(frozen=True, slots=True)
class Touch:
    """What a passkey answered to an offer: the assertion, what it proves, and the address of our pages."""

    offered_at: datetime
    assertion: Assertion
    shown: Shown
    origin: str


Sections = Mapping[str, tuple[dict[str, Any], int, datetime]]


def read(note: Note, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody reads before signing: the note as it would be signed, without the moment and the place."""
    return signed.draft(form, visible_answers(form, answers), note=note)


def is_ahead(note: Note, now: datetime) -> bool:
    """Whether a note is written before its visit has begun: what nobody has done or found yet is not signed."""
    return note.visit.starts_at > now


def sign(
    session: Session,
    note: Note,
    form: Form,
    password: str,
    *,
    draft: str,
    cost: Cost,
    instance: Instance,
    by: User,
    now: datetime,
) -> Signature:
    """Freeze the note under the signer's name. `draft` is the hash of the text as it was read.

    `form` holds the questions the signer may see. NotReadyError with every reason it cannot be signed, RefusedError
    when it holds more than the signer may see, StaleError when the text is not the one that was read.
    """
    opened = _proved(session, by, password, cost=cost, instance=instance, now=now)
    text = _ready(session, note, form, draft, instance=instance, by=by, now=now)
    made = _signed(session, text.compose(now), opened, by=by, instance=instance, now=now)
    return _finish(session, note, made, text, instance, by=by, now=now)


def offer(
    session: Session, note: Note, form: Form, *, draft: str, instance: Instance, by: User, now: datetime
) -> bytes:
    """The bytes for a passkey to sign (proof.challenge makes its challenge). Nothing is kept; good for five minutes."""
    content = _ready(session, note, form, draft, instance=instance, by=by, now=now).compose(now)
    session.rollback()
    return content


def sign_with_passkey(
    session: Session,
    note: Note,
    form: Form,
    touch: Touch,
    *,
    draft: str,
    instance: Instance,
    by: User,
    now: datetime,
) -> Signature:
    """Freeze the note with the passkey's assertion over the bytes that were offered.

    StaleError when it was offered too long ago, or would not be offered like that any more.
    """
    text = _ready(session, note, form, draft, instance=instance, by=by, now=now)
    content = text.compose(touch.offered_at)
    is_late = not touch.offered_at <= now <= touch.offered_at + proof.LONGEST_GESTURE
    if is_late or proof.challenge_text(content) != touch.shown.challenge:
        raise StaleError
    made = _touched(session, content, touch, instance, by)
    outcome = touch.shown.spend(session, by, now)
    if outcome is None or not proof.signature_holds(made.as_proof):
        message = "Your passkey did not sign this text. Please try again."
        raise RefusedError(message)
    return _finish(session, note, made, text, instance, by=by, now=now, outcome=outcome)


def _touched(session: Session, content: bytes, touch: Touch, instance: Instance, by: User) -> Signature:
    """The record with what the passkey answered, under the key that stands for it; not kept yet."""
    before = {key.id for key in signing_keys.of_user(session, by.id)}
    key = signing_keys.for_passkey(
        session, by, credential_id=touch.assertion.credential_id, cose=touch.shown.passkey.public_key,
        origin=touch.origin, instance=instance, now=touch.offered_at,
    )  # fmt: skip
    if key.id not in before:
        audit.record(session, "signing-key.made", actor=by, subject=key, now=touch.offered_at, reason=key.fingerprint)
    return signatures.by_passkey(content, key, touch.assertion)


def add(
    session: Session,
    note: Note,
    addition: Addition,
    password: str,
    *,
    cost: Cost,
    instance: Instance,
    by: User,
    now: datetime,
) -> Signature:
    """Add to a signed note, signed itself; what was signed before stays as it is.

    RefusedError where it says too little, corrects what does not stand there, or answers a wish that is answered.
    """
    if not note.is_signed:
        message = "This note is a draft: write in the note itself."
        raise RefusedError(message)
    opened = _proved(session, by, password, cost=cost, instance=instance, now=now)
    place = ledgers.next_place(session, note.patient_id)
    standing = _standing(session, note, instance)
    _refuse_unfit(session, note, standing, addition)
    content = signed.of_addition(
        addition, note=note, by=by, place=place, instance=instance.public, now=now, adds_to=standing[-1].sha256
    )
    made = _signed(session, content, opened, by=by, instance=instance, now=now)
    return _told(session, "note.added-to", note, signatures.keep(session, made, instance, now), by, now)


def _refuse_unfit(session: Session, note: Note, standing: Sequence[Signature], addition: Addition) -> None:
    """Whatever a page showed: nothing is signed that the note as it stands does not bear."""
    first = standing[0].said
    before = [each for entry in standing if (each := entry.said.addition)]
    if found := additions.problems(reader.load(first.form, first.form_version), first.answers, addition, before):
        raise RefusedError(next(iter(found.values())))
    if remarks := miscoded(session, note, addition):
        raise RefusedError(remarks[0].text % remarks[0].values)
    if addition.asked is None:
        return
    same = [each for each in before if each.asked and each.asked.id == addition.asked.id]
    if any(each.kind == addition.kind for each in same):
        message = "This was done already, perhaps in another window. Please look at the note again."
        raise RefusedError(message)
    if addition.kind == additions.DISAGREEMENT and not any(each.decision == additions.DENIED for each in same):
        message = "Only what was denied can be disagreed with."
        raise RefusedError(message)


def cosign(
    session: Session, note: Note, password: str, *, read: str, cost: Cost, instance: Instance, by: User, now: datetime
) -> list[Signature]:
    """Put a therapist's signature beside everything an assistant signed in this note.

    `read` is the hash of the note as it was read; StaleError when something was added since, by whomever.
    """
    opened = _proved(session, by, password, cost=cost, instance=instance, now=now)
    place = ledgers.next_place(session, note.patient_id)
    standing = _standing(session, note, instance)
    waiting = signed.waiting(standing)
    if not waiting:
        message = "Nothing in this note waits for a co-signature."
        raise RefusedError(message)
    if by.id in {entry.signer_id for entry in waiting}:
        message = "Nobody co-signs what they signed themselves. Ask a therapist who treats this patient."
        raise RefusedError(message)
    if signed.waiting_hash(standing) != read:
        raise StaleError
    kept = []
    for entry in waiting:
        content = signed.of_cosignature(
            note=note, by=by, place=place, instance=instance.public, now=now, adds_to=entry.sha256
        )
        made = _signed(session, content, opened, by=by, instance=instance, now=now)
        opened = replace(opened, is_new=False)
        kept.append(signatures.keep(session, made, instance, now))
        place = ledgers.next_place(session, note.patient_id)
    _told(session, "note.cosigned", note, kept[-1], by, now)
    return kept


def report(session: Session, note: Note, faults: Sequence[str], *, by: User | None, now: datetime) -> None:
    """Keep a line about a signed note that is no longer what was signed."""
    audit.record(
        session, "note.broken", actor=by, subject=note, now=now, outcome="failed", reason=" ".join(faults)[:40]
    )
    session.commit()


def coded(session: Session, note: Note, answers: Mapping[str, Any]) -> list[Remark]:
    """What is to be said about the diagnoses of a draft on the day of its visit."""
    if not diagnoses.written(answers):
        return []
    on = notes.day(session, note)
    return list(diagnoses.remarks(answers, codes.of_note(session, answers, on), on=on))


def miscoded(session: Session, note: Note, addition: Addition) -> list[Remark]:
    """What keeps a correction of the diagnoses of a signed note from being signed, on the day of its visit."""
    first, change = note.signatures[0].said, addition.change
    held = additions.texts(reader.load(first.form, first.form_version), first.answers)
    if change is None or not (named := diagnoses.corrected(signed_words := held.get(change.question, ""), change)):
        return []
    on = notes.day(session, note)
    return list(diagnoses.of_correction(signed_words, change, codes.lists(session, on, named), on=on))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A key that its password has opened; a new one is not kept yet."""

    key: SigningKey
    private: bytes = field(repr=False)
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """What is about to be signed: the sections as they are stored, the answers that are shown, how to write it down."""

    stored: Sections
    shown: Mapping[str, Any]
    compose: Callable[[datetime], bytes]


def _ready(
    session: Session, note: Note, form: Form, draft: str, *, instance: Instance, by: User, now: datetime
) -> _Text:
    """The text to sign, when nothing speaks against it; the note is held until the transaction ends."""
    responses.lock(session, note.response)
    session.refresh(note, attribute_names=["signed_at", "version", "signatures"])
    notes.look_up(session, [note])
    if note.is_signed:
        raise FinalError
    if signed.awaits(by.roles) and note.kind not in ASSISTANTS_WRITE:
        raise RefusedError(NOT_THIS_KIND)
    if is_ahead(note, now):
        raise RefusedError(NOT_BEGUN)
    stored = responses.sections(session, note.response_id)
    answers = {name: answer for given, _version, _at in stored.values() for name, answer in given.items()}
    if not answers.keys() <= form.by_id.keys():
        message = "This note holds parts that you may not see. A therapist who treats this patient has to write it."
        raise RefusedError(message)
    if reasons := reasons_not_to_sign(form, answers, coded(session, note, answers), on=notes.day(session, note)):
        raise NotReadyError(reasons)
    shown = visible_answers(form, answers)
    text = signed.draft(form, shown, note=note)
    if signed.draft_hash(text) != draft:
        raise StaleError
    place = ledgers.next_place(session, note.patient_id)

    def compose(at: datetime) -> bytes:
        return signed.of_note(text, draft, note=note, by=by, place=place, instance=instance.public, now=at)

    return _Text(stored, shown, compose)


def _proved(session: Session, by: User, password: str, *, cost: Cost, instance: Instance, now: datetime) -> _Opened:
    """The signer's key, opened. WrongPasswordError comes before every other refusal.

    It lets go of the database first: hashing takes 30 ms on purpose. A key that opens proves the password; where there
    is none to open, the password is checked and gets a new key.
    """
    key, encoded = signing_keys.current(session, by), by.password_hash
    session.commit()
    private = _unlocked(key, password, cost, instance) if encoded else None
    if private is None and not passwords.matches(encoded, password, cost):
        raise WrongPasswordError
    if key is None or private is None:
        opened = _Opened(*signing_keys.made(by, password, cost, now), is_new=True)
    else:
        opened = _Opened(key, private, is_new=False)
    session.refresh(by)
    if not passwords.same(by.password_hash, encoded):
        raise WrongPasswordError
    return opened


def _unlocked(key: SigningKey | None, password: str, cost: Cost, instance: Instance) -> bytes | None:
    if key is None or key.instance_public != instance.public:
        return None
    try:
        return key.unlock(password, cost)
    except LockedError:
        return None


def _signed(
    session: Session, content: bytes, opened: _Opened, *, by: User, instance: Instance, now: datetime
) -> Signature:
    """The content under the signer's key; not kept yet. A new key is, and is told to the audit trail."""
    if opened.is_new:
        signing_keys.keep(session, opened.key, by, instance, now)
        fingerprint = opened.key.fingerprint
        audit.record(session, "signing-key.made", actor=by, subject=opened.key, now=now, reason=fingerprint)
    return signatures.by_password(content, opened.key, opened.private)


def _standing(session: Session, note: Note, instance: Instance) -> list[Signature]:
    """What was signed for the note so far, checked: nobody signs beside something that is not what it was."""
    session.expire(note, ["signatures"])
    if verdicts.note_faults(session, note, instance.trusted):
        message = "This note is not what was signed. Nothing can be added to it until that is cleared up."
        raise RefusedError(message)
    return list(note.signatures)


def _finish(
    session: Session,
    note: Note,
    made: Signature,
    text: _Text,
    instance: Instance,
    *,
    by: User,
    now: datetime,
    outcome: str = "done",
) -> Signature:
    """Keep the signature, freeze note and answers, and tell the audit trail: all or nothing."""
    note.response.dropped = responses.drop_hidden(session, note.response_id, text.stored, text.shown, now)
    note.response.status, note.response.completed_at = responses.COMPLETED, now
    session.flush()
    if not notes.freeze(session, note, made.signed_at, over=note.version):
        raise StaleError
    signatures.keep(session, made, instance, now)
    if planned := courses.of_signing(note, text.shown, notes.day(session, note), by=by.id, now=now):
        session.add(planned)
    return _told(session, "note.signed", note, made, by, now, outcome)


def _told(
    session: Session, act: str, note: Note, made: Signature, by: User, now: datetime, outcome: str = "done"
) -> Signature:
    mark = ledgers.mark(made.position, made.sha256)
    audit.record(session, act, actor=by, subject=note, now=now, outcome=outcome, reason=mark)
    session.commit()
    session.expire(note, ["signatures"])
    return made
