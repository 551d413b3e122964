"""flask codes: files are taken whole or not at all, and each bad row is named with its line."""

from __future__ import annotations

import pytest

from intake.store import audit, codes

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def load(app, tmp_path):
    def loaded(text, *options):
        path = tmp_path / "codes.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["codes", "import", str(path), *options])

    return loaded


def test_a_full_set_of_diagnoses_is_loaded_from_its_first_day(load, app, session, backend):
    done = load("code,title,billable\nN39,Other,0\nN39.3,Stress,1\n", "--from", "2026-10-01", "--to", "2027-09-30")
    assert (done.exit_code, done.output) == (0, "2 loaded.\n")
    assert [row.code for row in codes.of_kind(session, codes.DIAGNOSIS)] == ["N39", "N39.3"]
    assert audit.has(session, "codes.loaded", codes.DIAGNOSIS)
    session.rollback()
    listed = app.test_cli_runner().invoke(args=["codes", "list"]).output
    assert listed == "diagnoses from 2026-10-01 to 2027-09-30: 2\n"


def test_procedures_and_payers_are_loaded(load, app, session, backend):
    assert load("code,label,timed,fee\n97110,Exercise,yes,45.00\n", "--procedures").output == "1 loaded.\n"
    assert load("payer,rule\nMaple,ama\n", "--payers").output == "1 loaded.\n"
    listed = app.test_cli_runner().invoke(args=["codes", "list"]).output
    assert "procedure 97110: Exercise, from" in listed
    assert "payer Maple: Maple, always" in listed
    assert load("payer,rule,valid_from\nmaple,cms,2026-11-01\n", "--payers").output == "1 loaded.\n"
    listed = app.test_cli_runner().invoke(args=["codes", "list"]).output
    assert "payer Maple: Maple, always to 2026-10-31" in listed
    assert "payer maple: maple, from 2026-11-01" in listed


def test_a_file_with_a_fault_leaves_everything_as_it_was(load, session, backend):
    load("code,label,timed\n97110,Exercise,yes\n", "--procedures")
    refused = load("code,label,timed\n97112,Re-education,yes\n97112,Again,yes\nnonsense,Words,yes\n", "--procedures")
    assert refused.exit_code == 1
    assert "line 3: 97112 stands in line 2 already." in refused.output
    assert "line 4: 'nonsense' is not a code." in refused.output
    assert "Nothing was loaded." in refused.output
    assert [row.code for row in codes.of_kind(session, codes.PROCEDURE)] == ["97110"]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("code,title\nN39.3,Stress\n", (), "Say from which day of service"),
        ("code,title\nN39.3,Stress\n", ("--from", "2026-10-01", "--to", "2026-09-30"), "before the first one"),
        (b"code,title\nN39.3,Stre\xdf\n", ("--from", "2026-10-01"), "not saved as UTF-8"),
        ("", ("--payers",), "there is nothing in the file"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_a_sentence(load, session, backend, content, options, said):
    refused = load(content, *options)
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output
    assert codes.of_kind(session, codes.DIAGNOSIS) == []


def test_a_file_that_is_far_too_large_is_not_read(load, backend):
    assert "it is no list of codes" in load(b"x" * 30_000_001, "--from", "2026-10-01").output
