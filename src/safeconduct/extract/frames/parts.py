"""The forms that a station takes."""

from __future__ import annotations

FORMS = (
    "mobile", "virtual", "service_centre", "officers", "apartment", "handyman_business", "restaurant", "estate_agency",
    "travel_agency", "delivery_business", "law_office", "shop", "community_association", "office_building",
)  # fmt: skip
FORM_TAGS = tuple("form_" + form for form in FORMS)
