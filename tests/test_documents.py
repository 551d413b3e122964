"""What our documents say about the code is what the code says. Each check is seen to catch a planted difference."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.app import create_app
from intake.cli.keys import keys
from intake.config import Config
from intake.security.providers.table import PROVIDERS
from intake.store.tags import TAGS
from intake.web import headers
from intake.web.logs import FIELDS
from tests.builders import KEYS
from tools import asvs, limits

ROOT = Path(__file__).parents[1]
THREATS, PRIVACY = ROOT / "docs/threat-model.md", ROOT / "docs/privacy.md"
CRYPTOGRAPHY, OPERATING = ROOT / "docs/cryptography.md", ROOT / "docs/operating.md"
REACHING_OUT = (
    *("socket", "smtplib", "ssl", "ftplib", "imaplib", "poplib", "http.client", "urllib.request", "requests", "httpx"),
    *("aiohttp", "hvac", "psycopg", "logging.handlers", "waitress"),
)
CRYPTOGRAPHIC = ("cryptography", "hmac", "hashlib", "argon2", "webauthn", "secrets")
DANGEROUS = ("subprocess", "ctypes")
BROWSERS = ROOT / "docs/browsers.md"
# Parts of browsers that have not always been there; parts everybody has had for ten years are left out.
ASKED_OF_BROWSERS = re.compile(
    r"\b(?:navigator|AbortSignal|history|performance)\.\w+|\bPublicKeyCredential\b|\bfetch\(|\bfindLast\w*"
    r"|\brequestSubmit\b|\breplaceChildren\b|\blocation\.replace\b|\bscrollIntoView\b|\bdocument\.hidden\b"
    r"|\bnew (?!Error|Map|Set|URL)[A-Z]\w+\("
)
ALWAYS_LOGGED = ("at", "level", "logger", "message", "error", "where")
NODE = re.compile(r"tests/[\w/]+\.py::\w+(?:::\w+)?")


def using(libraries: tuple[str, ...], root: Path = ROOT) -> set[str]:
    """The modules of ours that import any of these."""
    return {
        path.relative_to(root).as_posix()
        for path in root.glob("intake/**/*.py")
        if any(name == each or name.startswith(f"{each}.") for name in _imports(path) for each in libraries)
    }


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def unlisted(modules: set[str], document: Path) -> list[str]:
    """The modules a document does not name."""
    text = document.read_text(encoding="utf-8")
    return sorted(each for each in modules if f"`{each}`" not in text)


def gone(document: Path, root: Path = ROOT) -> list[str]:
    """Modules of ours that a document names and that are not there."""
    named = set(re.findall(r"`(intake/[\w/]+\.py)`", document.read_text(encoding="utf-8")))
    return sorted(each for each in named if not (root / each).is_file())


def test_every_module_that_can_reach_out_is_in_the_list_of_connections():
    assert unlisted(using(REACHING_OUT), THREATS) == []


def test_every_module_that_uses_cryptography_is_in_the_list():
    assert unlisted(using(CRYPTOGRAPHIC), CRYPTOGRAPHY) == []


def test_every_module_that_starts_programs_or_calls_the_system_is_named():
    assert unlisted(using(DANGEROUS), THREATS) == []


@pytest.mark.parametrize("library", ["import socket", "from smtplib import SMTP", "import hashlib", "import ctypes"])
def test_a_module_the_list_lacks_is_noticed(tmp_path, library):
    path = tmp_path / "intake" / "planted.py"
    path.parent.mkdir()
    path.write_text(library, encoding="utf-8")
    found = using((*REACHING_OUT, *CRYPTOGRAPHIC, *DANGEROUS), tmp_path)
    assert found == {"intake/planted.py"}
    assert unlisted(found, THREATS) == unlisted(found, CRYPTOGRAPHY) == ["intake/planted.py"]


@pytest.mark.parametrize("document", sorted(ROOT.glob("docs/*.md")), ids=lambda path: path.name)
def test_no_document_names_a_module_or_a_test_that_is_gone(document):
    assert gone(document) == []
    named = NODE.findall(document.read_text(encoding="utf-8"))
    assert [node for node in named if not asvs.is_there(node)] == []


def test_a_module_that_is_gone_is_noticed(tmp_path):
    (tmp_path / "x.md").write_text("It is in `intake/gone.py`.", encoding="utf-8")
    assert gone(tmp_path / "x.md") == ["intake/gone.py"]


def test_the_page_of_limits_is_not_stale():
    assert limits.PAGE.read_text(encoding="utf-8") == limits.page(), "run `make limits`"


def test_times_are_said_in_their_largest_whole_unit():
    said = [limits.said(each) for each in (limits.identity.STAFF_IDLE, limits.sessions.STAFF_LONGEST, 3, "2 MiB")]
    assert said == ["15 minutes", "12 hours", "3", "2 MiB"]


def test_every_way_in_is_listed(tmp_path):
    app = create_app(Config(database_url=f"sqlite:///{tmp_path / 'x.db'}", keys=KEYS))
    views, text = app.view_functions, THREATS.read_text(encoding="utf-8")
    public = {rule.rule for rule in app.url_map.iter_rules() if getattr(views[rule.endpoint], "permission", "") is None}
    app.extensions["engine"].dispose()
    assert len(public) > 5
    assert [address for address in sorted(public) if f"`{address}`" not in text] == []


def test_every_kind_of_data_has_its_line_in_the_page_on_privacy():
    kinds = {tag for columns in TAGS.values() for tag in columns}
    text = PRIVACY.read_text(encoding="utf-8")
    assert [kind for kind in sorted(kinds) if f"| `{kind}` |" not in text] == []


def test_every_field_of_the_logs_is_explained():
    heads = re.findall(r"^\| ([^|]*) \|", OPERATING.read_text(encoding="utf-8"), re.MULTILINE)
    explained = {name for head in heads for name in re.findall(r"`(\w+)`", head)}
    assert {*FIELDS, *ALWAYS_LOGGED} - explained == set()


def test_every_home_of_the_key_and_every_command_about_it_is_in_the_page_on_keys():
    text = (ROOT / "docs/keys.md").read_text(encoding="utf-8")
    assert [provider for provider in PROVIDERS if f"`{provider}`" not in text] == []
    assert [name for name in keys.commands if f"flask keys {name}" not in text] == []


def test_how_soon_holes_are_mended_is_written_down():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert [days for days in ("15 days", "30 days", "90 days") if days not in text] == []


def test_the_libraries_that_need_most_care_are_named():
    listed = THREATS.read_text(encoding="utf-8").partition("## Parts that need most care")[2].partition("\n## ")[0]
    assert [name for name in ("ReportLab", "Flask-Login", "py_webauthn") if name not in listed] == []


def browser_parts(root: Path = ROOT) -> set[str]:
    """What answers and scripts ask of a browser."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in root.glob("static/*.js"))
    return {found.removeprefix("new ").removesuffix("(") for found in ASKED_OF_BROWSERS.findall(source)}


def test_what_is_asked_of_browsers_is_written_down():
    text = BROWSERS.read_text(encoding="utf-8")
    told = {
        *headers.ALWAYS,
        "Strict-Transport-Security",
        "Cache-Control",
        "Clear-Site-Data",
        "Sec-Fetch-Site",
        "__Host-",
    }
    assert len(browser_parts()) > 10
    assert [each for each in sorted(browser_parts() | told) if f"`{each}`" not in text] == []


def test_something_new_that_is_asked_of_browsers_is_noticed(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/planted.js").write_text("navigator.share(x); new BroadcastChannel('y')", encoding="utf-8")
    assert browser_parts(tmp_path) == {"navigator.share", "BroadcastChannel"}


def test_how_often_a_page_saves_itself_is_as_it_is_written_down():
    script, told = (ROOT / "static/script.js").read_text(encoding="utf-8"), limits.page()
    assert "pause = 1000" in script
    assert "tries again after 1 second" in told
    assert "Math.min(pause * 2, 60000)" in script
    assert "up to a minute" in told
    assert "AbortSignal.timeout(15000)" in script
    assert "waited for 15 seconds" in told
