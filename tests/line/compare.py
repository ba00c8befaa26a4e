"""Two samples: could they come from the same distribution? Plain Python, so that a reader can check it."""

from __future__ import annotations

import math
from collections.abc import Sequence


def mann_whitney(a: Sequence[float], b: Sequence[float]) -> float:
    """The two-sided p-value of the Mann-Whitney U test, by the normal approximation with correction for ties."""
    n, m = len(a), len(b)
    pooled = sorted([(value, 0) for value in a] + [(value, 1) for value in b])
    ranks, ties, at = 0.0, 0.0, 0
    while at < len(pooled):
        end = at
        while end < len(pooled) and pooled[end][0] == pooled[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(1 for _, which in pooled[at:end] if which == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1))))
    return math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2)) if spread else 1.0


def kolmogorov_smirnov(a: Sequence[float], b: Sequence[float]) -> float:
    """The p-value of the two-sample Kolmogorov-Smirnov test, by its asymptotic distribution."""
    first, second = sorted(a), sorted(b)
    i = j = 0
    widest = 0.0
    while i < len(first) and j < len(second):
        value = min(first[i], second[j])
        while i < len(first) and first[i] == value:
            i += 1
        while j < len(second) and second[j] == value:
            j += 1
        widest = max(widest, abs(i / len(first) - j / len(second)))
    size = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    x = (size + 0.12 + 0.11 / size) * widest
    if x < 0.2:
        return 1.0
    return max(0.0, min(1.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))))
