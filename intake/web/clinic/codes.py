"""Looking for a diagnosis code: by its number or by any words of its title."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from intake.clinical.coding import codes as rules
from intake.security.policy import Permission
from intake.store import codes
from intake.web import clock
from intake.web.clinic.inputs import CodeSearch
from intake.web.database import session
from intake.web.guard import allow

bp = Blueprint("codes", __name__, url_prefix="/clinic/codes")
MOST_SHOWN = 50


@bp.get("")
@allow(Permission.SEE_DAY)
def index() -> Any:
    """The codes of pelvic health, by group."""
    return _page(CodeSearch(formdata=None))


@bp.post("")
@allow(Permission.SEE_DAY)
def search() -> Any:
    """Those that hold every word. It is sent, never part of an address."""
    form = CodeSearch()
    return _page(form) if form.validate_on_submit() else (_page(form), 422)


def _page(form: CodeSearch) -> str:
    words = "" if form.errors else form.words.data or ""
    today = clock.today()
    found = codes.search(session, words, today, MOST_SHOWN) if words else rules.on_day(rules.ours(), today).values()
    return render_template(
        "clinic/codes/index.html",
        form=form, words=words,
        found=[(code, rules.is_apart(code.code)) for code in found if rules.is_offered(code.code)],
        is_full=codes.is_full(session, today), most=MOST_SHOWN,
    )  # fmt: skip
