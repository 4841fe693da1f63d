"""The application: settings, extensions, blueprints, commands. No routes."""

from __future__ import annotations

import gc
import sys
from types import TracebackType

gc.disable()  # loading makes hundreds of thousands of things that stay: looking through them for waste takes a fifth of the time

from flask import Flask
from flask_compress import Compress
from sqlalchemy import create_engine, event
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
import commands
import connections
import jobs
from blueprints.support import tracing
from blueprints.support.addresses import LateRule
from blueprints.support.environment import QuickEnvironment
from config import Config, InvalidSetting
from extensions import babel, db, limiter, login_manager
from observing import faults, logs, queries
from observing.readiness import Readiness

LARGEST_REQUEST = 2_500_000  # bytes: the largest file an article can be imported from, and the form around it
LARGEST_FORM = 1_000_000  # bytes of typed text: the longest article three times over
COOKIE_DAYS = 400  # what browsers keep at most


class Site(Flask):
    """Flask, but a fault is told in a line of our own: the usual one repeats addresses and what exceptions say of the input."""

    url_rule_class = LateRule
    jinja_environment = QuickEnvironment

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Write the line of a fault that no view has caught."""
        if exc_info[1] is not None:
            logs.log.error("fault", **faults.described(exc_info[1]))


def create_app(config: Config | None = None) -> Flask:
    """Build the application with its commands from `config`, or from the environment; stop with one line at an invalid setting."""
    try:
        config = config or Config.from_environment()
    except InvalidSetting as error:
        sys.exit(f"foresay: {error}")
    logs.configure(config)
    app = Site(__name__, static_folder=None)
    app.config.from_mapping(_flask_settings(config))
    app.extensions["foresay"] = config
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    tracing.bind(app)
    _bind_extensions(app, config)
    blueprints.register(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    commands.register(app)
    return app


def _bind_extensions(app: Flask, config: Config) -> None:
    db.init_app(app)
    with app.app_context():
        connections.configure(db.engine, is_pooled=config.database_pooler)
        queries.watch(db.engine, slow_ms=config.slow_query_ms)
        app.extensions["readiness"] = Readiness(db.engine, config)
    if config.replica_url:
        _bind_replica(app, config)
    event.listen(db.session, "after_commit", connections.note_stored)
    login_manager.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=lambda: config.locale, timezone_selector=lambda: config.timezone)
    Compress(app)
    jobs.bind(app, config)


def _limit_settings(config: Config) -> dict[str, object]:
    """Return where it is counted how often somebody acts: in Redis; while that is away, or there is none, in each process."""
    if not config.redis_url:
        return {"RATELIMIT_STORAGE_URI": "memory://"}
    return {
        "RATELIMIT_STORAGE_URI": config.redis_url.replace("unix://", "redis+unix://", 1),
        "RATELIMIT_STORAGE_OPTIONS": {**connections.redis_options(), "wrap_exceptions": True},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,  # no answer is lost over a count
    }


def _bind_replica(app: Flask, config: Config) -> None:
    options = connections.engine_options(config.replica_url, threads=config.threads, is_pooled=False, only_reads=True)
    app.extensions["replica"] = create_engine(config.replica_url, **options)
    connections.ask_the_idle(app.extensions["replica"])
    queries.watch(app.extensions["replica"], slow_ms=config.slow_query_ms)


def _flask_settings(config: Config) -> dict[str, object]:
    prefix = "__Host-" if config.is_https else ""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": connections.engine_options(
            config.database_url, threads=config.threads, is_pooled=config.database_pooler
        ),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": COOKIE_DAYS * 86_400,
        "RATELIMIT_ENABLED": config.rate_limits,
        **_limit_settings(config),
        "RATELIMIT_HEADERS_ENABLED": True,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "BABEL_TRANSLATION_DIRECTORIES": str(config.translations),
        "TESTING": config.testing,
    }


gc.enable()
