"""The chain of the audit trail: no line is changed, taken out, put in, moved or renumbered without being seen."""

from __future__ import annotations

import ast
import hmac
import inspect
import random
import textwrap

import pytest

from intake.security import chain
from intake.security.chain import START, BrokenError, Entry, Link
from tests.sizes import size

KEYS = chain.keys_of(b"a root secret of the tests, long enough")
OTHER = chain.keys_of(b"another root secret, of somebody else's")
LINES = size(400, 10_000)
DRAW = random.Random(20260915)


def lines(count):
    """Lines as the clinic's day makes them."""
    for number in range(count):
        yield chain.canonical([f"2026-09-15 16:{number % 60:02}:00.000000", "user", f"{number:032x}", "read", None])


def trail(count=LINES, keys=KEYS):
    return chain.extended(START, lines(count), keys)


@pytest.fixture(scope="module")
def whole():
    return trail()


def break_in(entries, verifier=chain.follow):
    """(number, what) of the first line that does not hold; None when the chain is good."""
    try:
        verifier(START, entries, KEYS)
    except BrokenError as broken:
        return broken.seq, broken.what
    return None


# What somebody with the database but without the key can do to one line. Each takes the lines and an index.


def edit(rows, at):
    rows[at] = rows[at]._replace(text=rows[at].text.replace(b'"read"', b'"wrote"'))


def delete(rows, at):
    del rows[at]


def swap(rows, at):
    rows[at], rows[at - 1] = rows[at - 1], rows[at]


def duplicate(rows, at):
    rows.insert(at, rows[at])


def renumber(rows, at):
    rows[at] = rows[at]._replace(seq=rows[at].seq + 1)


def exchange(rows, at):
    """Two lines trade their texts, everything else in place."""
    rows[at], rows[at - 1] = rows[at]._replace(text=rows[at - 1].text), rows[at - 1]._replace(text=rows[at].text)


TAMPERS = (edit, delete, swap, duplicate, renumber, exchange)


def test_a_trail_that_nobody_touched_holds(whole):
    assert chain.follow(START, whole, KEYS) == Link(LINES, whole[-1].hash)


def test_it_is_tested_in_pieces_as_well(whole):
    link = START
    for begin in range(0, LINES, 77):
        link = chain.follow(link, whole[begin : begin + 77], KEYS)
    assert link == Link(LINES, whole[-1].hash)


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_every_line_is_tampered_with_once_and_none_is_missed(whole, tamper):
    missed = [at for at in range(LINES) if not is_caught(whole, tamper, at)]
    print(f"TAMPER {tamper.__name__}: {LINES} lines, {len(missed)} missed")  # noqa: T201 - a figure to show
    assert missed == []


def is_caught(whole, tamper, at):
    """Whether a break, or an end that is not the head's, shows. What comes before is good: testing starts there."""
    at = max(at, 1) if tamper in {swap, exchange} else at  # the first line trades places with the second
    begin = max(at - 1, 0)
    window = list(whole[begin : at + 3])
    head = Link(window[-1].seq, window[-1].hash)
    tamper(window, at - begin)
    try:
        return chain.follow(Link(begin, whole[begin - 1].hash) if begin else START, window, KEYS) != head
    except BrokenError:
        return True


def test_a_change_that_is_none_is_not_reported(whole):
    assert not is_caught(whole, lambda _rows, _at: None, LINES // 2)


@pytest.mark.parametrize("field", Entry._fields)
def test_a_flip_in_any_cell_is_seen_at_its_line(whole, field):
    at = DRAW.randrange(LINES)
    rows, value = list(whole), getattr(whole[at], field)
    changed = {int: lambda: value + 5, str: lambda: value + "x", bytes: lambda: bytes([value[0] ^ 1]) + value[1:]}
    rows[at] = rows[at]._replace(**{field: changed[type(value)]()})
    assert break_in(rows)[0] == at + 1


def test_a_tail_written_anew_without_the_key_is_seen(whole):
    """Numbers, links and hashes can be computed by anybody; the MAC can not."""
    at = LINES // 2
    forged = chain.extended(Link(at, whole[at - 1].hash), lines(20), OTHER)
    assert break_in([*whole[:at], *forged]) == (at + 1, "mac")


def test_a_key_that_was_swapped_is_seen(whole):
    assert break_in([whole[0]._replace(mac_key="2")]) == (1, "mac")
    with pytest.raises(BrokenError, match="mac at 1"):
        chain.follow(START, whole, OTHER)


def test_lines_under_an_older_key_hold_as_long_as_it_is_kept():
    old = trail(5)
    both = chain.Keys(KEYS.instance, "2", {**KEYS.macs, "2": b"n" * 32}, KEYS.seed)
    new = chain.extended(Link(5, old[-1].hash), lines(5), both)
    assert [entry.mac_key for entry in new] == ["2"] * 5
    assert chain.follow(START, [*old, *new], both).seq == 10
    with pytest.raises(BrokenError, match="mac at 6"):
        chain.follow(START, [*old, *new], KEYS)


# ---------------------------------------------------------------- each check is needed


def weakened(number):
    """`follow` without its n-th check."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(chain.follow)))
    checks = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    checks[number].test = ast.Constant(value=False)
    scope = dict(vars(chain))
    exec(compile(ast.fix_missing_locations(tree), "weakened", "exec"), scope)
    return scope["follow"]


def forge_mac(rows, at):
    rows[at] = rows[at]._replace(mac=bytes(32))


def forge_hash(rows, at):
    rows[at] = rows[at]._replace(hash=bytes(32))


def forge_link(rows, at):
    rows[at] = rows[at]._replace(prev_hash=bytes(32))


@pytest.mark.parametrize(
    ("number", "tamper"),
    [(0, renumber), (1, forge_link), (2, forge_hash), (3, forge_mac)],
    ids=["number", "link", "hash", "mac"],
)
def test_a_verifier_that_skips_one_check_misses_what_that_check_is_for(whole, number, tamper):
    rows = list(whole[:50])
    tamper(rows, 25)
    assert break_in(rows) is not None
    assert break_in(rows, weakened(number)) is None


def test_there_are_no_other_checks():
    with pytest.raises(IndexError):
        weakened(4)


# ---------------------------------------------------------------- texts, hashes, keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a", "b"], ["a,b"]), ([None], ["null"]), ([None], [""]), (["", ""], [""]), (['a"', "b"], ["a", '"b']),
        (['a","b'], ["a", "b"]), (['""'], ['"']), (["null", None], [None, "null"]), (["a\0b"], ["a"]),
        (["\\0"], ["\0"]),
    ],
)  # fmt: skip
def test_two_different_lines_never_share_a_text(one, other):
    assert chain.canonical(one) != chain.canonical(other)


def test_the_hash_can_be_computed_by_anybody_from_what_is_written_down():
    import hashlib

    text = b'["a",null]'
    plain = hashlib.sha256(b"fernleaf-audit-v1" + bytes(7) + b"\x01" + bytes(32) + text).digest()
    assert chain.hash_of(1, bytes(32), text) == plain
    (entry,) = chain.extended(START, [text], KEYS)
    assert (entry.hash, entry.mac) == (plain, hmac.digest(KEYS.macs["1"], plain, "sha256"))


@pytest.mark.parametrize("length", [0, 1, 31, 32, 64])
def test_the_quick_mac_is_the_library_s_mac(length):
    key, message = DRAW.randbytes(length), DRAW.randbytes(32)
    assert chain._sealed(chain._begun(key), message) == hmac.digest(key, message, "sha256")


def test_keys_hang_on_the_secret_and_do_not_show():
    again = chain.keys_of(b"a root secret of the tests, long enough")
    assert again == KEYS != OTHER
    assert len({KEYS.macs["1"], KEYS.seed, KEYS.instance}) == 3
    assert KEYS.macs["1"].hex() not in repr(KEYS)
    assert str(KEYS.macs["1"]) not in repr(KEYS)
