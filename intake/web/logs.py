"""Structured logs: one JSON object a line, of listed fields only. No names, answers, tokens or query strings."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

FIELDS = ("method", "route", "status", "ms", "incident", "reason")
QUIET = ("waitress.queue", "werkzeug")


class JsonLine(logging.Formatter):
    """A record as JSON: time, level, logger, the constant message, and the listed fields. Arguments are left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. An exception gives its type and where it was raised, never its text: texts can quote answers."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line)


def _where(record: logging.LogRecord) -> list[str]:
    trace = record.exc_info[2] if record.exc_info else None
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]


def set_up() -> None:
    """Send everything to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def attach(app: Flask) -> None:
    """Log each request by its route pattern: the path itself can hold ids and tokens."""
    log = logging.getLogger("intake.requests")

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint != "static":
            spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
            rule = request.url_rule.rule if request.url_rule else "-"
            fields = {"method": request.method, "route": rule, "status": response.status_code, "ms": round(spent, 1)}
            log.info("request", extra=fields)
        return response
