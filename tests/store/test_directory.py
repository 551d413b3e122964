"""A search opens a name once for each version of its row, and lets go of it when nobody searches."""

from __future__ import annotations

from intake.store.directory import Directory, Entry


def opener():
    asked = []

    def opened(keys):
        asked.append(sorted(keys))
        return {key: Entry(VERSIONS[key], key, key, "1990-01-01") for key in keys}

    return opened, asked


VERSIONS = {"ada": 1, "bea": 1}


def test_names_are_opened_once():
    opened, asked = opener()
    directory = Directory()
    assert set(directory.current(VERSIONS, opened)) == {"ada", "bea"}
    assert set(directory.current(VERSIONS, opened)) == {"ada", "bea"}
    assert asked == [["ada", "bea"]]


def test_a_changed_row_is_opened_again_and_one_that_is_gone_is_let_go(monkeypatch):
    opened, asked = opener()
    directory = Directory()
    directory.current(VERSIONS, opened)
    monkeypatch.setitem(VERSIONS, "bea", 2)
    assert directory.current({"bea": 2}, opened)["bea"].version == 2
    assert (asked[1:], len(directory)) == ([["bea"]], 1)


def test_more_than_it_may_hold_is_opened_and_not_held():
    opened, _asked = opener()
    directory = Directory(most=1)
    assert len(directory.current(VERSIONS, opened)) == 2
    assert len(directory) == 0


def test_after_a_while_without_a_search_nothing_is_held():
    opened, _asked = opener()
    resting, used = Directory(idle=0), Directory(idle=900)
    for directory in (resting, used):
        directory.current(VERSIONS, opened)
        directory.forget_when_idle()
    assert (len(resting), len(used)) == (0, 2)
