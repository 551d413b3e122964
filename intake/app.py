"""create_app: the one place where every room meets."""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, Flask, jsonify, redirect, url_for
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from intake import cli
from intake.cli.doctor.start import refuse_settings
from intake.config import ROOT, Config, from_environment
from intake.forms.bodymap import bodymap
from intake.store import migrations
from intake.store.engine import connect
from intake.web import (
    alone,
    arrivals,
    asking,
    assets,
    checkpoints,
    database,
    errors,
    filters,
    guard,
    headers,
    identity,
    keeping,
    limits,
    logs,
    shelving,
    unreadable,
)  # fmt: skip
from intake.web.account import (
    enrol,
    kept,
    links,
    lock,
    overview,
    passkeys,
    password,
    phrases,
    recovery,
    second,
    sign_in,
    step_up,
    totp,
)
from intake.web.admin import alerts, codes, forms, packs, people, previews, resets, settings, times, visit_forms
from intake.web.admin import phrases as clinic_phrases
from intake.web.clinic import (
    alone as asked_alone,
)
from intake.web.clinic import (
    answers,
    care_team,
    chart_prints,
    charts,
    corrections,
    courses,
    diaries,
    discards,
    emergencies,
    handovers,
    measures,
    misfilings,
    notes,
    papers,
    patients,
    plans,
    printouts,
    proofs,
    searches,
    short_forms,
    signatures,
    superbills,
    today,
    transcripts,
    visits,
    worklist,
)
from intake.web.clinic import (
    codes as code_search,
)
from intake.web.form_tokens import FormTokens
from intake.web.guard import public
from intake.web.kiosk import form as kiosk_form
from intake.web.kiosk import leave as kiosk_leave
from intake.web.patient import form, leave, places, start
from intake.web.privacy import disclosures, trail
from intake.web.privacy import emergencies as reviews
from intake.web.returning import first_page

BIGGEST_BODY = 1024 * 1024
MOST_FIELDS = 2000
AUDIENCES = {
    "account": (
        *(sign_in, second, lock, step_up, links, kept),
        *(enrol, overview, password, passkeys, totp, recovery, phrases),
    ),
    "admin": (
        *(people, resets, settings, alerts, times, forms, packs, previews, visit_forms, codes),
        clinic_phrases,
    ),
    "clinic": (
        *(
            today,
            patients,
            care_team,
            visits,
            short_forms,
            transcripts,
            corrections,
            misfilings,
            discards,
            diaries,
            measures,
            worklist,
            charts,
            searches,
            chart_prints,
            answers,
            printouts,
        ),
        *(courses, code_search, superbills),
        *(notes, signatures, plans, proofs, emergencies, papers, handovers, asked_alone),
    ),
    "privacy": (reviews, trail, disclosures),
    "patient": (form, start, leave),
    "kiosk": (kiosk_form, kiosk_leave),
}
csrf = FormTokens()


def create_app(config: Config | None = None) -> Flask:
    """The whole application; ConfigError when a setting is missing or unsafe."""
    if config is None:
        refuse_settings(os.environ)
        config = from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(_settings(config))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]  # Flask's documented way to wrap an app
    logs.attach(app)
    headers.attach(app)
    arrivals.attach(app)
    database.attach(app, connect(config.database_url, app.config["KEYS"]))
    shelving.attach()
    identity.attach(app)
    alone.attach(app)
    csrf.init_app(app)
    # The way out asks for no token: it has to work from a tab that is older than the cookie. Forms of other sites are
    # turned away before (web/headers.py), and all it can do is end a sitting, which a link does as well.
    csrf.exempt(leave.go)
    csrf.exempt(kiosk_leave.go)
    limits.attach(app)
    assets.attach(app, ROOT / "static")
    Babel(app, default_translation_directories=str(ROOT / "intake" / "translations"))
    for attach in (errors.attach, filters.attach, asking.attach, checkpoints.attach, keeping.attach, unreadable.attach):
        attach(app)
    app.jinja_env.globals["form_number"] = places.which
    app.jinja_env.globals["bodymap_of"] = bodymap
    app.jinja_env.globals["emergency"] = emergencies.banner
    _add_views(app)
    cli.attach(app)
    guard.refuse_unguarded(app)
    return app


def _settings(config: Config) -> dict[str, Any]:
    return {
        "KEYS": config.keys,
        "SECRET_KEY": config.keys.derive("cookies"),
        "SECRET": config.keys.derive("tokens"),
        "HOST": config.host,
        "PORT": config.port,
        "PUBLIC_URL": config.public_url,
        "PROXIES": config.proxies,
        "PASSWORD_COST": config.password_cost.peppered(config.keys.derive("pepper")),
        "AUDIT_SINKS": config.audit_sinks,
        "MAIL_SERVER": config.mail_server,
        "MAX_CONTENT_LENGTH": BIGGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": BIGGEST_BODY,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "SESSION_COOKIE_NAME": "__Host-session" if config.is_secure else "session",
        "SESSION_COOKIE_SECURE": config.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # its check of the Referer: headers.py looks at Sec-Fetch-Site and Origin instead
        "BABEL_DEFAULT_LOCALE": "en_US",
    }


def _add_views(app: Flask) -> None:
    for audience, modules in AUDIENCES.items():
        blueprint = Blueprint(audience, f"intake.web.{audience}")
        for module in modules:
            blueprint.register_blueprint(module.bp)
        app.register_blueprint(blueprint)
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/healthz", view_func=healthz)


@public
def home() -> Any:
    """Patients come in through here; staff are led on to where their work starts."""
    user = identity.staff()
    return redirect(url_for(first_page(user)) if user else url_for("patient.form.show"))


@public
def healthz() -> Any:
    """Whether the database answers and has the newest tables."""
    problem = migrations.problem(database.engine())
    return jsonify(status="ok" if problem is None else problem), 200 if problem is None else 503
