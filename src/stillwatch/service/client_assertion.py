"""Client assertions: a member shows, with a signing key of its own, that it is the one that asks for a token.

Source: RFC 7523 (private_key_jwt), section 3: iss and sub are the member's id, aud is the token path of this hub, exp is
near, jti is used once. The key is one of the member's signing keys in force; a used jti is on disk, so that a restart does
not make a replay possible.
"""

from __future__ import annotations

import time

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

from stillwatch.exchange import signing
from stillwatch.exchange.assertion import AUDIENCE, LIFE_S
from stillwatch.service.hub import Hub
from stillwatch.storage.hub import Member

SKEW_S = 60
TOKEN_BYTES_MAX = 8 << 10


class WrongAssertionError(ValueError):
    """The assertion does not show who asks; which part was wrong stays here."""


def redeem(hub: Hub, assertion: str, now: float | None = None) -> Member:
    """The active member that made the assertion. Raises WrongAssertionError, StorageError. `now`: seconds, UTC."""
    now = time.time() if now is None else now
    try:
        kid = extract_compact(assertion.encode()).headers().get("kid")
        found = hub.store.key(kid) if isinstance(kid, str) else None
        if found is None or found.retired is not None or found.revoked is not None:
            raise WrongAssertionError("no key in force has this id")
        key = OKPKey.import_key(msgspec.json.decode(found.jwk))
        claims = jwt.decode(assertion, key, algorithms=[signing.ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise WrongAssertionError(str(error)) from None
    member = hub.store.member(found.member)
    if member is None or member.state != "active" or {claims.get("iss"), claims.get("sub")} != {member.id}:
        raise WrongAssertionError("iss and sub are not the key's member")
    wanted = f"{hub.origin}{AUDIENCE}"
    if claims.get("aud") not in (wanted, [wanted]):
        raise WrongAssertionError("aud is not this hub")
    expiry, jti = claims.get("exp"), claims.get("jti")
    if not isinstance(expiry, int) or not now - SKEW_S < expiry <= now + LIFE_S + SKEW_S:
        raise WrongAssertionError(f"exp is past or more than {LIFE_S} s away")
    if not isinstance(jti, str) or not 16 <= len(jti) <= 128:
        raise WrongAssertionError("jti has not 16 to 128 characters")
    if not hub.store.spend(f"{member.id} {jti}", expiry + SKEW_S, int(now)):
        raise WrongAssertionError("the assertion was used before")
    return member
