"""A form to fill in by hand: large type, boxes and lines, and the private parts on sheets of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Spacer

from intake.forms import paper as asking
from intake.forms.paper import Asked, PaperPart
from intake.pdf import document
from intake.pdf.blocks import Box, Columns
from intake.pdf.document import Paper
from intake.pdf.flow import Words, heading, text, together
from intake.pdf.handwriting import BOX, Circles, Lines, grid, table, ticks
from intake.pdf.help_box import box as help_box
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import PaperForm
from intake.pdf.styles import BODY, NOTE, SHADE, SMALL, SUBHEADING, TITLE
from intake.pdf.words import on_paper, shorten

QUESTION = ParagraphStyle("question", SUBHEADING, fontSize=13, leading=16.5, spaceBefore=11, spaceAfter=3, role="P")
CONDITION = ParagraphStyle("condition", BODY, spaceBefore=9, spaceAfter=0, keepWithNext=1)
WAY = ParagraphStyle("way", NOTE, leftIndent=20, bulletFontSize=15, bulletOffsetY=-1, spaceAfter=2)
LONGEST_LINE = 44
LONGEST_NAME = 32  # the version behind it is never cut off
SPLIT_OVER = 18  # options or rows; longer lists may go over a page

Kind = Callable[[Asked, Language], list[Flowable]]


def render(form: PaperForm, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The form as a PDF: the same form always gives the same bytes."""
    open_parts = [part for part in form.parts if not part.is_private]
    private = [part for part in form.parts if part.is_private]
    flowables = [
        *_front(form, language),
        *chain.from_iterable(_part(part, language) for part in open_parts),
        *_signature(form, language),
        *(_folded(private, language) if private else []),
    ]
    return document.write(
        flowables, title=language("Form"), paper=paper, language=language, footer=_footer(form, language)
    )


def _footer(form: PaperForm, _: Language) -> str:
    """Which form in which version, so that any sheet of it can be typed in as it was printed; then where it is from."""
    which = _("{form}, version {version}", form=shorten(form.title, LONGEST_NAME), version=form.version)
    return " · ".join(each for each in (which, form.clinic.name, form.clinic.phone) if each.strip())


def _front(form: PaperForm, _: Language) -> list[Flowable]:
    """Who it comes from, a line for the name, how it works, and when not to wait for us."""
    how = [
        _("Use a pen. Tick the boxes that fit. Leave out what you do not want to answer."),
        _("\u201cPrefer not to say\u201d is a full answer. We will not ask why."),
        _("Your therapist reads this at or before your visit. Nobody reads it around the clock."),
    ]
    return [
        heading(shorten(form.title, 2 * LONGEST_LINE), TITLE),
        *([text(shorten(form.clinic.name, 2 * LONGEST_LINE), BODY)] if form.clinic.name.strip() else []),
        *([text(_("Questions? Call us at {phone}.", phone=form.clinic.phone))] if form.clinic.phone.strip() else []),
        *_names(_),
        Spacer(0, 6),
        *(text(line) for line in how),
        help_box(form.clinic, None, _),
    ]


def _names(_: Language) -> list[Flowable]:
    born, today = Lines(1, label=_("Date of birth:")), Lines(1, label=_("Today\u2019s date:"))
    return [Lines(1, label=_("Your name:")), Columns([[born], [today]], (0.5, 0.5))]


def _signature(form: PaperForm, _: Language) -> list[Flowable]:
    words = [text(_("My signature is for the agreements that I ticked above."))] if form.has_agreements else []
    lines = Columns([[Lines(1, label=_("Signature:"))], [Lines(1, label=_("Date:"))]], (0.6, 0.4))
    return together([Spacer(0, 16), *words, lines])


def _folded(private: list[PaperPart], _: Language) -> list[Flowable]:
    """The sheets for the patient alone, which begin on a page of their own."""
    notes = [
        text(_("Fill in these sheets only when you are alone. You can leave all of them blank.")),
        text(_("Fold them, and hand them to your therapist yourself. You do not have to give them to anybody else.")),
    ]
    cover = [PageBreak(), heading(_("For you alone"), TITLE), *_names(_), Box(notes, rule=1.5, shade=SHADE)]
    return [*cover, *chain.from_iterable(_part(part, _) for part in private)]


def _part(part: PaperPart, _: Language) -> list[Flowable]:
    """A section; what only leads to the next question stays with it."""
    found: list[Flowable] = []
    leading: list[Flowable] = [heading(part.title), *(text(each) for each in part.intro)]
    for asked in part.asked:
        leading += _asked(asked, _)
        if not _leads(asked):
            found += _kept(leading, asked)
            leading = []
    return [*found, *leading]


def _leads(asked: Asked) -> bool:
    """Whether it says something about the questions below: a condition, or the heading of an entry."""
    return asked.kind == asking.ENTRY or (asked.kind == asking.SAY and not (asked.paragraphs or asked.hint))


def _kept(block: list[Flowable], asked: Asked) -> list[Flowable]:
    """A question stays on one page with its answers, unless there are very many."""
    return block if len(asked.options) + len(asked.rows) > SPLIT_OVER else together(block)


def _asked(asked: Asked, _: Language) -> list[Flowable]:
    number = f"{asked.number}. " if asked.number else ""
    condition = [text(asked.condition, CONDITION)] if asked.condition else []
    asking = f"{number}{asked.text}"
    words = [text(asking, QUESTION)] if asked.text else []
    hint = [text(asked.hint, NOTE)] if asked.hint else []
    body = [text(each) for each in asked.paragraphs]
    return [*condition, *words, *hint, *body, *KINDS.get(asked.kind, _say)(asked, _), *_ways(asked.ways)]


def _ways(ways: tuple[str, ...]) -> list[Flowable]:
    """The boxes to leave the answer out, smaller than those of the answers."""
    boxes = [Words(on_paper(way), WAY, bulletText=BOX) for way in ways]
    return [Columns([boxes[:1], boxes[1:]], (0.5, 0.5), gap=8)] if boxes else []


def _say(_asked: Asked, _: Language) -> list[Flowable]:
    return []


def _tick(asked: Asked, _: Language) -> list[Flowable]:
    return [*ticks(asked.options), *([Lines(asked.lines)] if asked.lines else [])]


def _write(asked: Asked, _: Language) -> list[Flowable]:
    return [Lines(asked.lines)]


def _number(asked: Asked, _: Language) -> list[Flowable]:
    if len(asked.options) > 1:
        return [Columns([[Lines(1)], ticks(asked.options)], (0.3, 0.7))]
    units = " ".join(asked.options)
    return [Columns([[Lines(1)], [text(units, SMALL)]], (0.3, 0.7))]


def _date(_asked: Asked, _: Language) -> list[Flowable]:
    labels = (_("Month:"), _("Day:"), _("Year:"))
    return [Columns([[Lines(1, label=label)] for label in labels], (0.4, 0.25, 0.35))]


def _scale(asked: Asked, _: Language) -> list[Flowable]:
    low, high = f"{asked.lowest}: {asked.low_label}", f"{asked.highest}: {asked.high_label}"
    ends = " · ".join(each for each, label in ((low, asked.low_label), (high, asked.high_label)) if label)
    return [*([text(ends, NOTE)] if ends else []), Circles(asked.lowest, asked.highest)]


def _grid(asked: Asked, _: Language) -> list[Flowable]:
    return list(grid(asked.rows, asked.options))


def _table(asked: Asked, _: Language) -> list[Flowable]:
    return list(table(asked.rows, asked.options))


def _rate(asked: Asked, _: Language) -> list[Flowable]:
    """A place and a line for its number, two side by side."""
    lines: list[Flowable] = [Lines(1, label=place) for place in asked.options]
    note = text(_("Write a number from 0 (no pain) to 10 (the worst) where it hurts. Leave the others blank."), NOTE)
    pairs = [Columns([lines[at : at + 1], lines[at + 1 : at + 2]], (0.5, 0.5)) for at in range(0, len(lines), 2)]
    return [note, *pairs]


KINDS: Mapping[str, Kind] = {
    asking.SAY: _say,
    asking.ENTRY: _say,
    asking.TICK: _tick,
    asking.WRITE: _write,
    asking.NUMBER: _number,
    asking.DATE: _date,
    asking.SCALE: _scale,
    asking.GRID: _grid,
    asking.TABLE: _table,
    asking.RATE: _rate,
}
