"""What an identifier is, and the one way to write it: two labs find the same token only for the same bytes.

A line is TYPE:VALUE. Rules are fixed; a change of one needs a new epoch version, as old and new tokens would not meet.

email:       mailbox address; domain to lower-case A-labels (RFC 3490); local part lower case, cut before the first '+';
             at gmail.com and googlemail.com dots of the local part go and the domain is gmail.com
phone:       E.164: '+' and 8 to 15 digits; spaces, dots, dashes and brackets go
pay:         PROCESSOR:FINGERPRINT as the processor gives it, never a card number
dev:         SCHEME:FINGERPRINT of a device
org-domain:  domain of an organisation, lower-case A-labels, without www.
net:         an IPv4 /24 or IPv6 /48 network, never one address
asn:         number of an autonomous system
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

LINE_CHARACTERS_MAX = 1_024
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LOCAL = re.compile(r"[a-z0-9.!#$%&'*/=?^_`{|}~-]{1,64}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_PRINT = re.compile(r"[!-~]{8,256}")
_DOTLESS = {"gmail.com", "googlemail.com"}


class Line(NamedTuple):
    """An identifier and where it stood."""

    number: int
    text: str


class Read(NamedTuple):
    """Identifiers in the order of their lines, each once; (line, why) of those refused. Reasons hold no value."""

    lines: list[Line]
    refused: list[tuple[int, str]]


def read(text: str, purpose: str) -> Read:
    """The identifiers of a list, one a line, empty lines and those after '#' skipped."""
    out, refused, seen = list[Line](), list[tuple[int, str]](), set[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        try:
            held = canonical(raw, purpose)
        except ValueError as error:
            refused.append((number, str(error)))
            continue
        if held not in seen:
            seen.add(held)
            out.append(Line(number, held))
    return Read(out, refused)


def canonical(line: str, purpose: str) -> str:
    """TYPE:VALUE in the one form. Raises ValueError, which does not repeat the value."""
    kind, colon, value = unicodedata.normalize("NFC", line).strip().partition(":")
    kinds = KINDS[purpose]
    if not colon or kind not in kinds:
        raise ValueError(f"does not begin with one of {', '.join(f'{k}:' for k in kinds)}")
    if len(line) > LINE_CHARACTERS_MAX:
        raise ValueError(f"longer than {LINE_CHARACTERS_MAX} characters")
    return f"{kind}:{kinds[kind](value.strip())}"


def types(lines: Iterable[Line]) -> dict[str, int]:
    """How many of each type."""
    out: dict[str, int] = {}
    for line in lines:
        kind = line.text.partition(":")[0]
        out[kind] = out.get(kind, 0) + 1
    return dict(sorted(out.items()))


def _email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    local = local.lower().partition("+")[0]
    domain = _domain(domain)
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    if not at or not _LOCAL.fullmatch(local):
        raise ValueError("not a mailbox address in ASCII")
    return f"{local}@{domain}"


def _phone(value: str) -> str:
    digits = re.sub(r"[\s.()/-]", "", value)
    if not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits):
        raise ValueError("not a number in E.164 form: +, country code, number")
    return digits


def _scoped(value: str) -> str:
    scope, colon, print_ = value.partition(":")
    if not colon or not _SLUG.fullmatch(scope.lower()) or not _PRINT.fullmatch(print_):
        raise ValueError("not SCOPE:FINGERPRINT with 8 to 256 printable ASCII characters")
    return f"{scope.lower()}:{print_}"


def _payment(value: str) -> str:
    held = _scoped(value)
    digits = re.sub(r"[ -]", "", held.partition(":")[2])
    if re.fullmatch(r"[0-9]{12,19}", digits) and _luhn(digits):
        raise ValueError("looks like a card number: give the processor's fingerprint of it")
    return held


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _organisation(value: str) -> str:
    domain = _domain(value.removesuffix("."))
    return domain.removeprefix("www.") if domain.count(".") > 1 else domain


def _domain(value: str) -> str:
    try:
        domain = value.strip().lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("not a domain name") from None
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(x) for x in labels):
        raise ValueError("not a domain name")
    return domain


def _network(value: str) -> str:
    try:
        held = ipaddress.ip_network(value, strict=True)
    except ValueError:
        raise ValueError("not a network such as 192.0.2.0/24") from None
    if held.prefixlen != (24 if held.version == 4 else 48):
        raise ValueError("only IPv4 /24 and IPv6 /48 networks, never one address")
    return held.compressed


def _system(value: str) -> str:
    digits = value.upper().removeprefix("AS")
    if not re.fullmatch(r"[1-9][0-9]{0,9}", digits) or int(digits) >= 2**32:
        raise ValueError("not the number of an autonomous system")
    return digits


KINDS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "identifiers": {
        "email": _email, "phone": _phone, "pay": _payment, "dev": _scoped, "org-domain": _organisation,
    },
    "networks": {"net": _network, "asn": _system},
}  # fmt: skip
