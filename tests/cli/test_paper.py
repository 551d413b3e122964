"""flask forms paper: a blank form on standard output."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from intake.cli import bare


@pytest.fixture
def run():
    return lambda *args: bare().test_cli_runner().invoke(args=["forms", "paper", *args])


def test_a_form_is_written_as_a_pdf_without_the_app(run):
    done = run("check-in", "--paper", "a4", "--clinic", "Riverbend Clinic", "--phone", "(555) 010-0100")
    assert done.exit_code == 0, done.output
    pages = PdfReader(io.BytesIO(done.stdout_bytes)).pages
    assert round(float(pages[0].mediabox.height)) == 842
    assert "Riverbend Clinic" in pages[0].extract_text()


@pytest.mark.parametrize("name", ["safety", "evaluation", "nothing"])
def test_a_form_that_is_never_put_on_paper_is_refused_with_those_that_are(run, name):
    done = run(name)
    assert done.exit_code == 1
    assert "check-in, intake" in done.output


def test_letters_of_the_clinic_that_cannot_be_printed_are_told_on_the_other_output(run):
    done = run("check-in", "--clinic", "ไ Riverbend Clinic")
    assert done.stdout_bytes.startswith(b"%PDF")
    assert done.stderr == "These letters cannot be printed and come out as [?]: ไ\n"
    assert run("check-in", "--clinic", "Zoë שרה").stderr == ""
