"""The warning in a page that came in too late to be kept with her form: shown at once, of what the page itself says.

What she told before is not looked at, and nothing is raised or shown to anybody else: it answers one request, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, render_template, request
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from intake.clinical.triage import Severity, triage
from intake.forms import reader
from intake.forms.entry import read
from intake.forms.model import Form
from intake.forms.problems import MalformedError
from intake.security.seal import SealError
from intake.store import responses
from intake.store.responses import Response
from intake.store.sessions import Login
from intake.web import clock
from intake.web.database import session
from intake.web.patient import notices, pages, steps
from intake.web.patient.notices import Notice
from intake.web.patient.places import Place

URGENT = "warn-until"  # in the cookie: until when a warning waits for whoever sent the page
AT_ONCE = timedelta(minutes=1)  # its answer leads there by itself; nobody reads it who opens the address later


def note(login: Login, place: Place) -> bool:
    """Whether what this request sends warns of something; the next page of this browser then says so."""
    found = of(login, place, dict(request.form.lists()))
    if found:
        cookie[URGENT] = (clock.now() + AT_ONCE).isoformat()
    return bool(found)


def waits() -> bool:
    """Whether the page that is asked for now is to say so; once."""
    if URGENT not in cookie or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return False
    return clock.now() <= datetime.fromisoformat(cookie.pop(URGENT))


def page(found: Sequence[Notice], why: str = "", typed: Sequence[tuple[str, str]] = ()) -> str:
    """The warnings by themselves, with numbers to tap, before all else; then `why` the page was not kept, and hers."""
    why = why or _("The page you just sent is not part of your form yet.")
    return render_template("patient/unheard/show.html", notices=found, why=why, typed=typed)


def not_saved(found: Sequence[Notice], why: str) -> Any:
    """The answer to a page that saves itself to a form that takes nothing any more: `why`, or first what warns."""
    return pages.ask_for_all() if found else (jsonify(saved=None, errors={}, message=why), 409)


def of(login: Login, place: Place, sent: Mapping[str, list[str]]) -> list[Notice]:
    """The messages of a page of a sitting that is over."""
    asked = responses.asked(session, login.invitation.visit_id) if login.invitation is not None else []
    there = next((each for each in asked if each.number == place.form), None) or gone(login, place.form)
    return warnings(there, place, sent) if there is not None else []


def gone(login: Login, number: int) -> Response | None:
    """The form of that number where the clinic has taken it back, or out, since she had a page of it open."""
    return responses.out(session, login.invitation.visit_id, number) if login.invitation is not None else None


def sent(response: Response, place: Place) -> list[Notice]:
    """The messages of what this request sends to a form that takes nothing any more."""
    return warnings(response, place, dict(request.form.lists()))


def warnings(response: Response, place: Place, sent: Mapping[str, list[str]]) -> list[Notice]:
    """The messages that an emergency, or what cannot wait for tomorrow, on one page gives rise to, gravest first."""
    if place.view != "page":
        return []
    with suppress(MalformedError, SealError, NotFound):
        return _warnings(response, place, sent)
    return []


def _warnings(response: Response, place: Place, sent: Mapping[str, list[str]]) -> list[Notice]:
    form, born = form_of(response), response.patient.birth_date
    fields = {name: values for name, values in sent.items() if not name.startswith(pages.OWN)}
    _part, page = steps.find(form, place)
    said = read(page.questions, fields, saved={}, today=clock.today(), born=born, write_only=True).answers
    found = [sign for sign in triage(said, today=clock.today(), born=born) if sign.severity >= Severity.SAME_DAY]
    return notices.worded(sorted(found, key=lambda sign: -sign.severity), said, born)


def form_of(response: Response) -> Form:
    """The form as her pages of it are numbered; of a part that is asked again that part."""
    return steps.opened(response).form if response.only else reader.load(response.form, response.form_version)
