"""Identity: which mentions are the same site, body or report. Reasons are computed for people, who decide; never a score."""

from .links import Link, LinkAct, edge, same, standing_links
from .names import Reason, body_key, place_key, same_body, same_place
from .suggest import Suggestion, suggestions

__all__ = [
    "Link", "LinkAct", "Reason", "Suggestion", "body_key", "edge", "place_key", "same", "same_body", "same_place",
    "standing_links", "suggestions",
]
