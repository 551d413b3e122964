"""Tables become dataclasses, or the key at fault is named."""

from __future__ import annotations

import pytest

from intake.library.errors import LibraryError
from intake.library.keys import build
from intake.library.model import Column


def test_a_complete_table_becomes_a_column():
    assert build(Column, {"title": " Brakes ", "prompts": ["Noise"]}, "x.toml") == Column(
        title="Brakes", prompts=("Noise",)
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("Brakes", "x.toml: a table is needed"),
        ({"title": "Brakes"}, "x.toml: prompts: missing"),
        ({"title": "Brakes", "prompts": [], "color": "red"}, "x.toml: color: no such key"),
        ({"title": "", "prompts": []}, "x.toml: title: text is needed"),
        ({"title": 3, "prompts": []}, "x.toml: title: text is needed"),
        ({"title": "Brakes", "prompts": "Noise"}, "x.toml: prompts: a list of texts is needed"),
        ({"title": "Brakes", "prompts": ["Noise", " "]}, "x.toml: prompts: a list of texts is needed"),
    ],
)
def test_a_table_at_fault_is_refused_with_its_file_and_key(raw, message):
    with pytest.raises(LibraryError) as refusal:
        build(Column, raw, "x.toml")
    assert str(refusal.value) == message
