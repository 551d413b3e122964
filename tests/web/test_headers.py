"""The browser policy: what every answer says, and which requests are turned away."""

from __future__ import annotations

import itertools

import pytest
from flask.testing import FlaskClient

from intake.app import create_app
from intake.config import Config
from intake.web import headers
from tests.browsing import TOKEN
from tests.builders import COST, KEYS, PASSWORD
from tests.sizes import share
from tests.web.world import routes

AT_HOME = "https://forms.example.org"
# What must stand on every answer, spelled out: a policy that grows softer has to be changed here too.
EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Robots-Tag": "noindex, noarchive",
    "Cache-Control": "no-store",
}
SOFT = ("unsafe", "http:", "https:", "*", "blob:", "filesystem:", "wasm", "nonce")


def missing(answer, *, secure=False, expected=EXPECTED):
    """What an answer fails to say."""
    told = answer.headers
    yield from (f"{name}: {told.get(name)}" for name, value in expected.items() if told.get(name) != value)
    yield from (f"{word} in the policy" for word in SOFT if word in told.get("Content-Security-Policy", ""))
    off = told.get("Permissions-Policy", "")
    yield from (f"{name} is not off" for name in ("camera", "microphone", "geolocation") if f"{name}=()" not in off)
    yield from (f"set {name}" for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin") if name in told)
    if secure and not told.get("Strict-Transport-Security", "").startswith("max-age=63072000"):
        yield "no Strict-Transport-Security"
    for cookie in told.getlist("Set-Cookie"):
        wanted = ("HttpOnly", "SameSite=Strict", "Path=/", *(("Secure", "__Host-") if secure else ()))
        yield from (f"cookie without {part}" for part in wanted if part not in cookie)


@pytest.mark.dear
@pytest.mark.parametrize("who", ["therapist", "patient"])
def test_every_answer_of_every_route_says_everything_whatever_its_status(
    app, client, sign_in, enter, world, who, backend
):
    if who == "patient":
        enter(world.invitation)
    elif who != "nobody":
        sign_in(getattr(world, who))
    faults, seen = [], set()
    for rule in share(app.url_map.iter_rules(), backend):
        if rule.endpoint == "static":
            continue
        for method in sorted({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}):
            if method == "GET" and rule.endpoint == "patient.leave.go":
                continue  # it would end the visit; below
            answer = FlaskClient.open(client, world.address(rule), method=method)
            seen.add(answer.status_code)
            faults += [f"{method} {rule.rule} ({answer.status_code}): {fault}" for fault in missing(answer)]
            answer.close()
    assert not faults, "\n".join(faults[:20])
    assert {200, 400, 405} <= seen


def test_an_answer_to_nowhere_and_to_a_failure_says_everything_too(client):
    for answer in (client.get("/nowhere"), client.post("/f"), client.put("/f"), client.get("/f/leave")):
        assert list(missing(answer)) == []


def test_a_header_that_is_left_out_or_softened_is_noticed(client):
    answer = client.get("/f")
    for name in (*EXPECTED, "Permissions-Policy"):
        kept = answer.headers[name]
        answer.headers[name] = kept.replace("()", "*") + " 'unsafe-inline'"
        assert list(missing(answer)), f"{name} softened"
        del answer.headers[name]
        assert list(missing(answer)), f"{name} left out"
        answer.headers[name] = kept
    assert list(missing(answer)) == []


def test_no_feature_of_the_device_is_on_but_passkeys_and_copying(client):
    granted = client.get("/f").headers["Permissions-Policy"].split(", ")
    assert {rule.partition("=")[0] for rule in granted if not rule.endswith("=()")} == set(headers.OWN)
    assert all(rule.endswith(("=()", "=(self)")) for rule in granted)


# ---------------------------------------------------------------- what is kept


def test_style_and_script_are_kept_for_good_under_the_name_of_their_content(app, client):
    with app.test_request_context():
        addresses = [app.url_for("static", filename=name) for name in ("script.js", "style.css")]
    page = client.get("/f").text
    for address in addresses:
        assert address in page
        with client.get(address) as asset:
            assert asset.headers["Cache-Control"] == headers.KEPT_FOR_GOOD
            assert list(missing(asset, expected={**EXPECTED, "Cache-Control": headers.KEPT_FOR_GOOD})) == []
    assert client.get("/f").headers["Cache-Control"] == "no-store"


# ---------------------------------------------------------------- cookies and TLS


def test_the_cookie_cannot_be_read_by_script_nor_sent_from_elsewhere(client):
    cookie = client.get("/f").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.fixture
def over_tls(url, make):
    """A browser at a clinic that is reached over TLS; it says of itself only what a test gives it to say."""
    app = create_app(Config(database_url=url, keys=KEYS, password_cost=COST, public_url=AT_HOME))
    yield FlaskClient(app, app.response_class)
    app.extensions["engine"].dispose()


def sign_in_with(client, user, **told):
    page = client.get("/sign-in", base_url=AT_HOME)
    data = {"csrf_token": TOKEN.search(page.text)[1], "email": user.email, "password": PASSWORD}
    return client.post(
        "/sign-in", data=data, base_url=AT_HOME, headers={k.replace("_", "-"): v for k, v in told.items()}
    )


def test_over_tls_everything_is_said_and_the_cookie_stays_on_tls(over_tls):
    answer = over_tls.get("/f", base_url=AT_HOME)
    assert list(missing(answer, secure=True)) == []
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")


def test_without_tls_the_stricter_check_is_seen_to_fail(client):
    assert {"no Strict-Transport-Security", "cookie without Secure", "cookie without __Host-"} <= set(
        missing(client.get("/f"), secure=True)
    )


TAKEN = [
    {"Sec_Fetch_Site": "same-origin"},
    {"Sec_Fetch_Site": "same-origin", "Origin": AT_HOME},
    {"Sec_Fetch_Site": "none"},
    {"Origin": AT_HOME},
]
TURNED_AWAY = [
    {},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://forms.example.org"},
    {"Origin": "https://forms.example.org.evil.example"},
    {"Origin": "https://forms.example.org:8443"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "cross-site", "Origin": AT_HOME},
    {"Sec_Fetch_Site": "made-up", "Origin": AT_HOME},
    {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"},
]


def test_over_tls_a_form_of_ours_is_taken_without_a_referer_and_no_other_even_with_the_right_token(over_tls, make):
    user = make.therapist()
    answers = [(told, sign_in_with(over_tls, user, **told)) for told in TURNED_AWAY]
    assert [told for told, answer in answers if answer.status_code != 403 or "somewhere else" not in answer.text] == []
    assert [told for told in TAKEN if sign_in_with(over_tls, user, **told).status_code != 303] == []


# ---------------------------------------------------------------- where requests come from

LINK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FROM_ELSEWHERE = [
    ("a link", LINK, 200),
    ("a picture", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
    ("a script", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
    ("a fetch", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
    ("a frame", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    ("an object", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"}, 403),
    ("nothing more", {}, 403),
]


def test_from_another_site_only_a_link_leads_here(app, client):
    with app.test_request_context():
        asset = app.url_for("static", filename="script.js")
    faults = []
    for what, told, status in FROM_ELSEWHERE:
        for site, path in itertools.product(("cross-site", "same-site"), ("/f", "/sign-in", asset)):
            with client.get(path, headers={"Sec-Fetch-Site": site, **told}) as answer:
                faults += [] if answer.status_code == status else [f"{what} of {path} from {site}"]
    assert faults == []


def test_a_question_whether_another_site_may_send_is_answered_with_no(client):
    asked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Origin": "https://evil.example"}
    answer = client.options("/f", headers={**asked, "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_route_takes_a_form_from_another_site(app, client, sign_in, world):
    sign_in(world.therapist)
    client.get("/clinic")
    for rule in routes(app, "POST"):
        told = {"Sec-Fetch-Site": "cross-site", **LINK}
        answer = client.post(world.address(rule), data={"csrf_token": client.token}, headers=told)
        assert answer.status_code == 403, rule.rule


def test_without_the_check_such_a_form_would_be_taken(app, client, sign_in, world):
    sign_in(world.therapist)
    client.get("/clinic")
    checks = app.before_request_funcs[None]
    at = checks.index(headers._check)
    del checks[at]
    try:
        answer = client.post("/sign-out", data={"csrf_token": client.token}, headers={"Sec-Fetch-Site": "cross-site"})
    finally:
        checks.insert(at, headers._check)
    assert answer.status_code == 303


# ---------------------------------------------------------------- going away


def test_signing_out_and_leaving_empty_the_browser_and_nothing_else_does(client, sign_in, make, enter):
    sign_in(make.therapist())
    page = client.get("/clinic")
    assert "Clear-Site-Data" not in page.headers
    assert client.submit("/sign-out", at="/clinic").headers["Clear-Site-Data"] == headers.EMPTIED
    for way in ("get", "post"):
        enter(make.invitation())
        assert "Clear-Site-Data" not in client.get("/f").headers
        left = FlaskClient.open(client, "/f/leave", method=way, data={"csrf_token": client.token})
        assert left.headers["Clear-Site-Data"] == headers.EMPTIED
