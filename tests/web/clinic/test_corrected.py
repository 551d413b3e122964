"""Lines beside words that were corrected, with lines about papers that do not count any more."""

from __future__ import annotations

from intake.clinical import additions
from intake.clinical.additions import Change


def test_two_corrections_of_one_answer_are_two_lines_in_order(client, make, sign_in):
    note = make.note(answers={"im_impression": {"value": "Tender left, weak right."}}, signed=True)
    for old, new in (("Tender left", "Tender right"), ("weak right", "weak left")):
        make.add(note, addition=additions.correction(Change("im_impression", old, new), "Slip"))
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    first, second = page.index("“Tender left”: “Tender right”"), page.index("“weak right”: “weak left”")
    assert first < second
    assert page.count("Corrected on") == 2


def test_an_accepted_wish_of_a_patient_stands_beside_the_words_too(client, make, sign_in):
    note = make.note(answers={"im_impression": {"value": "Tender left."}}, signed=True)
    wish = additions.Asked("7", make.now.date(), "It is my right side.")
    change = Change("im_impression", "left", "right")
    make.add(note, addition=additions.accepted(wish, change, "She is right."))
    sign_in(note.author)
    page = client.get(f"/clinic/notes/{note.id}").text
    assert "Instead of “left”: “right”." in page
    assert "“It is my right side.”" in page


def test_beside_another_note_stand_corrections_of_this_patient_alone(client, make, sign_in):
    words = {"im_impression": {"value": "Tender on the left side of the wall."}}
    note = make.note(answers=words, signed=True)
    change = Change("im_impression", "Tender on the left side of the wall.", "Tender on the right side.")
    make.add(note, "Nothing was corrected by this.")
    make.add(note, addition=additions.correction(change, "Slip"))
    visit = make.visit(note.patient, note.author, starts_at=make.now)
    quoting = make.note(visit, answers=words)
    other = make.note(make.visit(therapist=note.author), answers=words)
    sign_in(note.author)
    assert client.get(f"/clinic/notes/{quoting.id}").text.count("Taken over from the note of") == 1
    assert "Taken over from the note of" not in client.get(f"/clinic/notes/{other.id}").text
