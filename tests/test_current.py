"""A workspace that stays open reads on from where it ended; its register is the one that a workspace opened anew computes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct import Workspace

DAY = date(2026, 6, 1)
SENTENCES = (
    "According to Safeguard Defenders, China has set up 54 police service stations in 30 countries.",
    "The Dutch government has ordered China to close its police stations in Rotterdam.",
    "Beijing denied that it runs police stations abroad.",
    "Germany has opened an investigation into Chinese police stations in Frankfurt.",
    "Safeguard Defenders says that China runs a police station in Frankfurt, Germany.",
)
acts = st.tuples(
    st.sampled_from(("add", "copy", "copy", "accept", "reject", "retract", "link", "unlink", "reread", "register")),
    st.integers(0, 3),
)


class Life:
    """What happens to a workspace, one act after another."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.workspace = Workspace.init(folder / "w", clock=lambda: datetime(2026, 3, 1, microsecond=self.number, tzinfo=UTC))

    def act(self, act: str, n: int) -> None:
        self.number += 1
        do: dict[str, Callable[[int], object]] = {
            "add": self.add, "copy": self.copy, "link": self.link, "unlink": self.link, "reread": self.reread,
            "register": lambda n: self.workspace.register(as_of=DAY, include_proposed=n % 2 == 0),
        }  # fmt: skip
        if act in do:
            do[act](n)
        elif claims := sorted(s.claim.id for s in self.workspace.statements()):
            self.workspace.decide(act, [claims[n % len(claims)]], by="A")  # type: ignore[arg-type]

    def add(self, n: int, published: str = "2022-09") -> None:
        file = self.folder / f"{n}.txt"
        file.write_text(" ".join(SENTENCES[(n + k) % len(SENTENCES)] for k in range(1 + n % 3)), encoding="utf-8")
        self.workspace.add(file, given={"published": published})
        self.workspace.extract()
        self.workspace.decide("accept", by="A")

    def copy(self, n: int) -> None:
        """The same text in other bytes: another source of the same claims."""
        text = " ".join(SENTENCES[(n + k) % len(SENTENCES)] for k in range(1 + n % 3))
        (self.folder / f"{n}-copy.html").write_text(f"<p>{text}</p>", encoding="utf-8")
        self.workspace.add(self.folder / f"{n}-copy.html", given={"published": "2021-09"})

    def link(self, n: int) -> None:
        sites = self.workspace.register(as_of=DAY).entries["sites"]
        if len(sites) > 1:
            one, other = sites[n % len(sites)]["id"], sites[(n + 1) % len(sites)]["id"]
            self.workspace.link(one, other, by="A", why="the same", act="link" if n % 3 else "unlink")

    def reread(self, n: int) -> None:
        list(self.workspace.iter_reread())


def as_bytes(workspace: Workspace, country: str | None, proposed: bool) -> str:
    return json.dumps(workspace.register(as_of=DAY, country=country, include_proposed=proposed).as_json(), ensure_ascii=False)


def test_a_source_of_claims_that_are_held_is_cited_where_it_appeared_first() -> None:
    with tempfile.TemporaryDirectory() as folder:
        there = Life(Path(folder))
        there.act("add", 0)
        before = as_bytes(there.workspace, None, False)
        there.act("copy", 0)
        assert len({s.text for s in there.workspace.sources()}) == 1
        assert before != as_bytes(there.workspace, None, False) == as_bytes(Workspace(Path(folder) / "w"), None, False)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(acts, min_size=2, max_size=9), st.booleans())
def test_an_open_workspace_knows_what_one_opened_anew_does(life: list[tuple[str, int]], proposed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        there = Life(Path(folder))
        there.act("add", 0)
        for act, n in life:
            there.act(act, n)
            anew = Workspace(Path(folder) / "w")
            for country in (None, "DE"):
                assert as_bytes(there.workspace, country, proposed) == as_bytes(anew, country, proposed)
            whole = anew.register(as_of=DAY, include_proposed=proposed).as_json()
            parts: dict[str, list[object]] = {name: [] for name, value in whole.items() if isinstance(value, list)}
            for line in anew.register_lines(as_of=DAY, include_proposed=proposed):
                part = json.loads(line)
                parts[part.pop("section")].append(part)
            assert parts == {name: whole[name] for name in parts}
