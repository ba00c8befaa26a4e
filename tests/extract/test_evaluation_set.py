"""The evaluation set holds what its README says: quotes that stand in their texts, labels of the codebook."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from safeconduct.claims import KINDS, Attribution, slot_specs

HERE = Path(__file__).parents[2] / "evaluation"
SLOTS = {
    "response": "action", "incident": "method", "position": "position", "recommendation": "ask", "site": "status",
    "operator": "role", "agreement": "type", "figure": "measure",
}  # fmt: skip


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


PARTS = ("dev", "weigh", "test")


@pytest.mark.parametrize("half", PARTS)
def test_every_annotated_quote_stands_in_its_text(half: str) -> None:
    golds = sorted((HERE / half / "gold").glob("*.jsonl"))
    assert {f.stem for f in golds} == {f.stem for f in (HERE / half / "texts").glob("*.txt")}
    for file in golds:
        text = (HERE / half / "texts" / f"{file.stem}.txt").read_bytes().decode()
        for claim in lines(file):
            assert claim["kind"] in KINDS
            assert text[claim["start"] : claim["end"]] == claim["quote"], claim["id"]


def test_no_text_is_in_two_parts() -> None:
    names = [f.stem for part in PARTS for f in (HERE / part / "texts").glob("*.txt")]
    assert len(set(names)) == len(names)


def test_every_label_is_of_the_codebook_and_its_words_stand_in_the_sentence() -> None:
    known = {"report:report"}
    for kind, name in SLOTS.items():
        values = next(s.values for s in slot_specs(KINDS[kind]) if s.name == name)
        known |= {f"{kind}:{value}" for value in values}
    number = 0
    for file in sorted((HERE / "sentences").glob("*.jsonl")):
        for line in lines(file):
            number += 1
            for label, words, *_ in line["y"]:
                assert label in known, (file.name, line["t"])
                assert words in line["t"], (file.name, line["t"])
    assert f"{number:,} labelled sentences" in (HERE / "README.md").read_text(encoding="utf-8")


def test_every_passage_says_who_speaks_as_the_codebook_has_it() -> None:
    number = 0
    for passage in (p for file in sorted((HERE / "attribution").glob("*.jsonl")) for p in lines(file)):
        number += 1
        assert passage["text"].count(passage["quote"]) == 1, passage["text"]
        assert passage["kind"] in KINDS
        Attribution(passage["asserted_by"], tuple(passage["via"]), passage["stance"])  # raises what is wrong with it
    assert f"{number} passages" in (HERE / "README.md").read_text(encoding="utf-8")


def test_who_says_it_is_told_for_a_file() -> None:
    asked = [sys.executable, HERE / "attribution.py", "b"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    share = re.fullmatch(r"b: 200 passages, (\d+) found; asserter right (0\.\d+), chain too (0\.\d+)\n", told)
    assert share and int(share[1]) > 180 and float(share[2]) > 0.85 and float(share[3]) > 0.8


def test_recall_is_told_by_label() -> None:
    asked = [sys.executable, HERE / "recall.py", "response:summons", "--files", "h1", "--missed", "1"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    missed, label, both = told.splitlines()
    assert missed.startswith("MISSED response:summons | ")
    assert label.startswith("response:summons ") and both.startswith("all ")
    assert 0 < float(label.split()[3]) < 1


def test_how_far_the_model_is_believed_is_learned_from_texts(tmp_path: Path) -> None:
    for folder, ending in (("gold", "jsonl"), ("texts", "txt")):
        (tmp_path / folder).mkdir()
        for name in ("u201_en_iran_netherlands", "u202_en_sweden_riksdag", "u215_en_russia_sabotage", "u419_en_exercisebrief"):
            shutil.copy(HERE / "weigh" / folder / f"{name}.{ending}", tmp_path / folder)
    asked = [sys.executable, HERE / "weigh.py", tmp_path / "gold", tmp_path / "texts"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True)
    weights = tomllib.loads(told.stdout)["model"]
    assert weights["text"]["likely"] > 0 and weights["claim"]["value.most"] > 0, "the likelier, the righter"
    assert re.search(r"^right > 0\.35: \d+ kept, detect 0\.\d+, exact 0\.\d+, precision [01]\.\d+$", told.stderr, re.M)
    assert re.search(r"^read > 0\.5: 0 texts with 0 claims lost, 0 read for nothing, 0 claims there$", told.stderr, re.M)
