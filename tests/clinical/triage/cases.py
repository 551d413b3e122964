"""Answers for the tests of the rules: what a patient may have said, and what it raises."""

from datetime import date, timedelta

from intake.clinical.triage import triage

TODAY = date(2026, 11, 22)
ITEMS = {"phq-2": 2, "phq-9": 9, "gad-7": 7, "epds": 10, "pc-ptsd-5": 5}


def given(**values):
    return {question: {"value": value} for question, value in values.items()}


def birth(days_ago=None, **values):
    when = {} if days_ago is None else {"birth_date": day(days_ago)}
    return [given(**when, **values)]


def day(days_ago):
    return (TODAY - timedelta(days=days_ago)).isoformat()


def number(text, unit):
    return {"number": text, "unit": unit}


def mmhg(text):
    return number(text, "mm[Hg]")


def hours(text):
    return number(text, "h")


def site(where="hip-left", average=0):
    return [given(pn_where=where, pn_average=average)]


def scores(measure, *items):
    """A measure with these items answered from the first on, and the rest left out."""
    return {measure: {str(n + 1): items[n] if n < len(items) else None for n in range(ITEMS[measure])}}


def total(measure, points):
    """A measure that is answered to the end and adds up to some points, as little as can be in its last items."""
    items = []
    for _ in range(ITEMS[measure]):
        items.append(min(3, points - sum(items)))
    assert sum(items) == points
    return scores(measure, *items)


def flags_raised(values):
    """The flags of {question: value}; what stands under "measures" is passed on as such."""
    answers = {question: value for question, value in values.items() if question != "measures"}
    return triage(given(**answers), today=TODAY, measures=values.get("measures", {}))


def rules_raised(values):
    return [flag.rule for flag in flags_raised(values)]


FEVER = {"rf_temp": number("38.0", "Cel")}
BACK = {"pn_map": ["low-back"]}
LONG_AGO = {"ob_births": birth(240)}
