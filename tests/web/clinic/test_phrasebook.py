"""Phrases in a note: expanded as it is saved, one's own before the clinic's."""

from __future__ import annotations

import pytest

from intake.store import responses
from intake.store.phrases import Phrase
from tests.pages import save


@pytest.fixture
def note(make):
    return make.note()


def kept(session, note):
    session.expire_all()
    return responses.answers(session, note.response_id)["im_impression"]["value"]


def write(client, note, text, **more):
    return save(client, f"/clinic/notes/{note.id}", {"im_impression": text}, **more)


def test_a_word_is_expanded_when_the_note_is_saved_and_not_while_it_is_typed(client, sign_in, session, make, note):
    session.add(Phrase(word=".fine", stands_for="Fine today, {n}/10", changed_at=make.now))
    session.commit()
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    assert "<code>.fine</code>" in page
    write(client, note, "So .fine", autosave=True, at="impression:1")
    assert kept(session, note) == "So .fine"
    write(client, note, "So .fine and .unknown")
    assert kept(session, note) == "So Fine today, {n}/10 and .unknown"
    missing = client.get(f"/clinic/notes/{note.id}/sign").text
    assert "A field of a phrase is not filled in yet: n." in missing


def test_ones_own_come_before_the_clinics_and_those_before_ours(client, sign_in, session, make, note):
    sign_in(note.author)
    write(client, note, ".tol")
    assert kept(session, note).startswith("Tolerated well.")
    session.add(Phrase(word=".tol", stands_for="Clinic", changed_at=make.now))
    session.commit()
    write(client, note, ".tol")
    assert kept(session, note) == "Clinic"
    session.add(Phrase(word=".tol", stands_for="Mine", user_id=note.author_id, changed_at=make.now))
    session.add(Phrase(word=".tol", stands_for="Hers", user_id=make.therapist().id, changed_at=make.now))
    session.commit()
    write(client, note, ".tol")
    assert kept(session, note) == "Mine"
