"""Identity: which mentions are the same site, body or report. Suggestions are computed, links are decided by people."""

from .links import Link, LinkAct, edge, same, standing_links

__all__ = ["Link", "LinkAct", "edge", "same", "standing_links"]
