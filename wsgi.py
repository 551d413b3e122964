"""The application, for a server or the flask command to find."""

import os
import sys

from intake.app import create_app
from intake.config import ConfigError
from intake.web import logs

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # a command prints for people; serving sets its logs up itself
    logs.set_up()
try:
    app = create_app()
except ConfigError as problem:
    sys.exit(str(problem))
