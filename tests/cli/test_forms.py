"""flask forms: looking at the catalog, and adding forms of the clinic."""

from __future__ import annotations

import shutil

import pytest
from flask import Flask

from intake.cli.forms import forms
from intake.forms.reader import CATALOG, published
from intake.store import audit, clinicforms
from tests.forms.made import FEET, question, with_question


@pytest.fixture
def run():
    app = Flask("forms")
    app.cli.add_command(forms)
    return lambda *args: app.test_cli_runner().invoke(args=["forms", *args])


def test_every_published_form_is_listed_with_its_size(run):
    listed = [line.partition(":")[0] for line in run("list").output.splitlines()]
    assert listed == [f"{name} {version}" for name, version in published()]
    assert {"care-plan 1", "intake 2"} <= set(listed)


def test_a_good_form_is_said_to_be_good(run):
    done = run("check", str(CATALOG / "care-plan" / "1"))
    assert done.exit_code == 0
    assert "care-plan 1 is good" in done.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "text"', 'kind = "tekst"', "kind"),
        ('id = "cp_matters"', 'id = "cp_findings"', "used twice"),
        ("[[pages]]", "[[pages", "findings.toml"),
    ],
)
def test_a_bad_one_is_refused_with_what_to_mend(run, tmp_path, old, new, said):
    folder = tmp_path / "care-plan" / "2"
    shutil.copytree(CATALOG / "care-plan" / "1", folder)
    path = folder / "findings.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    refused = run("check", str(folder))
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output


def test_a_folder_that_is_none_is_refused(run, tmp_path):
    assert run("check", str(tmp_path / "nothing")).exit_code == 2
    assert run("check", str(tmp_path)).exit_code == 1


@pytest.fixture
def file(tmp_path):
    def written(text, name="feet.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


def test_a_good_file_of_a_clinic_is_said_to_be_good(run, file):
    done = run("check", file(FEET))
    assert (done.exit_code, done.output) == (0, "clinic-feet 1 is good: 1 questions.\n")


def test_everything_wrong_with_a_file_is_listed_at_once(run, file):
    text = with_question("colour = 1", kind="maybe") + question(name="ft_sore")
    refused = run("check", file(text))
    assert refused.exit_code == 1
    for said in ("unknown key colour", "kind is 'maybe'", "Begin ids of your own", "3 things have to be mended"):
        assert said in refused.output


def test_what_is_hard_to_read_is_told_and_stops_nothing(run, file):
    hard = "Considering everything mentioned previously, how significantly does discomfort impair ambulation?"
    done = run("check", file(with_question(text=hard)))
    assert done.exit_code == 0
    assert "Could be better: feet, page 1, clinic_more: this reads at grade" in done.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfei\x00d\x00", "saved as UTF-16"),
        (b'title = "F\xfc\xdfe"', "not saved as UTF-8: line 1"),
        (b"x" * 300_000, "larger than 200000 bytes"),
        (b"\x00" * 10, "not TOML"),
        (b"", "id is missing"),
        (b"%PDF-1.7", "not TOML"),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_a_sentence(run, file, content, said):
    refused = run("check", file(content))
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output


def test_a_mark_of_the_encoding_and_line_ends_of_another_system_change_nothing(run, file):
    done = run("check", file(b"\xef\xbb\xbf" + FEET.replace("\n", "\r\n").encode()))
    assert done.exit_code == 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_form_of_the_clinic_is_added_as_a_draft(app, session, file, backend):
    done = app.test_cli_runner().invoke(args=["forms", "add", file(FEET)])
    assert (done.exit_code, done.output.partition(".")[0]) == (0, "clinic-feet 1 is kept as a draft")
    (row,) = clinicforms.everything(session)
    assert (row.form, row.version, row.status, row.text, row.added_by_id) == ("clinic-feet", 1, "draft", FEET, None)
    assert audit.has(session, "form.added")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_form_that_is_not_good_is_not_added(app, session, file, backend):
    refused = app.test_cli_runner().invoke(args=["forms", "add", file(FEET.replace("clinic-feet", "intake"))])
    assert refused.exit_code == 1
    assert "may be one of ours" in refused.output
    assert "was not added" in refused.output
    assert clinicforms.everything(session) == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_folder_is_not_added(app, backend):
    refused = app.test_cli_runner().invoke(args=["forms", "add", str(CATALOG / "intake" / "2")])
    assert refused.exit_code == 1
    assert "this is no file" in refused.output
