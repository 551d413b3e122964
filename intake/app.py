"""create_app: the one place where every room meets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, jsonify, redirect, url_for
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from intake import cli
from intake.config import ROOT, Config, from_environment
from intake.forms.bodymap import bodymap
from intake.store import migrations
from intake.store.engine import connect
from intake.web import asking, assets, database, errors, filters, guard, headers, identity, limits, logs
from intake.web.account import links, sign_in
from intake.web.admin import people, settings
from intake.web.clinic import charts, notes, patients, plans, today, visits, worklist
from intake.web.guard import public
from intake.web.patient import finish, form, leave, start, warning

BIGGEST_BODY = 1024 * 1024
MOST_FIELDS = 2000
AUDIENCES = {
    "account": (sign_in, links),
    "admin": (people, settings),
    "clinic": (today, patients, visits, worklist, charts, notes, plans),
    "patient": (start, form, warning, finish, leave),
}
csrf = CSRFProtect()


def create_app(config: Config | None = None) -> Flask:
    """The whole application; ConfigError when a setting is missing or unsafe."""
    config = config or from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(_settings(config))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]  # Flask's documented way to wrap an app
    logs.attach(app)
    headers.attach(app)
    database.attach(app, connect(config.database_url))
    identity.attach(app)
    csrf.init_app(app)
    limits.attach(app)
    assets.attach(app, ROOT / "static")
    Babel(app, default_translation_directories=str(ROOT / "intake" / "translations"))
    for attach in (errors.attach, filters.attach, asking.attach):
        attach(app)
    app.jinja_env.globals["bodymap_of"] = bodymap
    _add_views(app)
    cli.attach(app)
    guard.refuse_unguarded(app)
    return app


def _settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret,
        "SECRET": config.secret,
        "PUBLIC_URL": config.public_url,
        "PASSWORD_COST": config.password_cost,
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
    return redirect(url_for(sign_in.first_page(user)) if user else url_for("patient.start.show"))


@public
def healthz() -> Any:
    """Whether the database answers and has the newest tables."""
    problem = migrations.problem(database.engine())
    return jsonify(status="ok" if problem is None else problem), 200 if problem is None else 503
