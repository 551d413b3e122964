"""The sample settings for proxy and service manager in docs/operating.md say what the pages around them promise."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from intake.actions import trail
from intake.store import migrations
from intake.store.triggers import FROZEN
from tests.builders import PASSWORD, Builders, code
from tests.emptied import new_app
from tests.pages import arrive, come_in, place, save
from tests.web.world import made

ROLE = "fernleaf_app"
FORBIDDEN = (
    "DROP TABLE notes CASCADE", "ALTER TABLE notes ADD COLUMN more text", "ALTER TABLE notes DISABLE TRIGGER ALL",
    "DROP TRIGGER {trigger} ON notes", "CREATE TABLE public.planted (x int)", "TRUNCATE audit CASCADE",
    "UPDATE audit SET actor_kind = 'x'", "DELETE FROM audit", "DELETE FROM signatures",
    "UPDATE documents SET paper = 'a4'",
    "UPDATE alembic_version SET version_num = '0'", "SET session_replication_role = replica",
    "CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE planted",
)  # fmt: skip
OPERATING = Path(__file__).parents[1] / "docs/operating.md"
PROMISED = {"TLSv1.2", "TLSv1.3"}


def sample(language, text=None):
    """The first block of a language."""
    (found, *_more) = re.findall(
        rf"^```{language}\n(.*?)^```", text or OPERATING.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return found


def servers(text):
    """{port: what the server that listens there is told}, comments left out."""
    bare = re.sub(r"#.*", "", text)
    blocks = re.split(r"^server \{", bare, flags=re.MULTILINE)[1:]
    return {re.search(r"listen (\d+)", block)[1]: block for block in blocks}


def value(block, name):
    return re.search(rf"^\s*{name}\s+(.*?);", block, re.MULTILINE | re.DOTALL)[1]


def weak(ciphers):
    """The suites among them that lack a fresh secret for each visit, or a seal. TLS 1.3 has no others."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    asked = [each for each in context.get_ciphers() if each["protocol"] != "TLSv1.3"]
    assert asked
    return [
        each["name"] for each in asked if each["kea"] != "kx-ecdhe" or not each["aead"] or each["strength_bits"] < 128
    ]


def test_the_proxy_speaks_new_versions_of_tls_only():
    assert set(value(servers(sample("nginx"))["443"], "ssl_protocols").split()) == PROMISED


def test_the_proxy_takes_strong_suites_only():
    ciphers = value(servers(sample("nginx"))["443"], "ssl_ciphers")
    assert len(ciphers.split(":")) == 6
    assert weak(ciphers) == []


@pytest.mark.parametrize(
    "planted", ["AES128-SHA", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "AES256-GCM-SHA384"]
)
def test_a_weak_suite_is_noticed(planted):
    ciphers = value(servers(sample("nginx"))["443"], "ssl_ciphers")
    assert weak(f"{ciphers}:{planted}") == [planted]


def test_only_what_people_look_at_is_led_from_http_to_https():
    plain = " ".join(servers(sample("nginx"))["80"].split())
    refused, led = plain.find("return 403;"), plain.find("return 301 https://forms.example.org$request_uri;")
    assert "if ($request_method !~ ^(GET|HEAD)$) { return 403; }" in plain
    assert 0 < refused < led
    assert "proxy_pass" not in plain, "nothing reaches the app in the open"


def test_the_app_itself_leads_nobody_to_https(client):
    answer = client.get("/sign-in", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 200


# ---------------------------------------------------------------- the service


def test_the_service_reaches_its_own_machine_and_nothing_else():
    found = dict(re.findall(r"^(\w+)=(.*)$", sample("ini"), re.MULTILINE))
    assert (found["IPAddressDeny"], found["IPAddressAllow"]) == ("any", "localhost")
    assert set(found["RestrictAddressFamilies"].split()) == {"AF_UNIX", "AF_INET", "AF_INET6"}
    assert found["NoNewPrivileges"] == "yes"


# ---------------------------------------------------------------- a second role of the database


@pytest.fixture(scope="module")
def second_role(server, postgresql_template):
    """A migrated database, its address for the role that serves pages, and what its owner may do."""
    owned = server.create(template=postgresql_template)
    owner = create_engine(owned, isolation_level="AUTOCOMMIT")
    role = f"{ROLE}_{os.getpid()}"
    rights = sample("sql").replace(ROLE, role)
    with owner.connect() as connection:
        connection.exec_driver_sql(rights)
    yield make_url(owned).set(username=role).render_as_string(hide_password=False), owner
    with owner.connect() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")
    owner.dispose()
    server.drop(owned)


@pytest.mark.dear
def test_the_clinic_works_with_a_role_that_can_change_no_table(second_role):
    url, _owner = second_role
    app = new_app(url)
    engine = app.extensions["engine"]
    migrations.upgrade(engine)
    with Session(engine, expire_on_commit=False) as session:
        make = Builders(session)
        there = made(session, make)
        patient, staff = app.test_client(), app.test_client()
        arrive(patient, come_in(patient, there.code))
        save(patient, place("rf_bleed"), {"rf_bleed": "heavy"})
        for password in ("wrong on purpose, always", PASSWORD):
            entered = staff.submit("/sign-in", {"email": there.therapist.email, "password": password})
        assert staff.submit(entered.location, {"code": code()}).status_code == 303
        assert staff.get(f"/clinic/notes/{there.ids['signed_note']}").status_code == 200
        assert staff.get(f"/clinic/plans/documents/{there.ids['document_id']}").status_code == 200
        assert staff.submit("/sign-out", at="/clinic").status_code == 303
        assert trail.verify(session, ()).what == ""
    engine.dispose()


def refused(engine, statement):
    """Whether the database says that these rights are missing."""
    with engine.connect() as connection:
        trigger = connection.exec_driver_sql(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'notes'::regclass AND NOT tgisinternal"
        ).scalar()
        try:
            with connection.begin_nested() as tried:
                connection.exec_driver_sql(statement.format(trigger=trigger))
                tried.rollback()
        except ProgrammingError as error:
            return isinstance(error.orig, InsufficientPrivilege)
    return False


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_that_role_cannot_touch_tables_triggers_or_what_is_final(second_role, statement):
    url, owner = second_role
    engine = create_engine(url, poolclass=NullPool)
    assert refused(engine, statement)
    if not statement.startswith(("UPDATE", "DELETE", "TRUNCATE")):  # those the triggers refuse the owner, too
        assert not refused(owner.execution_options(isolation_level="READ COMMITTED"), statement), "the owner can"


def test_what_no_row_of_is_ever_changed_is_taken_from_the_role():
    taken = re.search(r"REVOKE UPDATE, DELETE ON (.*) FROM", sample("sql"))[1].split(", ")
    final = [
        freeze.table for freeze in FROZEN if freeze.condition == "1 = 1" and set(freeze.on) == {"UPDATE", "DELETE"}
    ]
    assert sorted(taken) == sorted(final)
