"""Who may do what: a row for each address and method, a cell for each kind of visitor. `test_doors.py` tries every cell.

page     200, and nothing is changed                    sign-in  sent to sign in, and nothing is changed
done     something is changed, and one is led on        moved    led on, and nothing is changed
told     something is changed, and the answer says so
cookie   sent again with a guest's cookie               -        there is no such case
403 ...  refused with this status, and nothing is changed
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.scene import Scene, form_on


@dataclass(frozen=True)
class Door:
    """One row. `at` and `sends` may name things of the scene in braces; `form` is the page whose form is sent."""

    method: str
    endpoint: str
    cells: str
    at: dict[str, str] = field(default_factory=dict)
    sends: dict[str, str] = field(default_factory=dict)
    form: str = ""

    def __str__(self) -> str:
        """Return the row's name in reports."""
        return " ".join([self.method, self.endpoint, *self.at.values(), *self.sends.values()])


def request_of(scene: Scene, door: Door, who: str) -> tuple[str, dict[str, Any]]:
    """Return where somebody knocks, and what they send: the row's form as it stands, with what the row says."""
    path = scene.address(door.endpoint, door.at, who)
    given: dict[str, Any] = {**scene.filled(door.sends, who)}
    if not door.form:
        return path, given
    page = scene.page(scene.address(door.form, door.at, who))
    return path, {**form_on(page, path), **given}


OPEN, DRAFT = {"slug": "{open}"}, {"slug": "{draft}"}
OPEN_ID, DRAFT_ID = {"article_id": "{open_id}"}, {"article_id": "{draft_id}"}
POLL, PREDICTION = {**OPEN_ID, "asked": "poll"}, {**OPEN_ID, "asked": "prediction"}
JUDGED = {"version": "1", "report": "9999", "reason": "abuse"}
EDITED, EDIT_JUDGED = {"comment_id": "{edited}", "revision_id": "{edit}"}, {"version": "{edited_version}"}
FOUND = {"outcome": "{outcome}", "source_url": "https://example.org/", "happened_at": "{today}", "known_at": "{today}"}
SAID_ID, CONFIRMED = {"article_id": "{said_id}"}, {"note": "Because.", "step": "confirm"}
DISPUTED = {**SAID_ID, "dispute_id": "{dispute}"}
OBJECTION = {"source_url": "https://example.org/", "argument": "It was otherwise."}
ANSWER = {"choice": "{choice}", "outcome": "{outcome}", "reason": "Because."}
MAIL = {"email": "new@example.org", "name": "somebody new", "password": "a password nobody guesses"}
CREDENTIALS = {"email": "{email}", "password": "{password}"}
SITE = "http://127.0.0.1:8000"  # as the settings of the tests have it
NEW_PASSWORD = {"current": "{password}", "password": "another that nobody guesses"}


BROWSER = {"endpoint": "{endpoint}", "p256dh": "{p256dh}", "auth": "{auth}"}


def followed(topic: str, key: str) -> dict[str, str]:
    """Return the address of following something."""
    return {"topic": topic, "key": f"{{{key}}}"}


def comment(which: str) -> dict[str, str]:
    """Return the address of a comment."""
    return {"comment_id": f"{{{which}}}"}


CODE, LIST, RULE = {"code": "abuse"}, {"listed": "banned"}, {"rule_id": "{rule}"}
CLAUSE = {"title": "Be kind", "text": "Be kind.", "statement": "It is unkind.", "category": "scope"}
RULING = {"as": "yaml", "source": "{rule_source}", "number": "1", "step": "save", "is_meant": "1"}

DOORS = [
    #                                        nobody   guest    reader   moderator editor  admin
    Door("GET", "articles.home",            "page     page     page     page     page     page"),
    Door("GET", "articles.index",           "page     page     page     page     page     page"),
    Door("GET", "articles.index",           "400      400      400      400      400      400", {"before": "x"}),
    Door("GET", "articles.show",            "page     page     page     page     page     page", OPEN),
    Door("GET", "articles.show",            "404      404      404      404      page     page", DRAFT),
    Door("POST", "articles.take_part",      "cookie   done     done     done     done     done", OPEN, ANSWER),
    Door("POST", "articles.take_part",      "cookie   404      404      404      409      409", DRAFT, {"reason": "Because."}),
    Door("POST", "articles.remember_sort",  "moved    moved    moved    moved    moved    moved", OPEN, {"sort": "newest"}),
    Door("POST", "articles.remember_sort",  "400      400      400      400      400      400", OPEN, {"sort": "loudest"}),
    Door("POST", "articles.remember_sort",  "404      404      404      404      moved    moved", DRAFT, {"sort": "newest"}),
    Door("GET", "asset",                    "page     page     page     page     page     page", {"build": "{build}", "filename": "site.css"}),

    Door("GET", "comments.show",            "page     page     page     page     page     page", comment("published")),
    Door("GET", "comments.show",            "404      404      404      page     page     page", comment("held")),
    Door("GET", "comments.show",            "-        page     page     page     page     page", comment("own_held")),
    Door("GET", "comments.show",            "-        page     page     page     page     page", comment("own_removed")),
    Door("GET", "comments.show",            "-        404      404      page     page     page", comment("own_withdrawn")),
    Door("POST", "comments.post",           "cookie   done     done     done     done     done", OPEN, {"body": "New."}),
    Door("POST", "comments.post",           "cookie   404      404      404      409      409", DRAFT, {"body": "New."}),
    Door("POST", "comments.reply",          "cookie   done     done     done     done     done", comment("published"), {"body": "New."}),
    Door("POST", "comments.reply",          "cookie   404      404      409      409      409", comment("held"), {"body": "New."}),
    Door("GET", "comments.report_form",     "page     page     page     page     page     page", comment("published")),
    Door("GET", "comments.report_form",     "404      404      404      page     page     page", comment("held")),
    Door("POST", "comments.report",         "cookie   done     done     done     done     done", comment("published"), {"reason": "spam"}),
    Door("POST", "comments.report",         "cookie   404      404      409      409      409", comment("held"), {"reason": "spam"}),
    Door("POST", "comments.report",         "-        409      409      409      409      409", comment("own_published"), {"reason": "spam"}),
    Door("POST", "comments.rate",           "cookie   done     done     done     done     done", comment("published"), {"verdict": "good"}),
    Door("POST", "comments.rate",           "cookie   404      404      409      409      409", comment("held"), {"verdict": "good"}),
    Door("POST", "comments.rate",           "-        403      403      403      403      403", comment("own_published"), {"verdict": "good"}),
    Door("POST", "comments.rate",           "cookie   400      400      400      400      400", comment("published"), {"verdict": "loud"}),
    Door("POST", "comments.pick",           "403      403      403      403      done     done", comment("published"), {"picked": "picked"}),
    Door("POST", "comments.pick",           "404      404      404      403      409      409", comment("held"), {"picked": "picked"}),

    # the card
    Door("POST", "articles.move_chances",   "page     page     page     page     page     page", OPEN, {"step": "plus-{outcome}"}),
    Door("POST", "articles.move_chances",   "400      400      400      400      400      400", OPEN, {"step": "plus-0"}),
    Door("POST", "articles.move_chances",   "404      404      404      404      400      400", DRAFT, {"step": "plus-{outcome}"}),
    Door("POST", "articles.withdraw_take",  "404      done     done     done     done     done", OPEN),
    Door("POST", "articles.withdraw_take",  "404      404      404      404      409      409", DRAFT),
    Door("POST", "articles.withdraw_forecast", "404   done     done     done     done     done", OPEN),
    Door("POST", "articles.withdraw_forecast", "404   404      404      404      409      409", DRAFT),
    Door("GET", "articles.forecasts",       "sign-in  page     page     page     page     page", OPEN),
    Door("GET", "articles.forecasts",       "404      404      404      404      page     page", DRAFT),

    # writing
    Door("POST", "comments.preview",        "page     page     page     page     page     page", sends={"body": "*New.*"}),
    Door("POST", "comments.preview",        "404      404      404      404      page     page", {"article": "{draft}"}, {"body": "*New.*"}),
    Door("POST", "comments.preview",        "422      422      422      422      422      422", sends={"body": " "}),
    # mentions, edits and withdrawing
    Door("GET", "comments.people",          "page     page     page     page     page     page", {**OPEN, "q": "a"}),
    Door("GET", "comments.people",          "page     page     page     page     page     page", OPEN),
    Door("GET", "comments.people",          "404      404      404      404      page     page", DRAFT),
    Door("GET", "comments.edit",            "-        page     page     page     page     page", comment("own_published")),
    Door("GET", "comments.edit",            "-        page     page     page     page     page", comment("own_held")),
    Door("GET", "comments.edit",            "-        409      409      409      409      409", comment("own_removed")),
    Door("GET", "comments.edit",            "403      403      403      403      403      403", comment("published")),
    Door("GET", "comments.edit",            "404      404      404      403      403      403", comment("held")),
    Door("POST", "comments.revise",         "-        done     done     done     done     done", comment("own_published"), {"body": "New."}),
    Door("POST", "comments.revise",         "-        done     done     done     done     done", comment("own_held"), {"body": "New."}),
    Door("POST", "comments.revise",         "-        422      422      422      422      422", comment("own_held"), {"body": ""}),
    Door("POST", "comments.revise",         "-        409      409      409      409      409", comment("own_withdrawn"), {"body": "New."}),
    Door("POST", "comments.revise",         "403      403      403      403      403      403", comment("published"), {"body": "New."}),
    Door("POST", "comments.revise",         "404      404      404      403      403      403", comment("held"), {"body": "New."}),
    Door("GET", "comments.history",         "page     page     page     page     page     page", comment("published")),
    Door("GET", "comments.history",         "404      404      404      page     page     page", comment("held")),
    Door("GET", "comments.history",         "-        page     page     page     page     page", comment("own_removed")),
    Door("GET", "comments.history",         "-        404      404      404      404      404", comment("own_withdrawn")),
    Door("GET", "comments.withdrawal",      "-        page     page     page     page     page", comment("own_published")),
    Door("GET", "comments.withdrawal",      "403      403      403      403      403      403", comment("published")),
    Door("POST", "comments.withdraw",       "-        done     done     done     done     done", comment("own_published")),
    Door("POST", "comments.withdraw",       "-        done     done     done     done     done", comment("own_held")),
    Door("POST", "comments.withdraw",       "-        409      409      409      409      409", comment("own_removed")),
    Door("POST", "comments.withdraw",       "-        moved    moved    moved    moved    moved", comment("own_withdrawn")),
    Door("POST", "comments.withdraw",       "403      403      403      403      403      403", comment("published")),
    Door("POST", "comments.withdraw",       "404      404      404      403      403      403", comment("held")),

    Door("GET", "accounts.sign_in",         "page     page     moved    moved    moved    moved"),
    Door("POST", "accounts.sign_in",        "-        -        done     done     done     done", sends=CREDENTIALS),
    Door("POST", "accounts.sign_in",        "422      422      422      422      422      422", sends={**MAIL}),
    Door("POST", "accounts.sign_out",       "moved    moved    done     done     done     done"),
    Door("GET", "accounts.sign_up",         "page     page     moved    moved    moved    moved"),
    Door("POST", "accounts.sign_up",        "done     done     moved    moved    moved    moved", sends=MAIL),
    Door("GET", "accounts.mail_sent",       "moved    moved    moved    moved    moved    moved"),
    Door("GET", "accounts.confirm_email",   "page     page     page     page     page     page", {"token": "{token}"}),
    Door("GET", "accounts.confirm_email",   "404      404      404      404      404      404", {"token": "forged"}),
    Door("POST", "accounts.email_confirmed", "done    done     done     done     done     done", {"token": "{token}"}),
    Door("POST", "accounts.email_confirmed", "404     404      404      404      404      404", {"token": "forged"}),
    Door("POST", "accounts.send_again",     "sign-in  sign-in  moved    moved    moved    moved"),
    Door("GET", "accounts.profile",         "sign-in  page     page     page     page     page"),
    Door("GET", "accounts.show",            "page     page     page     page     page     page", {"public_id": "{author}"}),
    Door("GET", "accounts.show",            "404      404      404      404      404      404", {"public_id": "{stranger}"}),
    Door("GET", "accounts.change_password", "sign-in  sign-in  page     page     page     page"),
    Door("POST", "accounts.change_password", "403     403      done     done     done     done", sends=NEW_PASSWORD),
    Door("POST", "accounts.change_password", "403     403      422      422      422      422", sends={**NEW_PASSWORD, "current": "wrong"}),

    # following
    Door("GET", "following.index",          "sign-in  page     page     page     page     page"),
    Door("POST", "following.follow",        "cookie   moved    moved    moved    moved    moved", followed("article", "open")),
    Door("POST", "following.follow",        "cookie   404      404      404      409      409", followed("article", "draft")),
    Door("POST", "following.follow",        "cookie   done     done     done     done     done", followed("thread", "published")),
    Door("POST", "following.follow",        "cookie   404      404      409      409      409", followed("thread", "held")),
    Door("POST", "following.follow",        "-        409      409      409      409      409", followed("thread", "own_held")),
    Door("POST", "following.follow",        "-        404      404      409      409      409", followed("thread", "own_withdrawn")),
    Door("POST", "following.follow",        "cookie   done     done     done     done     done", followed("prediction", "prediction")),
    Door("POST", "following.follow",        "cookie   done     done     done     done     done", followed("reader", "author")),
    Door("POST", "following.follow",        "cookie   404      404      404      404      404", followed("reader", "stranger")),
    Door("POST", "following.follow",        "-        409      409      409      409      409", followed("reader", "own_id")),
    Door("POST", "following.unfollow",      "moved    done     done     done     done     done", followed("article", "open")),
    Door("POST", "following.unfollow",      "moved    moved    moved    moved    moved    moved", followed("reader", "author")),
    Door("POST", "following.end",           "-        done     done     done     done     done", {"follow_id": "{own_follow}"}),
    Door("POST", "following.mute",          "cookie   done     done     done     done     done", {"public_id": "{author}"}),
    Door("POST", "following.mute",          "-        409      409      409      409      409", {"public_id": "{own_id}"}),
    Door("POST", "following.unmute",        "-        done     done     done     done     done", {"public_id": "{own_muted}"}),
    Door("POST", "following.unmute",        "moved    moved    moved    moved    moved    moved", {"public_id": "{author}"}),

    # notifications
    Door("GET", "notifications.index",      "sign-in  page     page     page     page     page"),
    Door("POST", "notifications.mark_all_read", "403  done     done     done     done     done", sends={"up_to": "999999"}),
    Door("POST", "notifications.mark_read", "-        done     done     done     done     done", {"notification_id": "{own_told}"}),
    Door("POST", "notifications.open_one",  "-        done     done     done     done     done", {"notification_id": "{own_told}"}),
    Door("POST", "notifications.open_one",  "403      404      404      404      404      404", {"notification_id": "999999"}),
    Door("GET", "notifications.settings",   "sign-in  page     page     page     page     page"),
    Door("POST", "notifications.set_pace",  "403      403      done     done     done     done", sends={"pace": "never"}),
    Door("POST", "notifications.subscribe", "cookie   told     told     told     told     told", sends=BROWSER),
    Door("POST", "notifications.unsubscribe_browser", "-  told     told     told     told     told", sends={"endpoint": "{own_endpoint}"}),
    Door("GET", "notifications.service_worker", "page page     page     page     page     page"),
    Door("GET", "notifications.unsubscribing", "page  page     page     page     page     page", {"token": "{unsubscribe}"}),
    Door("GET", "notifications.unsubscribing", "404   404      404      404      404      404", {"token": "forged"}),
    Door("POST", "notifications.unsubscribe", "told   told     told     told     told     told", {"token": "{unsubscribe}"}),
    Door("POST", "notifications.unsubscribe", "404    404      404      404      404      404", {"token": "forged"}),
    Door("POST", "notifications.resubscribe", "page   page     page     page     page     page", {"token": "{unsubscribe}"}),
    Door("POST", "notifications.resubscribe", "404    404      404      404      404      404", {"token": "forged"}),


    Door("GET", "newsroom.index",           "sign-in  sign-in  404      404      page     page"),
    Door("GET", "newsroom.new",             "sign-in  sign-in  404      404      page     page"),
    Door("POST", "newsroom.create",         "403      403      404      404      done     done", sends={"body": "A text. Do you agree?", "headline": "New"}),
    Door("GET", "newsroom.edit",            "sign-in  sign-in  404      404      page     page", DRAFT_ID),
    Door("POST", "newsroom.revise",         "403      403      404      404      done     done", DRAFT_ID, {"headline": "Changed"}, "newsroom.edit"),
    Door("GET", "newsroom.opening",         "sign-in  sign-in  404      404      page     page", DRAFT_ID),
    Door("POST", "newsroom.open_article",   "403      403      404      404      done     done", DRAFT_ID, {"edition": "{edition}"}),
    Door("GET", "newsroom.closing",         "sign-in  sign-in  404      404      page     page", OPEN_ID),
    Door("POST", "newsroom.close_article",  "403      403      404      404      done     done", OPEN_ID),
    Door("GET", "newsroom.resolution",      "sign-in  sign-in  404      404      page     page", OPEN_ID),
    Door("POST", "newsroom.resolve",        "403      403      404      404      done     done", OPEN_ID, {**FOUND, "step": "confirm"}),

    # newsroom: changing what readers are asked
    Door("GET", "newsroom.wording",         "sign-in  sign-in  404      404      page     page", POLL),
    Door("GET", "newsroom.wording",         "sign-in  sign-in  404      404      409      409", {**DRAFT_ID, "asked": "poll"}),
    Door("POST", "newsroom.reword",         "403      403      404      404      done     done", POLL, {"question": "Reworded?"}, "newsroom.wording"),
    Door("POST", "newsroom.reword",         "403      403      404      404      done     done", PREDICTION, {"question": "Reworded?"}, "newsroom.wording"),
    Door("POST", "newsroom.reword",         "403      403      404      404      422      422", POLL, {"question": " "}, "newsroom.wording"),
    Door("GET", "newsroom.closing_time",    "sign-in  sign-in  404      404      page     page", POLL),
    Door("POST", "newsroom.reschedule",     "403      403      404      404      done     done", POLL, {"closes_at": "{next_year}"}, "newsroom.closing_time"),
    Door("POST", "newsroom.reschedule",     "403      403      404      404      422      422", POLL, {"closes_at": "{today}"}, "newsroom.closing_time"),
    Door("GET", "newsroom.ending",          "sign-in  sign-in  404      404      page     page", PREDICTION),
    Door("POST", "newsroom.end",            "403      403      404      404      done     done", PREDICTION),
    Door("GET", "newsroom.new_outcome",     "sign-in  sign-in  404      404      page     page", OPEN_ID),
    Door("POST", "newsroom.add_outcome",    "403      403      404      404      done     done", OPEN_ID, {"label": "Another"}, "newsroom.new_outcome"),
    Door("POST", "newsroom.add_outcome",    "403      403      404      404      422      422", OPEN_ID, {"label": ""}, "newsroom.new_outcome"),

    # the resolution desk, and readers' disputes
    Door("GET", "newsroom.resolution",      "sign-in  sign-in  404      404      page     page", SAID_ID),
    Door("GET", "newsroom.resolution",      "sign-in  sign-in  404      404      409      409", DRAFT_ID),
    Door("GET", "newsroom.declaration",     "sign-in  sign-in  404      404      page     page", {**SAID_ID, "noun": "annulment"}),
    Door("GET", "newsroom.declaration",     "sign-in  sign-in  404      404      409      409", {**OPEN_ID, "noun": "reopening"}),
    Door("POST", "newsroom.declare",        "403      403      404      404      done     done", {**SAID_ID, "noun": "reopening"}, CONFIRMED),
    Door("POST", "newsroom.declare",        "403      403      404      404      done     done", {**OPEN_ID, "noun": "ambiguity"}, CONFIRMED),
    Door("POST", "newsroom.declare",        "403      403      404      404      422      422", {**SAID_ID, "noun": "annulment"}),
    Door("POST", "newsroom.declare",        "403      403      404      404      409      409", {**DRAFT_ID, "noun": "annulment"}, CONFIRMED),
    Door("GET", "newsroom.decision",        "sign-in  sign-in  404      404      page     page", DISPUTED),
    Door("GET", "newsroom.decision",        "sign-in  sign-in  404      404      404      404", {**OPEN_ID, "dispute_id": "{dispute}"}),
    Door("POST", "newsroom.decide",         "403      403      404      404      done     done", DISPUTED, {**CONFIRMED, "ruling": "dismissed"}),
    Door("POST", "newsroom.decide",         "403      403      404      404      done     done", DISPUTED, {**CONFIRMED, "ruling": "reopened"}),
    Door("POST", "newsroom.decide",         "403      403      404      404      422      422", DISPUTED, CONFIRMED),
    Door("GET", "disputes.index",           "page     page     page     page     page     page", {"prediction_id": "{said}"}),
    Door("GET", "disputes.index",           "page     page     page     page     page     page", {"prediction_id": "{prediction}"}),
    Door("GET", "disputes.index",           "404      404      404      404      page     page", {"prediction_id": "{unsaid}"}),
    Door("POST", "disputes.dispute",        "cookie   done     done     done     done     done", {"prediction_id": "{said}"}, OBJECTION),
    Door("POST", "disputes.dispute",        "cookie   422      422      422      422      422", {"prediction_id": "{said}"}),
    Door("POST", "disputes.dispute",        "cookie   409      409      409      409      409", {"prediction_id": "{prediction}"}, OBJECTION),
    Door("POST", "disputes.dispute",        "cookie   404      404      404      409      409", {"prediction_id": "{unsaid}"}, OBJECTION),

    # Feeds: nobody's, so that a draft is not even the newsroom's.
    Door("GET", "feeds.site",               "page     page     page     page     page     page"),
    Door("GET", "feeds.comments",           "page     page     page     page     page     page"),
    Door("GET", "feeds.article",            "page     page     page     page     page     page", OPEN),
    Door("GET", "feeds.article",            "404      404      404      404      404      404", DRAFT),
    Door("GET", "feeds.reader",             "page     page     page     page     page     page", {"public_id": "{author}"}),
    Door("GET", "feeds.reader",             "404      404      404      404      404      404", {"public_id": "{stranger}"}),

    # oEmbed: another site's server asks, so it is told what nobody in particular sees. 400: without an address.
    Door("GET", "oembed.show",              "400      400      400      400      400      400"),
    Door("GET", "oembed.show",              "page     page     page     page     page     page", {"url": f"{SITE}/comments/{{published}}"}),
    Door("GET", "oembed.show",              "404      404      404      404      404      404", {"url": f"{SITE}/comments/{{held}}"}),
    Door("GET", "oembed.show",              "page     page     page     page     page     page", {"url": f"{SITE}/articles/{{open}}"}),
    Door("GET", "oembed.show",              "404      404      404      404      404      404", {"url": f"{SITE}/articles/{{draft}}"}),

    # results
    Door("GET", "articles.transcript",      "page     page     page     page     page     page", OPEN),
    Door("GET", "articles.transcript",      "404      404      404      404      page     page", DRAFT),
    Door("GET", "articles.crowd_forecast",  "page     page     page     page     page     page", OPEN),
    Door("GET", "articles.crowd_forecast",  "404      404      404      404      page     page", DRAFT),
    Door("GET", "articles.results_csv",     "403      403      403      403      403      403", OPEN),
    Door("GET", "articles.results_csv",     "404      404      404      404      403      403", DRAFT),
    Door("GET", "articles.results_json",    "403      403      403      403      403      403", OPEN),
    Door("GET", "articles.results_json",    "404      404      404      404      403      403", DRAFT),
    Door("GET", "articles.result_picture_of", "page   page     page     page     page     page", OPEN),
    Door("GET", "articles.result_picture_of", "404    404      404      404      404      404", DRAFT),

    # Open pages: the pulse is the same for everybody and knows no drafts; news are one's own. 400: what no page of ours sends.
    Door("GET", "articles.pulse",           "page     page     page     page     page     page", OPEN),
    Door("GET", "articles.pulse",           "404      404      404      404      404      404", DRAFT),
    Door("GET", "articles.pulse_with_results", "page  page     page     page     page     page", {**OPEN, "key": "{pulse_key}"}),
    Door("GET", "articles.pulse_with_results", "404   404      404      404      404      404", {**OPEN, "key": "0" * 32}),
    Door("GET", "articles.pulse_with_results", "404   404      404      404      404      404", {**DRAFT, "key": "{pulse_key}"}),
    Door("GET", "articles.news",            "page     page     page     page     page     page", {**OPEN, "after": "0"}),
    Door("GET", "articles.news",            "400      400      400      400      400      400", {**OPEN, "after": "x"}),
    Door("GET", "articles.news",            "404      404      404      404      page     page", DRAFT),
    Door("POST", "articles.visit",          "moved    done     done     done     done     done", OPEN, {"seen": "1"}),
    Door("POST", "articles.visit",          "400      400      400      400      400      400", OPEN, {"seen": "-1"}),
    Door("POST", "articles.visit",          "404      404      404      404      moved    moved", DRAFT, {"seen": "1"}),

    # Records: how near readers came, for everybody; nothing of a question that is not final, and nothing of a draft.
    Door("GET", "records.leaderboard",      "page     page     page     page     page     page"),
    Door("GET", "records.leaderboard",      "page     page     page     page     page     page", {"section": "City", "period": "month"}),
    Door("GET", "records.leaderboard",      "400      400      400      400      400      400", {"period": "week"}),
    Door("GET", "records.leaderboard",      "404      404      404      404      404      404", {"section": "Nowhere"}),
    Door("GET", "records.methods",          "page     page     page     page     page     page"),
    Door("GET", "records.methods_file",     "page     page     page     page     page     page"),
    Door("GET", "records.forecasts_file",   "page     page     page     page     page     page", {"prediction_id": "{final_prediction}"}),
    Door("GET", "records.forecasts_file",   "404      404      404      404      404      404", {"prediction_id": "{open_prediction}"}),
    Door("GET", "records.forecasts_file",   "404      404      404      404      404      404", {"prediction_id": "{draft_prediction}"}),
    Door("GET", "records.scores_file",      "page     page     page     page     page     page", {"prediction_id": "{final_prediction}"}),
    Door("GET", "records.scores_file",      "404      404      404      404      404      404", {"prediction_id": "{open_prediction}"}),
    Door("GET", "records.scores_file",      "404      404      404      404      404      404", {"prediction_id": "{draft_prediction}"}),

    # The policy: moderators read it, editors change it.
    Door("GET", "houserules.show",          "page     page     page     page     page     page"),
    Door("GET", "policy.index",             "sign-in  sign-in  404      moved    moved    moved"),
    Door("GET", "policy.list_clauses",      "sign-in  sign-in  404      page     page     page"),
    Door("GET", "policy.show_clause",       "sign-in  sign-in  404      page     page     page", CODE),
    Door("GET", "policy.new_clause",        "sign-in  sign-in  404      403      page     page"),
    Door("POST", "policy.add_clause",       "403      403      404      403      done     done", sends={**CLAUSE, "code": "kindness"}),
    Door("POST", "policy.add_clause",       "403      403      404      403      409      409", sends={**CLAUSE, "code": "abuse"}),
    Door("GET", "policy.edit_clause",       "sign-in  sign-in  404      403      page     page", CODE),
    Door("POST", "policy.change_clause",    "403      403      404      403      done     done", CODE, {**CLAUSE, "number": "1"}),
    Door("POST", "policy.change_clause",    "403      403      404      403      409      409", CODE, {**CLAUSE, "number": "7"}),
    Door("POST", "policy.change_clause",    "403      403      404      403      422      422", CODE, {"number": "1"}),
    Door("POST", "policy.move_clause",      "403      403      404      403      done     done", CODE, {"place": "3"}),
    Door("POST", "policy.retire_clause",    "403      403      404      403      done     done", CODE),
    Door("POST", "policy.return_clause",    "403      403      404      403      moved    moved", CODE),
    Door("GET", "policy.list_words",        "sign-in  sign-in  404      page     page     page", LIST),
    Door("POST", "policy.add_words",        "403      403      404      403      done     done", LIST, {"words": "gadzooks"}),
    Door("POST", "policy.add_words",        "403      403      404      403      422      422", LIST, {"words": "x"}),
    Door("POST", "policy.remove_words",     "403      403      404      403      done     done", LIST, {"word": "{word}"}),
    Door("POST", "policy.try_words",        "403      403      404      page     page     page", LIST, {"text": "Zounds!"}),
    Door("GET", "policy.list_rules",        "sign-in  sign-in  404      page     page     page"),
    Door("GET", "policy.show_rule",         "sign-in  sign-in  404      page     page     page", RULE),
    Door("GET", "policy.new_rule",          "sign-in  sign-in  404      403      page     page"),
    Door("POST", "policy.make_rule",        "403      403      404      403      done     done", sends=RULING),
    Door("POST", "policy.make_rule",        "403      403      404      403      page     page", sends={**RULING, "step": "try"}),
    Door("POST", "policy.make_rule",        "403      403      404      403      422      422", sends={"step": "save"}),
    Door("GET", "policy.edit_rule",         "sign-in  sign-in  404      403      page     page", RULE),
    Door("POST", "policy.revise_rule",      "403      403      404      403      moved    moved", RULE, RULING),
    Door("POST", "policy.revise_rule",      "403      403      404      403      409      409", RULE, {**RULING, "number": "7"}),
    Door("POST", "policy.switch_rule",      "403      403      404      403      done     done", RULE, {"to": "off"}),
    Door("POST", "policy.remove_rule",      "403      403      404      403      done     done", RULE),
    Door("GET", "policy.show_classifier",   "sign-in  sign-in  404      page     page     page"),
    Door("GET", "policy.show_model",        "sign-in  sign-in  404      page     page     page", {"version": "{model}"}),
    Door("GET", "policy.show_model",        "sign-in  sign-in  404      404      404      404", {"version": "none"}),
    Door("POST", "policy.train",            "403      403      404      403      422      422"),
    Door("POST", "policy.activate_model",   "403      403      404      403      done     done", {"version": "{model}"}),
    Door("POST", "policy.end_model",        "403      403      404      403      moved    moved", {"version": "{model}"}),
    Door("GET", "policy.changes",           "sign-in  sign-in  404      page     page     page"),

    Door("GET", "watching.healthz",         "page     page     page     page     page     page"),
    Door("GET", "watching.readyz",          "page     page     page     page     page     page"),
    Door("GET", "watching.metrics",         "404      404      404      404      404      404"),  # opened by a token alone

    Door("GET", "gallery.show",             "page     page     page     page     page     page"),
    Door("GET", "gallery.error",            "page     page     page     page     page     page", {"status": "404"}),
]  # fmt: skip
