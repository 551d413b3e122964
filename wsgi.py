"""The application, for a server or the flask command to find."""

import sys

from intake.app import create_app
from intake.config import ConfigError

try:
    app = create_app()
except ConfigError as problem:
    sys.exit(str(problem))
