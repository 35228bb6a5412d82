"""What the model service's limits keep back."""

from typing import Any

from director.mailbox import weather
from director.office import Office
from director.store.tx import Tx


def limits_document(office: Office, tx: Tx) -> list[dict[str, Any]]:
    """Each family of models of which less may be asked than usual: until when not at all, why, and by how many at once then."""
    return [
        {
            "models": limit.family,
            "asked_again_at": until.isoformat() if (until := weather.until_told(tx, limit)) else None,
            "reason": limit.reason or None,
            "at_once": limit.slots,
        }
        for limit in tx.limits.of(office.claude.service)
    ]
