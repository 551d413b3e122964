"""What was published stays as it was: somebody answered it."""

from __future__ import annotations

import shutil

import pytest

from intake.forms import publishing
from intake.forms.publishing import CATALOG, found, publish, reasons_not_to_publish, recorded


@pytest.fixture
def catalog(tmp_path):
    shutil.copytree(CATALOG / "care-plan", tmp_path / "care-plan")
    publish(tmp_path)
    return tmp_path


def test_every_published_form_is_as_it_was_published():
    assert reasons_not_to_publish(found(), recorded()) == ()


def test_every_form_of_the_catalog_is_recorded():
    assert set(found()) == set(recorded()), "run `make publish` for new versions"


def test_an_edit_of_a_published_form_is_noticed(catalog):
    section = catalog / "care-plan" / "1" / "habits.toml"
    section.write_text(section.read_text(encoding="utf-8").replace("Habits", "Custom"), encoding="utf-8")
    assert "make a new version" in reasons_not_to_publish(found(catalog), recorded(catalog))[0]


@pytest.mark.parametrize("change", ["add", "remove"])
def test_a_file_more_or_less_is_noticed(catalog, change):
    section = catalog / "care-plan" / "1" / "extra.toml"
    section.write_text("", encoding="utf-8") if change == "add" else (section.parent / "habits.toml").unlink()
    assert reasons_not_to_publish(found(catalog), recorded(catalog))


def test_a_published_form_that_is_gone_is_noticed(catalog):
    shutil.rmtree(catalog / "care-plan")
    assert reasons_not_to_publish(found(catalog), recorded(catalog)) == ("care-plan/1 was published and is gone",)


def test_a_new_version_is_recorded_and_old_lines_stay_as_they_are(catalog):
    before = recorded(catalog)
    shutil.copytree(catalog / "care-plan" / "1", catalog / "care-plan" / "2")
    assert publish(catalog) == ["care-plan/2"]
    assert publish(catalog) == []
    assert recorded(catalog).items() > before.items()


def test_publishing_never_rewrites_the_record_of_an_edited_form(catalog):
    before = recorded(catalog)
    (catalog / "care-plan" / "1" / "habits.toml").write_text("", encoding="utf-8")
    publish(catalog)
    assert recorded(catalog) == before


def test_line_ends_of_another_system_are_no_edit(catalog):
    folder = catalog / "care-plan" / "1"
    before = publishing.digest(folder)
    for path in folder.glob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert publishing.digest(folder) == before
