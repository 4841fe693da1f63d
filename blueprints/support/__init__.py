"""What several blueprints share, one subject a file."""
