"""robots.txt (RFC 9309), as the policy asks: fetched under the same rules as pages, once per origin and run."""

from __future__ import annotations

import httpx
from protego import Protego

from .body import Damaged
from .fetch import Fetcher
from .model import CaptureError
from .network import Refused

_MAX_BYTES = 512 * 1024  # RFC 9309 2.5 asks for at least 500 KiB
_MAX_REDIRECTS = 5  # RFC 9309 2.3.1.2
_SETTING = "set [fetch] obey_robots = false if you have a right to capture it all the same"


def check_robots(url: httpx.URL, fetcher: Fetcher, max_ratio: int) -> None:
    """Raise Refused if robots.txt of the origin of ``url`` disallows it or cannot be had.

    A 4xx answer allows everything; a 5xx answer or no answer allows nothing (RFC 9309 2.3.1).
    """
    policy = fetcher.policy
    origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
    if origin not in policy.robots:
        policy.robots[origin] = _rules(origin, fetcher, max_ratio)
    rules = policy.robots[origin]
    agent = policy.user_agent.partition("/")[0]
    if rules is not None and not Protego.parse(rules).can_fetch(str(url), agent):
        raise Refused(f"the robots.txt of {origin} asks not to fetch {url}; {_SETTING}.")


def _rules(origin: str, fetcher: Fetcher, max_ratio: int) -> str | None:
    """The text of robots.txt, or None if there is none."""
    try:
        hop = fetcher.follow(f"{origin}/robots.txt", max_redirects=_MAX_REDIRECTS)[-1]
        if 400 <= hop.head.status < 500:
            return None
        if hop.head.status != 200:
            raise CaptureError(f"it answered with status {hop.head.status}.")
        text = b""
        for chunk in hop.payload(fetcher.policy, max_ratio):
            text += chunk
            if len(text) > _MAX_BYTES:
                break
    except Refused:
        raise
    except CaptureError as e:
        why = "it is damaged" if isinstance(e, Damaged) else str(e).partition(";")[0].rstrip(".")
        raise Refused(f"{origin}/robots.txt could not be read ({why}), so nothing there is fetched; {_SETTING}.") from e
    return text[:_MAX_BYTES].decode("utf-8", "replace")
