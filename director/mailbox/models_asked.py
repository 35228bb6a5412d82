"""Which model each actor asks: its tier's, or MODEL; the cheapest from the level critical on (`calls/cheapest.py` asks it)."""

from director.mailbox import restrictions
from director.money.levels import ASK_CHEAPEST
from director.office import CHEAPEST, TIERS, Office
from director.store.tx import Tx
from director.words.errors import NoPrice


def models_asked(tx: Tx, office: Office, brand: str) -> dict[str, str]:
    """By actor, at the level of the brand's month. Who has no model here finds that out in its turn, and is left out."""
    tiers = {**TIERS, **{name: skill.tier for name, skill in office.skills.items()}}
    if restrictions.of_money(tx, office, brand, rehearsal=office.claude.rehearses).level in ASK_CHEAPEST:
        tiers = dict.fromkeys(tiers, CHEAPEST)
    found = {}
    for actor, tier in tiers.items():
        try:
            found[actor] = office.prices.model_for(tier, office.settings.model)
        except NoPrice:
            continue
    return found
