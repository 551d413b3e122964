"""Two windows on the same page: what differs is a conflict, what does not is merged, nothing is lost in silence."""

from __future__ import annotations

import pytest

from intake.forms.entry import Entry
from intake.forms.merge import bare, bases, merge, skip

AT = "2026-09-15T16:00:00+00:00"


def said(**answers):
    return Entry(answers={name: {"value": value} for name, value in answers.items()})


def saved(version, **answers):
    return {name: {"value": value, "r": version, "at": AT} for name, value in answers.items()}


def test_a_first_answer_is_stamped_with_the_version_that_set_it():
    found = merge({}, said(a="yes"), base=1, version=1, at=AT)
    assert found.changed
    assert found.answers == {"a": {"value": "yes", "r": 2, "at": AT}}


def test_saying_the_same_again_changes_nothing():
    found = merge(saved(5, a="yes"), said(a="yes"), base=1, version=5, at=AT)
    assert not found.changed
    assert found.conflicts == ()


def test_saying_the_same_with_another_link_is_said_anew():
    first = merge({}, said(a="yes"), base=1, version=1, at=AT, by="one")
    assert first.answers == {"a": {"value": "yes", "r": 2, "at": AT, "by": "one"}}
    assert not merge(first.answers, said(a="yes"), base=2, version=2, at=AT, by="one").changed
    assert merge(first.answers, said(a="yes"), base=2, version=2, at=AT, by="two").answers["a"]["by"] == "two"


def test_an_answer_changed_in_another_window_is_a_conflict_and_nothing_is_merged():
    before = saved(3, a="yes", b="old")
    found = merge(before, said(a="no", b="new"), base=2, version=3, at=AT)
    assert found.conflicts == ("a", "b")
    assert (found.changed, found.answers) == (False, before)


def test_two_windows_on_different_questions_both_keep_what_they_said():
    first = merge({}, said(a="yes"), base=1, version=1, at=AT)
    second = merge(first.answers, said(b="no"), base=1, version=2, at=AT)
    assert second.conflicts == ()
    assert {name: bare(answer) for name, answer in second.answers.items()} == {
        "a": {"value": "yes"},
        "b": {"value": "no"},
    }


def test_an_answer_read_at_its_version_may_be_changed():
    assert merge(saved(3, a="yes"), said(a="no"), base=3, version=3, at=AT).changed


def test_emptying_what_another_window_changed_meanwhile_leaves_the_newer_answer():
    found = merge(saved(3, a="yes"), Entry(emptied={"a"}), base=2, version=3, at=AT)
    assert (found.conflicts, found.changed) == ((), False)
    assert found.answers["a"]["value"] == "yes"


def test_an_emptied_answer_is_kept_as_skipped():
    found = merge(saved(2, a="yes"), Entry(emptied={"a"}), base=2, version=2, at=AT)
    assert found.answers["a"] == {"status": "skipped", "r": 3, "at": AT}


def test_an_answer_from_the_start_without_marks_may_be_changed():
    assert merge({"a": {"value": "quoted"}}, said(a="mine"), base=1, version=1, at=AT).changed


def test_leaving_a_page_skips_what_has_no_answer_yet():
    assert skip(frozenset({"a", "b"}), saved(2, a="yes")) == {"b": {"status": "skipped"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a:1 b:22", {"a": 1, "b": 22}), ("", {}), ("a", {}), ("a:-1", {}), ("a:x b:2", {"b": 2}), ("a:99999999999", {})],
)
def test_the_versions_of_a_page_are_read_and_anything_else_is_ignored(text, expected):
    assert bases(text) == expected


def test_a_box_left_blank_in_one_window_never_clears_what_another_window_filled_in():
    saved = {"one": {"value": "kept", "r": 3}, "two": {"value": "old", "r": 1}}
    entry = Entry(answers={"two": {"value": "new"}}, emptied={"one"})
    merged = merge(saved, entry, base=2, version=3, at=AT)
    assert merged.conflicts == ()
    assert merged.answers["one"] == saved["one"]
    assert merged.answers["two"]["value"] == "new"
