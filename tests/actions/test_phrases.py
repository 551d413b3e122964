"""Writing phrases down and taking them away."""

from __future__ import annotations

import pytest

from intake.actions import phrases as acts
from intake.actions.refusals import RefusedError, StaleError
from intake.store import phrases
from intake.store.audit import AuditEvent


@pytest.fixture
def write(session, make):
    mine = make.therapist()

    def saved(text, over=0, word=".tol", owner=mine):
        return acts.save(session, owner, word, text, over=over, by=mine, now=make.now)

    saved.mine = mine
    return saved


def test_a_phrase_is_kept_changed_and_taken_away(session, make, write):
    first = write("One")
    changed = write("Two", over=first.version)
    assert phrases.known_to(session, write.mine) == {".tol": "Two"}
    acts.remove(session, write.mine, ".tol", over=changed.version, by=write.mine, now=make.now)
    assert phrases.known_to(session, write.mine) == {}
    acts.remove(session, write.mine, ".tol", over=9, by=write.mine, now=make.now)
    told = [line.action for line in session.query(AuditEvent) if line.action.startswith("phrase.")]
    assert told == ["phrase.saved", "phrase.saved", "phrase.removed"]


def test_a_word_that_is_taken_is_not_overwritten(session, write):
    write("One")
    with pytest.raises(RefusedError, match="already"):
        write("Two")
    assert phrases.known_to(session, write.mine) == {".tol": "One"}
    write("Of the clinic", owner=None)
    assert [row.stands_for for row in phrases.of(session, None)] == ["Of the clinic"]


def test_what_was_changed_or_taken_away_meanwhile_is_not_overwritten(session, make, write):
    read = write("One").version
    write("Two", over=read)
    for act in (
        lambda: write("Three", over=read),
        lambda: acts.remove(session, write.mine, ".tol", over=read, by=write.mine, now=make.now),
        lambda: write("Gone", over=3, word=".gone"),
    ):
        with pytest.raises(StaleError):
            act()
        session.rollback()
    assert phrases.known_to(session, write.mine) == {".tol": "Two"}


def test_there_is_an_end_to_them(write, monkeypatch):
    monkeypatch.setattr(acts, "MOST", 1)
    write("One")
    with pytest.raises(RefusedError, match="more than we can keep"):
        write("Two", word=".two")
