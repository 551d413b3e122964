"""Getting through a page with the Tab key alone, and looking whether the focus can be seen at every stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 1000

# What has the focus, where it is drawn, and what hides it. A label drawn as the control stands for its hidden input.
FOCUS = """
() => {
  const active = document.activeElement;
  if (!active || active === document.body) return null;
  const drawn = active.closest(".option, .step") ?? active;
  const box = drawn.getBoundingClientRect();
  const rings = [drawn, active].map((element) => getComputedStyle(element));
  const ringed = rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  window.bars ??= [...document.querySelectorAll("body *")]
    .filter((element) => /^(sticky|fixed)$/.test(getComputedStyle(element).position));
  const bars = window.bars.filter((element) => !element.contains(active));
  const over = bars.filter((bar) => {
    const edge = bar.getBoundingClientRect();
    const [left, right] = [Math.max(edge.left, box.left), Math.min(edge.right, box.right)];
    const [top, bottom] = [Math.max(edge.top, box.top), Math.min(edge.bottom, box.bottom)];
    if (right - left <= 1 || bottom - top <= 1) return false;
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);  // which of the two lies on top
    return there !== null && bar.contains(there);
  }).map((bar) => bar.className || bar.tagName);
  return {
    name: active.getAttribute("name") ?? "", value: active.value ?? "",
    what: `${active.tagName.toLowerCase()} ${active.id || active.textContent.trim().slice(0, 40)}`,
    ringed, over, outside: box.bottom > innerHeight + 1 && box.height < innerHeight / 2 || box.top < -1,
  };
}
"""
Stop = dict[str, Any]


def stop(page: Page) -> Stop | None:
    """What has the focus; None when nothing has."""
    found: Stop | None = page.evaluate(FOCUS)
    return found


def stops(page: Page) -> Iterator[Stop]:
    """Press Tab until the page is through, yielding what has the focus each time."""
    first = None
    for _press in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = stop(page)
        if here is None or (first is not None and here["what"] == first):
            return
        first = first or here["what"]
        yield here
    message = f"{page.url}: the focus is caught after {MOST_STOPS} stops"
    raise AssertionError(message)


def hidden(here: Stop) -> list[str]:
    """Why the focus cannot be seen here; nothing when it can."""
    found = [] if here["ringed"] else [f"{here['what']} has no ring"]
    found += [f"{here['what']} is covered by {bar}" for bar in here["over"]]
    return found + ([f"{here['what']} is outside the window"] if here["outside"] else [])


def go_to(page: Page, name: str) -> Stop:
    """Press Tab until a field, or a button of that text, has the focus."""
    for here in stops(page):
        assert not hidden(here), hidden(here)
        if name in (here["name"], here["what"]):
            return here
    message = f"{page.url}: {name} cannot be reached with the Tab key"
    raise AssertionError(message)
