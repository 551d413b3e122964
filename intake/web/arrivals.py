"""Links from other sites. A browser keeps our cookie back from them, so whoever follows one looks like nobody.

Were that answered with a page of ours, its fresh cookie would take the place of the one kept back, and end whatever
was open in that browser. So a link from elsewhere gets a page without a cookie that goes on to the same address by
itself: from there the browser brings the cookie along.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from flask import Flask, g, redirect, render_template, request

MARK = "arrived"  # in the address for one moment; who comes from elsewhere with it is not led on again
READS = frozenset({"GET", "HEAD"})
# What sets no cookie anyhow. A link from elsewhere must not end a sitting, so the way out is not led on to.
AS_IS = frozenset({"static", "healthz", "patient.leave.go"})


def attach(app: Flask) -> None:
    """Lead on who comes from another site, before anything is asked for."""
    app.before_request(_arrive)


def _arrive() -> Any:
    if request.method not in READS or request.endpoint in AS_IS:
        return None
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        g.alone = True
        return render_template("onward.html", to=_address(MARK), by_itself=MARK not in request.args)
    return redirect(_address(), 303) if MARK in request.args else None


def _address(mark: str = "") -> str:
    """This address, with or without the mark; never one of another site."""
    query = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    query = [(name, value) for name, value in query if name != MARK] + ([(mark, "")] if mark else [])
    path = "/" + quote(request.path.lstrip("/\\"))
    return f"{path}?{urlencode(query)}" if query else path
