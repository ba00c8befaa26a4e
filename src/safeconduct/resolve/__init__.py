"""Identity: which mentions are the same site, body or report. Reasons are computed for people, who decide; never a score."""

from .links import Link, LinkAct, edge, same, standing_links
from .names import Reason, body_key, place_key, same_body, same_place
from .stations import apart, force_town, place_base, same_force, same_sites, spelling
from .suggest import Suggestion, suggestions

__all__ = [
    "Link", "LinkAct", "Reason", "Suggestion", "apart", "body_key", "edge", "force_town", "place_base", "place_key", "same",
    "same_body", "same_force", "same_place", "same_sites", "spelling", "standing_links", "suggestions",
]
