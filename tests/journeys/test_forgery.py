"""Whoever can write the database, and has no root key, becomes nobody else and sees nothing more than before.

Each forgery is tried twice: as it is, and without the check of the rows, where it has to succeed. So each of them is
one that would be a way in.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, text, update

from intake.actions import accounts
from intake.security import passwords, recovery, tokens
from intake.store import binding, sessions
from intake.store.audit import AuditEvent
from intake.store.careteam import Membership
from intake.store.emergencies import BreakGlass
from intake.store.factors import RecoveryCode, TotpSeed
from intake.store.notes import Note
from intake.store.people import OneTimeLink, User
from intake.store.sessions import Login
from intake.store.visits import Invitation, Visit
from intake.web.unreadable import UNREADABLE
from tests.builders import COST, PASSWORD, SECRET, code
from tests.pages import PATH
from tests.store import test_asked as asked
from tests.tampering import unprotected

CANARY, OTHERS = "Marzipan Lighthouse", "ten blue umbrellas dry"
INCIDENT = re.compile(r"<strong>([0-9a-f]{8})</strong>")


class Forger:
    """Somebody of the clinic with the database in their hands, and what they are after."""

    def __init__(self, session, make, client, sign_in, enter):
        self.session, self.make, self.client, self.sign_in, self.enter = session, make, client, sign_in, enter
        self.note = make.note(make.visit(make.patient(legal_name=CANARY)), signed=True)
        self.hers, self.patient_id = self.note.author, self.note.patient_id
        self.email = self.hers.email
        self.chart = f"/clinic/charts/{self.patient_id}"

    def write(self, *statements):
        """Change rows past everything that protects them."""
        with unprotected(self.session) as session:
            for statement in statements:
                assert session.execute(statement).rowcount != 0
            session.commit()
            session.expunge_all()

    def get(self, url):
        """Look at a page, whatever its status."""
        self.session.rollback()
        return FlaskClient.open(self.client, url)

    def post(self, url, data):
        """Send a form with the token of the page seen last, whatever becomes of it."""
        self.session.rollback()
        return FlaskClient.open(self.client, url, method="POST", data={"csrf_token": self.client.token, **data})

    def copied(self, kind, where, **other):
        """An INSERT of a row as another one is, with its MAC, except for some columns."""
        table = kind.__table__
        row = self.session.execute(select(table).where(where).limit(1)).mappings().one()
        return insert(table).values({**row, "id": uuid.uuid4(), **other})


def of(kind, **values):
    """The condition for the row of a table."""
    return [getattr(kind.__table__.c, name) == value for name, value in values.items()]


def changed(kind, row_id, **values):
    """An UPDATE of one row."""
    return update(kind.__table__).where(*of(kind, id=row_id)).values(**values)


def the_password_of_a_colleague(forger):
    mine = forger.make.assistant(password_hash=passwords.hash_password(OTHERS, COST))
    forger.client.get("/sign-in")
    forger.write(changed(User, forger.hers.id, password_hash=mine.password_hash))
    return second_factor(forger, forger.post("/sign-in", {"email": forger.email, "password": OTHERS}))


def the_authenticator_of_a_colleague(forger):
    mine = forger.make.assistant()
    forger.write(
        delete(TotpSeed.__table__).where(*of(TotpSeed, user_id=forger.hers.id)),
        update(TotpSeed.__table__).where(*of(TotpSeed, user_id=mine.id)).values(user_id=forger.hers.id),
    )
    forger.client.get("/sign-in")
    return second_factor(forger, forger.post("/sign-in", {"email": forger.email, "password": PASSWORD}))


def second_factor(forger, answer):
    if answer.status_code != 303:
        return answer
    page = forger.get(answer.location)
    if page.status_code != 200:
        return page
    forger.client.get(answer.location)
    answer = forger.post(answer.location, {"code": code()})
    return answer if answer.status_code != 303 else forger.get(forger.chart)


def a_recovery_code_of_one_s_own(forger):
    mine = forger.make.assistant()
    paper = recovery.new_codes()[0]
    hashed = tokens.keyed_hash(SECRET, recovery.PERSON, recovery.settled(paper))
    forger.make.on_paper(mine, [hashed])
    forger.write(update(RecoveryCode.__table__).values(user_id=forger.hers.id))
    forger.client.submit("/sign-in", {"email": forger.email, "password": PASSWORD})
    forger.client.get("/sign-in/second/recovery")
    answer = forger.post("/sign-in/second/recovery", {"code": paper})
    return answer if answer.status_code != 303 else forger.get(forger.chart)


def the_session_of_a_colleague(forger):
    mine = forger.make.front_desk()
    forger.sign_in(mine)
    forger.write(update(Login.__table__).where(*of(Login, user_id=mine.id)).values(user_id=forger.hers.id))
    return forger.get(forger.chart)


def a_session_without_a_second_factor(forger):
    forger.client.submit("/sign-in", {"email": forger.email, "password": PASSWORD})
    mine = of(Login, user_id=forger.hers.id)
    forger.write(update(Login.__table__).where(*mine).values(mfa_at=forger.make.now))
    return forger.get(forger.chart)


def another_hat(forger):
    mine = forger.make.member(forger.note.patient, forger.make.user("assistant", "front-desk"))
    forger.sign_in(mine)
    assert CANARY in forger.get(forger.chart).text
    forger.write(changed(User, mine.id, roles=["admin", "therapist"]))
    return forger.get("/admin/people")


def an_account_that_was_closed(forger):
    mine = forger.make.member(forger.note.patient)
    forger.sign_in(mine)
    mine.is_active = False
    forger.session.commit()
    forger.write(changed(User, mine.id, is_active=True))
    return forger.get(forger.chart)


def a_place_on_the_team(forger):
    mine = forger.make.therapist()
    forger.sign_in(mine)
    forger.write(forger.copied(Membership, Membership.patient_id == forger.patient_id, user_id=mine.id))
    return forger.get(forger.chart)


def the_place_of_a_colleague(forger):
    mine = forger.make.therapist()
    forger.sign_in(mine)
    hers = of(Membership, user_id=forger.hers.id)
    forger.write(update(Membership.__table__).where(*hers).values(user_id=mine.id))
    return forger.get(forger.chart)


def one_s_place_on_another_team(forger):
    mine = forger.make.visit().therapist
    forger.sign_in(mine)
    own = of(Membership, user_id=mine.id)
    forger.write(update(Membership.__table__).where(*own).values(patient_id=forger.patient_id))
    return forger.get(forger.chart)


def a_visit_that_revives_a_team(forger):
    long_ago = forger.make.now - timedelta(days=400)
    visit = forger.make.visit(forger.make.patient(legal_name=CANARY), starts_at=long_ago)
    member = forger.session.scalars(select(Membership).where(Membership.patient_id == visit.patient_id)).one()
    member.since = long_ago
    forger.session.commit()
    forger.sign_in(visit.therapist)
    assert forger.get(f"/clinic/charts/{visit.patient_id}").status_code == 404
    forger.write(changed(Visit, visit.id, starts_at=forger.make.now))
    return forger.get(f"/clinic/charts/{visit.patient_id}")


def an_emergency_of_a_colleague(forger):
    mine = forger.make.emergency(forger.make.patient()).user
    forger.sign_in(mine)
    own = of(BreakGlass, user_id=mine.id)
    forger.write(update(BreakGlass.__table__).where(*own).values(patient_id=forger.patient_id))
    return forger.get(forger.chart)


def a_note_of_a_colleague(forger):
    mine, draft = forger.make.therapist(), forger.make.note(forger.make.visit(forger.note.patient))
    forger.sign_in(mine)
    assert forger.get(f"/clinic/notes/{draft.id}").status_code == 404
    forger.write(changed(Note, draft.id, author_id=mine.id))
    return forger.get(f"/clinic/notes/{draft.id}")


def a_link_for_somebody_else(forger):
    mine = forger.make.assistant()
    token = accounts.offer_password(forger.session, mine, secret=SECRET, by=None, now=forger.make.now)
    forger.write(update(OneTimeLink.__table__).values(user_id=forger.hers.id))
    forger.client.get("/password")
    page = forger.post("/password", {"link": token, "password": OTHERS})
    if page.status_code == 503:
        return page
    forger.client.submit("/sign-in", {"email": forger.email, "password": OTHERS})
    forger.client.submit("/sign-in/second", {"code": code()})
    return forger.get(forger.chart)


def an_invitation_to_another_visit(forger):
    intake = forger.make.intake(forger.make.visit(forger.note.patient), {"sx_history_text": {"value": CANARY}})
    invitation = forger.make.invitation()
    forger.enter(invitation)
    forger.write(changed(Invitation, invitation.id, visit_id=intake.visit_id))
    return forger.get(PATH)


FORGERIES = (
    *(the_password_of_a_colleague, the_authenticator_of_a_colleague, a_recovery_code_of_one_s_own),
    *(the_session_of_a_colleague, a_session_without_a_second_factor, another_hat, an_account_that_was_closed),
    *(a_place_on_the_team, the_place_of_a_colleague, one_s_place_on_another_team, a_visit_that_revives_a_team),
    *(an_emergency_of_a_colleague, a_note_of_a_colleague, a_link_for_somebody_else, an_invitation_to_another_visit),
)


@pytest.fixture
def forger(session, make, client, sign_in, enter):
    return Forger(session, make, client, sign_in, enter)


def is_told(session, page):
    """Whether the page has a number that stands in a line of the audit trail too."""
    session.expire_all()
    found = INCIDENT.search(page.text)
    lines = session.scalars(select(AuditEvent.reason).where(AuditEvent.action == UNREADABLE)).all()
    return found is not None and found[1] in lines


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forged_row_is_an_error_with_a_number_and_never_a_way_in(forger, session, forgery, caplog):
    page = forgery(forger)
    assert page.status_code == 503
    assert CANARY not in page.text
    assert is_told(session, page)
    assert [line.reason.split()[0] for line in caplog.records if line.name == "intake.web"] == ["ForgedError"]


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_without_the_check_it_would_be_a_way_in(forger, forgery, monkeypatch):
    monkeypatch.setattr(binding, "_holds", lambda *_what: True)
    page = forgery(forger)
    assert page.status_code == 200, page.text


def the_session_of_an_administrator_by_another_operator(forger):
    """No row is written: the database is made to find hers when it is asked for one's own."""
    forger.sign_in(forger.make.front_desk())
    forger.make.login(forger.make.admin())
    mine, hers = forger.session.scalars(select(Login.__table__.c.token_hash).order_by(Login.__table__.c.seen_at)).all()
    for statement in (asked.FUNCTION.replace(asked.MINE, mine).replace(asked.HERS, hers), asked.OPERATOR):
        forger.write(text(statement))
    return forger.get("/admin/people")


@pytest.fixture
def as_before(session):
    """The database compares as it did; the app is asked no more."""
    yield
    session.rollback()
    session.execute(text("DROP FUNCTION public.lie CASCADE"))
    session.commit()


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_finds_another_s_session_is_an_error_and_never_a_way_in(forger, session, backend):
    assert backend == "postgresql"
    page = the_session_of_an_administrator_by_another_operator(forger)
    assert page.status_code == 503
    assert is_told(session, page)


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_the_comparison_it_would_be_a_way_in(forger, backend, monkeypatch):
    assert backend == "postgresql"
    monkeypatch.setattr(sessions, "as_asked", lambda found, **_asked: found)
    assert the_session_of_an_administrator_by_another_operator(forger).status_code == 200


def test_in_the_same_browser_the_true_person_signs_in_again(forger, session, client, walk_in):
    assert the_session_of_a_colleague(forger).status_code == 503
    session.execute(delete(Login.__table__))
    session.commit()
    assert walk_in(forger.hers).status_code == 303
    assert CANARY in client.get(forger.chart).text
