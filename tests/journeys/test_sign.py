"""Signed notes against somebody who has the whole database: whatever is changed, moved or removed is noticed.

Without the keys only what is sealed can be broken; with them it can be changed and sealed anew: that is noticed too.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, exc, select, update

from intake.clinical import signed
from intake.clinical.additions import ADDENDUM
from intake.forms import reader
from intake.forms.merge import MARKS
from intake.security import canonical, proof, signing
from intake.security.signing import Instance
from intake.store import ledgers, verdicts
from intake.store.audit import AuditEvent
from intake.store.ledgers import Ledger
from intake.store.notes import Note
from intake.store.patient_keys import COMPARTMENTS
from intake.store.responses import ResponseSection
from intake.store.signatures import Signature
from intake.store.signing_keys import SigningKey
from tests.actions.test_signatures import by_passkey
from tests.builders import INSTANCE, NOTE, filled
from tests.passkeys import Authenticator
from tests.sizes import size, tell
from tests.tampering import inside, other_values, sealed_answers, sealed_text, unprotected

FORM = reader.latest("evaluation")
DAILY = reader.latest("daily-note")
SCRIPT = Path(__file__).parents[2] / "tools" / "verify_note.py"
PATIENTS = size(1, 2)
EACH = size(3, 1_000_000)  # changes tried in one column
REFUSED = (exc.IntegrityError, exc.DataError)  # by the database itself: a hash that stands twice, a text too long
# What a check of the signature has no use for: who may open a private key is another question (it then fails to open).
UNSIGNED = {"signing_keys": {"wrapped_private", "salt", "passes", "memory"}, "response_sections": {"id", "saved_at"}}


@pytest.fixture
def records(session, make):
    """Notes of every kind, for several patients: with addenda, co-signed, by passkey."""
    for _patient in range(PATIENTS):
        note = make.note(signed=True)
        make.add(note)
        make.add(note, "And once more.")
        young = make.note(make.visit(note.patient, note.author), author=make.assistant(), answers=filled(DAILY, NOTE))
        make.sign(young)
        make.cosign(young)
    mine = make.note(make.visit(make.patient(), make.therapist()), answers=filled(FORM, NOTE))
    by_passkey(session, make, mine, Authenticator())
    assert found(session) == set()
    with unprotected(session):
        yield session


def found(session, trusted=INSTANCE.trusted):
    """The names of every check that fails anywhere."""
    session.expire_all()
    found = [
        verdict
        for patient_id in verdicts.patients(session)
        for _note, verdict in verdicts.of_patient(session, patient_id, trusted)
    ]
    return {name for verdict in found for name in (*verdict.faults, *verdict.gaps)}


def change(session, table, row, **values):
    key = next(iter(table.primary_key))
    session.execute(update(table).where(key == row[key.name]).values(**values))


def signed_rows(session):
    """(table, row) of everything that makes up a signed record."""
    final = select(Note.response_id).where(Note.signed_at.is_not(None))
    for entity, condition in (
        (Signature, True),
        (SigningKey, True),
        (Ledger, True),
        (Note, Note.signed_at.is_not(None)),
        (ResponseSection, ResponseSection.response_id.in_(final)),
    ):
        table = entity.__table__
        query = select(table)
        rows = session.execute(query if condition is True else query.where(condition)).mappings().all()
        yield from ((table, row) for row in rows)


def fields(session):
    """(table, row, column, other value): every other value of every field of every signed record."""
    for table, row in list(signed_rows(session)):
        key = next(iter(table.primary_key)).name
        for name in [c.name for c in table.columns if c.name not in {key, *UNSIGNED.get(table.name, ())}]:
            for other in other_values(session, table, table.c[name], row[name]):
                if not (other is None and name in COMPARTMENTS and not inside(session, row, name)):  # says nothing new
                    yield table, row, name, other
        yield from ((table, row, *change) for change in sealed_anew(session, table, row))


def sealed_anew(session, table, row):
    """(column, other value) of what somebody who holds the keys could put inside a sealed column."""
    if table.name == "signatures":
        entry = session.get_one(Signature, row["id"])
        said = json.loads(entry.content)
        for path in leaves(said):
            yield "content", sealed_text(session, entry, canonical.dump(put(said, path, other)).decode())
        yield "content", sealed_text(session, entry, entry.content + " ")
    if table.name == "response_sections":
        for name in COMPARTMENTS:
            answers = inside(session, row, name)
            others = [answers | {"planted": {"value": "x"}}]
            others += [put(answers, path, other) for path in leaves(answers) if path[-1] not in MARKS]
            others += [{name: each for name, each in answers.items() if name != left} for left in answers]
            yield from ((name, sealed_answers(session, row, name, changed)) for changed in others)


def tampered(session):
    """(what was changed, whether a check said so) for each of them, one at a time; what the database refuses is not."""
    tried = Counter()
    for table, row, name, other in spread(fields(session)):
        if tried[table, name] >= EACH:
            continue
        try:
            change(session, table, row, **{name: other})
        except REFUSED:
            session.rollback()
            continue
        if stored(session, table, row, name) == row[name]:  # PostgreSQL cuts off spaces that are too much
            continue
        tried[table, name] += 1
        yield f"{table.name}.{name}", bool(found(session))
        session.rollback()


def stored(session, table, row, name):
    key = next(iter(table.primary_key))
    return session.execute(select(table.c[name]).where(key == row[key.name])).scalar_one()


def spread(all_of_them):
    """The same in another order, always the same one: a part of them is then not only the first."""
    return random.Random(1).sample(listed := list(all_of_them), len(listed))


def test_every_field_of_every_signed_record_is_changed_and_every_change_is_flagged(records):
    tried = list(tampered(records))
    missed = [what for what, noticed in tried if not noticed]
    tell(f"{len(tried)} changes to signed records: {len(missed)} missed")
    assert len(tried) > 100
    assert {name for name, _noticed in tried} >= {
        "signatures.content",
        "response_sections.sensitive",
        "notes.signed_at",
    }
    assert missed == []


def test_a_check_that_looks_away_would_miss_changes(records, monkeypatch):
    """The control: without the signatures' checks, and with nobody comparing rows, a changed record passes."""
    (entry, *_more) = records.scalars(select(Signature)).all()
    said = json.loads(entry.content)
    said["sections"] = said.get("sections", [])[:1]
    text = canonical.dump(said)
    sha256 = signing.digest(signing.labelled(signing.NOTE, text))
    rewritten(records, entry, text, sha256)
    assert {"signature", "countersignature"} <= found(records)
    records.rollback()
    checks = {name: holds for name, holds in proof.CHECKS.items() if "signature" not in name}
    monkeypatch.setattr(proof, "CHECKS", checks)
    monkeypatch.setattr(verdicts, "_written", lambda _session, note: canonical.settled(note.signatures[0].said.answers))
    newest = records.scalars(select(Signature).order_by(Signature.position.desc())).first()
    words = newest.content.replace('"name":"', '"name":"X').encode()
    rewritten(records, newest, words, signing.digest(signing.labelled(signing.NOTE, words)))
    assert found(records) == set()


def rewritten(session, entry, text, sha256):
    """A record with another text, and everything that is no signature brought into line."""
    content = sealed_text(session, entry, text.decode())
    change(session, Signature.__table__, {"id": entry.id}, content=content, sha256=sha256)
    session.execute(
        update(Signature)
        .where(Signature.patient_id == entry.patient_id, Signature.position == entry.position + 1)
        .values(prev_hash=sha256)
    )
    session.execute(
        update(Ledger)
        .where(Ledger.patient_id == entry.patient_id, Ledger.position == entry.position)
        .values(sha256=sha256)
    )
    old = ledgers.mark(entry.position, entry.sha256)
    session.execute(
        update(AuditEvent).where(AuditEvent.reason == old).values(reason=ledgers.mark(entry.position, sha256))
    )


def entries(session, kind=None):
    rows = session.scalars(select(Signature).order_by(Signature.patient_id, Signature.position)).all()
    return [row for row in rows if kind in {None, row.kind}]


CARRIED = ("content", "sha256", "signature", "countersignature", "client_data", "authenticator_data", "key_id")


def test_a_signature_moved_to_another_record_does_not_fit(records):
    missed = tried = 0
    pairs = [(one, other) for one in entries(records) for other in entries(records) if one.id != other.id]
    for parts in (*((name,) for name in CARRIED[:4]), CARRIED[:4], CARRIED, ("note_id",)):
        for one, other in spread(pairs)[: 3 * EACH]:
            new = {part: getattr(other, part) for part in parts}
            if all(getattr(one, part) == value for part, value in new.items()):
                continue
            if "content" in new:
                new["content"] = sealed_text(records, one, other.content)
            if "sha256" in new:  # the same hash twice is refused by the database
                change(records, Signature.__table__, {"id": other.id}, sha256="0" * 64)
            change(records, Signature.__table__, {"id": one.id}, **new)
            tried += 1
            missed += not found(records)
            records.rollback()
    tell(f"{tried} moved parts of signatures: {missed} missed")
    assert tried > 40
    assert missed == 0


def test_a_record_of_one_patient_does_not_become_another_s(records, make):
    stranger = make.patient().id
    for entry in entries(records):
        change(records, Signature.__table__, {"id": entry.id}, patient_id=stranger)
        assert found(records)
        records.rollback()


def test_addenda_in_another_order_are_noticed(records):
    first, second = list(entries(records, ADDENDUM))[:2]
    places = (first.position, second.position)
    for entry, position in ((first, 900), (second, places[0]), (first, places[1])):
        change(records, Signature.__table__, {"id": entry.id}, position=position)
    assert {"moved", "chain"} <= found(records)


def remove(session, entry):
    session.execute(delete(Signature).where(Signature.id == entry.id))


def test_any_removed_record_is_noticed(records):
    for entry in entries(records):
        remove(records, entry)
        assert found(records)
        records.rollback()


def newest(session):
    """The newest record of a patient with several."""
    return max(entries(session), key=lambda entry: entry.position)


def forget(session, entry):
    """Remove the newest record, set the ledger back to the one before."""
    assert ledgers.newest(session, entry.patient_id) == (entry.position, entry.sha256)
    remove(session, entry)
    session.execute(
        update(Ledger)
        .where(Ledger.patient_id == entry.patient_id)
        .values(position=entry.position - 1, sha256=entry.prev_hash)
    )


def test_the_newest_record_removed_with_the_ledger_set_back_is_noticed_by_the_audit_trail(records):
    forget(records, newest(records))
    assert found(records) == {"audit"}


def test_only_somebody_who_rewrites_the_audit_trail_too_gets_away_with_that(records):
    """The control, and the honest limit: the audit trail's own chain has to catch this one."""
    gone = newest(records)
    forget(records, gone)
    records.execute(delete(AuditEvent).where(AuditEvent.reason == ledgers.mark(gone.position, gone.sha256)))
    assert found(records) == set()


def test_a_whole_note_removed_with_everything_signed_for_it_is_noticed(records):
    for note in records.scalars(select(Note).where(Note.signed_at.is_not(None))).all():
        records.execute(delete(Signature).where(Signature.note_id == note.id))
        records.execute(delete(Note).where(Note.id == note.id))
        assert found(records)
        records.rollback()


def test_a_note_dated_back_in_every_row_is_noticed(records):
    for entry in entries(records, signed.NOTE):
        at = entry.signed_at - timedelta(days=30)
        said = canonical.dump({**json.loads(entry.content), "signed_at": at})
        rewritten(records, entry, said, signing.digest(signing.labelled(signing.NOTE, said)))
        change(records, Signature.__table__, {"id": entry.id}, signed_at=at, countersigned_at=at)
        change(records, Note.__table__, {"id": entry.note_id}, signed_at=at)
        assert {"signature", "countersignature"} <= found(records)
        records.rollback()


def test_somebody_who_makes_a_key_of_their_own_signs_for_nobody(records):
    """With the database and a clinic's key of their own, but not with ours."""
    stranger = Instance.of(b"x" * 32)
    for entry in entries(records):
        private = signing.new_key()
        key = entry.key
        key.public, key.method, key.instance_public = signing.public_of(private), "password-key", stranger.public
        key.certificate = stranger.sign(signing.KEY, key.as_proof.certified())
        text = canonical.dump({**json.loads(entry.content), "instance": signing.fingerprint(stranger.public)})
        entry.content, entry.instance_public = text.decode(), stranger.public
        entry.sha256 = signing.digest(signing.labelled(signing.NOTE, text))
        entry.signature = signing.sign(private, signing.labelled(signing.NOTE, text))
        entry.client_data = entry.authenticator_data = None
        place = (entry.patient_id, entry.position, entry.countersigned_at)
        said = proof.countersigned(entry.sha256, entry.signature, str(key.id), *place)
        entry.countersignature = stranger.sign(signing.COUNTERSIGNATURE, said)
        records.flush()
        assert {"certificate", "countersignature"} <= set(verdicts.faults(entry, INSTANCE.trusted))
        assert verdicts.faults(entry, stranger.trusted) == ()
        records.rollback()


# ---------------------------------------------------------------- the proof file, without our server


def checked(tmp_path, bundle, *more):
    """What the script says about a proof file, in a process that has nothing of ours."""
    (tmp_path / "proof.json").write_text(json.dumps(bundle), encoding="utf-8")
    return script(tmp_path, *more)


def script(tmp_path, *more):
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, tmp_path / "proof.json", *more],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def bundles(session):
    return {"format": proof.FORMAT, "entries": [proof.bundle(entry.as_proof) for entry in entries(session)]}


def test_a_proof_file_is_checked_without_our_server_and_without_our_secrets(records, tmp_path):
    code, said = checked(tmp_path, bundles(records), signing.fingerprint(INSTANCE.public))
    assert (code, said.count("HOLDS")) == (0, len(entries(records)))
    assert checked(tmp_path, bundles(records), "AAAA-BBBB-CCCC-DDDD-EEEE")[0] == 1


@pytest.mark.parametrize("wrong", ["no note", "turned round", "twice"])
def test_records_of_a_note_in_another_order_or_without_the_note_do_not_hold(records, tmp_path, wrong):
    note = next(entry.note_id for entry in entries(records) if entry.kind == ADDENDUM)
    whole = [proof.bundle(entry.as_proof) for entry in entries(records) if entry.note_id == note]
    assert checked(tmp_path, {"entries": whole})[0] == 0
    parts = {"no note": whole[1:], "turned round": whole[::-1], "twice": [*whole, whole[0]]}[wrong]
    code, said = checked(tmp_path, {"entries": parts})
    assert (code, "DOES NOT HOLD" in said) == (1, True), said


def test_a_file_that_only_opens_brackets_is_no_proof(tmp_path):
    (tmp_path / "proof.json").write_text("[" * 100_000, encoding="utf-8")
    code, said = script(tmp_path)
    assert (code, "no proof file" in said) == (2, True)


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, name))
    else:
        yield path


def put(bundle, path, new):
    """A copy of a proof with another value in one place."""
    copy = json.loads(json.dumps(bundle))
    at = copy
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = new(at[path[-1]])
    return copy


def other(value):
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + 1
    return value.translate(str.maketrans("a1", "b2")) if set("a1") & set(value) else value + "a1"


def test_a_proof_file_with_anything_changed_does_not_hold(records, tmp_path, request):
    sys.path.insert(0, str(SCRIPT.parent))
    request.addfinalizer(lambda: sys.path.remove(str(SCRIPT.parent)))
    import verify_note

    tried = missed = 0
    for bundle in bundles(records)["entries"]:
        assert verify_note.problems(bundle, "") == []
        for path in leaves(bundle):
            tried += 1
            with suppress(ValueError, KeyError, TypeError):  # "this is no proof file"
                missed += verify_note.problems(put(bundle, path, other), "") == []
    tell(f"{tried} changes to proof files: {missed} missed")
    assert (tried > 50, missed) == (True, 0)
    one = bundles(records)
    one["entries"][0]["content"] = one["entries"][0]["content"].replace("Walk for", "Wait for")
    code, said = checked(tmp_path, one)
    assert code == 1
    assert "DOES NOT HOLD (hash, signature" in said
    assert checked(tmp_path, {"entries": []})[0] == 1
    assert checked(tmp_path, {"nothing": 1})[0] == 2


HIDDEN = "x\r\x1b[1A\x1b[2K\rHOLDS {code} Tess Therapist\x1b[8m\nHOLDS {code}\u2028\u202e\ud800"


def test_what_a_proof_file_says_about_itself_cannot_be_taken_for_what_was_found(records, tmp_path):
    """A name with line ends and commands for the terminal, and a code that is none."""
    forged = bundles(records)
    entry = forged["entries"][0]
    own, clinic = entry["code"], signing.fingerprint(INSTANCE.public)
    said = json.loads(entry["content"])
    said["author"]["name"] = HIDDEN.format(code=clinic)
    entry["content"], entry["code"] = json.dumps(said), "HOLDS\n"
    forged["entries"] = [entry]
    ended, told = checked(tmp_path, forged)
    assert ended == 1
    assert len(told.splitlines()) == 1
    assert told.startswith("DOES NOT HOLD (")
    assert told.rstrip("\n").isprintable()
    assert not re.search(rf"\b{own}\b|^HOLDS", told)
