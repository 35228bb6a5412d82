"""Which kind of business a product context is about, by the words it has: which of the ready-made plans fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from director.goals.stems import pattern, plain
from director.prompting.allowances import CONTEXT_ALLOWANCE
from pipelines.template import Business

#: What speaks for a kind of business, each sign by its stems ("$" as in `pattern`): in English, then in German, French,
#: Spanish, Portuguese, Italian and Dutch. A sign counts once: who sells software to salons, bakeries and garages is no shop.
SIGNS: Final[Mapping[Business, tuple[tuple[str, ...], ...]]] = {
    Business.LOCAL: (
        ("workshop", "shop$", "salon$", "bakery", "butcher", "florist", "hairdress", "barber", "restaurant", "café$",
         "pub$", "hotel", "garage", "pharmacy", "clinic$", "dentist", "dental", "physiotherap", "vet$", "plumb",
         "electrician", "joiner", "accountant", "law firm", "practice$", "showroom", "bookshop", "studio$", "gym$",
         "driving school",
         "werkstatt", "laden$", "ladengeschäft", "praxis", "kanzlei", "bäckerei", "metzgerei", "friseur", "gasthaus",
         "handwerksbetrieb", "boutique", "boulangerie", "cabinet$", "atelier", "magasin", "tienda", "taller$",
         "peluquería", "panadería", "loja", "oficina$", "padaria", "cabeleireir", "negozio", "officina", "bottega",
         "studio medico", "parrucchier", "winkel$", "werkplaats", "bakkerij", "kapper", "praktijk$"),
        ("opening hours", "opening times", "office hours", "open monday", "open tuesday", "open daily", "open from",
         "open until", "closing time",
         "öffnungszeit", "sprechzeit", "geöffnet", "heures d'ouverture", "horaires d'ouverture", "horario", "abierto",
         "horário", "aberto de", "orari", "aperto da", "openingstijd", "geopend"),
        ("counter$", "till$", "shop window", "front desk", "reception desk", "waiting room",
         "theke", "tresen", "schaufenster", "wartezimmer", "comptoir", "vitrine", "mostrador", "escaparate", "balcão",
         "montra", "bancone", "vetrina", "toonbank", "etalage", "balie$"),
        ("street", "road$", "lane$", "town$", "village", "neighbour", "neighbor", "next door", "postcode", "car park",
         "parking", "within walking",
         "straße", "strasse", "stadtteil", "nachbar", "ortskern", "quartier", "voisin", "barrio", "vecin", "bairro",
         "vizinh", "quartiere", "vicini$", "buurt", "straat"),
        ("appointment", "walk-in", "walk in$", "come in$", "come by", "comes by", "drop in$", "in person",
         "by telephone", "by phone", "regulars",
         "terminvereinbarung", "termin$", "termine$", "laufkund", "stammkund", "rendez-vous", "cita previa", "clientela",
         "com marcação", "su appuntamento", "afspraak", "langskom"),
        ("leaflet", "flyer", "poster", "noticeboard", "notice board", "staff board", "price board", "price list",
         "window card", "local paper",
         "handzettel", "aushang", "prospectus", "affiche", "folleto", "cartel$", "panfleto", "cartaz", "volantin",
         "locandin"),
    ),
    Business.SOFTWARE: (
        ("software", "saas", "open source", "open-source", "web app", "mobile app", "app$", "apps$", "plugin", "plug-in",
         "logiciel"),
        ("trial$", "trials$", "free tier", "free plan", "freemium", "install$", "installs$", "installing", "installed",
         "download", "sign-up flow", "self-host", "self-serve",
         "testphase", "installier", "herunterlad", "essai gratuit", "installer", "télécharg", "prueba gratuita",
         "descarg", "teste grátis", "prova gratuita", "scaric", "proefperiode", "installeren"),
        ("api$", "apis$", "sdk", "integration", "webhook", "cli$", "command line",
         "schnittstelle", "intégration", "integraci", "integraç", "integrazion", "integratie"),
        ("repositor", "github", "gitlab", "developer", "codebase", "source code", "python", "javascript", "typescript",
         "entwickler", "développeu", "desarrollador", "desenvolvedor", "sviluppator", "ontwikkelaar"),
        ("cloud", "server", "deploy", "hosted", "hosting", "browser", "docker", "kubernetes", "data centre",
         "data center", "servidor"),
        ("dashboard", "log in$", "login", "single sign-on", "sso$", "user interface", "workspaces", "onboarding"),
        ("changelog", "release", "pull request", "issue tracker", "documentation", "roadmap", "version$", "versions$",
         "dokumentation", "documentación", "documentação", "documentazion", "documentatie"),
        ("per seat", "per user", "active users", "monthly users", "mrr$", "arr$", "churn", "usage-based",
         "pro nutzer", "par utilisateur", "por usuario", "por usuário", "per utente", "per gebruiker"),
    ),
}  # fmt: skip

#: As many signs make it clear, if those for the other kind are at most half as many.
CLEAR: Final = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """The kind of business, and words of the context that say so, one a sign; None and no words where it is not clear."""

    business: Business | None = None
    words: tuple[str, ...] = ()


def recognised(context: str | None) -> Recognised:
    """What a product context says of it; of a long one, the part everybody is shown."""
    written = normalize("NFC", (context or "")[:CONTEXT_ALLOWANCE])
    text = plain(written)
    # Nearly always a character is one without its accents too; then the words are shown as they were written.
    shown = written if len(written) == len(text) else text
    hits = {
        business: [shown[slice(*found.span())] for found in (sign.search(text) for sign in signs) if found]
        for business, signs in _PATTERNS.items()
    }
    best, second = sorted(hits, key=lambda business: len(hits[business]), reverse=True)
    if len(hits[best]) < max(CLEAR, 2 * len(hits[second])):
        return Recognised()
    return Recognised(best, tuple(hits[best]))


_PATTERNS: Final = {business: tuple(pattern(*stems) for stems in signs) for business, signs in SIGNS.items()}
