"""Who may send events from outside."""

from typing import Any

from director.triggers.sources import ENVELOPE_ADDRESS, Sources


def sources_document(found: Sources, *, has_token: bool) -> dict[str, Any]:
    """Our own envelope, the sources there are, and the files that are none, each with the reason. No secret is in it."""
    return {
        "broken": [{"file": str(file), "reason": why} for file, why in found.broken.items()],
        "envelope": {"address": ENVELOPE_ADDRESS, "token": has_token},
        "sources": [
            {
                "name": source.name,
                "address": source.address,
                "brand": source.brand,
                "scheme": source.scheme,
                "secret_env": list(source.secret_env),
                "types": list(source.types) or None,
                "lacks": source.lacks or None,
                "file": str(source.file),
            }
            for source in found.sources.values()
        ],
    }
