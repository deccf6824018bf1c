"""What a member sends to get an access token: a short-lived statement signed with its own key (private_key_jwt).

Source: RFC 7523, section 3: iss and sub are the member's id, aud the token path of the hub, exp near, jti used once.
The hub's side, which redeems it with a JOSE library, is `service.client_assertion`.
"""

from __future__ import annotations

import urllib.parse

from stillwatch.exchange.signing import compact

AUDIENCE = "/exchange/token"
LIFE_S = 300
FORM = "application/x-www-form-urlencoded"


def assertion(member: str, origin: str, private: bytes, jti: str, now: float) -> str:
    """Signed, valid for LIFE_S from `now` (seconds since 1970). `private`: 32 bytes; `origin`: of the hub's log."""
    claims = {
        "iss": member,
        "sub": member,
        "aud": f"{origin}{AUDIENCE}",
        "exp": int(now) + LIFE_S,
        "jti": jti,
    }
    return compact(claims, private)


def form(signed: str) -> bytes:
    """The body of type FORM by which an assertion asks for a token (RFC 7523, section 2.2)."""
    return urllib.parse.urlencode(
        {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": signed,
        }
    ).encode()
