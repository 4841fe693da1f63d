"""How often one network may act. Generous, because many readers can share an address."""

WRITES = "60 per minute"  # enough for a classroom that votes at once, too little for a script
CREDENTIALS = "20 per minute"  # nobody mistypes a password twenty times a minute
PREVIEWS = "120 per minute"  # nothing is written, but the worst of texts keeps a processor busy for a tenth of a second
