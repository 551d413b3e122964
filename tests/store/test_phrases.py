"""Whose phrases are whose."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from intake.store import phrases
from intake.store.binding import ForgedError
from intake.store.phrases import Phrase


def kept(session, make, word, text, owner=None):
    row = Phrase(user_id=owner.id if owner else None, word=word, stands_for=text, changed_at=make.now)
    session.add(row)
    session.commit()
    return row


def test_somebody_has_the_clinics_phrases_and_their_own_in_place_of_those(session, make):
    mine, other = make.therapist(), make.therapist()
    kept(session, make, ".tol", "Of the clinic")
    kept(session, make, ".tol", "My own", mine)
    kept(session, make, ".only", "Another’s", other)
    assert phrases.known_to(session, mine) == {".tol": "My own"}
    assert phrases.known_to(session, other) == {".tol": "Of the clinic", ".only": "Another’s"}
    assert [row.stands_for for row in phrases.of(session, None)] == ["Of the clinic"]
    assert phrases.named(session, mine, ".tol").stands_for == "My own"
    assert phrases.named(session, None, ".tol").stands_for == "Of the clinic"
    assert phrases.named(session, mine, ".only") is None


@pytest.mark.parametrize("of_clinic", [True, False])
def test_a_word_stands_for_one_thing(session, make, of_clinic):
    owner = None if of_clinic else make.therapist()
    kept(session, make, ".tol", "One", owner)
    with pytest.raises(IntegrityError):
        kept(session, make, ".tol", "Two", owner)
    session.rollback()


def test_words_that_were_put_into_somebodys_mouth_are_noticed(session, make, engine):
    mine = make.therapist()
    kept(session, make, ".tol", "Mine", mine)
    session.expire_all()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE phrases SET stands_for = 'Not mine'")
    with pytest.raises(ForgedError):
        phrases.known_to(session, mine)
