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
