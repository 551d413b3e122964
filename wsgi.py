"""The application, for a server or the flask command to find."""

import os
import sys

from intake import cli
from intake.app import create_app
from intake.cli.doctor import start
from intake.config import ConfigError
from intake.web import logs

serving = os.environ.get("FLASK_RUN_FROM_CLI") != "true"
if serving:  # a command prints for people; serving sets its logs up itself
    logs.set_up()
try:
    app = create_app() if serving or not cli.needs_no_app(sys.argv[1:]) else cli.bare()
    if serving:
        start.prepare(app)
except ConfigError as problem:
    sys.exit(str(problem))
