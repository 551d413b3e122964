"""Handouts that are a file of their own, with a name and a title that say nothing."""

from __future__ import annotations

from itertools import chain

from intake.pdf import document
from intake.pdf.document import Paper
from intake.pdf.flow import heading, together
from intake.pdf.handouts import handout
from intake.pdf.help_box import box
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import PrivatePages
from intake.pdf.styles import TITLE


def render(pages: PrivatePages, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The pages as a PDF, the get-help box last: the same pages always give the same bytes."""
    topics = chain.from_iterable(together(handout(topic, language)) for topic in pages.topics)
    flowables = [heading(language("For you"), TITLE), *topics, box(pages.clinic, pages.birth_date, language)]
    footer = " · ".join(part for part in (pages.initials[:6], language.day(pages.issued_on), pages.plan_id) if part)
    return document.write(flowables, title=language("Pages"), paper=paper, language=language, footer=footer)
