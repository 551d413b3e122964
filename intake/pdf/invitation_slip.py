"""One page to hand or mail to someone before a visit. Nothing on it says what the visit is about."""

from __future__ import annotations

from reportlab.platypus import Flowable, Spacer

from intake.pdf import document
from intake.pdf.blocks import Box, Columns
from intake.pdf.document import Paper
from intake.pdf.flow import heading, labelled, text
from intake.pdf.language import US_ENGLISH, Language
from intake.pdf.model import InvitationSlip
from intake.pdf.qr import QrCode, fits
from intake.pdf.styles import BODY, CODE, LEAD, LINK, SHADE, TITLE
from intake.pdf.words import shorten

SIDE = 170.0
LONGEST_LINE = 80
LONGEST_CODE = 40


def render(slip: InvitationSlip, *, paper: Paper = "letter", language: Language = US_ENGLISH) -> bytes:
    """The slip as a PDF: the same slip always gives the same bytes."""
    flowables = [
        *_welcome(slip, language),
        *_way_in(slip, language),
        *_until_and_whom_to_ask(slip, language),
    ]
    footer = shorten(slip.clinic_name, LONGEST_LINE)
    return document.write(flowables, title=language("Visit"), paper=paper, language=language, footer=footer)


def _welcome(slip: InvitationSlip, _: Language) -> list[Flowable]:
    lines = [heading(_("Before your visit"), TITLE)]
    if slip.clinic_name.strip():
        lines.append(text(shorten(slip.clinic_name, LONGEST_LINE), LEAD))
    if slip.when.strip():
        lines.append(labelled(_("Your visit:"), shorten(slip.when, LONGEST_LINE), BODY))
    why = _(
        "Please answer some questions online before we meet. Then we have more time for you. "
        "You can stop at any point and go on later. You can skip what you do not want to answer."
    )
    return [*lines, Spacer(0, 6), text(why)]


def _way_in(slip: InvitationSlip, _: Language) -> list[Flowable]:
    steps = [heading(_("1. Open the page")), *_open(slip, _)]
    code = [
        heading(_("2. Type this access code")),
        text(_("If you scanned the square, it is filled in already.")),
        Box([text(shorten(slip.code, LONGEST_CODE), CODE)], rule=1.5, shade=SHADE),
    ]
    birth = [
        heading(_("3. Type your date of birth")),
        text(_("This makes sure that the right person has this page.")),
    ]
    return [*steps, *code, *birth]


def _open(slip: InvitationSlip, _: Language) -> list[Flowable]:
    # An address that is typed needs no code: the browser's history would keep it, and the next step asks for it.
    address = text(slip.link.partition("#")[0], LINK)
    typed: list[Flowable] = [text(_("Or type this address into your browser:")), address]
    if not fits(slip.link):
        return typed
    square = QrCode(slip.link, SIDE, alt=_("A square for your camera. It opens the address on this page."))
    point = text(_("Point the camera of your phone at the square. Tap the link that shows up."))
    return [Columns([[square], [Spacer(0, 22), point, *typed]], (0.38, 0.62))]


def _until_and_whom_to_ask(slip: InvitationSlip, _: Language) -> list[Flowable]:
    until = _("The code works until {day}.", day=_.day(slip.expires_on))
    keep = _("Keep this page to yourself. Nobody else needs the code, not even to help you.")
    lines: list[Flowable] = [Spacer(0, 12), labelled(until, keep)]
    if slip.clinic_phone.strip():
        phone = shorten(slip.clinic_phone, LONGEST_LINE)
        lines.append(labelled(_("Questions?"), _("Call us at {phone}.", phone=phone)))
    return lines
