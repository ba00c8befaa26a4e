"""The forms that a station takes, and the tags of the words at the ends of a phrase."""

from __future__ import annotations

from ..pack import Pack

FORMS = (
    "mobile", "virtual", "service_centre", "officers", "apartment", "handyman_business", "restaurant", "estate_agency",
    "travel_agency", "delivery_business", "law_office", "shop", "community_association", "office_building",
)  # fmt: skip
FORM_TAGS = tuple("form_" + form for form in FORMS)


def parts_tags(pack: Pack, form: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tags of the first and the last word of a phrase; the same set for a single word."""
    first, _, rest = form.partition(" ")
    tags = _tags(pack, first)
    return tags, _tags(pack, rest.rpartition(" ")[2]) if rest else tags


def _tags(pack: Pack, word: str) -> frozenset[str]:
    return frozenset().union(*(s.tags for s in pack.root.get(word, {}).get("", ())))
