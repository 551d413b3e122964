"""Looking for a diagnosis code by number or words, without a script and without an address that says what."""

from __future__ import annotations

from intake.clinical.coding.codes import Code
from intake.store import codes


def test_the_codes_of_pelvic_health_stand_there_to_look_through(client, make, sign_in):
    sign_in(make.therapist())
    page = client.get("/clinic/codes").text
    assert "N39.3" in page
    assert "The codes of pelvic health are searched." in page
    assert "Z37.0" not in page
    assert "Kept apart: on a bill only when the patient wants it" in page


def test_words_find_what_holds_all_of_them(client, make, sign_in):
    sign_in(make.therapist())
    page = client.submit("/clinic/codes", {"words": "vaginal prolapse"}).text
    assert "N99.3" in page
    assert "N39.3" not in page
    assert "No code holds all of “purple”" in client.submit("/clinic/codes", {"words": "purple"}).text


def test_a_full_set_is_searched_once_it_is_loaded(client, make, sign_in, session):
    codes.load(session, codes.DIAGNOSIS, [Code("S39.012A", "Strain of lower back", make.today)], by=None, now=make.now)
    session.commit()
    sign_in(make.therapist())
    page = client.submit("/clinic/codes", {"words": "strain"}).text
    assert "S39.012A" in page
    assert "The full set of today is searched." in page


def test_too_many_words_are_refused_in_a_sentence(client, make, sign_in):
    sign_in(make.therapist())
    assert client.submit("/clinic/codes", {"words": "x" * 101}).status_code == 422
