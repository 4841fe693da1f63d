"""The name and the action of a moderation rule, read alike from YAML and from a form. Pure."""

from __future__ import annotations

from domain import text
from domain.errors import N_
from domain.rulebook import LONGEST_MESSAGE, LONGEST_NAME, Action, Queue, Report, Verb
from domain.ruleconditions import known

_BANS = {"ban", "remove", "delete", "block", "suspend", "mute", "reject"}


def name(typed: str, *, line: int | None, report: Report) -> str:
    """Return the name of a rule; note where there is none, or too long a one."""
    named = text.line(typed)
    if not named or len(named) > LONGEST_NAME:
        report.add(N_("A rule needs a name of at most %(most)s characters."), line, most=LONGEST_NAME)
    return named


def action(verb: str, told: str, *, line: int | None, report: Report) -> Action | None:
    """Return what a rule does, or nothing after its problem was noted. `told` is a nudge's message or a route's queue."""
    if verb.strip().casefold() in _BANS:
        report.add(N_("A rule never removes and never bans: it can hold, flag, limit, nudge or route."), line)
        return None
    does = known(verb, Verb, line=line, report=report)
    match does:
        case None:
            return None
        case Verb.NUDGE:
            return _nudge(told, line, report)
        case Verb.ROUTE:
            queue = known(told, Queue, line=line, report=report)
            return Action(Verb.ROUTE, queue=Queue(queue)) if queue else None
    if told.strip():
        report.add(N_("“%(verb)s” stands alone: only a nudge has a message, and only a route a queue."), line, verb=does)
        return None
    return Action(Verb(does))


def _nudge(told: str, line: int | None, report: Report) -> Action | None:
    message = text.line(told)
    if not message or len(message) > LONGEST_MESSAGE:
        report.add(N_("A nudge needs a message to the author, of at most %(most)s characters."), line, most=LONGEST_MESSAGE)
        return None
    return Action(Verb.NUDGE, message=message)
