"""Who may read what authors were told, appeal, decide about appeals, and sanction whom: more rows of `doors`."""

from __future__ import annotations

from tests.architecture.doors import Door

OWN_STATEMENT, STATEMENT = {"statement_id": "{own_statement}"}, {"statement_id": "{statement}"}
WORDS, GRANTED = {"argument": "It was a quotation."}, {"decision": "granted"}
MUTED = {"kind": "muted", "days": "7", "clause": "abuse", "seen": "{newest_sanction}"}

DOORS = [
    #                                        nobody   guest    reader   moderator editor  admin
    # what authors were told, and their appeals
    Door("GET", "statements.index",         "sign-in  page     page     page     page     page"),
    Door("GET", "statements.show",          "-        page     page     page     page     page", OWN_STATEMENT),
    Door("GET", "statements.show",          "sign-in  404      404      404      404      404", STATEMENT),
    Door("POST", "statements.appeal",       "-        done     done     done     done     done", OWN_STATEMENT, WORDS),
    Door("POST", "statements.appeal",       "-        422      422      422      422      422", OWN_STATEMENT, {"argument": " "}),
    Door("POST", "statements.appeal",       "403      404      404      404      404      404", STATEMENT, WORDS),
    Door("GET", "statements.receipt",       "page     page     page     page     page     page", {"token": "{statement_receipt}"}),
    Door("GET", "statements.receipt",       "404      404      404      404      404      404", {"token": "forged"}),
    Door("POST", "statements.appeal_by_receipt", "done done    done     done     done     done", {"token": "{statement_receipt}"}, WORDS),
    Door("POST", "statements.appeal_by_receipt", "404 404      404      404      404      404", {"token": "forged"}, WORDS),
    Door("GET", "appeals.index",            "sign-in  sign-in  404      page     page     page"),
    Door("GET", "appeals.show",             "sign-in  sign-in  404      page     page     page", {"appeal_id": "{appeal}"}),
    Door("POST", "appeals.decide",          "403      403      404      done     done     done", {"appeal_id": "{appeal}"}, GRANTED),
    Door("POST", "appeals.decide",          "403      403      404      422      422      422", {"appeal_id": "{appeal}"}, {"decision": "refused"}),
    Door("POST", "appeals.decide",          "-        -        -        403      403      403", {"appeal_id": "{own_judged}"}, GRANTED),

    # readers as moderators see them
    Door("GET", "conduct.show",             "sign-in  sign-in  404      page     page     page", {"public_id": "{sanctioned}"}),
    Door("GET", "conduct.bans",             "sign-in  sign-in  404      page     page     page"),
    Door("POST", "conduct.impose",          "403      403      404      done     done     done", {"public_id": "{sanctioned}"}, MUTED),
    Door("POST", "conduct.impose",          "403      403      404      403      403      403", {"public_id": "{an_admin}"}, MUTED),
    Door("POST", "conduct.impose",          "-        403      404      403      403      403", {"public_id": "{own_id}"}, MUTED),
    Door("POST", "conduct.impose",          "403      403      404      422      422      422", {"public_id": "{sanctioned}"}, {**MUTED, "clause": "no"}),
    Door("POST", "conduct.note",            "403      403      404      done     done     done", {"public_id": "{sanctioned}"}, {"note": "Look."}),
    Door("POST", "conduct.note",            "-        403      404      403      403      403", {"public_id": "{own_id}"}, {"note": "Look."}),
    Door("POST", "conduct.lift",            "403      403      404      done     done     done", {"sanction_id": "{sanction}"}),
    Door("POST", "conduct.lift",            "403      403      404      403      done     done", {"sanction_id": "{editors_sanction}"}),
    Door("POST", "conduct.renew",           "403      403      404      done     done     done", {"sanction_id": "{ban}"}, {"days": "90"}),
    Door("POST", "conduct.renew",           "403      403      404      422      422      422", {"sanction_id": "{sanction}"}, {"days": "90"}),
]  # fmt: skip
