"""Rows that say who somebody is and what they may see: none that was changed, moved or added by hand is taken."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from intake.actions import accounts, courses, handovers, keys, resets, safety_entries
from intake.clinical.certification import Act
from intake.store import binding, schema, sessions
from intake.store import factors as stored_factors
from intake.store.amendments import Amendment
from intake.store.base import Base, PlainDate, UtcDateTime
from intake.store.binding import BOUND, LOOSE, UNBOUND, Bound, ForgedError, bound_attributes
from intake.store.factors import Passkey, RecoveryCode
from intake.store.kept import KeptPage
from intake.store.people import Clinic, User
from intake.store.phrases import Phrase
from intake.store.printouts import Printout
from intake.store.reviews import Review
from intake.store.sessions import Login
from tests.builders import SECRET
from tests.forms.made import FEET
from tests.tampering import other_values, unprotected

KINDS = sorted((m.class_ for m in Base.registry.mappers if issubclass(m.class_, Bound)), key=lambda kind: kind.__name__)
NOON = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
EMPTY = {UtcDateTime: NOON, PlainDate: NOON.date()}
NAMING = {"users.id", "patients.id"}


def two_of_everything(session, make):
    """Two rows of every bound table, of which there is more than one."""
    admin, lead = make.admin(), make.privacy_lead()
    for number in range(2):
        note = make.note(make.intake().visit)
        plan, user = make.plan(make.note(signed=True)), note.author
        make.wish(plan.note)
        make.member(note.patient)
        make.clinic_form(FEET.replace("clinic-feet", f"clinic-feet-{number}"), by=admin)
        make.emergency(note.patient, sensitive=bool(number))
        handover = make.alone({}, note.visit)
        handovers.note_read(session, [handover], by=user, now=make.now)
        safety_entries.write(session, note.patient, "Called.", over=0, by=user, now=make.now)
        make.login(user)
        accounts.offer_password(session, user, secret=SECRET, by=None, now=make.now)
        make.on_paper(user, [f"{number}{each}" * 16 for each in "ab"])
        session.add(
            Passkey(
                user_id=user.id, credential_id=f"passkey {number}", public_key=b"%d" % number, name="Phone",
                created_at=make.now,
            )
        )  # fmt: skip
        session.add_all(looked_over(note.response, user, make.now))
        sent = courses.keep(session, note.patient, Act.SENT, make.now.date(), who="Dr. Ash", by=user, now=make.now)
        courses.take_back(session, sent, by=user, now=make.now)
        session.add(KeptPage(user_id=user.id, content=b"%d" % number, kept_at=make.now))
        session.add(Phrase(user_id=user.id, word=f".word-{number}", stands_for=f"{number}", changed_at=make.now))
        resets.ask(session, user, by=admin, now=make.now)
        keys.place_hold(session, plan.patient, by=lead, now=make.now)
        session.add(keys.ShredRequest(patient_id=note.patient_id, asked_by_id=lead.id, asked_at=make.now))
        session.commit()


def looked_over(response, user, now):
    """That a form was reviewed, what became of it, and that its sensitive answers were printed."""
    about = {"patient_id": response.patient_id, "response_id": response.id, "user_id": user.id}
    printed = Printout(reason="request", printed_at=now, **about)
    printed.text = "She asked for it."
    amended = Amendment(kind="corrected", amended_at=now, **about)
    amended.text = "A slip of the pen."
    return [Review(reviewed_at=now, **about), printed, amended]


def is_taken(session, kind, row_id):
    """Whether a row that was read anew is taken for one of ours."""
    session.rollback()
    session.expunge_all()
    try:
        return session.get(kind, row_id) is not None
    except ForgedError:
        return False


def instead(session, table, column, value):
    """What somebody could put there: for a place that is empty something of its kind."""
    if isinstance(value, list):
        return [["admin"], [*value, "admin"], []]
    if value is not None:
        return list(other_values(session, table, column, value))
    if not column.foreign_keys:
        return [EMPTY.get(type(column.type), "x")]
    (key,) = column.foreign_keys
    return session.scalars(select(key.column).limit(2)).all()


def changes(session, kind):
    """Every bound column of a row with another value, one after the other: the column's name."""
    table = kind.__table__
    row = session.execute(select(table).limit(1)).mappings().one()
    here = table.c.id == row["id"]
    for name in (*bound_attributes(kind), BOUND):
        if name == "id":
            continue
        for value in instead(session, table, table.c[name], row[name]):
            try:
                session.execute(update(table).where(here).values({name: value}))
                session.commit()
            except DBAPIError:
                session.rollback()  # the database itself refuses it
                continue
            if (
                session.execute(select(table.c[name]).where(here)).scalar_one() != row[name]
            ):  # a blank too many is cut off
                yield name, row["id"]
            session.rollback()
            session.execute(update(table).where(here).values({name: row[name]}))
            session.commit()


def copies(session, kind):
    """A row put beside another with everything of it, its MAC too, under an id of its own."""
    table = kind.__table__
    row = dict(session.execute(select(table).limit(1)).mappings().one()) | {"id": uuid.uuid4()}
    for column in table.c:
        if column.unique:
            row[column.name] = row["id"] if column.foreign_keys else row[column.name][:-1] + "x"
    try:
        session.execute(table.insert().values(row))
        session.commit()
    except DBAPIError:
        session.rollback()
    else:
        yield "a copy", row["id"]


def taken(session, kind):
    """What was done to rows of a table and not noticed, and how much was tried."""
    tried = [(what, is_taken(session, kind, row)) for make in (changes, copies) for what, row in make(session, kind)]
    return [what for what, passed in tried if passed], len(tried)


def test_no_row_that_was_changed_or_copied_is_taken(session, make):
    two_of_everything(session, make)
    with unprotected(session):
        found = {kind.__name__: taken(session, kind) for kind in KINDS}
    assert {kind: unnoticed for kind, (unnoticed, _n) in found.items() if unnoticed} == {}
    assert min(n for _unnoticed, n in found.values()) >= 2, found


@pytest.mark.dear
def test_without_the_check_every_row_would_be_taken(session, make, monkeypatch):
    two_of_everything(session, make)
    monkeypatch.setattr(binding, "_holds", lambda *_what: True)
    with unprotected(session):
        for kind in KINDS:
            unnoticed, tried = taken(session, kind)
            assert len(unnoticed) == tried > 0, kind


def test_every_row_as_we_wrote_it_is_taken(session, make):
    two_of_everything(session, make)
    for kind in KINDS:
        session.expunge_all()
        assert len(session.scalars(select(kind)).all()) >= (1 if kind is Clinic else 2), kind


def test_every_table_that_names_people_or_patients_is_bound_or_says_why_not():
    bound = {kind.__tablename__ for kind in KINDS}
    naming = {
        table.name for table in schema.metadata.tables.values() for key in table.foreign_keys
        if key.target_fullname in NAMING
    }  # fmt: skip
    assert naming <= bound | UNBOUND.keys()
    assert not bound & UNBOUND.keys()
    assert UNBOUND.keys() <= schema.metadata.tables.keys()


def test_only_columns_that_are_there_are_left_out_and_no_column_that_names_somebody():
    for table, columns in LOOSE.items():
        there = schema.metadata.tables[table].c
        assert columns.keys() <= set(there.keys()), table
        assert not [name for name in columns if there[name].foreign_keys], table


def test_who_found_a_forged_row_once_does_not_get_it_the_second_time(session, make):
    user = make.therapist()
    session.execute(update(User.__table__).values(roles=["admin"]))
    session.commit()
    session.expunge_all()
    for _again in range(2):
        with pytest.raises(ForgedError):
            session.get(User, user.id)
        with pytest.raises(ForgedError):
            session.scalar(select(User))


def test_a_row_that_was_let_go_of_is_checked_when_it_is_read_again(session, make):
    user = make.therapist()
    session.execute(update(User.__table__).values(roles=["admin"]))
    session.expire_all()
    with pytest.raises(ForgedError):
        _ = user.roles


def test_a_change_does_not_bind_what_was_never_checked(session, make):
    user = make.therapist()
    session.execute(update(User.__table__).values(roles=["admin"]))
    session.expire_all()
    with pytest.raises(ForgedError):
        user.name = "Pat Renamed"


def test_a_change_before_the_row_is_read_again_counts_as_it_was(session, make):
    user = make.therapist()
    session.expire(user)
    user.name = "Pat Renamed"
    session.refresh(user, ["email"])
    session.commit()
    session.expunge_all()
    assert session.get(User, user.id).name == "Pat Renamed"


def test_of_two_changes_at_once_the_second_is_refused_and_the_row_still_holds(session, make):
    make.login(make.therapist())
    login = session.scalar(select(Login))
    session.execute(update(Login.__table__).values(locked_at=make.now, bound=b"of the other change"))
    login.stepped_up_at = make.now + timedelta(minutes=1)
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()
    assert is_taken(session, Login, login.id)


def test_that_a_session_is_used_does_not_stand_in_the_way_of_other_changes(session, make):
    make.login(make.therapist())
    login = session.scalar(select(Login))
    sessions.touch(session, login, make.now + timedelta(minutes=2))
    login.stepped_up_at = make.now
    session.commit()
    assert is_taken(session, Login, login.id)


def test_a_recovery_code_of_somebody_else_is_not_used_up(session, make):
    mine, hers = make.therapist(), make.therapist()
    make.on_paper(mine, ["a" * 64])
    session.execute(update(RecoveryCode.__table__).values(user_id=hers.id))
    session.commit()
    session.expunge_all()
    with pytest.raises(ForgedError):
        stored_factors.spend_code(session, hers, "a" * 64, make.now)


def test_an_older_state_of_a_whole_row_cannot_be_noticed(session, make):
    """What docs/threat-model.md admits: the MAC knows what we wrote, not when."""
    user = make.therapist()
    before = dict(session.execute(select(User.__table__).where(User.id == user.id)).mappings().one())
    user.roles = ["front-desk"]
    session.commit()
    session.execute(update(User.__table__).where(User.__table__.c.id == user.id).values(before))
    session.commit()
    assert is_taken(session, User, user.id)
    assert inspect(User).version_id_col is not None
