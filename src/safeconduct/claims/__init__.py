"""What a claim is: kinds, values, places, dates and attribution. Pure data; everything else is built on it."""

from .attribution import PUBLISHER, UNSPECIFIED, Attribution, asserter_name, check_asserter, slugify, speaks_as_many
from .canonical import canonical, canonical_words, sha256
from .claim import Claim, claim_from, recorded_claim
from .dates import Edtf, parse_edtf
from .kinds import (
    CODEBOOK,
    KINDS,
    Agreement,
    Figure,
    Incident,
    Operator,
    Position,
    Recommendation,
    Report,
    Response,
    Site,
    Slots,
    make_slots,
    slot_specs,
)
from .places import City, cities, city, country_code, country_name, the_country

__all__ = [
    "CODEBOOK", "KINDS", "PUBLISHER", "UNSPECIFIED", "Agreement", "Attribution", "City", "Claim", "Edtf", "Figure",
    "Incident", "Operator", "Position", "Recommendation", "Report", "Response", "Site", "Slots", "asserter_name",
    "canonical", "canonical_words", "check_asserter", "cities", "city", "claim_from", "country_code", "country_name",
    "make_slots", "parse_edtf", "recorded_claim", "sha256", "slot_specs", "slugify", "speaks_as_many", "the_country",
]
