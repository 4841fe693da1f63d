"""Passwords: which can be used, and their hashes. Pure.

Length is the rule; composition rules make people write passwords down. What is refused beside is what is guessed first.
"""

from __future__ import annotations

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import N_, Invalid

SHORTEST = 10  # characters; length is what makes a password hard to guess
LONGEST = 200  # characters; hashing is not to be made expensive by a sender
FEWEST_DIFFERENT = 5  # characters; "aaaaaaaaaa" and "1212121212" are long and worth nothing
SHORTEST_PERSONAL = 4  # characters; a shorter part of a name or an address turns up by chance

# Runs of keys and letters: a password cut out of one of them, in either direction, is guessed first.
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "zaq12wsxcde34rfv",
)
# The words of leaked passwords; with digits and signs around them they are no better.
_COMMON = {
    *("password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "iloveyou", "letmein", "welcome", "changeme", "princess"),
    *("sunshine", "football", "baseball", "superman", "batman", "starwars", "whatever", "trustno", "dragon", "monkey"),
    *("qwerty", "qwertz", "azerty", "abc", "abcd", "admin", "administrator", "master", "secret", "default", "computer"),
    *("internet", "basketball", "liverpool", "manchester", "chocolate", "butterfly", "unknown", "motdepasse", "contraseña"),
    *("correcthorsebatterystaple", "loveyou", "iloveyouforever", "mypassword", "yourpassword", "thisisapassword", "foresay"),
}
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")

# OWASP's parameters for argon2id: 19 MiB, two passes, about 40 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# The hash of a password that nobody knows, made once: to make one takes 30 ms of every start.
OF_NO_ACCOUNT = "$argon2id$v=19$m=19456,t=2,p=1$d+gXbu4bHY38S3lPTtBybw$dj0IX/WsR3zzE6FMSt+6n6pLEDQBrHG7HgNSiy5UX8I"


def check(password: str, *personal: str) -> None:
    """Raise `Invalid` for a password that is too short, too long or guessed first.

    `personal` is what others know of its owner: a name, an address.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(N_("A password needs from %(least)s to %(most)s characters."), least=SHORTEST, most=LONGEST)
    folded = _normal(password).casefold()
    core = re.sub(r"\s+", "", folded)
    if len(set(core)) < FEWEST_DIFFERENT or _is_a_run(core) or _AROUND.sub("", core) in _COMMON:
        raise Invalid(N_("That password is among the first to be guessed. Several words in a row are better."))
    if any(_is_mostly(core, known) for known in personal):
        raise Invalid(N_("That password is hardly more than your name or your address. Choose another."))


def hashed(password: str) -> str:
    """Return the argon2id hash. Takes tens of milliseconds: call it outside a transaction. Raises `Invalid` by length."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(N_("A password needs from %(least)s to %(most)s characters."), least=SHORTEST, most=LONGEST)
    return _hasher.hash(_normal(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. Takes as long for an account that does not exist (None): call it outside a transaction."""
    try:
        return _hasher.verify(password_hash or OF_NO_ACCOUNT, _normal(password[:LONGEST])) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Return the password as every keyboard sends it: an é is one character on some and two on others."""
    return unicodedata.normalize("NFKC", password)


def _is_a_run(core: str) -> bool:
    return any(core in run or core in run[::-1] for run in _RUNS)


def _is_mostly(core: str, known: str) -> bool:
    """Whether less than half a password is left without what is known of its owner."""
    parts = {part for part in re.split(r"[\W_]+", known.casefold()) if len(part) >= SHORTEST_PERSONAL}
    left = core
    for part in sorted(parts, key=len, reverse=True):
        left = left.replace(part, "")
    return len(left) < len(core) / 2
