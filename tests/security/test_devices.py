"""A browser is recognised by its family and its system, and by nothing finer."""

from __future__ import annotations

import pytest

from intake.security.devices import UNKNOWN, label

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36", "Chrome, Windows"),
        (f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        (f"{WINDOWS[:-1]}; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 16; Pixel) Chrome/150.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_says_its_family_and_system(agent, expected):
    assert label(agent) == expected


def test_a_new_version_is_the_same_device():
    old = f"{WINDOWS} Chrome/150.0.0.0 Safari/537.36"
    assert label(old) == label(old.replace("150", "151"))


def test_whatever_a_browser_calls_itself_the_label_fits_its_column():
    assert len(label(" ".join(("Edg Firefox/ iPhone Windows" * 500).split()))) <= 60
