"""Which category a goal belongs to, by the stems of its words. The Director's model call may correct it."""

from collections.abc import Mapping
from typing import Final

from director.goals.stems import pattern, plain
from director.words.states import Category

#: Stems that speak for a category, "$" as in `pattern`. A category with more different hits wins; among equals the one listed
#: first, so the narrow ones stand before the broad ones.
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

#: The same in German, French, Spanish, Portuguese, Italian and Dutch, in that order, a line each.
_MORE_STEMS: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.RETENTION: (
        "abwander", "kündig", "kundenbindung", "bestandskund", "zurückgewinn", "zurückhol", "verlänger", "wiederkauf",
        "fidélis", "désabonn", "résili", "attrition", "renouvel", "réactiv", "parrain", "clients existants",
        "retenci", "retener", "fideliz", "bajas", "cancelaci", "renovaci", "clientes actuales", "clientes inactivos",
        "retenç", "reter", "renovaç", "reativ", "clientes atuais", "clientes inativos",
        "fidelizz", "trattenere", "disdett", "rinnov", "riattiv", "clienti esistenti", "abbandono dei clienti",
        "klantbehoud", "klantenbinding", "opzegg", "behouden", "verlengen", "terugwinnen", "bestaande klanten",
    ),
    Category.COMPETITIVE: (
        "konkurren", "wettbewerb", "mitbewerb", "vergleich", "gegenüber", "marktanteil",
        "concurrence", "concurrents", "comparatif", "comparaison", "face à", "parts de marché",
        "competidor", "competencia", "comparativ", "frente a", "cuota de mercado",
        "concorr", "comparaç", "quota de mercado",
        "confronto$", "confronti$", "quota di mercato",
        "concurrentie", "concurrenten", "vergelijk", "marktaandeel",
    ),
    Category.MEASUREMENT: (
        "messen", "messung", "messbar", "auswert", "kennzahl", "nachverfolg",
        "mesur", "indicateur", "tableau de bord", "statistiqu",
        "medir", "medición", "mediciones", "indicador", "métric", "seguimiento", "cuadro de mando",
        "medição", "medições", "mensura", "acompanhamento", "painel de",
        "misur", "metrich", "tracciament", "cruscotto",
        "meten", "meting", "meetbaar", "statistiek", "bijhouden",
    ),
    Category.OPTIMIZATION: (
        "konversion", "konvertier", "anmeld", "registrier", "bestellvorgang", "warenkorb", "absprung", "formular",
        "testphase", "kaufabschl",
        "inscri", "panier", "formulaire", "taux de rebond", "essai", "entonnoir", "prise de commande",
        "registros", "inscripci", "carrito", "embudo", "prueba gratu", "tasa de rebote",
        "conversão", "conversões", "inscriç", "cadastr", "carrinho", "funil", "teste gratuit", "taxa de rejeiç",
        "iscrizion", "registrazion", "carrello", "moduli", "imbuto", "prova gratuit", "frequenza di rimbalzo",
        "conversie", "aanmeld", "inschrijv", "registratie", "winkelwagen", "proefperiode", "afrekenen", "bouncepercentage",
    ),
    Category.CONTENT: (
        "inhalt", "artikel", "schreib", "texte", "beitrag", "beiträge", "veröffentlich", "ratgeber", "soziale medien",
        "suchmaschin", "leitfaden",
        "contenu", "rédig", "rédact", "écri", "publier", "réseaux sociaux", "référencement", "lettre d'information",
        "contenido", "artículo", "escrib", "redactar", "redacción", "boletín", "redes sociales", "guías", "publicar",
        "conteúdo", "artigo", "escrev", "redigi", "boletim", "redes sociais",
        "contenut", "articol", "scriv", "pubblic", "motori di ricerca",
        "inhoud", "schrijf", "schrijv", "teksten", "nieuwsbrief", "publiceer", "zoekmachine", "sociale media",
    ),
    Category.STRATEGIC: (
        "preis", "einführ", "markteintritt", "zielgrupp", "marke$", "wachstum", "ideen",
        "prix$", "tarif$", "tarifs$", "lancer", "lancement", "marque$", "croissance", "idées",
        "estrateg", "posicion", "precio", "lanzar", "lanzamiento", "marca$", "crecimiento",
        "preço$", "preços$", "lançar", "lançamento", "crescimento",
        "posizion", "prezz", "lanciare", "lancio", "marchio", "crescita", "idee$",
        "prijs", "prijz", "lanceer", "merk$", "groei", "doelgroep",
    ),
}  # fmt: skip


#: The category of a goal whose words say none, and nobody else did.
NOBODY_SAID: Final = Category.STRATEGIC


def recognised(text: str) -> Category | None:
    """The category whose stems *text* hits most; None where it hits none."""
    words = plain(text)
    hits = {category: sum(stem.search(words) is not None for stem in stems) for category, stems in _PATTERNS.items()}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] else None


#: Each stem once, whatever languages have it: one word is one hit.
_PATTERNS: Final = {
    category: tuple(pattern(stem) for stem in dict.fromkeys((*stems, *_MORE_STEMS[category])))
    for category, stems in STEMS.items()
}
