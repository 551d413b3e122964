"""What the code never does, read from the code itself. Each check is seen to catch a planted breach."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

import intake

ROOT = Path(__file__).parents[1]
BY_HAND = frozenset({"eval", "exec", "compile", "__import__"})
MADE_OF_TEXT = frozenset({"os.system", "os.popen", "render_template_string", "jinja_env.from_string"})
UNSAFE_FORMATS = frozenset(
    {"pickle", "marshal", "shelve", "dill", "yaml", "xml.etree", "xml.dom", "xml.parsers", "lxml"}
)
WEAK = frozenset({"md5", "sha1", "MD5", "CBC", "ECB", "CTR", "CFB", "OFB", "ARC4", "TripleDES", "Cipher"})
CODES_OF_APPS = "intake/security/totp.py"  # RFC 6238 as every app computes it: an HMAC with SHA-1
# SQL that is put together, each from names of our own: settings of the database, the audit trail's columns, triggers.
OWN_SQL = frozenset({"intake/store/engine.py", "intake/store/durability.py", "intake/store/lines.py"})
SQL_CALLS = frozenset({"text", "exec_driver_sql", "execute", "DDL"})
PATTERNS = frozenset({"compile", "sub", "match", "fullmatch", "search", "split", "findall", "finditer"})
IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage"
    r"|indexedDB|[\"']paste[\"']|onpaste|document\.cookie|postMessage|importScripts|https?://"
)
KEYED = re.compile(r"(?:^|[._])(?:(?:token|code|second|password)_hash|mac)$|\b(?:keyed_hash|hmac\.digest|_sealed)\(")
COLUMN = re.compile(r"[A-Z]\w+\.\w+")
DEMO = "intake/cli/demo/"  # reads pages of its own
HOSTILE = tuple(part * 400 for part in ("a", "a-", " ", "0", "\u00e9", "(", "ab1!", "\n", "@.", "<"))


@lru_cache(maxsize=512)
def parsed(source: str) -> ast.Module:
    """Every rule here reads every module: once is enough."""
    return ast.parse(source)


def modules(root: Path = ROOT) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(root.glob("intake/**/*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(root).as_posix(), parsed(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name, call) of everything a module calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imports(tree: ast.Module) -> Iterator[str]:
    """Dotted names of everything a module imports, at whatever depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_made(node: ast.expr | None) -> bool:
    """Whether a text is put together rather than written down."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "join"}:
        return True
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def code_from_text(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, _call in calls(tree):
            if called in BY_HAND or any(called.endswith(each) for each in MADE_OF_TEXT):
                yield f"{name} calls {called}"


def shells(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, call in calls(tree):
            if any(key.arg == "shell" for key in call.keywords):
                yield f"{name} opens a shell with {called}"


def unsafe_formats(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for found in imports(tree):
            if any(found == each or found.startswith(f"{each}.") for each in UNSAFE_FORMATS):
                yield f"{name} imports {found}"


def weak_chance(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        yield from (f"{name} imports {found}" for found in imports(tree) if found.partition(".")[0] == "random")


def weak_ciphers(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for found in imports(tree):
            last = found.rpartition(".")[2]
            if found.startswith("cryptography.") and (last in WEAK or (last == "SHA1" and name != CODES_OF_APPS)):
                yield f"{name} imports {found}"
            if ".ciphers" in found and last != "AESGCM":
                yield f"{name} encrypts with {last}"
        for called, _call in calls(tree):
            if called.startswith(("hashlib.", "hmac.")) and called.rpartition(".")[2] in WEAK:
                yield f"{name} hashes with {called}"


def built_sql(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, call in calls(tree):
            if called.rpartition(".")[2] in SQL_CALLS and call.args and is_made(call.args[0]) and name not in OWN_SQL:
                yield f"{name} builds SQL for {called}"


def built_patterns(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, call in calls(tree):
            module, _dot, verb = called.rpartition(".")
            if module == "re" and verb in PATTERNS and is_made(call.args[0]) and not name.startswith(DEMO):
                yield f"{name} makes a pattern for {called}"


def pages_by_name(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, call in calls(tree):
            if called in {"render_template", "get_template"} and not isinstance(call.args[0], ast.Constant):
                yield f"{name} draws a page it was told the name of"


def marked_safe(root: Path = ROOT) -> Iterator[str]:
    for name, tree in modules(root):
        for called, _call in calls(tree):
            if called == "Markup" and name != "intake/web/asking.py":  # a macro's output, escaped inside
                yield f"{name} calls Markup"


def secrets_compared(root: Path = ROOT) -> Iterator[str]:
    """Keyed hashes compared by Python itself; a column of a table is compared by the database."""
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                parts = [ast.unparse(each) for each in (node.left, *node.comparators)]
                columns = any(COLUMN.fullmatch(part) for part in parts)
                if not columns and any(KEYED.search(part) for part in parts):
                    yield f"{name} compares {ast.unparse(node)}"


def in_scripts(root: Path = ROOT) -> Iterator[str]:
    for path in sorted(root.glob("static/*.js")):
        yield from (f"{path.name}: {found[0]}" for found in IN_SCRIPTS.finditer(path.read_text(encoding="utf-8")))


CHECKS = {
    code_from_text: (
        "eval(typed)", "exec(typed)", "compile(typed, '', 'exec')", "os.system(typed)", "render_template_string(typed)",
    ),
    shells: ("subprocess.run(typed, shell=True)",),
    unsafe_formats: ("import pickle", "from yaml import load", "import xml.etree.ElementTree", "from lxml import x"),
    weak_chance: ("import random", "from random import choice"),
    weak_ciphers: (
        "from cryptography.hazmat.primitives.hashes import SHA1", "import hashlib; hashlib.md5(typed)",
        "from cryptography.hazmat.primitives.ciphers.modes import ECB",
        "from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305",
    ),
    built_sql: (
        "text(f'SELECT {typed}')", "session.execute('SELECT ' + typed)", "connection.exec_driver_sql(f'DROP {typed}')",
        "text('SELECT {}'.format(typed))",
    ),
    built_patterns: ("re.search(f'{typed}', text)", "re.compile('|'.join(typed))"),
    pages_by_name: ("render_template(typed)",),
    secrets_compared: (
        "row.second_hash == claim.second_hash", "x = mac != sealed", "hmac.digest(a, b, c) == typed",
        "token_hash == tokens.keyed_hash(a, b, c)",
    ),
    marked_safe: ("Markup(typed)",),
}  # fmt: skip


def test_no_text_becomes_code_and_no_template_comes_from_a_text():
    assert list(code_from_text()) == []


def test_no_shell_is_opened():
    assert list(shells()) == []


def test_nothing_is_read_in_a_format_that_can_run_code_or_reach_out():
    assert list(unsafe_formats()) == []


def test_chance_comes_from_the_operating_system():
    assert list(weak_chance()) == []


def test_nothing_is_encrypted_or_hashed_with_anything_weak():
    assert list(weak_ciphers()) == []


def test_no_question_to_the_database_is_put_together_from_words():
    assert list(built_sql()) == []


def test_no_pattern_is_made_of_what_was_typed():
    assert list(built_patterns()) == []


def test_every_page_that_is_drawn_is_named_in_the_code():
    assert list(pages_by_name()) == []


def test_no_keyed_hash_is_compared_letter_by_letter():
    assert list(secrets_compared()) == []


def test_no_text_is_declared_to_be_markup():
    assert list(marked_safe()) == []


def test_the_scripts_write_text_only_and_keep_nothing_in_the_browser():
    assert list(in_scripts()) == []


@pytest.mark.parametrize(("check", "line"), [(check, line) for check, lines in CHECKS.items() for line in lines])
def test_a_planted_breach_is_noticed(tmp_path, check, line):
    path = tmp_path / "intake" / "web" / "planted.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{line}\n", encoding="utf-8")
    assert list(check(tmp_path))


@pytest.mark.parametrize("line", ["x.innerHTML = y", "localStorage.x = 1", "eval(x)", "fetch('https://example.org')"])
def test_a_planted_line_of_script_is_noticed(tmp_path, line):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "planted.js").write_text(line, encoding="utf-8")
    assert list(in_scripts(tmp_path))


def everything_compiled():
    """Every pattern a module of ours holds."""
    for found in pkgutil.walk_packages(intake.__path__, "intake."):
        if ".migrations" in found.name or found.name == "intake.cli.secret":
            continue
        module = importlib.import_module(found.name)
        yield from (each for each in vars(module).values() if isinstance(each, re.Pattern))


def slow(patterns, texts=HOSTILE, most=0.5) -> Iterator[str]:
    """The patterns that take more seconds than that for one of the texts."""
    for pattern in patterns:
        for text in texts:
            fitted = text if isinstance(pattern.pattern, str) else text.encode()
            started = time.perf_counter()
            pattern.fullmatch(fitted)
            pattern.search(fitted)
            if time.perf_counter() - started > most:
                yield pattern.pattern
                break


def test_no_pattern_takes_long_whatever_it_is_given():
    patterns = set(everything_compiled())
    assert len(patterns) > 20
    assert list(slow(patterns)) == []


def test_a_pattern_that_takes_long_is_noticed():
    assert list(slow([re.compile(r"(a|a)*b")], ("a" * 20,), 0.01))
