"""The rows of what moderators and editors answer for beside the queues, and of what everybody may know of it."""

from __future__ import annotations

from tests.architecture.doors import OPEN_ID, Door

NOTICE = {
    "place": "http://127.0.0.1:8000/comments/{published}",
    "explanation": "It is not true.",
    "name": "Ann Example",
    "email": "ann@example.org",
    "good_faith": "1",
}
RULING = {"ruling": "disabled", "clause": "abuse", "answer": "You are right."}

DOORS = [
    #                                        nobody   guest    reader   moderator editor  admin
    # legal notices: sent by anybody, read by whoever has the token, decided by moderators
    Door("GET", "legalnotices.new",         "page     page     page     page     page     page"),
    Door("POST", "legalnotices.create",     "done     done     done     done     done     done", sends=NOTICE),
    Door("POST", "legalnotices.create",     "422      422      422      422      422      422", sends={**NOTICE, "place": "https://example.org/"}),
    Door("GET", "legalnotices.receipt",     "page     page     page     page     page     page", {"token": "{receipt}"}),
    Door("GET", "legalnotices.receipt",     "404      404      404      404      404      404", {"token": "forged"}),
    Door("GET", "oversight.legal_notices",  "sign-in  sign-in  404      page     page     page"),
    Door("GET", "oversight.decided_notices", "sign-in sign-in  404      page     page     page"),
    Door("GET", "oversight.legal_notice",   "sign-in  sign-in  404      page     page     page", {"notice_id": "{notice}"}),
    Door("POST", "oversight.decide_notice", "403      403      404      done     done     done", {"notice_id": "{notice}"}, RULING, "oversight.legal_notice"),
    Door("POST", "oversight.decide_notice", "403      403      404      422      422      422", {"notice_id": "{notice}"}, {"ruling": "removed"}),
    Door("POST", "oversight.decide_notice", "403      403      404      404      404      404", {"notice_id": "999999"}, RULING),

    # second opinions: whoever decided it, or wrote it, is not asked
    Door("GET", "oversight.second_opinions", "sign-in sign-in  404      page     page     page"),
    Door("POST", "oversight.give_second_opinion", "403 403     404      done     done     done", {"opinion_id": "{opinion}"}, {"opinion": "kept"}),
    Door("POST", "oversight.give_second_opinion", "403 403     404      422      422      422", {"opinion_id": "{opinion}"}),
    Door("POST", "oversight.give_second_opinion", "403 403     404      404      404      404", {"opinion_id": "999999"}, {"opinion": "kept"}),

    # how moderation goes: for moderators; the log and the reports of what is over: for everybody
    Door("GET", "oversight.metrics_page",   "sign-in  sign-in  404      page     page     page"),
    Door("GET", "oversight.metrics_page",   "sign-in  sign-in  404      page     page     page", {"by": "article", "from": "2026-01-01", "to": "2026-02-01"}),
    Door("GET", "oversight.metrics_page",   "sign-in  sign-in  404      400      400      400", {"from": "yesterday"}),
    Door("GET", "transparency.log",         "page     page     page     page     page     page"),
    Door("GET", "transparency.reports",     "page     page     page     page     page     page"),
    Door("GET", "transparency.report",      "page     page     page     page     page     page", {"period": "2025-H2"}),
    Door("GET", "transparency.report",      "404      404      404      page     page     page", {"period": "{half_year}"}),
    Door("GET", "transparency.report",      "404      404      404      404      404      404", {"period": "9998-H2"}),
    Door("GET", "transparency.report_file", "page     page     page     page     page     page", {"period": "2025-H2"}),
    Door("GET", "transparency.report_file", "404      404      404      page     page     page", {"period": "{half_year}"}),

    # newsroom: what the law has to do with an article
    Door("GET", "newsroom.legal_state",     "sign-in  sign-in  404      404      page     page", OPEN_ID),
    Door("POST", "newsroom.set_legal_state", "403     403      404      404      done     done", OPEN_ID, {"state": "proceedings", "jurisdiction": "Germany"}, "newsroom.legal_state"),
    Door("POST", "newsroom.set_legal_state", "403     403      404      404      422      422", OPEN_ID, {"hides_counts": "1"}, "newsroom.legal_state"),
]  # fmt: skip
