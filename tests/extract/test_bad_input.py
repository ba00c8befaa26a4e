"""Hostile and broken texts: nothing crashes, offsets stay true to the text as given, nothing runs away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.claims import KINDS
from safeconduct.extract import Context, extract
from safeconduct.extract.clean import Clean
from safeconduct.extract.grammar import grammar
from safeconduct.extract.pack import LANGUAGES, load, tables_of

SAID = "Safeguard Defenders said in September 2022 that China runs 54 overseas police stations in 30 countries."
ORDER = "The Dutch foreign minister ordered the closure of two secret Chinese police stations in Amsterdam and Rotterdam."


def true_offsets(text: str) -> list[str]:
    """The kinds found in a text, after checking that each quote stands at its offsets in the text as given."""
    found = extract(text)
    assert found.dropped == 0
    for p in found.proposals:
        assert text[p.claim.start : p.claim.end] == p.claim.quote
    return [p.claim.kind for p in found.proposals]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00\x01\x02\xff" * 400,
        "\ud800 lone",
        "a" * 20_000,
        "，。" * 5_000,
        "((((" * 3_000,
        "“" * 5_000,
        "&amp;" * 3_000,
        "1" * 9_000,
    ],
    ids=["empty", "blank", "binary", "surrogate", "letters", "marks", "brackets", "quotes", "entities", "digits"],
)
def test_no_text_crashes(text: str) -> None:
    assert true_offsets(text) == []


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (lambda t: t.replace(" ", "\u00a0"), "non-breaking spaces"),
        (lambda t: t.replace("police", "po\u00adlice"), "soft hyphens"),
        (lambda t: t.replace("stations", "sta\u200btions\u200b"), "zero-width spaces"),
        (lambda t: "\u200f" + t.replace("China", "\u2067China\u2069"), "right-to-left marks"),
        (lambda t: t.replace("Defenders", "De\ufb00enders".replace("\ufb00", "f")).replace("police", "police"), "plain"),
        (lambda t: t.replace("police", "po-\nlice"), "hyphens at line ends"),
        (lambda t: t.replace("overseas police", "overseas\npolice"), "line ends in the sentence"),
        (lambda t: t.replace(" ", "&nbsp;", 3), "entities"),
        (lambda t: t.replace("54", "５４"), "wide figures"),
        (lambda t: t.replace("overseas police stations", "“overseas police stations”"), "curly quotes"),
        (lambda t: t.replace("overseas police stations", '"overseas police stations"'), "straight quotes"),
        (lambda t: "\ufeff" + t.replace(". ", ".\r\n"), "a byte order mark and carriage returns"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_odd_letters_change_nothing(change: object, kept: str) -> None:
    assert true_offsets(SAID).count("figure") == 2
    assert true_offsets(change(SAID)).count("figure") == 2, kept  # type: ignore[operator]


def test_a_ligature_is_read_as_its_letters() -> None:
    text = ORDER.replace("minister", "minister of \ufb01nance").replace("of \ufb01nance", "")
    assert "response" in true_offsets(text)
    assert Clean("o\ufb03ce").text == "office"
    assert Clean("o\ufb03ce").span(1, 4) == (1, 2)  # the ligature, whichever of its letters is meant


def test_page_furniture_is_never_quoted_across() -> None:
    text = (
        "Safeguard Defenders says that Chinese police run secret police stations abroad. "
        "To date the Italian government is\n\n\n"
        "Written by Some Reporter on December 15, 2022\n\nSubscribe to our newsletter\n\n"
        "among the few that has not announced an investigation into the Chinese overseas police stations."
    )
    for p in extract(text).proposals:
        assert "Written by" not in p.claim.quote and "Subscribe" not in p.claim.quote


def test_an_unsupported_language_yields_nothing_and_is_told() -> None:
    german = (
        "Die Bundesregierung hat Kenntnis von zwei sogenannten chinesischen Polizeistationen in Deutschland, teilte sie mit. "
        * 3
    )
    found = extract(german)
    assert found.proposals == () and found.unsupported == ("de",)


def test_a_very_long_line_is_read() -> None:
    line = ("Nothing of note happened in the town that day, and the council met again. " * 10_000) + SAID
    assert len(line) > 700_000
    assert "figure" in true_offsets(line)


def test_words_after_each_other_in_one_sentence_do_not_run_away() -> None:
    """Every pattern is bounded, so the most inviting words in a row cost no more than others."""
    tags = sorted(
        {w for p in grammar()["response"] for x in p["patterns"] for w in x.replace("?", "").split() if w.isidentifier()}
    )
    entries = tables_of("packs/en")["tags"]
    forms = [load("en").expand(entries[t][0]) for t in tags if t in entries]
    row = " ".join(next(iter(f)) for f in forms)
    assert len(row) > 500
    true_offsets(f"{SAID} " + (row + " ") * 12)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_words_of_the_pack_in_any_order(language: str, data: st.DataObject) -> None:
    words = sorted({e for entries in load(language).tables["tags"].values() for e in entries[:3]})
    some = data.draw(
        st.lists(st.sampled_from([*words, ",", ".", ";", "(", ")", "“", "”", "54", "2022", "\n\n", "?", "'s"]), max_size=60)
    )
    text = SAID + " " + " ".join(some)
    found = extract(text, Context(language=language, published="2022-12-01"))
    assert found.dropped == 0
    for p in found.proposals:
        assert text[p.claim.start : p.claim.end] == p.claim.quote and p.claim.kind in KINDS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_around_a_claim(noise: str) -> None:
    for text in (noise + SAID, f"{SAID}\n\n{noise}", f"{SAID[:40]}{noise}{SAID[40:]}"):
        found = extract(text)
        assert all(text[p.claim.start : p.claim.end] == p.claim.quote for p in found.proposals)


def test_the_same_text_gives_the_same_claims_in_every_process() -> None:
    texts = sorted((Path(__file__).parents[2] / "evaluation" / "dev" / "texts").glob("*.txt"))[::61]
    code = (
        "import sys\nfrom pathlib import Path\nfrom safeconduct.extract import extract\n"
        "print([[(p.claim.id, p.rule, p.because) for p in extract(Path(f).read_text(encoding='utf-8')).proposals]"
        " for f in sys.argv[1:]])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, *map(str, texts)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        ).stdout
        for seed in ("0", "1", "42")
    }
    assert len(told) == 1 and len(told.pop()) > 1000
