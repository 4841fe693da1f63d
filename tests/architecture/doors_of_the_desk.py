"""Who may do what on the moderators' desk: rows as in `doors.py`."""

from __future__ import annotations

from tests.architecture.doors import EDIT_JUDGED, EDITED, JUDGED, Door, comment

DOORS = [
    #                                        nobody   guest    reader   moderator editor  admin
    Door("GET", "moderation.queue", "sign-in  sign-in  404      page     page     page"),
    Door("GET", "moderation.queue", "sign-in  sign-in  404      page     page     page", {"name": "reported"}),
    *(
        Door("GET", "moderation.queue", "sign-in  sign-in  404      page     page     page", {"name": name})
        for name in ("flagged", "legal", "second-opinion", "new-names", "all")
    ),
    Door(
        "GET",
        "moderation.queue",
        "sign-in  sign-in  404      page     page     page",
        {"name": "all", "words": "a", "hours": "1", "tier": "guest"},
    ),
    Door("GET", "moderation.filtered", "sign-in  sign-in  404      page     page     page", {"filter_id": "{shared_filter}"}),
    Door("GET", "moderation.filtered", "sign-in  sign-in  404      404      404      404", {"filter_id": "{filter}"}),
    Door("POST", "moderation.hold", "403      403      404      done     done     done", comment("published"), JUDGED),
    Door("POST", "moderation.hold", "403      403      404      409      409      409", comment("held"), JUDGED),
    Door("POST", "moderation.hold", "-        403      404      403      403      403", comment("own_published"), JUDGED),
    *(
        Door(
            "POST",
            "moderation.refer",
            "403      403      404      done     done     done",
            {**comment("held"), "kind": kind},
            JUDGED,
        )
        for kind in ("legal", "second-opinion")
    ),
    Door("POST", "moderation.limit", "403      403      404      done     done     done", comment("published"), JUDGED),
    Door("POST", "moderation.limit", "-        403      404      403      403      403", comment("own_published"), JUDGED),
    Door("POST", "moderation.disable", "403      403      404      done     done     done", comment("published"), JUDGED),
    Door("POST", "moderation.disable", "-        403      404      403      403      403", comment("own_published"), JUDGED),
    Door(
        "POST",
        "moderation.override",
        "403      403      404      403      done     done",
        {"entry_id": "{entry}"},
        {"to": "approval", "note": "No."},
    ),
    Door(
        "POST",
        "moderation.override",
        "403      403      404      422      422      422",
        {"entry_id": "{entry}"},
        {"to": "removal", "note": "No."},
    ),
    Door("POST", "moderation.look", "403      403      404      told     told     told", comment("held")),
    Door("POST", "moderation.veil", "403      403      404      moved    moved    moved"),
    Door("POST", "moderation.preview_bulk", "403      403      404      page     page     page", sends={"item": "{held}:1:0"}),
    Door("POST", "moderation.preview_bulk", "403      403      404      422      422      422", sends={"item": "x"}),
    Door(
        "POST",
        "moderation.decide_bulk",
        "403      403      404      done     done     done",
        sends={"item": "{held}:1:0", "to": "removal", "reason": "spam"},
    ),
    Door(
        "POST",
        "moderation.decide_bulk",
        "403      403      404      422      422      422",
        sends={"item": "{held}:1:0", "to": "removal"},
    ),
    Door(
        "POST",
        "moderation.save_filter",
        "403      403      404      done     done     done",
        {"place": "held", "words": "a"},
        {"name": "With an a"},
    ),
    Door("POST", "moderation.save_filter", "403      403      404      422      422      422", {"place": "held"}, {"name": ""}),
    Door(
        "POST", "moderation.forget_filter", "403     403      404      403      done     done", {"filter_id": "{shared_filter}"}
    ),
    Door("POST", "moderation.forget_filter", "403     403      404      404      404      404", {"filter_id": "{filter}"}),
    Door("GET", "moderation.decisions", "sign-in  sign-in  404      page     page     page"),
    Door("GET", "moderation.waiting", "sign-in  sign-in  404      page     page     page"),
    Door("GET", "moderation.show", "sign-in  sign-in  404      page     page     page", comment("held")),
    Door("POST", "moderation.approve", "403      403      404      done     done     done", comment("held"), JUDGED),
    Door("POST", "moderation.approve", "-        403      404      403      403      403", comment("own_held"), JUDGED),
    Door("POST", "moderation.remove", "403      403      404      done     done     done", comment("published"), JUDGED),
    Door("POST", "moderation.remove", "-        403      404      403      403      403", comment("own_published"), JUDGED),
    Door("GET", "moderation.queue", "sign-in  sign-in  404      page     page     page", {"name": "edited"}),
    Door("POST", "moderation.approve_edit", "403      403      404      done     done     done", EDITED, EDIT_JUDGED),
    Door("POST", "moderation.refuse_edit", "403      403      404      done     done     done", EDITED, EDIT_JUDGED),
    Door(
        "POST",
        "moderation.approve_edit",
        "-        403      404      403      403      403",
        {**comment("own_published"), "revision_id": "1"},
        JUDGED,
    ),
    Door(
        "POST",
        "moderation.refuse_edit",
        "-        403      404      403      403      403",
        {**comment("own_published"), "revision_id": "1"},
        JUDGED,
    ),
    Door("POST", "moderation.undo", "-        -        -        done     done     done", {"entry_id": "{own_entry}"}),
    Door("POST", "moderation.undo", "403      403      404      403      done     done", {"entry_id": "{entry}"}),
]
