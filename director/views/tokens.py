"""Tokens and sessions as they are listed."""

from datetime import datetime
from typing import Any

from director.words.models import Token, TokenUse


def state_of(token: Token, now: datetime) -> str:
    """Whether it is good: "good", "expired" or "revoked"."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "good"


def token_document(token: Token, now: datetime) -> dict[str, Any]:
    """All but the secret, which nobody has."""
    return {
        "id": token.id,
        "brand": token.brand,
        "kind": token.kind,
        "name": token.name,
        "role": token.role,
        "state": state_of(token, now),
        "created": token.created_at.isoformat(),
        "expires": token.expires_at and token.expires_at.isoformat(),
        "used": token.used_at and token.used_at.isoformat(),
        "revoked": token.revoked_at and token.revoked_at.isoformat(),
    }


def use_document(use: TokenUse) -> dict[str, Any]:
    """One line of the trail; of reads: how many there were of the same in that hour."""
    return {
        "at": use.at.isoformat(),
        "address": use.address,
        "method": use.method,
        "path": use.path,
        "status": use.status,
        "times": use.times,
        "last": use.last_at.isoformat(),
    }
