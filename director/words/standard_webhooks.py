"""
The arithmetic of Standard Webhooks (github.com/standard-webhooks/standard-webhooks), for what is sent to us and what we send.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from typing import Final

#: What is written before a secret.
_PREFIX: Final = "whsec_"

#: What is written before a signature: the scheme's version.
_VERSION: Final = "v1,"


def key_of(secret: str) -> bytes:
    """
    The key that a secret stands for, with or without what is written before it.

    Raises:
        ValueError: it is no base64, or nothing.
    """
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as problem:
        raise ValueError("no base64") from problem
    if not key:  # whoever knows of it could sign
        raise ValueError("nothing")
    return key


def signature(key: bytes, ident: str, timestamp: str, body: bytes) -> str:
    """What `webhook-signature` says of a body that was sent under that id at that time, in seconds since 1970."""
    # Headers come as Latin-1.
    signed = f"{ident}.{timestamp}.".encode("latin-1", "replace") + body
    return _VERSION + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
