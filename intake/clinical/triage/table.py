"""The rules as a page: docs/red-flags.md, written from the tables and the messages by `make rules`."""

from __future__ import annotations

from collections.abc import Iterator

from intake.clinical.triage import safety
from intake.clinical.triage.flags import OTHER_WARNING, place
from intake.clinical.triage.formula import NAMED, formula, named
from intake.clinical.triage.messages import message
from intake.clinical.triage.rules import RULES, Rule, Severity
from intake.clinical.triage.signs import AnyOf, Sign

HEAD = """# Warning signs in answers

This page is made from the tables of `intake/clinical/triage` by `make rules`; a test says when it is stale. It is for
the clinicians who check the rules. A rule is a sign to look at somebody, and never a diagnosis: no rule means no more
than that none was raised.

Every rule is looked at each time a page is saved, and several can be raised. None lowers another. The most urgent
stands first. Only an answer that was given counts: what was declined, skipped, kept for the visit or not reached raises
nothing, and staff read "not answered" where it matters. Warning signs count for a full year after birth, and beyond.

E, S and D are clinical rules: emergency, call today, talk about it. P marks a rule that is a choice of this product.
"Exactly" names questions and codes of the forms; what stands in *italics* is explained at the end of the page.
"""
SAFETY_HEAD = """## Safety at home

These come from a form of their own, are for the safety role only, and are never part of a list, a count or a message.
Whatever is answered, the patient reads the same words: "{patient}"
"""
FINDINGS_HEAD = """## What the words in italics mean
"""
LEVELS = {
    Severity.EMERGENCY: "Emergency: care now",
    Severity.SAME_DAY: "Same day: a call today",
    Severity.DISCUSS: "Discuss: before or at the visit",
}
LEFT_OVER = "*any warning*, for each sign that no rule at this level or above is about"


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((HEAD, *_levels(), *_safety(), *_findings()))


def _levels() -> Iterator[str]:
    for severity, name in LEVELS.items():
        yield f"## {name}\n"
        yield from _level(severity)


def _level(severity: Severity) -> Iterator[str]:
    exact = {rule.id: "\n".join(_exactly(rule.sign)) for rule in RULES if rule.severity is severity}
    if severity is Severity.SAME_DAY:
        exact[OTHER_WARNING] = f"- {LEFT_OVER}"
    for rule in sorted(exact, key=place):
        words = message(rule)
        yield _section(f"{rule}. {words.title}", words.when, exact[rule], words.staff, words.source)


def _safety() -> Iterator[str]:
    words = safety.words()
    yield SAFETY_HEAD.format(patient=words.patient)
    for rule in safety.SAFETY_RULES:
        said = words.rules[rule.id]
        yield _section(_urgency(rule), said.when, "\n".join(_exactly(rule.sign)), said.staff, said.source)


def _urgency(rule: Rule) -> str:
    return f"{rule.id}. {LEVELS[rule.severity]}"


def _section(head: str, when: str, exact: str, staff: str, source: str) -> str:
    said = (f"**Raised by.** {when}", f"**Staff.** {staff}", f"**Source.** {source}", "**Exactly.**", exact)
    return "\n\n".join((f"### {head}", *said)) + "\n"


def _exactly(sign: Sign) -> Iterator[str]:
    """A line for each alternative."""
    alternatives = map(named, sign.signs) if isinstance(sign, AnyOf) else (formula(sign),)
    return (f"- {each}" for each in alternatives)


def _findings() -> Iterator[str]:
    by_name = sorted(NAMED, key=NAMED.__getitem__)
    yield FINDINGS_HEAD
    yield "".join(f"- *{NAMED[sign]}*: {formula(sign)}\n" for sign in by_name)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is what the command is for
