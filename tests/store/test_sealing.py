"""Rows open and seal themselves, and a value that was moved or put back does not open."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from intake.forms import reader
from intake.security.seal import BEFORE, SealError, bucket
from intake.store import compartments, consents, flags, patients, responses, sealing
from intake.store.engine import connect
from intake.store.flags import Flag
from intake.store.patients import Patient
from intake.store.responses import Response, ResponseSection
from intake.store.sealing import UnreadableError

CANARY = "marzipan-lighthouse"


def stored(session, column, row):
    return session.execute(select(column).where(column.table.c.id == row.id)).scalar_one()


def put(session, column, row, value):
    session.execute(update(column.table).where(column.table.c.id == row.id).values({column.name: value}))
    session.commit()
    session.expire_all()


IDENTITY = Patient.__table__.c.identity


def test_what_is_set_is_read_back_by_the_next_session(engine, session, make):
    patient = make.patient(legal_name=CANARY, name_used="Bo", birth_date=date(1987, 11, 23))
    with Session(engine) as other:
        found = other.get_one(Patient, patient.id)
        assert (found.legal_name, found.name_used, found.birth_date) == (CANARY, "Bo", date(1987, 11, 23))
        assert found.contacts == patient.contacts
    assert CANARY.encode() not in stored(session, IDENTITY, patient)


def test_a_change_is_kept_and_one_that_was_rolled_back_is_not(session, make):
    patient = make.patient(name_used="Bo")
    patient.name_used = "Jo"
    assert patient.name_used == "Jo"
    session.rollback()
    assert patient.name_used == "Bo"
    patient.name_used = "Jo"
    session.commit()
    session.expire_all()
    assert (patient.name_used, patient.version) == ("Jo", 2)


def test_setting_what_is_there_already_changes_nothing(session, make):
    patient = make.patient(name_used="Bo")
    patient.name_used = "Bo"
    assert patient not in session.dirty


def test_a_row_that_changes_elsewhere_is_sealed_for_its_new_version(session, make):
    flag = raised(session, make)
    flag.acknowledged_at = make.now
    session.commit()
    session.expire_all()
    assert (flag.version, flag.rule, flag.because) == (2, "E1", ["rf_bleed"])


def raised(session, make, **more):
    intake = make.intake()
    flag = Flag(patient_id=intake.patient_id, response_id=intake.id, rule="E1", severity="EMERGENCY", **more)
    flag.because, flag.opened_at = ["rf_bleed"], make.now
    session.add(flag)
    session.commit()
    return flag


def test_one_rule_is_open_once_for_an_intake_though_the_database_does_not_know_which(session, make):
    from sqlalchemy.exc import IntegrityError

    flag = raised(session, make)
    twin = Flag(patient_id=flag.patient_id, response_id=flag.response_id, rule="E1", severity="EMERGENCY")
    twin.opened_at = make.now
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    other = raised(session, make)
    assert flag.mark != other.mark, "the same rule of two people looks different"


def test_of_two_who_change_the_same_row_the_second_is_refused_and_the_first_is_readable(engine, session, make):
    from sqlalchemy.orm.exc import StaleDataError

    patient = make.patient()
    session.commit()
    with Session(engine) as other:
        other.get_one(Patient, patient.id).name_used = "Bo"
        other.commit()
    patient.name_used = "Jo"
    with pytest.raises(StaleDataError):
        session.commit()
    session.rollback()
    assert patient.name_used == "Bo"


def test_a_consent_can_be_withdrawn_though_its_sealed_words_are_final(session, make):
    intake = make.intake(submitted=True)
    consent = consents.of_patient(session, intake.patient_id)[0]
    consent.withdrawn_at = make.now
    session.commit()
    session.expire_all()
    assert consent.signer == "Rowan Invented"


def test_a_list_of_patients_asks_for_their_keys_once(engine, session, make):
    for _number in range(5):
        make.patient()
    asked = []
    with Session(engine) as other:
        found = other.scalars(select(Patient)).all()
        event.listen(engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
        assert len({patient.name for patient in found}) == 5
    assert len(asked) == 1


def test_without_the_keys_nothing_opens(url, session, make):
    patient = make.patient()
    session.commit()
    engine = connect(url)
    with Session(engine) as other, pytest.raises(RuntimeError, match="without its keys"):
        _ = other.get_one(Patient, patient.id).name
    engine.dispose()


def test_outside_a_session_a_row_does_not_open(session, make):
    patient_id = make.patient().id
    session.expunge_all()
    patient = session.get_one(Patient, patient_id)
    session.expunge(patient)
    with pytest.raises(RuntimeError, match="in a session"):
        _ = patient.name


# ---------------------------------------------------------------- answers

MIXED = {"bl_leak_any": {"value": "yes"}, "bl_leak_sex": {"value": "yes"}}


def sensitive_of(section):
    return next(q.id for q in reader.latest("intake").section(section).questions() if q.tier == "sensitive")


def row_of(session, response, section):
    wanted = ResponseSection.response_id == response.id, ResponseSection.section == section
    return session.scalars(select(ResponseSection).where(*wanted)).one()


def test_the_answers_of_a_section_are_kept_by_compartment(session, make):
    name = sensitive_of("bladder")
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}, name: {"value": "yes"}})
    assert set(responses.answers(session, intake.id)) == {"bl_leak_any", name}
    assert set(responses.answers(session, intake.id, ("care",))) == {"bl_leak_any"}
    assert set(responses.answers(session, intake.id, ("sensitive",))) == {name}


def test_each_section_has_a_value_in_each_compartment_its_form_asks_for_and_in_no_other(session, make):
    intake, form = make.intake(), reader.latest("intake")
    for section in form.sections:
        row = row_of(session, intake, section.id)
        asked = set(compartments.places(form)[section.id].values())
        assert {name for name in ("care", "sensitive", "safety") if getattr(row, name) is not None} == asked
        for name in asked:
            assert len(getattr(row, name)) == bucket(0) + 46


def test_a_group_is_kept_where_its_highest_question_belongs():
    form = reader.latest("intake")
    assert form.by_id["ob_births"].tier == "care"
    assert compartments.places(form)["births"]["ob_births"] == "sensitive"


# ---------------------------------------------------------------- tampering


def flipped(session, make):
    patient = make.patient(legal_name=CANARY)
    value = stored(session, IDENTITY, patient)
    put(session, IDENTITY, patient, value[:-1] + bytes((value[-1] ^ 1,)))
    return lambda: patient.legal_name


def of_another_patient(session, make):
    patient, other = make.patient(legal_name=CANARY), make.patient(legal_name=CANARY)
    put(session, IDENTITY, patient, stored(session, IDENTITY, other))
    return lambda: patient.legal_name


def of_another_table(session, make):
    intake = make.intake()
    put(session, IDENTITY, intake.patient, row_of(session, intake, "bladder").care)
    return lambda: intake.patient.legal_name


def an_older_one(session, make):
    patient = make.patient(legal_name=CANARY)
    older = stored(session, IDENTITY, patient)
    patient.legal_name = "Robin Made-Up"
    session.commit()
    put(session, IDENTITY, patient, older)
    return lambda: patient.legal_name


def of_another_row(session, make):
    first, second = raised(session, make), raised(session, make)
    put(session, Flag.__table__.c.sign, second, stored(session, Flag.__table__.c.sign, first))
    return lambda: second.rule


def of_another_section(session, make):
    intake = make.intake()
    table = ResponseSection.__table__.c
    put(session, table.care, row_of(session, intake, "bowel"), row_of(session, intake, "bladder").care)
    return lambda: responses.answers(session, intake.id)


def of_another_compartment(session, make):
    intake = make.intake()
    row = row_of(session, intake, "bladder")
    put(session, ResponseSection.__table__.c.care, row, row.sensitive)
    return lambda: responses.answers(session, intake.id)


def of_an_older_save(session, make):
    intake = make.intake(answers={"bl_leak_any": {"value": "yes"}})
    row = row_of(session, intake, "bladder")
    older = row.care
    make.answer(intake, {"bl_leak_any": {"value": "no"}})
    put(session, ResponseSection.__table__.c.care, row, older)
    return lambda: responses.answers(session, intake.id)


def cut_short(session, make):
    patient = make.patient(legal_name=CANARY)
    put(session, IDENTITY, patient, stored(session, IDENTITY, patient)[:BEFORE])
    return lambda: patient.legal_name


def of_another_response(session, make):
    intake = make.intake()
    dropped = Response.__table__.c.dropped
    twin = make.note(intake.visit).response
    put(session, dropped, intake, stored(session, dropped, twin))
    return lambda: intake.dropped


TAMPERINGS = (
    *(flipped, of_another_patient, of_another_table, an_older_one, of_another_row, of_another_section),
    *(of_another_compartment, of_an_older_save, cut_short, of_another_response),
)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering.__name__)
def test_what_was_tampered_with_is_an_error_and_never_blank(session, make, tampering):
    opens = tampering(session, make)
    with pytest.raises(SealError) as caught:
        opens()
    assert isinstance(caught.value, UnreadableError)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("tampering", [of_another_patient, an_older_one, of_another_section], ids=lambda t: t.__name__)
def test_a_seal_that_is_bound_to_nothing_would_be_noticed(session, make, tampering, monkeypatch):
    """The same tampering against a store whose values are bound to no place and share one key goes through."""
    key = sealing.seals.DataKey.new()
    monkeypatch.setattr(sealing.seals.Place, "bound", property(lambda _place: b""))
    monkeypatch.setattr("intake.store.patient_keys.Keys.key", lambda *_asked: key)
    tampering(session, make)()


def test_an_unreadable_row_stays_as_it_is(session, make):
    patient = make.patient(legal_name=CANARY)
    put(session, IDENTITY, patient, b"\xe1\x01 nothing that opens")
    with pytest.raises(SealError):
        patient.name_used = "Bo"
    session.rollback()
    assert stored(session, IDENTITY, patient) == b"\xe1\x01 nothing that opens"


def test_flags_and_patients_are_found_as_before(session, make):
    flag = raised(session, make)
    found = flags.holding(session, flag.response_id)["E1"]
    assert (found.still_true, found.because, found.taken, found.has_reply) == (True, ["rf_bleed"], None, False)
    assert patients.get(session, flag.patient_id).name
