"""The sample settings for proxy and service manager in docs/operating.md say what the pages around them promise."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import pytest

OPERATING = Path(__file__).parents[1] / "docs/operating.md"
PROMISED = {"TLSv1.2", "TLSv1.3"}


def sample(language, text=None):
    """The one block of a language."""
    (found,) = re.findall(
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
