"""Answers kept in memory, before Flask: what is the same for everybody is made once and sent many times.

An answer is kept only at an address whose `Rule` says what it may depend on, and it is made for a request in which nothing
else stands: no cookie, no header of whoever asked. So nothing of a reader can get into it. `docs/adr/0020-cache.md` has the
reasons. Nothing in here knows Flask or a database.
"""

from __future__ import annotations

from cache.front import FRESH as FRESH
from cache.front import OLDEST as OLDEST
from cache.front import Cache as Cache
from cache.front import Settings as Settings
from cache.rules import Rule as Rule
