"""Redacting: data without what nobody should read in a test, in a way that the machine still takes the same course.

A value is secret by the name of its key, by a path, or by what it looks like; `Redactor.learn` collects the secrets of a whole history,
so that one which turns up elsewhere, under another name or inside another text, goes too. The same secret always becomes the same text.

Limits: what a machine computes of a secret (a hash, a part of it) is computed of what stands for it; values shorter than 4 characters
are replaced only where they are named.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable
from typing import Any

from states.language.values import dumps, loads

Json = Any
Path = tuple[str, ...]

#: Keys whose values are secret, in small letters, without what joins words.
SECRET_KEYS = frozenset(
    """authorization proxyauthorization password passwd passphrase pwd secret token accesstoken refreshtoken idtoken sessiontoken
    securitytoken bearertoken authtoken apikey xapikey apitoken clientsecret secretkey secretaccesskey accesskeyid accesskey privatekey
    credential credentials cookie setcookie cardnumber creditcard creditcardnumber pan cvc cvv iban ssn pin otp""".split()  # noqa: SIM905
)
#: Endings of keys that say the same: `dbPassword`, `stripe_api_key`.
SECRET_ENDINGS = ("password", "secret", "apikey", "privatekey", "secretkey", "accesstoken", "refreshtoken")

#: What secrets look like, wherever they stand.
LOOKS = re.compile(
    r"(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}"  # an access key of AWS
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"  # a JSON Web Token
    r"|(?<=Bearer )[\w.~+/-]{8,}=*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w.-])"  # digits of a card, if the check digit is right
)
SHORTEST_WHOLE, SHORTEST_PART = 4, 6  #: characters of a secret that is looked for as a value of its own, and inside other texts
DEEPEST = 200
REDACTED = "REDACTED"


class Redactor:
    """Replaces secrets. `names` are keys and paths of more of them, `default` says whether SECRET_KEYS and LOOKS count, too.

    `keep_sizes` gives each replaced text the length it had in JSON, so that limits of size are met as before.
    """

    def __init__(self, names: Iterable[str] = (), *, default: bool = True, keep_sizes: bool = False) -> None:
        given = list(names)
        self.keys = {plain(name) for name in given if not name.startswith("$")} | (SECRET_KEYS if default else frozenset())
        self.endings = SECRET_ENDINGS if default else ()
        self.paths = [path_of(name) for name in given if name.startswith("$")]
        self.default = default
        self.keep_sizes = keep_sizes
        self.used: set[str] = set()  #: the secrets that were replaced since `learn`
        self._known: dict[str, str] = {}
        self._by_start: dict[str, list[str]] = {}  # those looked for inside of texts, by their first characters, the longest first
        self._is_learning = False

    def learn(self, value: Json) -> None:
        """Finds the secrets of a value."""
        self._is_learning = True
        self._walk(value, (), False)
        self._is_learning = False
        self.used.clear()

    def clean(self, value: Json) -> Json:
        """The value with every secret that is known or found in it replaced."""
        return self._walk(value, (), False)

    def is_secret_key(self, key: str) -> bool:
        name = plain(key)
        return name in self.keys or (bool(self.endings) and name.endswith(self.endings))

    def _walk(self, value: Json, path: Path, secret: bool) -> Json:
        secret = secret or (bool(self.paths) and any(_fits(pattern, path) for pattern in self.paths))
        if len(path) > DEEPEST:
            return value
        if isinstance(value, dict):
            return {self._text(key): self._walk(each, (*path, key), secret or self.is_secret_key(key)) for key, each in value.items()}
        if isinstance(value, list):
            return [self._walk(each, (*path, str(number)), secret) for number, each in enumerate(value)]
        if isinstance(value, str):
            return self._instead_of(value) if secret and value else self._inside(value, path)
        if isinstance(value, bool) or value is None:
            return value
        return self._number(value, secret)

    def _inside(self, text: str, path: Path) -> str:
        """A text that is no secret itself: JSON in it is looked through, and secrets in it are replaced."""
        if text[:1] in ("{", "[") and len(text) > 2:
            try:
                held = loads(text)
            except (ValueError, RecursionError):
                return self._text(text)
            cleaned = self._walk(held, (*path, "*"), False)
            return text if cleaned == held else dumps(cleaned)
        return self._text(text)

    def _text(self, text: str) -> str:
        if len(text) >= SHORTEST_WHOLE and text in self._known:
            return self._use(text)
        if self.default:
            text = LOOKS.sub(lambda match: self._instead_of(match[0]) if _is_secret(match[0]) else match[0], text)
        return text if self._is_learning or not self._by_start else self._without_parts(text)

    def _without_parts(self, text: str) -> str:
        """A text with the known secrets inside of it replaced."""
        pieces: list[str] = []
        place = done = 0
        while place <= len(text) - SHORTEST_PART:
            same_start = self._by_start.get(text[place : place + SHORTEST_PART], ())
            secret = next((each for each in same_start if text.startswith(each, place)), None)
            if secret is None:
                place += 1
                continue
            pieces += [text[done:place], self._use(secret)]
            place = done = place + len(secret)
        return "".join([*pieces, text[done:]]) if pieces else text

    def _instead_of(self, text: str) -> str:
        """What stands for a secret: always the same for the same, and a secret that was replaced already stays."""
        if text in self._known:
            return self._use(text)
        if text.startswith(REDACTED):
            return text
        number = len(self._known) + 1
        made = f"{REDACTED}-{number}"
        if self.keep_sizes:
            size = len(dumps(text).encode("utf-8", "surrogatepass")) - 2
            made = made.ljust(size, "x") if size >= len(made) else str(number).rjust(size, "x")[-size:]
        self._known[text] = made
        if len(text) >= SHORTEST_PART:
            same_start = self._by_start.setdefault(text[:SHORTEST_PART], [])
            insort(same_start, text, key=lambda secret: -len(secret))
        return self._use(text)

    def _use(self, text: str) -> str:
        self.used.add(text)
        return self._known[text]

    def _number(self, value: float, secret: bool) -> float:
        written = dumps(value)
        if not secret and not (self.default and isinstance(value, int) and len(written) >= 13 and _is_card(written)):
            return value
        self.used.add(written)
        return int("1" * len(written)) if self.keep_sizes and isinstance(value, int) else 0


def plain(key: str) -> str:
    """A key without what joins its words: `X-Api-Key` is `xapikey`."""
    return re.sub(r"[\W_]", "", key).lower()


def path_of(text: str) -> Path:
    """The steps of `$.customer.emails[*]`, `$['a key']` or `$..email`; ValueError for anything else.

    >>> path_of("$.customer.emails[*]"), path_of("$..email")
    (('customer', 'emails', '*'), ('..', 'email'))
    """
    steps: list[str] = []
    place = 1
    while place < len(text):
        match = re.compile(r"\.\.(?=[\w*'\[-])|\.?([\w*-]+)|\[(\d+|\*)\]|\['([^']*)'\]").match(text, place)
        if match is None or (match[1] is not None and text[place] != "." and (not steps or steps[-1] != "..")):
            raise ValueError(f"{text!r}: expected a path such as $.customer.email, $.items[*].card or $..email")
        steps.append(next((step for step in match.groups() if step is not None), ".."))
        place = match.end()
    if not steps or steps[-1] == "..":
        raise ValueError(f"{text!r}: expected a path such as $.customer.email, $.items[*].card or $..email")
    return tuple(steps)


def _fits(pattern: Path, path: Path) -> bool:
    """Whether a path is the one of the pattern."""
    places = {0}
    for step in path:
        after = {place for place in places if place < len(pattern) and pattern[place] == ".."}
        for place in places | {place + 1 for place in after}:
            if place < len(pattern) and pattern[place] in (step, "*"):
                after.add(place + 1)
        places = after
    return len(pattern) in places


def _is_secret(found: str) -> bool:
    return _is_card(found) if found[:1].isdigit() else True


def _is_card(text: str) -> bool:
    """Whether digits have the check digit of a card number (Luhn), and not all are the same."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) < 2:
        return False
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
