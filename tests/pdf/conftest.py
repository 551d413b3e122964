"""A plain plan for a fictional person, and a reader that looks at a printed page as a person would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader
from pypdfium2 import raw

from intake.library.figures.shapes import Circle, Figure, Line
from intake.pdf.model import Activity, CarePlan, Clinic, Goal, PlanExercise, PlanTopic


@dataclass(frozen=True)
class Glyph:
    """One printed character: its edges from the bottom left of the page, and its size, in points."""

    character: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


class Printed:
    """A file as it comes out of the printer."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(BytesIO(self.content))

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page, on one line."""
        return [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        return " ".join(self.pages)

    @cached_property
    def size(self) -> tuple[float, float]:
        box = self.reader.pages[0].mediabox
        return float(box.width), float(box.height)

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """Every font the file names, and whether it is embedded."""
        found = {}
        for page in self.reader.pages:
            for entry in page["/Resources"]["/Font"].values():
                font = entry.get_object()
                embedded = "/FontDescriptor" in font and "/FontFile2" in font["/FontDescriptor"]
                found[str(font["/BaseFont"])] = embedded
        return found

    def glyphs(self) -> list[Glyph]:
        """Every visible character of every page."""
        return [glyph for page in self.glyphs_by_page for glyph in page]

    @cached_property
    def glyphs_by_page(self) -> list[list[Glyph]]:
        return [_glyphs(page) for page in pdfium.PdfDocument(self.content)]


def _glyphs(page: pdfium.PdfPage) -> list[Glyph]:
    words = page.get_textpage()
    found = []
    for index in range(words.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(words, index))
        if not character.isspace() and character != "\0":
            size = raw.FPDFText_GetFontSize(words, index)
            found.append(Glyph(character, *words.get_charbox(index), size))
    return found


@pytest.fixture
def look() -> Callable[[bytes], Printed]:
    """Look at a printed file."""
    return Printed


@pytest.fixture
def figure() -> Figure:
    return Figure("lying", "Lying", "A person lies down.", 200, 140, (Circle(30, 100, 12), Line(0, 120, 200, 120)))


@pytest.fixture
def clinic() -> Clinic:
    return Clinic(
        name="Riverbend Clinic",
        phone="(555) 010-0100",
        address="1 Sample Street, Anytown",
        emergency="911",
        crisis="988",
        maternal="1-833-852-6262",
    )


@pytest.fixture
def exercise(figure: Figure) -> PlanExercise:
    return PlanExercise(
        name="Long slow breaths",
        position="Lying on your back",
        steps=(
            "Rest one hand on your belly.",
            "Breathe in through your nose for 4 seconds. Let your belly and ribs widen.",
            "Feel the muscles between your legs soften.",
            "Breathe out slowly for 6 seconds.",
        ),
        cue="A jellyfish opening in warm water.",
        why="It helps tight muscles let go, and calms your body.",
        dose_words="10 breaths, 2 times a day",
        stop_rule="You feel dizzy.",
        figure=figure,
        progress_rule="When it feels easy for 3 days, do it sitting.",
        regress_rule="Do 5 breaths, or lie on your side.",
    )


@pytest.fixture
def plan(clinic: Clinic, exercise: PlanExercise) -> CarePlan:
    """A full plan: five findings, three activities, two goals, four exercises, three habits, two handouts."""
    return CarePlan(
        clinic=clinic,
        name_used="Sample Person",
        initials="SP",
        birth_date=date(2026, 5, 3),
        issued_on=date(2026, 6, 14),
        therapist="Robin Example",
        credentials="PT, DPT",
        findings=(
            "Your scar has closed and is healing well.",
            "Your pelvic floor gets tired soon. These are the muscles between your legs.",
            "That can make you leak when you cough.",
            "Your belly muscles work together again.",
            "Nothing we saw needs a doctor right now.",
        ),
        matters="I want to laugh without thinking about it.",
        activities=(
            Activity("Laughing with friends", 3, 5),
            Activity("Carrying the car seat up the stairs", 2),
            Activity("Sleeping on my side"),
        ),
        goals=(
            Goal("Walk to the park", "Pad stays dry", "2 of 7 days", "6 of 7 days", date(2026, 8, 1)),
            Goal("Lift the car seat with no pain"),
        ),
        exercises=(exercise,) * 4,
        habits=("Roll to your side before you get up.", "Put your feet on a stool.", "Rest when you can."),
        topics=(
            PlanTopic("Bladder training", ("Keep a diary for 3 days.",), ("Call us if it burns.",)),
            PlanTopic("Sleep and load", ("Naps count.",)),
        ),
        next_visit="Monday, June 29, 2026, at 10:00 am",
        measured_by="You rate the same 3 activities again.",
        plan_id="Plan 7F3A",
    )
