"""oEmbed: how another site shows a comment or an article of ours where its author pasted the address."""

from __future__ import annotations

from blueprints.oembed.routes import bp

__all__ = ["bp"]
