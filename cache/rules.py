"""What an answer may depend on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What the answer at an address depends on: these arguments of the query and nothing else.

    `remembered` names an argument for which, where it is not given, the cookie of that name can stand, and the values that
    count. `for_everybody` is true where readers whom we know get the same answer as all others.
    """

    arguments: tuple[str, ...] = ()
    remembered: tuple[str, frozenset[str]] | None = None
    for_everybody: bool = False

    def query(self, given: str, cookies: str, prefix: str) -> str:
        """Return of a query what the answer depends on, always in the same order. Marks that links are shared with go."""
        found = dict(reversed(parse_qsl(given, keep_blank_values=True)))  # of two with one name, the first counts
        if self.remembered and self.remembered[0] not in found:
            name, values = self.remembered
            cookie = re.search(rf"(?:^|[;,\s]){re.escape(prefix + name)}=([a-z]*)(?:$|[;,\s])", cookies)
            if cookie and cookie[1] in values:
                found[name] = cookie[1]
        return urlencode([(name, found[name]) for name in self.arguments if name in found])


def finds_cookie(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of these cookies in a header."""
    return re.compile(rf"(?:^|[;,\s])(?:{'|'.join(map(re.escape, names))})=")
