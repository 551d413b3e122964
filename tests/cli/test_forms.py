"""flask forms: looking at the catalog."""

from __future__ import annotations

import shutil

import pytest
from flask import Flask

from intake.cli.forms import forms
from intake.forms.reader import CATALOG


@pytest.fixture
def run():
    app = Flask("forms")
    app.cli.add_command(forms)
    return lambda *args: app.test_cli_runner().invoke(args=["forms", *args])


def test_every_published_form_is_listed_with_its_size(run):
    assert [line.partition(":")[0] for line in run("list").output.splitlines()] == [
        "care-plan 1",
        "evaluation 1",
        "intake 1",
        "intake 2",
        "safety 1",
    ]


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
