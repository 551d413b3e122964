"""What every answer tells the browser."""

from __future__ import annotations

from intake.app import create_app
from intake.config import Config
from intake.web.headers import ALWAYS
from tests.builders import COST, KEYS
from tests.web.world import routes


def test_every_answer_carries_every_header_whatever_its_status(app, client, sign_in, world):
    sign_in(world.therapist)
    seen = set()
    for rule in routes(app, "GET"):
        answer = client.get(world.address(rule))
        seen.add(answer.status_code)
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, f"{rule.rule}: {name}"
        assert answer.headers["Cache-Control"] == "no-store", rule.rule
    assert {200, 302, 303, 404} & seen == {200, 302, 303, 404}
    for answer in (
        client.get("/nowhere"),
        client.post("/f"),
        client.put("/f"),
        client.get("/static/style.css"),
    ):
        assert set(ALWAYS) <= set(answer.headers.keys())
        answer.close()


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(client):
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert word not in client.get("/f").headers["Content-Security-Policy"]


def test_style_and_script_may_be_kept_for_an_hour_and_pages_never(client):
    with client.get("/static/script.js") as script:
        assert script.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/f").headers["Cache-Control"] == "no-store"


def test_the_cookie_cannot_be_read_by_script_nor_sent_from_elsewhere(client):
    cookie = client.get("/f").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_over_tls_the_cookie_stays_on_tls_and_the_browser_is_told_to(url):
    app = create_app(Config(database_url=url, keys=KEYS, password_cost=COST, public_url="https://forms.example.org"))
    answer = app.test_client().get("/f", base_url="https://forms.example.org")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    app.extensions["engine"].dispose()
