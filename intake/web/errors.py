"""Pages for what goes wrong: plain words, an incident number, never a trace."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, g, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from intake.actions.refusals import FinalError, RefusedError, StaleError
from intake.forms.problems import MalformedError
from intake.pdf.press import PrintingError
from intake.security.passwords import BusyError
from intake.security.seal import SealError
from intake.store.patient_keys import DestroyedError
from intake.web import identity, unreadable
from intake.web.database import CONFLICTS, session
from intake.web.limits import TooOftenError, words

TEXTS = {
    400: (_l("That page could not be read"), _l("Please go back, load the page again and try once more.")),
    403: (_l("This came from somewhere else"), _l("Please open our page yourself, and use the buttons on it.")),
    404: (_l("We cannot find this page"), _l("It may have moved, or it is not for you to see.")),
    405: (_l("That does not work here"), _l("Please go back and use the buttons on the page.")),
    409: (_l("This was changed elsewhere"), _l("Please go back, load the page again and look at what is there now.")),
    410: (_l("This record was erased"), _l("Its keys were destroyed on purpose. Nobody can read it any more.")),
    413: (_l("That is too much at once"), _l("Please shorten your text and try again. What was saved is still there.")),
    429: (
        _l("A little too fast"),
        _l("Many people are signing in at this moment. Please wait a minute and try again."),
    ),
    500: (_l("Something went wrong on our side"), _l("What was saved is still there. Please try again in a moment.")),
    503: (
        _l("This record cannot be read"),
        _l("Nothing was changed, and nothing is shown that may be wrong."),
    ),
}
AGAIN = _l("If it happens again, tell the clinic this number:")
# Who is told of a record that cannot be read, by whether a patient reads the page. It will not get better by itself.
AT_ONCE = {
    True: _l("Please tell the clinic this number:"),
    False: _l("Please tell whoever looks after this system this number:"),
}
log = logging.getLogger("intake.web")


def attach(app: Flask) -> None:
    """Answer every error with a page of our own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(TooOftenError, _too_often)
    app.register_error_handler(MalformedError, _malformed)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(SealError, _unreadable)
    app.register_error_handler(DestroyedError, _erased)
    app.register_error_handler(BusyError, _busy)
    for conflict in CONFLICTS:
        app.register_error_handler(conflict, _conflict)
    app.register_error_handler(PrintingError, _unprinted)
    app.register_error_handler(Exception, _unforeseen)


def _http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:  # noqa: PLR2004 - redirects travel as exceptions too
        return error
    return _page(error.code or 500)


def _stale_page(_error: CSRFError) -> Any:
    title, text = _l("This page was open too long"), _l("Please go back and load it again, then try once more.")
    return _page(400, title, text)


def _busy(_error: BusyError) -> Any:
    return _page(429)


def _too_often(refusal: TooOftenError) -> Any:
    page, status = _page(429, _l("That was too often"), words(refusal))
    waiting = {"Retry-After": str(refusal.wait)} if refusal.wait is not None else {}
    return page, status, waiting


def _malformed(error: MalformedError) -> Any:
    log.warning("malformed page", extra={"reason": type(error).__name__})
    return _page(400)


def _refused(error: RefusedError) -> Any:
    if isinstance(error, FinalError):
        return _page(409, _l("This is final"), _l("It was signed, issued or handed in, and stays as it is."))
    if isinstance(error, StaleError):
        return _page(409)
    return _page(409, _l("That is not possible now"), str(error))


def _conflict(_error: Exception) -> Any:
    """Two acts on one record at the same moment: one went through, the other is told so."""
    return _page(409)


def _erased(_error: DestroyedError) -> Any:
    return _page(410)


def _unreadable(error: SealError) -> Any:
    """A sealed value does not open, or a row that says who may see it does not hold.

    Never a blank field, which could be saved over what is there, and never somebody let in.
    """
    session.rollback()  # on SQLite the line waits for a lock that this request may hold
    return _page(503, incident=unreadable.incident(error), order=AT_ONCE[_is_patients()])


def _unprinted(error: PrintingError) -> Any:
    """Nothing was issued: the act it belonged to is undone with it."""
    incident = _incident(error, str(error))
    text = _l("Nothing was changed, and what was saved is still there. Please try again in a moment.")
    return _page(503, _l("This document could not be printed"), text, incident)


def _unforeseen(error: Exception) -> Any:
    return _page(500, incident=_incident(error, type(error).__name__))


def _incident(error: Exception, reason: str) -> str:
    """A number that stands in the log and on the page."""
    incident = secrets.token_hex(4)
    log.error("unforeseen", exc_info=error, extra={"incident": incident, "reason": reason})
    return incident


def _page(status: int, title: Any = None, text: Any = None, incident: str = "", order: Any = AGAIN) -> Any:
    first, second = TEXTS.get(status, TEXTS[400 if status < 500 else 500])  # noqa: PLR2004 - client or server
    title, text = title or first, text or second
    if request.headers.get("X-Autosave"):
        return jsonify(saved=None, message=f"{title}. {text}"), status
    shown = {"title": title, "text": text, "incident": incident, "order": order, "for_patient": _is_patients()}
    shown["for_kiosk"] = _is_kiosks()
    return _written(**shown, for_staff=status != 500 and not shown["for_patient"]), status  # noqa: PLR2004 - a fault of ours


def _written(**shown: Any) -> str:
    """The page; whatever hinders it, the page for nobody in particular, for which nothing is asked."""
    try:
        return _framed(**shown)
    except Exception as error:  # noqa: BLE001 - what went wrong must not take the way out with it
        log.warning("page without its frame", extra={"reason": type(error).__name__})
        return _alone(**shown)


def _framed(**shown: Any) -> str:
    session.rollback()  # what was refused is undone before anything is asked for the frame of the page
    return render_template("error.html", **shown)


def _alone(**shown: Any) -> str:
    g.alone = True
    identity.forget()
    return render_template("error.html", **{**shown, "for_staff": False})


def _is_patients() -> bool:
    """Whether a patient reads this: her pages have the quick way out, those that went wrong too."""
    return request.path in {"/f", "/start"} or request.path.startswith("/f/") or _is_kiosks()


def _is_kiosks() -> bool:
    """Whether it is read where somebody is asked alone."""
    return request.path == "/here" or request.path.startswith("/here/")
