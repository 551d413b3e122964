"""The house keeps its rules, and each rule is seen to catch a planted breach."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from flask import Flask

from intake import cli
from intake.app import create_app
from intake.config import Config
from intake.web import guard
from tests import house
from tests.builders import KEYS

ROOT = Path(__file__).parents[1]
SETTINGS = {
    *("AUDIT_SINKS", "DATABASE_URL", "FERNLEAF_ENV", "HOST", "PORT", "PROXIES", "PUBLIC_URL", "SMTP_URL"),
    *("KEY_CREDENTIAL", "KEY_FILE", "KEY_PROVIDER", "KEY_ROOT", "KEY_ROOT_FILE", "KEY_SOCKET", "KMS", "SHRED_LEDGER"),
    *("VAULT_ADDR", "VAULT_TOKEN", "VAULT_TOKEN_FILE", "VAULT_TRANSIT_KEY", "VAULT_TRANSIT_MOUNT"),
    *("CREDENTIALS_DIRECTORY", "XDG_STATE_HOME", "MAIL_FROM"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = create_app(Config(database_url=f"sqlite:///{tmp_path_factory.mktemp('house') / 'x.db'}", keys=KEYS))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def tree(tmp_path):
    """Write files of a small house, and hand back its folder."""

    def written(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_py", ".py").replace("_html", ".html").replace(
                "_md", ".md"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return written


# ---------------------------------------------------------------- mirrors


def test_each_view_renders_its_own_templates_and_each_template_is_rendered():
    assert list(house.template_breaches(ROOT)) == []


@pytest.mark.parametrize(
    ("files", "breach"),
    [
        ({"intake__web__clinic__notes_py": 'render_template("clinic/notes/gone.html")'}, "which is not there"),
        (
            {
                "intake__web__clinic__notes_py": 'render_template("clinic/plans/a.html")',
                "templates__clinic__plans__a_html": "",
            },
            "which is not its own",
        ),
        ({"templates__clinic__notes__old_html": "<h1>Old</h1>"}, "nobody renders clinic/notes/old.html"),
        (
            {
                "intake__web__clinic__notes_py": 'render_template("clinic/notes/a.html")',
                "templates__clinic__notes__a_html": '{% extends "layout.html" %}',
                "templates__layout_html": "",
                "templates__macros__old_html": "",
            },
            "nobody renders macros/old.html",
        ),
    ],
)
def test_a_template_out_of_place_is_noticed(tree, files, breach):
    (found,) = house.template_breaches(tree(**files))
    assert breach in found


def endpoints(app):
    views = app.view_functions
    return [
        (rule.endpoint, views[rule.endpoint].__module__, views[rule.endpoint].__name__)
        for rule in app.url_map.iter_rules()
    ]


def test_an_endpoint_says_where_its_view_lives(app):
    assert len(app.view_functions) > 30
    assert list(house.endpoint_breaches(endpoints(app))) == []


def test_a_view_that_lives_elsewhere_is_noticed():
    stray = [
        ("clinic.notes.show", "intake.web.patient.form", "show"),
        ("clinic.notes.show", "intake.web.clinic.notes", "page"),
    ]
    assert len(list(house.endpoint_breaches(stray))) == 2


def test_each_module_of_views_tables_and_policy_has_its_test_file_and_the_other_way_round():
    assert list(house.test_file_breaches(ROOT)) == []


@pytest.mark.parametrize(
    ("files", "breach"),
    [
        ({"intake__store__notes_py": ""}, "intake/store/notes.py has no tests/store/test_notes.py"),
        ({"intake__security__seal_py": ""}, "has no tests/security/test_seal.py"),
        ({"intake__web__clinic__notes_py": "bp = Blueprint()"}, "has no tests/web/clinic/test_notes.py"),
        ({"tests__web__clinic__test_gone_py": ""}, "test_gone.py tests nothing that is there"),
        ({"tests__store__test_gone_py": ""}, "test_gone.py tests nothing that is there"),
    ],
)
def test_a_missing_test_file_is_noticed(tree, files, breach):
    (found,) = house.test_file_breaches(tree(**files))
    assert breach in found


# ---------------------------------------------------------------- doors


def test_every_route_is_guarded_or_public_by_name(app):
    guard.refuse_unguarded(app)


def test_an_unguarded_route_stops_the_start():
    planted = Flask("planted")
    planted.add_url_rule("/everything", "everything", lambda: "everything")
    with pytest.raises(RuntimeError, match="everything"):
        guard.refuse_unguarded(planted)


def test_the_public_routes_are_these_and_no_others(app):
    public = {name for name, view in app.view_functions.items() if name != "static" and view.permission is None}
    assert public == {
        *("home", "healthz", "account.sign_in.show", "account.sign_in.enter", "account.links.set_up"),
        *("account.sign_in.options", "account.sign_in.passkey"),
        *("account.links.create", "account.links.password", "account.links.choose"),
        *("patient.form.show", "patient.form.send", "patient.start.moved", "patient.leave.go"),
        *("kiosk.form.show", "kiosk.form.send", "kiosk.leave.go"),
    }


# ---------------------------------------------------------------- rooms

PLANTED = {
    "intake/clinical/popq.py": "from intake.store import notes",
    "intake/store/audit.py": "import flask",
    "intake/web/clinic/today.py": "import sqlalchemy",
    "intake/actions/plans.py": "import reportlab\nfrom intake.actions import notes as planted",
    "intake/forms/plain.py": "from intake import config",
    "intake/library/keys.py": "from intake.library import reader",
}
CONTRACTS = {
    "One direction of flow": "intake.clinical.popq -> intake.store.notes",
    "Only web, app and cli know Flask": "intake.store.audit -> flask",
    "Pure rooms and printer know no database, pages only their session": "intake.web.clinic.today -> sqlalchemy",
    "Only pdf knows ReportLab": "intake.actions.plans -> reportlab",
    "The pure rooms stay pure however long the way": "intake.forms.plain -> intake.config",
    "Actions never call actions": "intake.actions.plans -> intake.actions.notes",
    "No import cycles": "No cycles are allowed in intake.library",
}


def lint_imports(folder):
    """Run import-linter as .ci/run does; its exit code and what it says."""
    program = Path(sys.executable).parent / "lint-imports"
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [program, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_the_rooms_keep_their_direction():
    code, said = lint_imports(ROOT)
    assert code == 0, said


def test_each_contract_catches_a_planted_breach(tmp_path):
    ignore = shutil.ignore_patterns("__pycache__", "*.toml", "*.pot")
    shutil.copytree(ROOT / "intake", tmp_path / "intake", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in PLANTED.items():
        path = tmp_path / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    code, said = lint_imports(tmp_path)
    assert code == 1
    for contract, breach in CONTRACTS.items():
        assert re.search(rf"^{re.escape(contract)} BROKEN", said, re.MULTILINE), contract
        assert breach in said


def test_a_room_that_is_not_on_the_plan_is_noticed(tmp_path):
    shutil.copytree(ROOT / "intake", tmp_path / "intake", ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "intake" / "cellar.py").write_text('"""What nobody planned."""\n', encoding="utf-8")
    code, said = lint_imports(tmp_path)
    assert code == 1
    assert "cellar" in said


# ---------------------------------------------------------------- names, excuses, markup


def test_every_module_is_called_by_a_noun():
    assert list(house.name_breaches(ROOT)) == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "service"])
def test_a_name_that_says_nothing_is_noticed(tree, name):
    assert list(house.name_breaches(tree(**{f"intake__web__{name}_py": ""})))
    assert list(house.name_breaches(tree(**{f"intake__{name}____init___py": ""})))


def test_every_switched_off_rule_says_which_and_why():
    assert list(house.excuse_breaches(ROOT)) == []


@pytest.mark.parametrize(
    "mark", ["no" + "qa", "no" + "qa: E501", "NO" + "QA", "type: " + "ignore", "type: " + "ignore[arg-type]"]
)
def test_an_excuse_without_its_reason_is_noticed(tree, mark):
    assert list(house.excuse_breaches(tree(intake__a_py=f"x = 1  # {mark}\n")))


@pytest.mark.parametrize("mark", ["no" + "qa: E501 - a table", "type: " + "ignore[arg-type]  # no types there"])
def test_an_excuse_with_its_reason_is_fine(tree, mark):
    assert list(house.excuse_breaches(tree(intake__a_py=f"x = 1  # {mark}\n"))) == []


def test_no_template_switches_off_escaping_or_breaks_the_content_policy():
    assert list(house.markup_breaches(ROOT)) == []


@pytest.mark.parametrize(
    "markup",
    [
        "{{ name|safe }}",
        "{{ name | safe }}", "{% autoescape false %}", '<p style="color: red">', "<style>p {}</style>",
        '<a href="#" onclick="x()">', "<body onload=x()>", "<script>x()</script>", '<a href="javascript:x()">',
        '<img src="https://example.org/x.png">', '<form action="//example.org">',
    ],
)  # fmt: skip
def test_markup_the_policy_would_stop_is_noticed(tree, markup):
    assert list(house.markup_breaches(tree(templates__a_html=markup)))


# ---------------------------------------------------------------- documents and dependencies


def commands(group=None, prefix="flask"):
    """Every command of the app as it is typed."""
    if group is None:
        planted = Flask("planted")
        cli.attach(planted)
        group = planted.cli
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def test_the_settings_are_these():
    assert house.settings(ROOT) == SETTINGS


def test_every_setting_and_every_command_is_explained():
    assert {"flask db upgrade", "flask serve", "flask demo"} <= set(commands())
    assert list(house.document_breaches(ROOT, {*SETTINGS, *commands()})) == []


def test_a_setting_nobody_explains_is_noticed(tree):
    folder = tree(docs__operating_md="Set PORT and KEY_ROOT_FILE.")
    breaches = house.document_breaches(folder, ("KEY_ROOT", "KEY_ROOT_FILE", "PORT", "HOST"))
    assert [breach.rpartition(" ")[2] for breach in breaches] == ["HOST", "KEY_ROOT"]


def test_every_link_of_our_documents_leads_somewhere():
    assert list(house.link_breaches(ROOT)) == []


@pytest.mark.parametrize("link", ["[a](gone.md)", "[a](../gone)", "[a](#gone)", "[a](b.md#gone)", "[a]: gone.md"])
def test_a_dead_link_is_noticed(tree, link):
    assert list(house.link_breaches(tree(docs__a_md=f"# There\n\n{link}\n", docs__b_md="# Here\n")))


@pytest.mark.parametrize(
    "link", ["[a](b.md)", "[a](#there)", "[a](b.md#here-it-is)", "[a](https://example.org/x)", "`[a](x.md)`"[1:4]]
)
def test_a_living_link_is_fine(tree, link):
    assert list(house.link_breaches(tree(docs__a_md=f"# There\n\n{link}\n", docs__b_md="# Here it is\n"))) == []


def test_the_locks_are_whole_and_name_no_host():
    assert list(house.lock_breaches(ROOT)) == []


@pytest.fixture
def locked(tmp_path):
    """A project whose locks are in order."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "change", "breach"),
    [
        ("requirements/run.txt", lambda text: "--index-url https://example.org/simple\n" + text, "names a host"),
        ("requirements/run.txt", lambda text: text + "\nx @ file:///x\n", "names a host"),
        ("requirements/run.txt", lambda text: re.sub(r"\nflask==(.|\n)*?\n(?=\w)", "\n", text), "does not lock flask"),
        ("requirements/test.in", lambda text: text + "\nnew-thing>=1\n", "does not lock new-thing"),
        ("requirements/run.txt", lambda text: text + "\nbare==1.0\n", "has no hash for bare"),
        (
            "requirements/run.txt",
            lambda text: re.sub(r"\nflask==\S+", "\nflask==0.1", text),
            "do not agree about flask",
        ),
        ("requirements/run.in", lambda text: text + "\nflask>=9\n", "pyproject.toml and run.in differ"),
    ],
)
def test_a_lock_out_of_order_is_noticed(locked, file, change, breach):
    path = locked / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert any(breach in found for found in house.lock_breaches(locked))


@pytest.mark.parametrize("script", ["bootstrap.sh", ".ci/run"])
def test_the_shell_scripts_can_be_read_by_their_shell(script):
    shell = "bash" if "bash" in (ROOT / script).read_text(encoding="utf-8").splitlines()[0] else "sh"
    assert subprocess.run([shell, "-n", ROOT / script], check=False).returncode == 0
