"""Who may have a record erased, when, and what is left of it in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake.actions import keys as acts
from intake.actions.keys import Shredding
from intake.actions.refusals import RefusedError, WrongPasswordError
from intake.security import box
from intake.security.keys import RootKey
from intake.store import audit, shreds
from intake.store.audit import AuditEvent
from intake.store.binding import ForgedError
from intake.store.patient_keys import DestroyedError, PatientKey
from intake.store.patients import Patient
from intake.store.people import Clinic
from intake.store.proofs import Code
from tests.builders import COST, KEYS, PASSWORD, SECRET, code

YEARS = timedelta(days=365 * 10 + 5)


@pytest.fixture
def patient(make, clock):
    """Somebody whose record may be erased: her last visit was more than ten years ago."""
    visit = make.visit()
    clock.shift(YEARS)
    return visit.patient


@pytest.fixture
def shred(session, patient, make):
    """A way to ask or agree as somebody. What it writes into the ledger is in the list `shred.ledger`."""

    def shredded(by, whom=patient, write=None):
        now = make.now
        return acts.shred(session, whom, by=by, write_ledger=write or shredded.ledger.append, now=now)

    shredded.ledger = []
    return shredded


def shown():
    """The code of everybody's app."""
    return Code(code(), box.key_of(SECRET))


def lines(session, patient_id):
    return [(line.action, line.actor_id, line.outcome) for line in audit.of_patient(session, patient_id)]


# ---------------------------------------------------------------- two people


def test_one_asks_and_another_agrees(session, make, patient, shred):
    first, second = make.admin(), make.privacy_lead()
    assert shred(first) is Shredding.ASKED
    assert (shred.ledger, shreds.is_destroyed(session, patient.id)) == ([], False)
    assert shred(second) is Shredding.DONE
    assert (shred.ledger, shreds.is_destroyed(session, patient.id)) == ([patient.id], True)
    wanted = [("keys.shred-asked", first.id, "done"), ("keys.shredded", second.id, "done")]
    assert lines(session, patient.id)[-2:] == wanted


def test_nobody_agrees_with_themselves(session, make, patient, shred):
    by = make.admin()
    shred(by)
    with pytest.raises(RefusedError, match="another administrator or privacy lead"):
        shred(by)
    assert not shreds.is_destroyed(session, patient.id)
    assert lines(session, patient.id)[-1] == ("keys.shred-refused", by.id, "refused")


def test_a_check_that_lets_one_person_do_it_alone_would_be_noticed(session, make, patient, shred, monkeypatch):
    monkeypatch.setattr(acts, "_reason_not_to_agree", lambda request, by: None)
    by = make.admin()
    shred(by)
    assert shred(by) is Shredding.DONE


def test_after_seven_days_it_has_to_be_asked_anew(make, patient, shred, clock):
    shred(make.admin())
    clock.shift(timedelta(days=7, seconds=1))
    assert shred(make.admin()) is Shredding.ASKED
    assert shred(make.admin()) is Shredding.DONE


def test_what_was_erased_cannot_be_erased_again(make, shred):
    shred(make.admin())
    shred(make.admin())
    with pytest.raises(RefusedError, match="already"):
        shred(make.admin())


@pytest.mark.parametrize("role", ["admin", "privacy-lead"])
def test_an_administrator_or_privacy_lead_proves_it_with_password_and_code(session, make, role):
    user = make.user(role)
    assert acts.proven(session, user.email, PASSWORD, shown(), cost=COST, now=make.now) == user


@pytest.mark.parametrize("role", ["therapist", "assistant", "front-desk"])
def test_nobody_else_decides_even_with_the_right_password_and_code(session, make, role):
    user = make.user(role)
    with pytest.raises(WrongPasswordError):
        acts.proven(session, user.email, PASSWORD, shown(), cost=COST, now=make.now)
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "keys.refused")).one()
    assert (line.subject_id, line.outcome) == (user.id, "refused")


def test_a_wrong_password_a_wrong_code_an_unknown_address_and_somebody_who_left_are_answered_alike(session, make):
    left = make.admin(is_active=False)
    tries = [
        (make.admin().email, "seven green kettles hiss", shown()),
        (make.admin().email, PASSWORD, Code("000000", box.key_of(SECRET))),
        ("nobody@example.org", PASSWORD, shown()),
        (left.email, PASSWORD, shown()),
    ]
    said = set()
    for email, password, proof in tries:
        with pytest.raises(WrongPasswordError) as refused:
            acts.proven(session, email, password, proof, cost=COST, now=make.now)
        said.add(str(refused.value))
    assert len(said) == 1


# ---------------------------------------------------------------- retention and legal hold


def test_a_record_is_kept_for_ten_years_after_the_last_visit(session, make, clock):
    visit = make.visit()
    clock.move_to(visit.starts_at.replace(year=visit.starts_at.year + 10) - timedelta(days=1))
    by, ledger = make.admin(), []
    with pytest.raises(RefusedError, match="has to be kept until September 16, 2036: 10 years after"):
        acts.shred(session, visit.patient, by=by, write_ledger=ledger.append, now=make.now)
    assert lines(session, visit.patient_id)[-1] == ("keys.shred-refused", by.id, "refused")
    clock.shift(timedelta(days=1))
    assert acts.shred(session, visit.patient, by=by, write_ledger=ledger.append, now=make.now) is Shredding.ASKED


def test_a_clinic_can_keep_records_longer(session, make, patient, shred):
    make.clinic().retention_years = 12
    session.commit()
    with pytest.raises(RefusedError, match="12 years"):
        shred(make.admin())


def test_a_clinic_that_says_less_than_six_years_has_to_keep_them_all_the_same(session, make, shred, clock):
    visit = make.visit()
    make.clinic().retention_years = 0
    session.commit()
    clock.shift(timedelta(days=365 * 5))
    with pytest.raises(RefusedError, match="6 years"):
        shred(make.admin(), whom=visit.patient)


def test_years_that_somebody_wrote_into_the_database_erase_nothing(session, make, patient, shred):
    by = make.admin()
    session.execute(update(Clinic.__table__).values(retention_years=7))
    session.commit()
    session.expunge_all()
    with pytest.raises(ForgedError):
        shred(by)


def test_retention_is_looked_at_again_when_the_second_agrees(make, patient, shred):
    shred(make.admin())
    make.visit(patient)
    with pytest.raises(RefusedError, match="has to be kept"):
        shred(make.admin())


def test_under_legal_hold_nothing_is_erased_until_it_is_lifted(session, make, patient, shred):
    first, second = make.admin(), make.privacy_lead()
    shred(first)
    acts.place_hold(session, patient, by=first, now=make.now)
    with pytest.raises(RefusedError, match="legal hold"):
        shred(second)
    with pytest.raises(RefusedError, match="already"):
        acts.place_hold(session, patient, by=first, now=make.now)
    assert not shreds.is_destroyed(session, patient.id)
    acts.lift_hold(session, patient, by=second, now=make.now)
    with pytest.raises(RefusedError, match="no legal hold"):
        acts.lift_hold(session, patient, by=second, now=make.now)
    assert shred(second) is Shredding.DONE
    assert [action for action, _by, _outcome in lines(session, patient.id)][-5:] == [
        "keys.shred-asked", "keys.hold-placed", "keys.shred-refused", "keys.hold-lifted", "keys.shredded",
    ]  # fmt: skip


def test_without_the_look_at_holds_and_retention_it_would_be_erased(session, make, patient, shred, monkeypatch):
    acts.place_hold(session, patient, by=make.admin(), now=make.now)
    monkeypatch.setattr(acts, "_reason_not_to_shred", lambda session, patient, now: None)
    shred(make.admin())
    assert shred(make.admin()) is Shredding.DONE


# ---------------------------------------------------------------- backups


def kept_keys(session, patient_id):
    """What a backup holds of her keys."""
    columns = PatientKey.__table__
    return session.execute(select(columns).where(columns.c.patient_id == patient_id)).mappings().all()


def restore(session, rows):
    table = PatientKey.__table__
    for row in rows:
        session.execute(table.update().where(table.c.id == row["id"]).values(dict(row)))
    session.commit()


def name_of(engine, patient_id):
    with Session(engine) as session:
        return session.get(Patient, patient_id).legal_name


def test_what_a_backup_brings_back_is_destroyed_again_by_the_ledger(engine, session, make, patient, shred):
    other, backup = make.patient().id, kept_keys(session, patient.id)
    shred(make.admin())
    shred(make.admin())
    restore(session, backup)
    assert name_of(engine, patient.id)
    assert acts.replay(session, shred.ledger.__contains__, now=make.now) == 1
    with pytest.raises(DestroyedError):
        name_of(engine, patient.id)
    assert name_of(engine, other)
    line = audit.of_patient(session, patient.id)[-1]
    assert (line.action, line.actor_kind, line.reason) == ("keys.shredded", "system", "ledger")
    assert acts.replay(session, shred.ledger.__contains__, now=make.now) == 0


def test_without_a_ledger_a_backup_would_bring_her_back(engine, session, make, patient, shred):
    backup = kept_keys(session, patient.id)
    shred(make.admin())
    shred(make.admin(), write=lambda patient_id: None)
    restore(session, backup)
    assert acts.replay(session, shred.ledger.__contains__, now=make.now) == 0
    assert name_of(engine, patient.id)


def test_a_ledger_that_cannot_be_written_stops_the_erasure(session, make, patient, shred):
    def full(patient_id):
        raise OSError(28, "No space left on device")

    shred(make.admin())
    with pytest.raises(OSError, match="No space"):
        shred(make.admin(), write=full)
    session.rollback()
    assert not shreds.is_destroyed(session, patient.id)


# ---------------------------------------------------------------- another root key


def test_a_batch_leaves_a_line_and_no_work_leaves_none(session, make):
    make.patient()
    turned = KEYS.turned(RootKey.of(b"another root key of 32 bytes, ok"))
    assert [acts.rewrap(session, turned, now=make.now, most=2) for _batch in range(3)] == [2, 1, 0]
    actions = select(AuditEvent.action).where(AuditEvent.action.startswith("keys."))
    assert session.scalars(actions).all() == ["keys.rewrapped"] * 2


def test_what_happens_to_the_root_key_leaves_a_line(session, make):
    acts.record_root(session, "keys.sheet-printed", now=make.now)
    assert audit.has(session, "keys.sheet-printed")
