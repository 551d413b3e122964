"""The page about who may do what is the one the tables make."""

from __future__ import annotations

from pathlib import Path

from intake.security import policy, table
from intake.security.policy import Permission

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"


def test_the_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == table.page(), "run `make policy`"


def test_a_changed_rule_makes_it_stale(monkeypatch):
    monkeypatch.setitem(policy.RULES, Permission.READ_CHART, (policy.is_front_desk,))
    assert PAGE.read_text(encoding="utf-8") != table.page()


def test_every_permission_and_every_rule_is_on_it():
    page = table.page()
    for permission in Permission:
        assert f"| `{permission}` |" in page
    for rules in policy.RULES.values():
        for rule in rules:
            assert f"| `{rule.__name__}` | {table.label(rule)} |" in page
