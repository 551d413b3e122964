"""Mail that waits: one worker at a time has it, what dies is taken up again, and what it held is wiped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from intake.clinical.delivery import KEPT, LEASE, TRIES, Reason, State
from intake.security.seal import SealError
from intake.store import outbox
from intake.store.outbox import Outgoing
from tests.sizes import size

SECOND = timedelta(seconds=1)
WORDS = "Please open https://forms.example.org/f#0123-4567-89AB"


@pytest.fixture
def notice(session, make):
    """A mail that waits for a therapist."""
    outbox.notify(session, make.therapist().id, make.now)
    session.commit()
    return session.scalar(select(Outgoing))


@pytest.fixture
def letter(session, make):
    """A mail that waits for a patient."""
    row = outbox.invite(session, make.invitation(), WORDS, make.now)
    session.commit()
    return row


def taken(session, now):
    row = outbox.take(session, now)
    session.commit()
    return row


def test_a_second_mail_that_would_say_the_same_is_not_queued_while_one_waits(session, make, notice):
    outbox.notify(session, notice.user_id, make.now)
    session.commit()
    assert outbox.waiting(session) == 1
    row = taken(session, make.now)
    assert outbox.end(session, row, State.SENT, make.now)
    outbox.notify(session, notice.user_id, make.now)
    session.commit()
    assert outbox.waiting(session) == 1


def test_a_mail_that_waits_for_its_next_try_is_tried_at_once_when_something_new_comes_up(session, make, notice):
    """The mail server was away over night and is back."""
    now = make.now
    row = taken(session, now)
    session.execute(update(Outgoing).values(tries=TRIES - 1))
    outbox.again(session, row, now + timedelta(hours=1))
    session.commit()
    assert taken(session, now) is None
    outbox.notify(session, notice.user_id, now)
    session.commit()
    assert outbox.waiting(session) == 1
    again = taken(session, now)
    assert (again.id, again.tries) == (notice.id, 1), "it has all of its tries again"


def test_what_comes_up_while_a_mail_is_being_sent_has_one_of_its_own(session, make, notice):
    """That one may fail, and then nobody would be told of what is new."""
    now = make.now
    out = taken(session, now)
    for _each in range(2):
        outbox.notify(session, notice.user_id, now)
        session.commit()
    assert outbox.waiting(session) == 2
    outbox.end(session, out, State.FAILED, now, Reason.UNREACHABLE)
    session.commit()
    assert taken(session, now).user_id == notice.user_id


def test_a_mail_whose_worker_died_is_no_reason_for_another(session, make, notice):
    taken(session, make.now)
    outbox.notify(session, notice.user_id, make.now + LEASE)
    session.commit()
    assert outbox.waiting(session) == 1


def test_one_worker_has_it_until_its_lease_is_over(session, make, notice):
    now = make.now
    assert taken(session, now).id == notice.id
    assert taken(session, now + LEASE - SECOND) is None
    again = taken(session, now + LEASE)
    assert (again.id, again.tries) == (notice.id, 2)


def test_a_worker_whose_lease_was_over_says_nothing_more_about_it(session, make, notice):
    now = make.now
    slow, quick = taken(session, now), taken(session, now + LEASE)
    assert not outbox.end(session, slow, State.FAILED, now, Reason.REFUSED)
    assert not outbox.again(session, slow, now)
    assert outbox.end(session, quick, State.SENT, now)
    session.commit()
    session.expire_all()
    assert session.get_one(Outgoing, notice.id).state == State.SENT


def test_what_is_put_back_waits_for_its_moment(session, make, notice):
    now = make.now
    assert outbox.again(session, taken(session, now), now + timedelta(minutes=1))
    session.commit()
    assert taken(session, now + timedelta(seconds=59)) is None
    assert taken(session, now + timedelta(minutes=1)) is not None


def test_staff_come_first_what_was_never_tried_and_of_that_the_newest(session, make, letter):
    """Mailboxes that hang cost half a minute each: an emergency's mail waits behind none of them."""
    people = [make.therapist(email=f"{number}@example.org") for number in range(4)]
    for number, person in enumerate(people):
        outbox.notify(session, person.id, make.now + number * SECOND)
    hung = session.scalars(select(Outgoing).where(Outgoing.user_id == people[3].id)).one()
    hung.tries = 1
    session.commit()
    outbox.put_off(session, make.now + 60 * SECOND)
    later = make.now + 61 * SECOND
    found = [taken(session, later) for _each in range(5)]
    assert [row.user_id for row in found] == [people[2].id, people[1].id, people[0].id, people[3].id, None]
    assert taken(session, later) is None


def test_who_is_told_anew_is_told_as_soon_as_somebody_who_was_not_told_yet(session, make, notice):
    other = make.therapist(email="other@example.org")
    outbox.notify(session, other.id, make.now + SECOND)
    outbox.notify(session, notice.user_id, make.now + 2 * SECOND)
    session.commit()
    assert taken(session, make.now + 3 * SECOND).user_id == notice.user_id


def test_what_was_thrown_away_with_its_transaction_never_was(session, make):
    therapist = make.therapist()
    outbox.notify(session, therapist.id, make.now)
    session.rollback()
    assert outbox.waiting(session) == 0


def test_the_words_for_a_patient_are_sealed_and_wiped_when_it_is_done(session, make, letter):
    kept = session.execute(text("SELECT content FROM outbox")).scalar_one()
    assert b"forms.example" not in bytes(kept)
    assert b"0123" not in bytes(kept)
    row = taken(session, make.now)
    assert outbox.words(session, row) == WORDS
    assert outbox.end(session, row, State.SENT, make.now)
    session.commit()
    assert session.execute(text("SELECT content FROM outbox")).scalar_one() is None


@pytest.mark.parametrize("state", [State.SENT, State.HELD_BACK, State.FAILED])
def test_however_it_ends_nothing_of_it_stays(session, make, letter, state):
    assert outbox.end(session, taken(session, make.now), state, make.now, Reason.OVER)
    session.commit()
    assert session.execute(text("SELECT content FROM outbox")).scalar_one() is None


def test_words_that_were_put_into_another_row_do_not_open(session, make, letter):
    other = outbox.invite(session, make.invitation(), "Other words", make.now)
    session.commit()
    session.execute(update(Outgoing).where(Outgoing.id == letter.id).values(content=other.content))
    session.commit()
    session.expire_all()
    with pytest.raises(SealError):
        outbox.words(session, session.get_one(Outgoing, letter.id))


def test_what_was_done_with_long_ago_is_forgotten_and_what_waits_never(session, make, notice, letter):
    now = make.now
    outbox.end(session, taken(session, now), State.SENT, now)
    outbox.forget_old(session, now + KEPT - SECOND)
    assert len(session.scalars(select(Outgoing)).all()) == 2
    outbox.forget_old(session, now + KEPT + SECOND)
    session.commit()
    assert [row.state for row in session.scalars(select(Outgoing))] == [State.WAITING]


def test_a_worker_is_seen(session, make):
    assert outbox.worker_seen_at(session) is None
    for later in (timedelta(0), timedelta(minutes=1)):
        outbox.note_worker(session, make.now + later)
        session.commit()
    assert abs(outbox.worker_seen_at(session) - make.now - timedelta(minutes=1)) < timedelta(seconds=5)


def test_many_workers_take_each_mail_once(engine, session, make):
    number, now = size(24, 400), make.now
    people = [make.therapist(app=False).id for _each in range(number)]
    for each in people:
        outbox.notify(session, each, now)
    session.commit()
    found, start = [], threading.Barrier(4)

    def work():
        start.wait()
        with Session(engine, expire_on_commit=False) as own:
            while (row := taken(own, now)) is not None:
                found.append(row.user_id)
                outbox.end(own, row, State.SENT, now)
                own.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _each in range(4)]:
            done.result()
    assert sorted(found) == sorted(people)


def test_without_its_lease_a_mail_would_be_taken_twice(engine, session, make, notice):
    """The control of the test above: it would notice."""
    session.execute(update(Outgoing).values(lease=None, leased_until=None))
    first = taken(session, make.now)
    session.execute(update(Outgoing).values(lease=None, leased_until=None))
    session.commit()
    assert taken(session, make.now).id == first.id
