"""What kind of device a browser says it is: enough to recognise one's own, not enough to follow anybody."""

from __future__ import annotations

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows")),
    *(("Mac OS X", "Mac"), ("Linux", "Linux")),
)
UNKNOWN = "Unknown browser"


def label(agent: str) -> str:
    """As "Firefox, Windows", from what the browser calls itself. Names of products: they are not translated."""
    parts = [_first(agent, BROWSERS), _first(agent, SYSTEMS)]
    return ", ".join(part for part in parts if part) or UNKNOWN


def _first(agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in agent), "")
