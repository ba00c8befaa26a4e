"""Writing the register as a static site with its datasets, checking such a site, and serving it on this machine."""

from .check import check_site
from .model import Problem, Publication, Published, PublishError
from .serve import serve
from .site import publish
from .words import statement_in_words

__all__ = [
    "Problem", "Publication", "PublishError", "Published", "check_site", "publish", "serve", "statement_in_words",
]
