"""A mail says the same whatever it is about, and nothing about anybody."""

from __future__ import annotations

import inspect

import pytest

from intake.clinical import mails

TELLING = ("urgent", "emergency", "warning", "visit", "patient", "clinic", "health", "pelvi", "birth", "therap")
ADDRESS = "https://forms.example.org"


def test_staff_read_the_same_words_whatever_waits_for_them():
    assert mails.notice(ADDRESS) == mails.notice(ADDRESS)
    assert list(inspect.signature(mails.notice).parameters) == ["address", "translated"]  # nothing that could differ


def test_a_mail_to_staff_leads_to_the_sign_in_and_says_how_to_switch_it_off():
    mail = mails.notice(ADDRESS)
    assert ADDRESS in mail.text
    assert "switch these mails off" in mail.text
    assert mail.subject == "Something waits for you in Fernleaf"


@pytest.mark.parametrize("text", [mails.NOTICE_SUBJECT, mails.INVITATION_SUBJECT])
def test_no_subject_says_what_it_is_about(text):
    assert [word for word in TELLING if word in text.lower()] == []


def test_the_text_for_a_patient_is_the_one_that_was_written_for_her():
    assert mails.invitation("Please answer.").text == "Please answer."
    assert mails.invitation("x").subject == "A form for you"


def test_a_translation_takes_the_place_of_both():
    mail = mails.notice(ADDRESS, lambda text: f"<{text}>")
    assert mail.subject.startswith("<")
    assert mail.text.startswith("<")
