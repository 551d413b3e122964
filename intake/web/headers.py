"""The browser policy, both ways: what every answer tells the browser, and which requests are not from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

# What pages load: one script and one style sheet, both ours, and an empty icon as data:. Drawings are inline SVG.
SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
POLICY = "; ".join(SOURCES)
OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")  # copy a link, passkeys
OFF = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "cross-origin-isolated"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access"),
    *("sync-xhr", "usb", "window-management", "xr-spatial-tracking"),
)
FEATURES = ", ".join([*(f"{name}=()" for name in OFF), *(f"{name}=(self)" for name in OWN)])
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing leaves the site. Not `no-referrer`: with it browsers send `Origin: null` from our own forms, and the
    # check below could not tell them from a stranger's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": FEATURES,
    "X-Robots-Tag": "noindex, noarchive",
}
KEPT_NOWHERE, KEPT_FOR_GOOD = "no-store", "public, max-age=31536000, immutable"
TLS_ONLY = "max-age=63072000; includeSubDomains"
ENDINGS = frozenset({"account.sign_in.leave"})  # a patient's way out says so itself, when there was a sitting to end
EMPTIED = '"cache", "cookies", "storage"'

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # a page of ours, or the person: an address typed, a bookmark


def attach(app: Flask) -> None:
    """Turn away what is not from our pages, and set the headers on every answer."""
    app.before_request(_check)
    app.after_request(_set)


def _check() -> None:
    if not _welcome():
        abort(403)


def _welcome() -> bool:
    """Whether the request may come from where it says it comes from.

    Links from elsewhere may lead here. Nothing else from another site: no form, script, picture or frame. A browser
    too old for Sec-Fetch-Site says in Origin where a form stands; what says neither sends no forms.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site in OURS:
        return True
    if request.method in READING:
        return site is None or _is_link()
    return site is None and request.headers.get("Origin") in _own_origins()


def _is_link() -> bool:
    mode, into = (request.headers.get(f"Sec-Fetch-{name}") for name in ("Mode", "Dest"))
    return request.method != "OPTIONS" and (mode, into) == ("navigate", "document")


def _own_origins() -> frozenset[str]:
    """The address people use, and the name this request came to, by the same protocol."""
    public = current_app.config["PUBLIC_URL"]
    return frozenset({public, f"{urlsplit(public).scheme}://{request.host}"})


def _set(response: Response) -> Response:
    response.headers.update(ALWAYS)
    if urlsplit(current_app.config["PUBLIC_URL"]).scheme == "https":
        response.headers["Strict-Transport-Security"] = TLS_ONLY
    if request.endpoint in ENDINGS and response.status_code < 400:  # noqa: PLR2004 - the visit has ended
        response.headers["Clear-Site-Data"] = EMPTIED
    if response.headers.get("Cache-Control") != KEPT_FOR_GOOD:
        response.headers["Cache-Control"] = KEPT_NOWHERE
    return response
