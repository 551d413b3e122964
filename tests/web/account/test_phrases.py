"""One's own phrases are nobody else's."""

from __future__ import annotations

from intake.store import phrases


def test_nobody_sees_or_changes_those_of_a_colleague(client, make, sign_in, session):
    mine, other = make.therapist(), make.therapist()
    sign_in(mine)
    client.submit("/account/phrases", {"word": ".mine", "stands_for": "Quux", "version": "0"}, at="/account/phrases")
    sign_in(other)
    assert "Quux" not in client.get("/account/phrases").text
    client.submit("/account/phrases/remove", {"word": ".mine", "version": "1"}, at="/account/phrases")
    session.expire_all()
    assert phrases.known_to(session, mine) == {".mine": "Quux"}


def test_the_clinics_are_shown_beside_ones_own(client, make, sign_in, session):
    sign_in(make.admin())
    sent = {"word": ".ours", "stands_for": "Of all of us", "version": "0"}
    client.submit("/admin/phrases", sent, at="/admin/phrases")
    sign_in(make.therapist())
    page = client.get("/account/phrases").text
    assert "Of all of us" in page
    assert 'value=".ours"' not in page
