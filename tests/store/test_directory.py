"""A search opens a name once for each version of its row, and lets go of it when nobody searches."""

from __future__ import annotations

import uuid

from intake.store.directory import Directory, Entry


def opener():
    asked = []

    def opened(rows):
        asked.append(sorted(rows))
        return {row: Entry(row, uuid.uuid4(), row, "1990-01-01") for row in rows}

    return opened, asked


ROWS = frozenset({"ada 1", "bea 1"})


def test_names_are_opened_once_and_come_in_their_order():
    opened, asked = opener()
    directory = Directory()
    for _search in range(2):
        assert [entry.legal_name for entry in directory.current(ROWS, opened)] == ["ada 1", "bea 1"]
    assert asked == [["ada 1", "bea 1"]]


def test_a_changed_row_is_opened_again_and_one_that_is_gone_is_let_go():
    opened, asked = opener()
    directory = Directory()
    directory.current(ROWS, opened)
    assert [entry.legal_name for entry in directory.current(frozenset({"bea 2"}), opened)] == ["bea 2"]
    assert (asked[1:], len(directory)) == ([["bea 2"]], 1)


def test_more_than_it_may_hold_is_opened_and_not_held():
    opened, _asked = opener()
    directory = Directory(most=1)
    assert len(directory.current(ROWS, opened)) == 2
    assert len(directory) == 0


def test_after_a_while_without_a_search_nothing_is_held():
    opened, _asked = opener()
    resting, used = Directory(idle=0), Directory(idle=900)
    for directory in (resting, used):
        directory.current(ROWS, opened)
        directory.forget_when_idle()
    assert (len(resting), len(used)) == (0, 2)
