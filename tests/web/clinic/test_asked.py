"""What a patient was asked to fill in, by name: form and day, and no two alike."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from intake.actions import askings
from intake.store import beginnings


def links(page):
    """{address: words} of every link to answers."""
    found = re.findall(r'<a href="(/clinic/charts/intakes/[^"]+)"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    return [(address, unescape(words).strip()) for address, words in found]


def test_every_link_to_answers_says_which_form_and_of_which_day(make, sign_in, clock):
    first = make.intake(submitted=True)
    clock.shift(timedelta(days=7))
    visit = make.visit(first.patient, first.visit.therapist, kind="follow-up")
    beginnings.begin(make.session, visit, "check-in", now=make.now)
    make.session.commit()
    page = sign_in(first.visit.therapist).get(f"/clinic/charts/{first.patient_id}")
    found = set(links(page))
    words = [each for _address, each in found]
    assert "Before your visit, Sep 15, 2026" in words
    assert len(set(words)) == len(words), words
    assert any(each.endswith(", Sep 22, 2026") for each in words)


def test_two_of_one_form_and_day_are_told_apart_and_a_part_does_not_say_which(make, sign_in, clock):
    first = make.intake(submitted=True)
    for part in ("bladder", "intimacy"):
        askings.ask_again(make.session, first, part, visit=first.visit, by=first.visit.therapist, now=make.now)
    make.session.commit()
    page = sign_in(make.member(first.patient)).get(f"/clinic/charts/{first.patient_id}")
    words = [each for _address, each in links(page)]
    assert "Before your visit, one part again, Sep 15, 2026" in words
    assert "Before your visit, one part again, Sep 15, 2026 (2)" in words
    assert len(set(words)) == len(words)
