"""Passkeys, codes, the lock and the signature, as people meet them: in a browser, with an authenticator inside it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from waitress.server import create_server

from intake.app import create_app
from intake.config import Config
from intake.forms import reader
from intake.store import migrations
from intake.store.people import User
from tests.browser.conftest import ARGUMENTS, PATIENCE
from tests.browser.doors import age
from tests.browser.filling import press
from tests.browser.looking import sound
from tests.browser.screens import DESK, PHONE
from tests.browser.served import THREADS, Clinic
from tests.browser.watching import Watch
from tests.builders import COST, KEYS, NOTE, PASSWORD, code, filled, wrong_code

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "tools" / "verify_note.py"
FORM = reader.latest("evaluation")
IMPRESSION = '[name="im_impression"]'
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A clinic that is served under a name: browsers make no passkeys for numbers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://localhost:{listening.getsockname()[1]}"
        clinic = Clinic(url, f"sqlite:///{tmp_path_factory.mktemp('named') / 'intake.db'}")
        app = create_app(Config(clinic.database_url, KEYS, public_url=url, password_cost=COST))
        migrations.upgrade(app.extensions["engine"])
        server = create_server(
            app, sockets=[listening], threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield clinic
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map, ignore_all=True))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
        app.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def browser(playwright):
    arguments = [each + ", EXCLUDE localhost" if each.startswith("--host-resolver") else each for each in ARGUMENTS]
    opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
    yield opened
    opened.close()


@pytest.fixture
def page(browser, named):
    """A tab whose browser has an authenticator that always knows its person; it fails on any complaint."""
    watching = Watch(named.url)
    context = browser.new_context(base_url=named.url, viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    watching.over(context)
    tab = context.new_page()
    plug_in(tab)
    yield tab
    context.close()
    # Chromium says of every page that is refused that it was; the pages themselves are looked at.
    watching.allow(r"status of (400|401|409|422)")
    assert not watching.left, "\n".join(watching.left)


def plug_in(tab):
    devices = tab.context.new_cdp_session(tab)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def person(named, **details):
    with named.records() as make:
        return make.therapist(**details).email


def give_password(page, email):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in", exact=True))


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def enrol(page, email, seen=lambda _page: None):
    """A first sign-in, with a passkey made on the way."""
    give_password(page, email)
    heading(page, "Protect your account")
    seen(page)
    press(page, page.get_by_role("link", name="Make a passkey"))
    seen(page)
    page.get_by_label("Name of the passkey").fill("This computer")
    press(page, page.get_by_role("button", name="Make a passkey"))
    heading(page, "Recovery codes")
    seen(page)


def ready(named, email):
    """The address of a note somebody can sign."""
    with named.records() as make:
        author = make.session.scalars(select(User).where(User.email == email)).one()
        return f"/clinic/notes/{make.note(make.visit(therapist=author), answers=filled(FORM, NOTE)).id}"


def test_the_first_sign_in_makes_a_passkey_and_the_next_one_needs_nothing_else(page, named):
    email = person(named, app=False)
    page.goto("/sign-in")
    sound(page)
    enrol(page, email, sound)
    press(page, page.get_by_role("button", name="Make ten new codes"))
    sound(page)
    press(page, page.get_by_role("link", name="I have kept them"))
    expect(page).to_have_url(f"{named.url}/clinic")
    press(page, page.get_by_role("button", name="Sign out"))
    press(page, page.get_by_role("button", name="Use a passkey"))
    expect(page).to_have_url(f"{named.url}/clinic")
    page.goto("/account")
    expect(page.get_by_role("link", name="This computer")).to_be_visible()
    sound(page)
    press(page, page.get_by_role("link", name="This computer"))
    sound(page)


def test_without_the_passkey_the_app_or_a_code_from_paper_opens_the_door(page, named):
    email = person(named)
    give_password(page, email)
    heading(page, "One more step")
    sound(page)
    page.get_by_label("Code from your app").fill(wrong_code())
    press(page, page.get_by_role("button", name="Go on"))
    expect(page.locator(".error-summary")).to_be_visible()
    sound(page)
    page.get_by_label("Code from your app").fill(code())
    press(page, page.get_by_role("button", name="Go on"))
    expect(page).to_have_url(f"{named.url}/clinic")
    page.goto("/account/recovery-codes")
    press(page, page.get_by_role("button", name="Make ten new codes"))
    paper = page.locator("#codes li").first.inner_text()
    press(page, page.get_by_role("button", name="Sign out"))
    give_password(page, email)
    press(page, page.get_by_role("link", name="Use one of your ten recovery codes"))
    sound(page)
    page.get_by_label("Recovery code").fill(paper.lower())
    press(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("status").first).to_contain_text("You have 9 left")


def test_an_app_is_set_up_from_the_account(page, named):
    email = person(named, app=False)
    enrol(page, email)
    page.goto("/account")
    press(page, page.get_by_role("button", name="Set up an app"))
    heading(page, "Set up an authenticator app")
    sound(page)


def test_the_lock_keeps_a_half_written_note_and_opens_with_a_touch(page, named):
    email = person(named, app=False)
    enrol(page, email)
    note = ready(named, email)
    page.goto(note)
    page.locator(IMPRESSION).fill("Half a sen")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    age(named, email, seen_at=timedelta(minutes=16))
    with page.expect_navigation(url=re.compile("/lock")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    heading(page, "Locked")
    assert "Half a sen" not in page.content()
    sound(page)
    press(page, page.get_by_role("button", name="Unlock with your passkey"))
    expect(page).to_have_url(named.url + note)
    expect(page.locator(IMPRESSION)).to_have_value("Half a sen")


def test_the_lock_keeps_words_that_no_page_saves_by_itself(page, named):
    email = person(named, app=False)
    enrol(page, email)
    note = ready(named, email)
    page.goto(f"{note}/sign")
    press(page, page.get_by_role("button", name="Sign with your passkey"))
    page.get_by_label("Addendum").fill("She called: all is")
    age(named, email, seen_at=timedelta(minutes=16))
    with page.expect_navigation(url=re.compile("/lock")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    heading(page, "Locked")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock", exact=True).click()
    heading(page, "This waits for you")
    expect(page.locator("dd").get_by_text("She called: all is")).to_be_visible()
    sound(page)
    press(page, page.get_by_role("button", name="Go on: Add to a signed note"))
    expect(page.get_by_label("Addendum")).to_have_value("She called: all is")


# What somebody does from the console of a locked screen, without a password: an act with the token that stands there.
PLANT = """
([path, token]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  const add = (name, value) => {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  };
  add("csrf_token", token || document.querySelector("[name=csrf_token]").value);
  add("name", "Planted Name");
  add("credentials", "");
  add("version", "1");
  for (const role of ["assistant", "therapist", "admin"]) add("roles", role);
  document.body.append(form);
  form.submit();
}
"""


@pytest.mark.parametrize("of_an_open_tab", [False, True], ids=["token of the lock", "token of a tab left open"])
def test_an_act_planted_at_the_locked_screen_never_happens_by_itself(page, named, of_an_open_tab):
    with named.records() as make:
        email, victim = make.admin().email, make.assistant().id
    give_password(page, email)
    page.get_by_label("Code from your app").fill(code())
    press(page, page.get_by_role("button", name="Go on"))
    page.goto("/admin/people")
    token = page.locator("[name=csrf_token]").first.input_value() if of_an_open_tab else ""
    press(page, page.get_by_role("button", name="Lock", exact=True))
    heading(page, "Locked")
    with page.expect_navigation():
        page.evaluate(PLANT, [f"/admin/people/{victim}", token])
    if not of_an_open_tab:
        heading(page, "This page was open too long")
        page.goto("/lock")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock", exact=True).click()
    if of_an_open_tab:
        heading(page, "This waits for you")
        expect(page.locator("dd").get_by_text("Planted Name")).to_be_visible()
        page.wait_for_timeout(500)
        assert roles(named, victim) == ["assistant"]
        sound(page)
        press(page, page.get_by_role("button", name="Discard it"))
        expect(page.get_by_text("Discarded.")).to_be_visible()
    else:
        expect(page.locator("h1")).not_to_have_text("This waits for you")
    assert roles(named, victim) == ["assistant"]


def roles(named, victim):
    with named.records() as make:
        return list(make.session.get_one(User, victim).roles)


def test_a_change_of_credentials_asks_once_more_and_goes_on(page, named):
    email = person(named, app=False)
    enrol(page, email)
    age(named, email, stepped_up_at=timedelta(minutes=6))
    page.goto("/account")
    press(page, page.get_by_role("link", name="Change your password"))
    heading(page, "Is it still you?")
    sound(page)
    press(page, page.get_by_role("button", name="Use your passkey"))
    heading(page, "Change your password")
    sound(page)


def test_a_passkey_signs_a_note_that_anybody_can_check(page, named, tmp_path):
    email = person(named, app=False)
    enrol(page, email)
    note = ready(named, email)
    page.goto(f"{note}/sign")
    expect(page.get_by_role("button", name="Sign with your passkey")).to_be_visible()
    sound(page)
    press(page, page.get_by_role("button", name="Sign with your passkey"))
    expect(page).to_have_url(named.url + note)
    sound(page)
    printed = page.locator(".notice code").first
    page.emulate_media(media="print")
    expect(printed).to_be_visible()
    expect(page.get_by_role("button", name="Sign this addendum")).to_be_hidden()
    page.emulate_media(media="screen")
    short = printed.inner_text()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download proof").click()
    found.value.save_as(tmp_path / "proof.json")
    command = [sys.executable, "-I", SCRIPT, tmp_path / "proof.json"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, f"HOLDS {short}" in done.stdout) == (0, True), done.stdout + done.stderr
    page.goto("/verify")
    page.get_by_label("Code on the printed note").fill(short.lower())
    press(page, page.get_by_role("button", name="Check"))
    expect(page.get_by_role("heading", level=2)).to_have_text("Valid")
    sound(page)


def test_a_text_that_changed_in_another_window_is_read_again_before_it_is_signed(page, named):
    email = person(named, app=False)
    enrol(page, email)
    note = ready(named, email)
    page.goto(f"{note}/sign")
    other = page.context.new_page()
    other.goto(note)
    other.locator(IMPRESSION).fill("Written in another window")
    expect(other.locator("[data-saved]")).to_contain_text("Saved at")
    press(page, page.get_by_role("button", name="Sign with your passkey"))
    expect(page.locator(".error-summary")).to_contain_text("has changed since you read it")
    expect(page.locator(".sheet")).to_contain_text("Written in another window")
    sound(page)
    press(page, page.get_by_role("button", name="Sign with your passkey"))
    expect(page).to_have_url(named.url + note)


def test_without_script_the_password_signs(browser, named):
    email = person(named)
    note = ready(named, email)
    context = browser.new_context(base_url=named.url, viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    give_password(page, email)
    page.get_by_label("Code from your app").fill(code())
    press(page, page.get_by_role("button", name="Go on"))
    page.goto(f"{note}/sign")
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign this note"))
    expect(page).to_have_url(named.url + note)
    context.close()
