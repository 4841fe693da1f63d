"""What readers' other choices reach, in units that travel: shares of what bare Flask answered on the same machine.

One run on one machine: granian with 2 workers answered 19,796 greetings a second from bare Flask, while the peers took
votes and comments from 8 clients. A share of our own greetings a second says the same on any machine.
"""

from __future__ import annotations

from bench.report import Target

GREETINGS = 19_796  # requests a second
GREETED = 16  # connections on which ours are counted

VOTES = Target(bound=round(1_927 / GREETINGS, 3), why="target 7: Remark42's best")
HOT_VOTES = Target(bound=round(6 * 292 / GREETINGS, 3), why="target 7: 6 times Remark42's hot comment")
COMMENTS = Target(bound=round(max(3 * 388, 2 * 614) / GREETINGS, 3), why="target 6: 3 times Isso, 2 times Remark42")

# One discussion of 1,000 comments, which every peer sends whole and uncompressed with every read, to 16 connections.
ISSO_READS, REMARK_READS, REMARK_CACHED_READS = 3.6, 38, 1_504  # a second
READS = {
    "1,000 times Isso": 1_000 * ISSO_READS,
    "100 times Remark42": 100 * REMARK_READS,
    "5 times Remark42 with a raised cache": 5 * REMARK_CACHED_READS,
}
THREAD_READS = [Target(bound=round(reads / GREETINGS, 3), why=f"target 3: {whose}") for whose, reads in READS.items()]

# Processor time, in greetings' worth of it: a greeting took at most the whole of both processors, which counts what the client
# took as the server's. It took less, so that these bounds ask rather too much than too little.
GREETING_CPU = 2 * 1_000 / GREETINGS  # ms
ISSO_CPU, REMARK_CPU, REMARK_LEAST_CPU = 519, 450, 35  # ms a read: they make each anew
REBUILDS = {
    "1/25 of Isso": ISSO_CPU / 25,
    "1/12 of Remark42's dearest read": REMARK_CPU / 12,
    "1/12 of its cheapest": REMARK_LEAST_CPU / 12,
}
COLD_READS = [
    Target(bound=round(most / GREETING_CPU), why=f"target 4: {whose}", is_least=False) for whose, most in REBUILDS.items()
]
ISSO_BYTES = 555_000
THREAD_BYTES = Target(bound=0.25, why="target 5", is_least=False)
