"""One browser and one served clinic for the run; a context of its own for every visitor of a test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser import doors
from tests.browser.screens import DESK, PHONE
from tests.browser.served import Clinic, served
from tests.browser.watching import Watch

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 10_000  # ms
Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, with Chromium where there is one. Without: skipped with the reason, a failure when CI=true."""
    if shutil.which("chromium") is None:
        reason = "there is no chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as started:
        expect.set_options(timeout=PATIENCE)
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser."""
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A served clinic on a fresh, migrated database."""
    with served(tmp_path_factory.mktemp("clinic") / "intake.db") as running:
        yield running


@pytest.fixture
def watch(clinic: Clinic) -> Iterator[Watch]:
    """Fails the test when a page complained or asked another host for something."""
    watching = Watch(clinic.url)
    yield watching
    assert not watching.left, "\n".join(watching.left)


@pytest.fixture
def visitor(chromium: Browser, clinic: Clinic, watch: Watch) -> Iterator[Visitor]:
    """The empty tab of somebody new, on a phone unless told otherwise: `visitor(script=False, size=DESK)`."""
    contexts = []

    def arrived(*, script: bool = True, size: Any = PHONE, **more: Any) -> Page:
        context = chromium.new_context(
            base_url=clinic.url, viewport=size, java_script_enabled=script, reduced_motion="reduce", **more
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield arrived
    for context in contexts:
        context.close()


@pytest.fixture
def patient(visitor: Visitor, clinic: Clinic) -> Visitor:
    """A patient who has come in with her code, at the list of parts: `patient(code, script=False)`."""

    def entered(code: str, **more: Any) -> Page:
        page = visitor(**more)
        doors.come_in(page, code)
        return page

    return entered


@pytest.fixture
def staff(visitor: Visitor) -> Visitor:
    """Somebody of the clinic who has signed in, at a desk: `staff(email)`."""

    def signed_in(email: str, **more: Any) -> Page:
        page = visitor(**{"size": DESK, **more})
        doors.sign_in(page, email)
        return page

    return signed_in
