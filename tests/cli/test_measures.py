"""flask measures: the list, and adding the words of one."""

from __future__ import annotations

from intake.clinical.measures import ids
from intake.store import clinicforms
from tests.forms.made import PACK


def run(app, *args):
    return app.test_cli_runner().invoke(args=["measures", *args])


def test_every_measure_is_listed(app):
    assert [line.partition(":")[0] for line in run(app, "list").output.splitlines()] == list(ids())


def test_a_pack_is_kept_as_a_draft(app, session, tmp_path):
    path = tmp_path / "pack.toml"
    path.write_text(PACK)
    done = run(app, "add", str(path), "--until", "2027-03-31")
    assert done.exit_code == 0, done.output
    (row,) = clinicforms.everything(session)
    assert (row.form, row.status) == ("clinic-measure-phq-2", "draft")
    assert "until = 2027-03-31" in row.text


def test_a_pack_that_does_not_fit_is_refused_with_the_reason(app, session, tmp_path):
    path = tmp_path / "pack.toml"
    path.write_text(PACK)
    done = run(app, "add", str(path), "--measure", "phq-9")
    assert done.exit_code == 1
    assert "the pack has 2 items with values, and PHQ-9 has 9" in done.output
    assert clinicforms.everything(session) == []
