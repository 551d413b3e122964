"""What a browser complains about, and where it tries to go, while a test drives it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# The message a script error or a breach of the content policy leaves even where nobody looks at the console.
TELL = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  `content policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
GRAVE = frozenset({"error", "warning"})
HARMLESS = ("data:", "about:", "blob:")


@dataclass
class Watch:
    """Complaints of every page of one test. What a test provokes on purpose it allows, as narrowly as it can."""

    home: str
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.add_init_script(TELL)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._asked)

    def allow(self, pattern: str) -> None:
        """Let complaints pass that the pattern fits."""
        self.allowed.append(pattern)

    @property
    def left(self) -> list[str]:
        """Complaints nobody allowed."""
        return [line for line in self.complaints if not any(re.search(pattern, line) for pattern in self.allowed)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in GRAVE:
            place = message.location.get("url", "").removeprefix(self.home)
            self.complaints.append(f"console {message.type} at {place}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home + "/", *HARMLESS)):
            self.complaints.append(f"request to another host: {request.url}")
