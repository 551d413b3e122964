"""flask doctor looks at the clinic's own address: who vouches for it, and which TLS it speaks."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime

import pytest

from intake.cli.doctor import machine, outside
from intake.cli.doctor.checks import Facts, Needs, Severity, run
from intake.cli.doctor.table import CHECKS
from tests.certificates import Authority, context, greeting

OLD = {"oldest": ssl.TLSVersion.TLSv1, "ciphers": "ALL:@SECLEVEL=0"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority, monkeypatch):
    """The machine trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def found(shown, host="127.0.0.1"):
    """What the doctor sees of a server."""
    with greeting(shown) as port:
        return outside.look(f"https://{host}:{port}")


def test_a_certificate_the_machine_trusts_and_new_tls_are_well(trusted):
    assert found(context(trusted.certified())) == outside.Answer()
    assert found(context(trusted.certified(host="localhost")), "localhost") == outside.Answer()


def test_a_certificate_nobody_vouches_for_is_told(authority):
    said = found(context(authority.certified())).unsafe
    assert said.startswith("Browsers will not trust 127.0.0.1 (")
    assert said.endswith("renew its certificate.")


def test_one_that_has_ended_is_told(trusted):
    assert "expired" in found(context(trusted.certified(days=-1))).unsafe


def test_one_of_another_name_is_told(trusted):
    assert "mismatch" in found(context(trusted.certified(host="forms.example.org")), "localhost").unsafe


def test_a_server_that_speaks_old_tls_only_is_told(trusted):
    shown = context(trusted.certified(), newest=ssl.TLSVersion.TLSv1_1, **OLD)
    assert "speaks no TLS 1.2" in found(shown).unsafe


def test_a_server_that_still_speaks_old_tls_is_told(trusted):
    assert "TLS 1.1" in found(context(trusted.certified(), **OLD)).unsafe


def test_weak_ciphers_are_told(trusted):
    shown = context(trusted.certified(plain_rsa=True), newest=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE+AESGCM:AES128-SHA")
    assert "weak ciphers" in found(shown).unsafe


def test_a_server_that_is_not_there_is_told_and_is_no_danger():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = outside.look(f"https://127.0.0.1:{port}")
    assert "cannot be reached" in answer.unreachable
    assert answer.unsafe is None
    assert outside.look("http://127.0.0.1:8000") == outside.Answer(), "there is no TLS to look at"


@pytest.mark.parametrize(("environment", "names"), [("production", {"tls"}), ("development", {"https"})])
def test_what_browsers_do_not_trust_is_dangerous_in_production_and_a_warning_before(authority, environment, names):
    with greeting(context(authority.certified())) as port:
        environ = {"PUBLIC_URL": f"https://127.0.0.1:{port}", "FERNLEAF_ENV": environment}
        checks = tuple(check for check in CHECKS if check.needs is Needs.NETWORK)
        facts = Facts(environ, datetime.now(UTC), asks=True)
        bad = {finding.check.name: finding.check.severity for finding in run(checks, facts) if finding.sentence}
    assert bad.keys() == names
    assert (Severity.DANGEROUS in bad.values()) == (environment == "production")


def test_the_network_is_asked_by_nobody_but_the_doctor(monkeypatch):
    monkeypatch.setattr(outside, "look", lambda address: pytest.fail(f"{address} was asked"))
    environ = {"PUBLIC_URL": "https://forms.example.org"}
    names = {finding.check.name for finding in run(CHECKS, Facts(environ, datetime.now(UTC)))}
    assert not names & {"https", "tls"}
    monkeypatch.setattr(outside, "look", lambda address: outside.Answer("asked"))
    assert machine.reached(Facts(environ, datetime.now(UTC), asks=True)) == "asked"


def test_a_look_that_checks_nothing_would_be_noticed(authority, monkeypatch):
    """The control: were the check left out, a certificate nobody vouches for would pass."""
    monkeypatch.setattr(ssl, "create_default_context", outside._anybody)
    assert found(context(authority.certified())) == outside.Answer()
