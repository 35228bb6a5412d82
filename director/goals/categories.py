"""Which category a goal belongs to, by the stems of its words. The Director's model call may correct it."""

import re
from collections.abc import Mapping
from typing import Final

from director.words.states import Category

#: Stems that speak for a category, matched at the beginning of a word; with "$" behind it, a whole word. A category with more
#: different hits wins; among equals the one listed first, so the narrow ones stand before the broad ones.
STEMS: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.RETENTION: (
        "retention", "retain", "churn", "onboard", "renew", "win back", "winback", "lapsed", "loyal", "referral", "paywall",
        "existing customer", "activation", "cancel", "upsell", "cross-sell", "reactivat", "dormant", "come back",
        "bring back", "inactive",
    ),
    Category.COMPETITIVE: (
        "competit", "rival", "versus", "vs$", "alternative", "switch from", "unhappy with", "comparison", "compare",
        "comparing", "outrank", "take customers", "win customers from", "lose deals", "losing deals", "market share",
        "incumbent",
    ),
    Category.MEASUREMENT: (
        "measur", "track", "analytic", "audit", "attribut", "dashboard", "metric", "kpi", "instrument", "search console",
        "reporting", "traffic drop", "which channel", "numbers do not add up",
    ),
    Category.OPTIMIZATION: (
        "convert", "conversion", "optimi", "signup", "sign-up", "sign up", "checkout", "funnel", "bounce", "cro$", "form$",
        "forms$", "popup", "pop-up", "trial", "demo", "ab test", "a/b", "split test", "abandon",
    ),
    Category.CONTENT: (
        "content", "blog", "article", "write", "rewrit", "copy", "newsletter", "post$", "posts$", "posting", "publish",
        "guide$", "guides$", "social", "seo", "ebook", "editorial", "whitepaper", "rank", "organic", "google",
    ),
    Category.STRATEGIC: (
        "strateg", "position", "pricing", "price", "launch", "go-to-market", "gtm", "roadmap", "segment", "idea", "brand",
        "market entry", "growth",
    ),
}  # fmt: skip


def infer(text: str) -> Category:
    """The category whose stems *text* hits most; strategic when it hits none."""
    words = text.lower()
    hits = {category: sum(_hits(stem, words) for stem in stems) for category, stems in STEMS.items()}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] else Category.STRATEGIC


def _hits(stem: str, words: str) -> bool:
    whole = stem.removesuffix("$")
    end = r"\b" if whole != stem else ""
    return re.search(rf"\b{re.escape(whole)}{end}", words) is not None
