"""The phrases that come with Fernleaf."""

from __future__ import annotations

import pytest

from intake.clinical import phrases as rules
from intake.library import phrases
from intake.library.errors import LibraryError


def test_every_one_can_be_typed_and_stands_for_something():
    found = phrases.starters()
    assert ".kegel" in found
    for word, text in found.items():
        assert rules.WORD.fullmatch(word), word
        assert rules.expanded(word, found) == text
        assert len(text) <= rules.MOST
        assert text.count("{") == text.count("}") == sum(text.count(f"{{{name}}}") for name in rules.fields(text)), word


@pytest.mark.parametrize("wrong", ['kegel = ""', "kegel = 3", 'kegel = "  "'])
def test_a_word_that_stands_for_nothing_is_refused(tmp_path, wrong):
    path = tmp_path / "phrases.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(LibraryError, match="kegel"):
        phrases.read(path)
