"""One file a measurement; each has `measure(plan)`, which starts what it needs and leaves nothing behind."""
