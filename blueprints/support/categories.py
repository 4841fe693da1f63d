"""What the categories of the policy's clauses are called, as the transparency reports of the Digital Services Act call them."""

from __future__ import annotations

from flask_babel import lazy_gettext

from models import Category

CATEGORIES = {
    Category.ANIMAL_WELFARE: lazy_gettext("Animal welfare"),
    Category.DATA_PROTECTION: lazy_gettext("Data protection and privacy violations"),
    Category.ILLEGAL_SPEECH: lazy_gettext("Illegal or harmful speech"),
    Category.INTELLECTUAL_PROPERTY: lazy_gettext("Intellectual property infringements"),
    Category.CIVIC_DISCOURSE: lazy_gettext("Negative effects on civic discourse or elections"),
    Category.CONSENT: lazy_gettext("Non-consensual behaviour"),
    Category.MINORS: lazy_gettext("Protection of minors"),
    Category.PUBLIC_SECURITY: lazy_gettext("Risk for public security"),
    Category.SCAMS: lazy_gettext("Scams and fraud"),
    Category.SELF_HARM: lazy_gettext("Self-harm"),
    Category.SCOPE: lazy_gettext("Scope of platform service"),
    Category.UNSAFE_PRODUCTS: lazy_gettext("Unsafe or illegal products"),
    Category.VIOLENCE: lazy_gettext("Violence"),
    Category.OTHER: lazy_gettext("Other violation of the house rules"),
}
