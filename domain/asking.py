"""What the sentences of a closing paragraph ask of readers: an opinion, a prediction, or to write. Pure; English only."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from domain.errors import N_
from domain.sentences import sentences
from models import Camp

Choices = tuple[tuple[str, Camp], ...]

LONGEST_ASK = 1_000  # characters: longer is no sentence, and patterns would take their time over it
SENTENCES_HEARD = 20  # of a paragraph, from its end: a text that is one long paragraph still asks at its end only

NOT_SURE = (N_("Not sure"), Camp.UNSURE)
AGREE: Choices = ((N_("Agree"), Camp.FOR), (N_("Disagree"), Camp.AGAINST), NOT_SURE)
YES_NO: Choices = ((N_("Yes"), Camp.FOR), (N_("No"), Camp.AGAINST), NOT_SURE)
STANCE: Choices = ((N_("In favour"), Camp.FOR), (N_("Against"), Camp.AGAINST), NOT_SURE)
SCALE: Choices = (
    (N_("Strongly agree"), Camp.FOR),
    (N_("Agree"), Camp.FOR),
    (N_("Neither agree nor disagree"), Camp.UNSURE),
    (N_("Disagree"), Camp.AGAINST),
    (N_("Strongly disagree"), Camp.AGAINST),
)
RIGHT_OR_WRONG: Choices = ((N_("Right"), Camp.FOR), (N_("Wrong"), Camp.AGAINST), NOT_SURE)


class Kind(enum.Enum):
    """What a sentence does."""

    PROSE = "prose"
    REQUEST = "request"  # asks readers to write, or is too short to say what about
    OPINION = "opinion"
    PREDICTION = "prediction"
    OPEN = "open"  # a question with no answers to choose from


@dataclass(frozen=True)
class Ask:
    """A sentence, or one of the questions in it. `choices` when it can be answered by an opinion vote."""

    words: str
    kind: Kind
    choices: Choices = ()
    predicts: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it asks something of its own."""
        return self.kind in {Kind.OPINION, Kind.PREDICTION, Kind.OPEN}


QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_CLAUSES = re.compile(
    r",\s*(?:and|but|or)\s+(?=(?:how|what|who|when|will|do|does|should|is|are)\b)"
    r"|\s+and\s+(?=(?:how|what|who|when)\s+(?:do|does|will|is)\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:so|and|but|now|well|then|or|yet|still|readers)\b[,:]?\s+", re.IGNORECASE)
_WH = re.compile(r"(?:how|what|which|who|whom|whose|when|where|why)\b")
_YES_OR_NO = re.compile(
    r"(?:^|[,:;–—-]\s*)(?:is|are|was|were|am|do|does|did|has|have|had|can|could|should|would|will|shall|may|might|must|ought)"
    r"(?:n't)?\b"
)
_FUTURE = re.compile(
    r"\b(?:will|won't|shall|gonna|predict\w*|forecast|happens next|(?:turn|play|pan)s? out|end up|do you (?:expect|foresee))\b"
    r"|'ll\b|\b(?:is|are|am|'s|'re)\b.{0,60}\bgoing to\b|\bwhat\b.*\bexpect\b|\bhow do(?:es)?\b.*\bend\b|\bwho\b.*\bwins\b"
)
_ABOUT_THE_READER = re.compile(r"\b(?:will|would|are|did) you\b")
_REQUESTED_PREDICTION = re.compile(
    r"\bpredict\w*|\bforecasts?\b|\boutcome\b|\bhow\b.*\b(?:ends?|turns? out|plays? out|pans? out|go(?:es)?)\b"
    r"|\b(?:who|what)\b.*\b(?:will|wins|happens)\b"
)
_PROMPT = re.compile(
    r"(?:what do you (?:think|say|predict|expect)|what(?:'s| is| are) your (?:\w+ )?(?:take|view|views|opinion|verdict|thoughts|"
    r"predictions?)(?: of the outcome)?|what say you|(?:your )?thoughts|(?:what|how) about you|why(?: or why not| not)?)\?"
)
_AGREE = re.compile(r"\b(?:dis)?agree\b")
_STANCE = re.compile(
    r"\bwhat do you (?:think|make) (?:of|about)\b|\bhow do you feel\b|\bwhere do you stand\b|\b(?:for or against|in favou?r or)\b"
    r"|\bwhat(?:'s| is) your (?:take|view|opinion|stance|position) (?:on|of|about)\b|^what do you think\?"
)
_RIGHT_OR_WRONG = re.compile(r"\bright or wrong\b")
_OWN_VIEW_FIRST = re.compile(r"agree\b|^(?:should|do you (?:support|approve|back|oppose|favou?r|want|like))\b|\bin favou?r\b")
_REQUEST = re.compile(
    r"^(?:please )?(?:give|tell|share|let|leave|post|send|drop|weigh|join|have|sound|write|vote|comment|cast|make|add|say)\b"
    r"|\b(?:we(?:'d| would)? (?:want|love|like) to (?:hear|know)|your (?:take|views?|thoughts|opinions?|predictions?)\b.*\bbelow)\b"
)
_REQUEST_FOR = re.compile(
    r"\b(?:comments?|below|takes?|views?|opinions?|thoughts|predictions?|predict|forecasts?|you think|your say|know|vote|hear)\b"
)
_WHETHER = re.compile(
    r"\b(?:whether|if) (you (?:dis)?(?:agree|support|approve|back|think|believe)\b.*?)"
    r"(?=,|\.|!|$| and (?:how|what|who|why|your)\b| in the comments?\b| below\b)",
    re.IGNORECASE,
)
_NAMES_AN_END = re.compile(
    r"\b(?:wins?|loses?|succeeds?|prevails?|ends?|outcome|verdict|result|(?:turn|play|pan|come)s? out|happens?)\b"
)


def asks_in(words: str) -> list[Ask]:
    """Return what each sentence of a paragraph's plain words asks; a question that somebody is quoted with asks nothing."""
    found = sentences(words)
    asks = [ask for sentence in found[-SENTENCES_HEARD:] for ask in _asks(sentence)]
    return [Ask("", Kind.PROSE), *asks] if len(found) > SENTENCES_HEARD else asks


def wants_yes_or_no(question: str) -> bool:
    """Whether "yes" would answer the question."""
    return _WH.match(_heard(question)) is None


def names_an_end(question: str) -> bool:
    """Whether the question is after how a matter ends, rather than after one thing that may happen on the way."""
    return _NAMES_AN_END.search(_heard(question)) is not None


def _asks(sentence: str) -> list[Ask]:
    if len(sentence) > LONGEST_ASK:
        return [Ask(sentence, Kind.PROSE)]
    if not _heard(sentence).endswith("?"):
        return _requests(sentence)
    *firsts, last = _CLAUSES.split(sentence)
    return [_question(_worded(clause)) for clause in (*(f"{first}?" for first in firsts), last)]


def _question(words: str) -> Ask:
    heard = _heard(words)
    choices = _choices(heard)
    predicts = _FUTURE.search(heard) is not None and not _ABOUT_THE_READER.search(heard)
    if _PROMPT.fullmatch(heard):
        return Ask(words, Kind.REQUEST, choices=choices, predicts=predicts)
    if predicts and not (choices and _OWN_VIEW_FIRST.search(heard)):
        return Ask(words, Kind.PREDICTION, predicts=True)
    return Ask(words, Kind.OPINION if choices else Kind.OPEN, choices=choices)


def _choices(heard: str) -> Choices:
    """Return the answers that fit a question, or none where it cannot be answered by picking one."""
    if _AGREE.search(heard):
        return AGREE
    if _RIGHT_OR_WRONG.search(heard):
        return RIGHT_OR_WRONG
    if _STANCE.search(heard):
        return STANCE
    return YES_NO if not _WH.match(heard) and _YES_OR_NO.search(heard) else ()


def _requests(sentence: str) -> list[Ask]:
    heard = _heard(sentence)
    if not (_REQUEST.search(heard) and _REQUEST_FOR.search(heard)):
        return [Ask(sentence, Kind.PROSE)]
    request = Ask(sentence, Kind.REQUEST, predicts=_REQUESTED_PREDICTION.search(heard) is not None)
    whether = _WHETHER.search(sentence)
    return [_question(f"Do {whether[1].strip()}?"), request] if whether else [request]


def _worded(clause: str) -> str:
    """Return the clause as a question that stands alone."""
    words = _LEAD.sub("", clause.strip())
    return words[:1].upper() + words[1:]


def _heard(sentence: str) -> str:
    """Return the sentence in lower case, without its lead-in, what it quotes, and marks around it."""
    unquoted = QUOTATION.sub("", sentence).replace("’", "'")
    return _LEAD.sub("", unquoted.strip().lower()).rstrip(" )*_'\"”")
