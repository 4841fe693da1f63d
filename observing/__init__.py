"""What the site says of itself to those who run it: lines in the log, figures for Prometheus, whether it is ready.

Nothing here knows Flask. The edges tell it what happened: `blueprints.support.tracing` of requests, `jobs.tracing` of jobs.
"""
