"""A form of many files is looked at whole, and nothing outside its folder is read."""

from __future__ import annotations

import pytest

from intake.forms import folders
from tests.forms.made import HEAD, PAGE, SECTION, SORE


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "walk" / "1"
    path.mkdir(parents=True)
    head = HEAD.replace("clinic-feet", "walk") + "version = 1\n"
    (path / "form.toml").write_text(head, encoding="utf-8")
    section = (SECTION + PAGE + SORE).replace("[section.feet]", 'id = "feet"').replace("section.feet.", "")
    (path / "feet.toml").write_text(section, encoding="utf-8")
    return path


def said_of(folder):
    return "\n".join(map(str, folders.check(folder).faults))


def test_a_folder_is_checked_like_a_file(folder):
    assert said_of(folder) == ""
    assert folders.check(folder).form.id == "walk"


def test_every_file_of_a_folder_is_looked_at(folder):
    (folder / "form.toml").write_text((folder / "form.toml").read_text() + "colour = 1\n", encoding="utf-8")
    (folder / "feet.toml").write_text("title = [", encoding="utf-8")
    (folder / "toes.toml").write_text("", encoding="utf-8")
    said = said_of(folder)
    assert "unknown key colour" in said
    assert "feet.toml: this is not TOML" in said
    assert "toes.toml: nothing names this file" in said


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path):
    outside = tmp_path / "secret.toml"
    outside.write_text('id = "feet"\ntitle = "Stolen"\n', encoding="utf-8")
    (folder / "feet.toml").unlink()
    (folder / "feet.toml").symlink_to(outside)
    assert "feet.toml: this is a link to another file" in said_of(folder)
    assert "Stolen" not in said_of(folder)


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "..", "feet/../../x"])
def test_no_section_is_looked_for_outside_the_folder(folder, name):
    head = (folder / "form.toml").read_text().replace('["feet"]', f'["feet", "{name}"]')
    (folder / "form.toml").write_text(head, encoding="utf-8")
    assert "cannot be the name of a section" in said_of(folder)


def test_a_file_that_is_not_utf_8_is_named_with_the_line(folder):
    (folder / "feet.toml").write_bytes(b'id = "feet"\ntitle = "F\xfc\xdfe"\n')
    assert "feet.toml: the file is not saved as UTF-8: line 2" in said_of(folder)
    (folder / "feet.toml").write_text('id = "feet"', encoding="utf-16")
    assert "feet.toml: the file is saved as UTF-16" in said_of(folder)


def test_a_file_that_is_missing_or_none_or_called_otherwise_is_named(folder):
    (folder / "feet.toml").rename(folder / "toes.toml")
    assert "feet.toml: the file is missing" in said_of(folder)
    (folder / "feet.toml").mkdir()
    assert "feet.toml: this is no file" in said_of(folder)
    (folder / "feet.toml").rmdir()
    (folder / "toes.toml").rename(folder / "feet.toml")
    (folder / "feet.toml").write_text((folder / "feet.toml").read_text().replace('id = "feet"', 'id = "toes"', 1))
    assert "id is 'toes' but the file is called feet" in said_of(folder)
    assert "form.toml: the file is missing" in said_of(folder.parent)


@pytest.mark.parametrize(("key", "words"), [("based_on = 7", "no earlier version"), ('borrows = { feet = "x/1" }', "")])
def test_what_another_folder_has_is_looked_for_there(folder, key, words):
    (folder / "feet.toml").unlink()
    (folder / "form.toml").write_text(f"{key}\n{(folder / 'form.toml').read_text()}", encoding="utf-8")
    assert words in said_of(folder)
    assert "Correct based_on or borrows" in said_of(folder)
