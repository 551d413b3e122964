"""Groups of commands whose refusals are one sentence."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from intake.actions.refusals import RefusedError
from intake.config import ConfigError
from intake.security import unlocking
from intake.security.keyfile import KeySourceError
from intake.security.seal import SealError
from intake.store.engine import TurnedError
from intake.store.trail import AuditError


class PlainGroup(AppGroup):
    """Commands that say what cannot be done in one sentence, and end with 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (AuditError, ConfigError, KeySourceError, RefusedError, TurnedError, unlocking.SocketError) as problem:
            raise click.ClickException(str(problem)) from None
        except SealError:
            message = "A record does not open with the keys that are here: look with `flask doctor`."
            raise click.ClickException(message) from None
        except (OperationalError, ProgrammingError, InterfaceError):
            message = "The database does not answer, or has no tables yet: check it with `flask db check`."
            raise click.ClickException(message) from None
