"""Blank forms to print, for a patient who would rather write with a pen."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, Response, abort, request

from intake.forms import paper as asking
from intake.forms import reader
from intake.pdf.model import Clinic, PaperForm
from intake.pdf.press import press
from intake.security.limits import Bucket
from intake.security.policy import Permission
from intake.store import people
from intake.web import clock, limits
from intake.web.actor import me
from intake.web.guard import allow
from intake.web.say import translated

bp = Blueprint("papers", __name__, url_prefix="/clinic/paper")


@bp.get("/<any(letter, a4):paper>")
@allow(Permission.SEE_DAY)
def show(paper: Literal["letter", "a4"]) -> Any:
    """The newest version of a patient's form, with boxes and lines. Nothing on it is about anybody."""
    names = [name for name, _title in offered()]
    name = request.args.get("form", names[0] if names else "")
    if name not in names:
        abort(404)
    form, clinic = reader.latest(name), clock.clinic() or abort(404)
    limits.charge(Bucket.DOCUMENTS, str(me().id))
    parts, signs = asking.parts(form, translated), asking.has_agreements(form)
    content = press.print(PaperForm(_head(clinic), translated(form.title), form.version, parts, signs), paper=paper)
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="form.pdf"'})


def offered() -> list[tuple[str, str]]:
    """(name, title) of every form that can be printed."""
    names = dict.fromkeys(name for name, _version in reader.published())
    forms = [reader.latest(name) for name in names]
    return [(form.id, translated(form.title)) for form in forms if asking.is_printable(form)]


def _head(clinic: people.Clinic) -> Clinic:
    """Who to call, as paper says it."""
    return Clinic(
        clinic.name, clinic.phone, clinic.address or "",
        emergency=clinic.emergency, crisis=clinic.crisis, maternal=clinic.maternal,
    )  # fmt: skip
