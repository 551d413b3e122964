"""What a signed record says: composed once for signing, and read back from the very bytes that were signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from intake.clinical import additions, late
from intake.clinical.additions import Addition
from intake.forms import publishing
from intake.forms.merge import bare
from intake.forms.model import Form
from intake.security import canonical, signing
from intake.security.policy import Role

NOTE, COSIGNATURE = "note", "cosignature"
SIGNED, AWAITS, ADDED, COSIGNED = "signed", "awaits-cosignature", "added", "cosigned"
FIRST = "0" * 64  # what the first entry of a patient's ledger stands on


@dataclass(frozen=True, slots=True)
class Place:
    """The next free place of a patient's ledger: its number from 1, and the hash of the entry before.

    `salt` keeps the record's hash, which is not sealed, from telling what the record says to whoever tries guesses.
    """

    position: int
    prev_hash: str
    salt: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed record, read back. `answers` of a note, `addition` to one; `adds_to` is the hash of another."""

    kind: str
    meaning: str
    note: UUID
    patient: UUID
    place: Place
    author_id: UUID
    author_name: str
    credentials: str
    signed_at: datetime
    adds_to: str | None
    answers: Mapping[str, Any]
    addition: Addition | None
    form: str
    form_version: int
    form_hash: str
    visit: UUID | None
    visit_at: datetime | None
    started_at: datetime | None
    version: int
    draft: str

    @property
    def is_late_entry(self) -> bool:
        """Whether it was begun late, and says so itself."""
        return late.is_late_form(self.form)

    @property
    def was_signed_late(self) -> bool:
        """Whether it was signed late, whenever it was begun."""
        return self.visit_at is not None and late.is_late(self.visit_at, self.signed_at)


def draft(form: Form, answers: Mapping[str, Any], *, note: Any) -> dict[str, Any]:
    """What a clinician reads before signing a note (its row, with its visit); `answers` are those that are shown."""
    sections = [
        {"id": section.id, "answers": {q.id: bare(answers[q.id]) for q in section.questions() if q.id in answers}}
        for section in form.sections
    ]
    return {
        "form": {"id": form.id, "sha256": publishing.hash_of(form.id, form.version), "version": form.version},
        "note": note.id,
        "patient": note.patient_id,
        "sections": [section for section in sections if section["answers"]],
        "started_at": note.created_at,
        "visit": note.visit_id,
        "visit_at": note.visit.starts_at,
    }


def draft_hash(read: Mapping[str, Any]) -> str:
    """The hash that stands for the text as it was read before signing."""
    return signing.digest(signing.labelled(signing.DRAFT, canonical.dump(read)))


def of_note(read: Mapping[str, Any], read_hash: str, **common: Any) -> bytes:
    """The bytes of a note to sign: the draft as it was read with the hash of that, and who signs it when."""
    note: Any = common["note"]
    return _dump(NOTE, {**read, "draft": read_hash, "version": note.version}, **common)


def of_addition(addition: Addition, **common: Any) -> bytes:
    """The bytes of an addition to sign."""
    return _dump(addition.kind, addition.body, **common)


def of_cosignature(**common: Any) -> bytes:
    """The bytes of a co-signature to sign: it names what it stands under by its hash."""
    return _dump(COSIGNATURE, {}, **common)


def _dump(
    kind: str,
    body: Mapping[str, Any],
    *,
    note: Any,
    by: Any,
    place: Place,
    instance: bytes,
    now: datetime,
    adds_to: str | None = None,
) -> bytes:
    """`note` and `by` are the rows, `instance` is the public key that will countersign."""
    return canonical.dump(
        {
            **body,
            "adds_to": adds_to,
            "author": {"credentials": by.credentials, "id": by.id, "name": by.name},
            "instance": signing.fingerprint(instance),
            "kind": kind,
            "meaning": meaning(kind, by.roles),
            "note": note.id,
            "patient": note.patient_id,
            "position": place.position,
            "prev_hash": place.prev_hash,
            "salt": place.salt,
            "signed_at": now,
        }
    )


def read(content: bytes) -> Signed:
    """The record these bytes say; ValueError, KeyError or TypeError when they say none."""
    said = canonical.load(content)
    form, visit = said.get("form") or {}, said.get("visit")
    return Signed(
        kind=said["kind"],
        meaning=said["meaning"],
        note=UUID(said["note"]),
        patient=UUID(said["patient"]),
        place=Place(said["position"], said["prev_hash"], said["salt"]),
        author_id=UUID(said["author"]["id"]),
        author_name=said["author"]["name"],
        credentials=said["author"]["credentials"],
        signed_at=datetime.fromisoformat(said["signed_at"]),
        adds_to=said["adds_to"],
        answers={name: answer for section in said.get("sections", ()) for name, answer in section["answers"].items()},
        addition=additions.read(said["kind"], said),
        form=form.get("id", ""),
        form_version=form.get("version", 0),
        form_hash=form.get("sha256", ""),
        visit=UUID(visit) if visit else None,
        visit_at=_moment(said.get("visit_at")),
        started_at=_moment(said.get("started_at")),
        version=said.get("version", 0),
        draft=said.get("draft", ""),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def meaning(kind: str, roles: Collection[str]) -> str:
    """What a signature stands for: an assistant's waits for a therapist's beside it."""
    if kind == COSIGNATURE:
        return COSIGNED
    if awaits(roles):
        return AWAITS
    return SIGNED if kind == NOTE else ADDED


def awaits(roles: Collection[str]) -> bool:
    """Whether what somebody with these roles signs waits for a co-signature."""
    return Role.THERAPIST not in roles


def waiting_hash(entries: Iterable[Any]) -> str:
    """The hash that stands for a note as it was read before co-signing: what waits, and all that was added to it.

    What somebody else adds waits for nobody, but may say that the words to be co-signed are wrong.
    """
    rows = list(entries)
    read = [[row.sha256 for row in waiting(rows)], [row.sha256 for row in rows if row.kind != COSIGNATURE]]
    return signing.digest(signing.labelled(signing.WAITING, canonical.dump(read)))


def waiting(entries: Iterable[Any]) -> list[Any]:
    """The entries of a note that wait for a co-signature; each has kind, meaning, sha256 and adds_to."""
    rows = list(entries)
    done = {row.adds_to for row in rows if row.kind == COSIGNATURE}
    return [row for row in rows if row.meaning == AWAITS and row.sha256 not in done]
