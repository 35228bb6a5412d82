"""The brands there are: what each may spend and has spent this month, how much is under way, whether it has a context."""

from typing import Any

from director.files.context import context_file
from director.office import Office
from director.store.tx import Tx
from director.views.budget import budget
from director.words.amounts import as_number


def brands_document(office: Office, tx: Tx) -> list[dict[str, Any]]:
    """All of them, the one that is there from the beginning first."""
    return [_brand(office.of(brand.name), tx) for brand in tx.brands.all()]


def _brand(office: Office, tx: Tx) -> dict[str, Any]:
    money = budget(tx, office)
    context = context_file(office.settings)
    _, under_way = tx.goals.under_way(office.brand, limit=0)
    _, questions = tx.approvals.waiting(office.brand, limit=0)
    return {
        "name": office.brand,
        "month_cap_usd": as_number(money.paid.month_cap_nano),
        "month_spent_usd": as_number(money.paid.month.spent_nano),
        "paused": tx.brands.get(office.brand).paused_at is not None,
        "goals": tx.goals.count(office.brand),
        "under_way": under_way,
        "questions": questions,
        "context": str(context) if context.is_file() else None,
        "folder": str(office.settings.brand_dir),
    }
