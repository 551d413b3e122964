"""The phrases that whoever writes a note has: those that come with Fernleaf, the clinic's, and their own."""

from __future__ import annotations

from intake.clinical import phrases as rules
from intake.forms.entry import Entry
from intake.forms.model import Form
from intake.library import phrases as library
from intake.store import phrases
from intake.web.actor import me
from intake.web.database import session


def known() -> dict[str, str]:
    """{word: what it stands for}, by word; one's own before the clinic's, and that before ours."""
    return dict(sorted({**library.starters(), **phrases.known_to(session, me())}.items()))


def expand(form: Form, entry: Entry) -> None:
    """Put the phrases of whoever is writing into what a page says."""
    rules.expand(form, entry, known())
