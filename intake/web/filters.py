"""How moments, days and texts read in templates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from flask import Flask, g
from flask_babel import format_datetime, get_locale, ngettext
from flask_babel import gettext as _

from intake.clinical.chart_numbers import chart_number
from intake.clinical.measures.trend import MATTERS, Mark, Trend
from intake.forms import words
from intake.store import amendments, raised
from intake.store.flags import Flag
from intake.store.people import NEUTRAL
from intake.store.responses import AMENDED, HELPED, PAPER, READ_ALOUD, Response
from intake.web import clock, identity, visitors
from intake.web.database import Unreachable, session
from intake.web.say import plural, said, translated

START = datetime(2000, 1, 1, tzinfo=UTC)
DASH = "\u2013"
MINUTE, HOUR, DAY = 60, 3600, 86400
NOTHING: dict[str, Any] = {
    "clinic": None, "staff": lambda: None, "seconds_left": lambda: None, "kept_until": lambda: None,
    "leave_to": lambda: NEUTRAL,
}  # fmt: skip


def attach(app: Flask) -> None:
    """Give the templates their filters."""
    app.add_template_filter(translated, "translated")
    app.add_template_filter(said, "said")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(day, "day")
    app.add_template_filter(clock_time, "clock_time")
    app.add_template_filter(words.clock, "written_time")
    app.add_template_filter(chart_number, "chart_number")
    app.add_template_filter(waited, "waited")
    app.add_template_filter(lasted, "lasted")
    app.add_template_filter(from_paper, "from_paper")
    app.add_template_filter(sign_now, "sign_now")
    app.add_template_filter(amount, "amount")
    app.add_template_filter(trend_words, "trend_words")
    app.add_template_filter(mark_words, "mark_words")
    app.add_template_filter(kept_day, "kept_day")
    app.add_template_filter(kept_month, "kept_month")
    app.context_processor(_around)
    app.jinja_env.install_gettext_callables(translated, plural, newstyle=True)  # type: ignore[attr-defined]  # an extension adds it


def _around() -> dict[str, Any]:
    """What every page is framed with. The page that says the database is gone must still show."""
    if "alone" in g:
        return NOTHING
    try:
        found = {"clinic": clock.clinic(), "staff": identity.staff}
    except Unreachable:
        return NOTHING
    return found | {"seconds_left": visitors.left, "kept_until": visitors.until, "leave_to": clock.leave_to}


def amount(number: float | Fraction) -> str:
    """A total of a measure: whole, or with as many decimals as it needs, two at most."""
    return f"{round(float(number), 2):g}"


def trend_words(found: Trend) -> str:
    """What a chart of a measure shows, in a sentence."""
    number = len(found.runs[-1])
    values = {
        "measure": translated(found.measure.label), "first": amount(found.first.total or 0),
        "day": day(found.first.at), "last": amount(found.last.total or 0), "now": day(found.last.at),
        "verdict": translated(found.verdict), "low": amount(found.low), "high": amount(found.high),
    }  # fmt: skip
    if number == 1:
        return str(_("%(measure)s, %(low)s to %(high)s: %(last)s on %(now)s; %(verdict)s.", **values))
    return str(
        _("%(measure)s, %(low)s to %(high)s: from %(first)s on %(day)s to %(last)s on %(now)s; %(verdict)s.", **values)
    )


def mark_words(found: Mark) -> str:
    """What a line across a chart means."""
    total = amount(found.total)
    if found.kind == MATTERS:
        text = _("Dashed line, %(total)s: from here on the change since the first value matters (MCID; %(source)s).")
    else:
        text = _(
            "Dotted line, %(total)s: from here on the change since the first value is beyond the error of measuring "
            "(MDC; %(source)s)."
        )
    return str(text) % {"total": total, "source": found.source}


def from_paper(response: Response) -> str:
    """That answers come from paper: of which day, whose hand, who typed them in, and what became of that.

    Empty for any others.
    """
    if not response.is_from_paper:
        return ""
    said = {
        PAPER: _("From paper, filled in on %(date)s."),
        HELPED: _("From paper, filled in with somebody\u2019s help on %(date)s."),
        READ_ALOUD: _("From paper, filled in on %(date)s by staff who read the questions aloud."),
    }[response.source]
    return " ".join([said % {"date": day(response.filled_on)}, *_typed(response)])


def _typed(response: Response) -> Iterator[str]:
    first, name = response, response.entered_by.name if response.entered_by else ""
    while first.corrects is not None:
        first = first.corrects
    if response.completed_at is None:
        yield (
            _("Being corrected by %(name)s, not done yet.", name=name)
            if response.corrects
            else _("Being typed in by %(name)s, not done yet.", name=name)
        )
        return
    typist = first.entered_by.name if first.entered_by else ""
    yield _("Typed in by %(name)s on %(date)s.", name=typist, date=day(first.completed_at))
    yield from _amended(response.corrects)
    if response.status == AMENDED and (found := amendments.of_response(session, response.id)):
        yield _("Replaced by a corrected version of %(date)s.", date=day(found.amended_at))


def _amended(former: Response | None) -> Iterator[str]:
    """How it came to stand in the place of a former version."""
    found = amendments.of_response(session, former.id) if former is not None else None
    if found is not None:
        told = {"name": found.user.name, "date": day(found.amended_at)}
        corrected = found.kind == amendments.CORRECTED
        yield (
            _("Corrected on %(date)s by %(name)s.", **told)
            if corrected
            else _("Moved here from another visit on %(date)s by %(name)s.", **told)
        )


def sign_now(flag: Flag) -> str:
    """Whether the answers still hold a warning sign, and why they do not any more."""
    if flag.still_true:
        return str(_("still says so"))
    found = raised.ended_by(session, flag, clock.today()) if flag.response.is_from_paper else None
    if found is None:
        return str(_("no longer says so: it was changed later"))
    told = {"name": found.user.name, "date": day(found.amended_at)}
    if found.kind == amendments.CORRECTED:
        return str(_("no longer says so: the answer was corrected on %(date)s by %(name)s", **told))
    return str(_("the paper it stood on was typed in in the wrong place: taken out on %(date)s by %(name)s", **told))


def moment(value: datetime | None) -> str:
    """As "Nov 3, 2026, 2:05 PM", in the clinic's time."""
    return format_datetime(value.astimezone(clock.zone()), "MMM d, y, h:mm a", rebase=False) if value else ""


def clock_time(value: datetime | None) -> str:
    """As "2:05 PM", in the clinic's time."""
    return format_datetime(value.astimezone(clock.zone()), "h:mm a", rebase=False) if value else ""


def saved_now() -> dict[str, str]:
    """When a page saved itself, for the script: the time, and the day for a page that still says so the day after."""
    return {"saved": f"{clock.now().astimezone(clock.zone()):%H:%M}", "day": day(clock.now())}


def day(value: date | datetime | None) -> str:
    """As "Nov 3, 2026"; a moment counts in the clinic's time."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.zone()).date()
    return _day(value, str(get_locale())) if value else ""


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    """A long chart shows the same few days over and over."""
    return format_date(value, "MMM d, y", locale=locale)


def kept_day(value: str) -> str:
    """A day that is kept as "2026-11-03", as "Nov 3, 2026"."""
    return day(date.fromisoformat(value))


def kept_month(value: str) -> str:
    """The month of such a day, as "November 2026"."""
    return format_date(date.fromisoformat(value), "MMMM y", locale=str(get_locale()))


def lasted(value: timedelta | None) -> Any:
    """How long something took, roughly; a dash where nobody knows."""
    return DASH if value is None else waited(START, START + value)


def waited(value: datetime, until: datetime | None = None) -> Any:
    """How long ago, roughly: "12 minutes", "3 hours", "2 days"."""
    seconds = int(((until or datetime.now(UTC)) - value).total_seconds())
    if seconds < MINUTE:
        return _("less than a minute")
    if seconds < HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // MINUTE)
    if seconds < 2 * DAY:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR)
    return ngettext("%(num)s day", "%(num)s days", seconds // DAY)
