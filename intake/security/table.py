"""The policy as a page: docs/policy.md, written from the tables by `make policy`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intake.security.policy import CEILINGS, RULES, STATES, TIERS, Permission, Rule

HEAD = """# Who may do what

This page is made from the tables of `intake/security/policy.py` by `make policy`; a test says when it is stale.
There are allow rules only: what no rule allows is refused, and a refusal looks like a page that does not exist.
Somebody with several roles may do what any of them may.
"""
STATES_HEAD = """## What the state of a record forbids

Reading is the same in every state. Writing is possible only as listed; what is not listed has no such limit.
"""
TIERS_HEAD = """## Which answers each of them sees

Every question has a tier: {tiers}. A page, a document and a list show nothing above the ceiling of whoever looks.
The ceiling of an author is for what they wrote: the rest of the chart, beside it too, is for whoever has `read-chart`.
"""
RULES_HEAD = """## The rules

Each is a function without a clock, a database or a request. `intake/store/scope.py` says the same in SQL, so that a
record that is not for somebody is never fetched for them.
"""


def page() -> str:
    """The whole page, as Markdown."""
    tiers = " < ".join(TIERS)
    parts = (
        HEAD, "## Permissions\n", _table(("Permission", "Who"), _permissions()), STATES_HEAD,
        _table(("Permission", "Only while it is"), _states()), TIERS_HEAD.format(tiers=tiers),
        _table(("Who", "Up to"), _ceilings()), RULES_HEAD, _table(("Rule", "Who it lets through"), _rules()),
    )  # fmt: skip
    return "\n".join(parts)


def _permissions() -> Iterator[tuple[str, str]]:
    for permission in Permission:
        yield f"`{permission}`", "; ".join(label(rule) for rule in RULES[permission])


def _states() -> Iterator[tuple[str, str]]:
    for permission, states in STATES.items():
        yield f"`{permission}`", ", ".join(sorted(states))


def _ceilings() -> Iterator[tuple[str, str]]:
    for rule, tier in CEILINGS.items():
        yield label(rule), tier


def _rules() -> Iterator[tuple[str, str]]:
    for rule in dict.fromkeys(rule for rules in RULES.values() for rule in rules):
        yield f"`{rule.__name__}`", label(rule)


def label(rule: Rule) -> str:
    """What a rule is called: its docstring without the full stop."""
    return (rule.__doc__ or "").partition("\n")[0].rstrip(".")


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *rows]
    return "".join(f"| {first} | {second} |\n" for first, second in lines)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is what the command is for
