"""What machines that watch the site ask it."""

from blueprints.watching.routes import bp as bp
