"""What newsrooms ask readers to predict, as ready-made outcomes with what decides between them. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import N_


@dataclass(frozen=True, kw_only=True)
class OutcomeTemplate:
    """A kind of prediction. Every text is a gettext id; those with `%(date)s` are given the closing day.

    `words` are regular expressions by weight: whole words that speak for this kind. `over` is found in a sentence that
    says such a thing is behind us, and then that sentence speaks for nothing.
    """

    key: str
    name: str
    question: str
    outcomes: tuple[str, ...]
    criteria: str
    open_for: timedelta
    words: Mapping[int, str]
    over: str = r"(?!)"


CIVIL_LAWSUIT = OutcomeTemplate(
    key="civil_lawsuit",
    name=N_("Civil lawsuit"),
    question=N_("How will the lawsuit end?"),
    outcomes=(
        N_("Dismissed"),
        N_("Settled"),
        N_("Verdict for the claimant"),
        N_("Verdict for the defendants"),
        N_("Dropped"),
        N_("Something else"),
    ),
    criteria=N_(
        "Decided by how the first court ends the case, as its record shows or two independent news organisations report; "
        "appeals do not count. “Dismissed” means ended by the court before a verdict. “Settled” includes terms kept secret. "
        "“Dropped” means withdrawn by the claimant without a settlement. A mixed verdict counts for the side that wins the "
        "main claim. “Something else” is any other end, such as a move to arbitration."
    ),
    open_for=timedelta(days=365),
    words={
        4: r"lawsuits?|sue[sd]?|suing|plaintiffs?|claimants?|class action|countersu(?:it|ed)",
        3: r"damages|settle(?:ment|d)?|defamation|libel|malpractice|wrongful death|breach of contract",
        2: r"civil|suit|injunction|negligence|compensation",
        1: r"filed|complaint|defendants?|court|judge|verdict|jury|liable",
    },
    over=r"\b(?:law)?suits?\b.{0,60}\b(?:was|were|been)\s+(?:\w+ly\s+)?(?:dismissed|settled|dropped|withdrawn|thrown out)\b",
)

CRIMINAL_TRIAL = OutcomeTemplate(
    key="criminal_trial",
    name=N_("Criminal trial"),
    question=N_("How will the trial end?"),
    outcomes=(
        N_("Guilty of the main charge"),
        N_("Guilty of a lesser charge only"),
        N_("Not guilty"),
        N_("Plea deal"),
        N_("Charges dropped or dismissed"),
        N_("Something else"),
    ),
    criteria=N_(
        "Decided by how the first trial court ends the case, as its record shows or two independent news organisations "
        "report; appeals do not count. With several main charges, one verdict of guilty is enough. “Plea deal” means a plea "
        "of guilty agreed before a verdict. “Something else” is any other end, such as a mistrial that is not tried again."
    ),
    open_for=timedelta(days=270),
    words={
        4: r"indict(?:ed|ment|ments)|criminal trial|acquitt(?:ed|al)|murder trial|pleaded (?:not )?guilty|plea deal",
        3: r"guilty|manslaughter|murder|felony|arraign(?:ed|ment)|criminal charges?|criminal|convict(?:ed|ion)|accomplice",
        2: r"charged|charges|prison|jail|sentenc(?:e|ed|ing)|arrest(?:ed)?|bail|fraud|trial",
        1: r"prosecut(?:ors?|ion)|defendants?|court|judge|verdict|jury|jurors|police|plea",
    },
    over=r"\bcharges?\b.{0,60}\b(?:was|were|been|being)\s+(?:\w+ly\s+)?(?:dismissed|dropped|withdrawn|thrown out)\b"
    r"|\b(?:charges?|case)\b.{0,40}\b(?:dropped|dismissed|withdrawn)\s+(?:back|in|last|on)\b"
    r"|\b(?:was|were|been)\s+(?:acquitted|cleared|sentenced|convicted)\b|\bcleared\b.{0,40}\bof\b",
)

ELECTION = OutcomeTemplate(
    key="election",
    name=N_("Election"),
    question=N_("Who will win the election?"),
    outcomes=(
        N_("The one in office, or their party"),
        N_("The main challenger"),
        N_("Another candidate"),
        N_("Nobody yet: a run-off or no majority"),
        N_("Something else"),
    ),
    criteria=N_(
        "Decided by the result that the election authority declares for this round of voting. The main challenger is the "
        "candidate who came second in the last polls before voting. “Something else” is any other end, such as a vote that "
        "is called off or annulled."
    ),
    open_for=timedelta(days=30),
    words={
        4: r"elections?|by-election|re-election|run-?off|ballots?|referendum|electorate",
        3: r"candidates?|incumbents?|challengers?|turnout|polling|swing state|primary",
        2: r"voters?|campaign(?:ing|ed)?|mayoral|presidential|parliamentary|constituency|landslide",
        1: r"votes?|voting|polls?|party|seats?|senator|mayor|president|minister|governor|parliament",
    },
    over=r"\b(?:was|were|been)\s+(?:\w+ly\s+)?(?:re-?)?elected\b|\bwon\b.{0,30}\belection\b",
)

AWARD = OutcomeTemplate(
    key="award",
    name=N_("Award"),
    question=N_("Who will win the award?"),
    outcomes=(
        N_("The one this article is about"),
        N_("Another nominee"),
        N_("Several share it"),
        N_("Something else"),
    ),
    criteria=N_(
        "Decided by the winner that the body giving the award announces. A later return or withdrawal changes nothing. "
        "“Something else” is any other end, such as an award that is not given this time."
    ),
    open_for=timedelta(days=60),
    words={
        4: r"oscars?|academy awards?|emmys?|grammys?|golden globes?|nobel|pulitzer|booker prize|shortlist(?:ed)?|nominees?",
        3: r"nominat(?:ed|ion|ions)|awards (?:night|season|ceremony|show)|best (?:picture|actor|actress|director|album)|laureate",
        2: r"awards|prize|longlist(?:ed)?|ceremony|trophy|accolade",
        1: r"award|winner|jury|category|judges",
    },
)

BOX_OFFICE = OutcomeTemplate(
    key="box_office",
    name=N_("Box office"),
    question=N_("How will the film open at the box office?"),
    outcomes=(
        N_("Well above the forecast"),
        N_("Close to the forecast"),
        N_("Well below the forecast"),
        N_("Something else"),
    ),
    criteria=N_(
        "Decided by the takings of the first weekend in the film's home market, as Box Office Mojo or The Numbers gives them "
        "a week later. The forecast is the last one a trade paper published before the opening; “close” is within 15 percent "
        "of it. “Something else” is any other end, such as a film that is postponed or not shown in cinemas."
    ),
    open_for=timedelta(days=21),
    words={
        4: r"box[- ]office|opening weekend|ticket sales|moviegoers|cinemagoers",
        3: r"gross(?:ed|es|ing)?|blockbuster|debut weekend|in (?:cinemas|theaters|theatres)",
        2: r"sequel|franchise|premieres?|cinemas|screens|release date",
        1: r"films?|movies?|studio|director|budget|release[ds]?|audiences?",
    },
    over=r"\b(?:was|were) released in\b",
)

YES_NO = OutcomeTemplate(
    key="yes_no",
    name=N_("Yes or no, by a date"),
    question=N_("Will what the article expects have happened by %(date)s?"),
    outcomes=(N_("Yes"), N_("No")),
    criteria=N_(
        "“Yes” if it has happened by the end of %(date)s and a reliable source that anyone can check says so. “No” if it has "
        "not happened by then, or if no such source says that it has."
    ),
    open_for=timedelta(days=180),
    words={},
)

TEMPLATES = (CIVIL_LAWSUIT, CRIMINAL_TRIAL, ELECTION, AWARD, BOX_OFFICE, YES_NO)
