"""The model beside the rules: its arithmetic, what it finds where no rule matches, and what it holds for unlikely."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from safeconduct.claims import KINDS
from safeconduct.extract import Context, extract
from safeconduct.extract.guard import Reading, signs_of_text
from safeconduct.extract.likely import CONTEXT, Likely, beside, weighed
from safeconduct.extract.model import MOST, Model, model
from safeconduct.extract.pack import load
from safeconduct.extract.pieces import LONG, RUN, Unigram, Word
from safeconduct.extract.places import Places
from safeconduct.extract.segment import Sentence


def english() -> Model:
    found = model("en")
    assert found is not None
    return found


def test_english_has_a_model_and_spanish_and_chinese_one_together() -> None:
    assert model("es") is model("zh") is not english() and model("de") is None and model("es") is not None
    assert {label.partition(":")[0] for label in english().columns} >= {"kind", "site", "response", "incident", "position"}


@pytest.mark.parametrize(("text", "pieces"), [
    ("Embassy", 1), ("embeddings", 4), ("Türkiye", 3), ("don't", 3), ("a_b", 3), ("密", 1), ("x" * 70, 1),
])  # fmt: skip
def test_words_fall_into_the_pieces_that_the_encoder_knows(text: str, pieces: int) -> None:
    words = english().words(text, 0, len(text))
    assert sum(len(w.pieces) for w in words) == pieces
    assert "".join(text[w.start : w.end] for w in words) == text


def test_accents_and_capitals_play_no_part() -> None:
    one, other = (english().words(text, 0, len(text)) for text in ("SÃO Paulo", "sao paulo"))
    assert [w.pieces for w in one] == [w.pieces for w in other]


SMALL = Unigram(
    ["[CLS]", "[SEP]", "[UNK]", "▁", "▁la", "▁ofi", "cina", "c", "ina", "警察", "警", "察", "站"],
    [0.0, 0, 0, -2, -3, -4, -4, -5, -6, -5, -9, -9, -7],
)


@pytest.mark.parametrize(("text", "pieces"), [
    ("la oficina", [["▁la"], ["▁ofi", "cina"]]),  # the likeliest pieces
    ("(cina", [["▁", "?"], ["cina"]]),  # no blank before the word
    ("CNN警察站", [["▁", "?", "?", "?"], ["警察"], ["站"]]),  # of Chinese, each piece is a word
    ("警察x警", [["警察"], ["?"], ["警"]]),
])  # fmt: skip
def test_words_fall_into_the_likeliest_pieces(text: str, pieces: list[list[str]]) -> None:
    words = SMALL.words(text, 0, len(text))
    names = ["?" if piece == "[UNK]" else piece for piece in SMALL.numbers]
    assert [[names[n] for n in w.pieces] for w in words] == pieces
    assert "".join(text[w.start : w.end] for w in words) == text.replace(" ", "")


def test_very_long_words_and_passages_are_cut_in_parts() -> None:
    assert len(SMALL.words("x" * 10_000, 0, 10_000)[0].pieces) == LONG + 1
    text = "警察" * RUN
    assert [w.start for w in SMALL.words(text, 0, len(text))] == [*range(0, 2 * RUN, 2)]


def test_the_same_words_give_the_same_likelihoods_whatever_was_read_before() -> None:
    text = "Berlin said that two stations run by Chinese police were still active."
    words = english().words(text, 0, len(text))
    values = english().likely(words)
    assert values.shape == (len(words), len(english().columns)) and values.dtype == np.float32
    assert ((values >= 0) & (values <= 1)).all()
    english().likely(english().words("Something else.", 0, 15))
    assert (english().likely(words) == values).all()


def test_more_words_than_are_read_at_once_are_read_in_parts() -> None:
    text = "The police closed the station. " * 100
    words = english().words(text, 0, len(text))
    assert len(words) > MOST
    assert len(english().likely(words)) == len(words)
    assert np.allclose(english().likely(words)[:MOST], english().likely(words[:MOST]), atol=1e-5)


class Echo(Model):
    """Tells of each word which words were read with it."""

    def __init__(self) -> None:
        self.columns, self.read = {"kind:a": 0}, list[list[int]]()

    def words(self, text: str, start: int, end: int) -> list[Word]:
        return [Word(n, n + 1, (1,)) for n in range(start, end)]

    def likely(self, words: list[Word]) -> np.ndarray:  # type: ignore[override,type-arg]
        self.read.append([w.start for w in words])
        return np.array([[w.start] for w in words], np.float32)


@pytest.mark.parametrize("lengths", [[], [5], [200] * 6, [10] * 100, [MOST], [2 * MOST, 3, MOST]])
def test_sentences_are_read_once_and_in_order_with_what_stands_before_them(lengths: list[int]) -> None:
    ends = np.cumsum([0, *lengths]).tolist()
    lines = [(Sentence(a, b, 0), Places([])) for a, b in pairwise(ends)]
    echo = Echo()
    found = list(beside(lines, "", echo))
    assert [sentence for sentence, _, _ in found] == [sentence for sentence, _ in lines]
    for sentence, _, likely in found:
        assert likely is not None
        assert likely.most == max(sentence.end - 1, 0) * (sentence.end > sentence.start)
    assert max(map(len, echo.read), default=0) <= max(MOST, CONTEXT + max(lengths, default=0))
    assert all(words[0] <= last[-1] + 1 for last, words in pairwise(echo.read))


def test_spans_are_runs_of_likely_words_and_the_likeliest_of_a_kind() -> None:
    words = [Word(n * 2, n * 2 + 1, (1,)) for n in range(10)]
    values = np.zeros((10, 3), np.float32)
    values[1:4, 0], values[2, 0], values[1:5, 1], values[9, 2] = 0.75, 0.9, 0.8, 0.9
    spans = Likely(words, values, {"site:active": 0, "site:closed": 1, "report:report": 2}).spans()
    assert [(s.kind, s.value, s.start, s.end, s.at) for s in spans] == [("site", "active", 2, 7, 4)]


STATEMENT = Path(__file__).parents[2] / "evaluation/dev/texts/m34_en_eu_statement.txt"


def test_the_model_finds_what_no_rule_matches_and_says_so() -> None:
    text = STATEMENT.read_text(encoding="utf-8")
    rules = extract(text, Context(rules_only=True)).proposals
    both = extract(text).proposals
    assert not any(p.rule.startswith("model.") for p in rules)
    by_model = [p for p in both if p.rule.startswith("model.")]
    assert by_model and all(p.because.startswith(p.rule) for p in by_model)
    assert all(text[p.claim.start : p.claim.end] == p.claim.quote for p in both)
    assert extract(text).proposals == both


TEXTS = Path(__file__).parents[2] / "evaluation/dev/texts"


@pytest.mark.parametrize(
    ("name", "rule", "slots"),
    [
        ("m60_en_dublin_two_years_on", "model.site", {"country": "IE", "place": None}),
        ("w209_en_geneva", "model.figure", {"measure": "persons_targeted", "value": 9, "qualifier": "at_least"}),
        ("w207_en_cyrildene", "model.operator", {"actor": "host_state", "role": "enables", "scope": "ZA"}),
    ],
)
def test_the_slots_around_what_the_model_finds_are_read(name: str, rule: str, slots: dict[str, object]) -> None:
    found = extract((TEXTS / f"{name}.txt").read_text(encoding="utf-8")).proposals
    told = [p.claim.slots.as_json() for p in found if p.rule == rule]
    assert any(slots.items() <= claim.items() for claim in told), told


def test_a_number_that_a_rule_has_read_is_counted_as_that_or_not_at_all() -> None:
    brief = Path(__file__).parents[2] / "examples/briefs/05_en_patrol_and_persuade.txt"
    text = brief.read_text(encoding="utf-8")
    assert "twelve countries have opened investigations" in text
    told = [c.as_json() for p in extract(text).proposals if (c := p.claim.slots).kind == "figure"]
    assert not any(c["value"] == 12 and c["measure"] == "stations" for c in told)


def test_a_very_long_text_is_read_by_the_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    text = STATEMENT.read_text(encoding="utf-8")
    monkeypatch.setattr("safeconduct.extract.engine.LONG", len(text) - 1)
    assert extract(text).proposals == extract(text, Context(rules_only=True)).proposals


def test_what_tells_that_a_claim_is_right_is_read_off_its_words() -> None:
    words = [Word(n * 2, n * 2 + 1, (1,)) for n in range(3)]
    likely = Likely(words, np.array([[0.5, 0.9], [0.5, 0.5], [0.9, 0.1]], np.float32), {"kind:site": 0, "site:active": 1})
    found = likely.signs("site", "active", 0, 3, by_model=True)
    assert found == pytest.approx({
        "site": 1, "model": 1, "words": np.log(3), "listed": 0, "kind.most": 0, "kind.mean": 0, "value.most": np.log(9),
        "value.mean": np.log(0.7 / 0.3),
    }, abs=1e-6)  # fmt: skip
    other = likely.signs("site", "closed", 4, 5, by_model=False, listed=3)
    assert other["listed"] == pytest.approx(np.log(3))
    assert other["value.most"] == other["model"] == 0 and other["kind.most"] == pytest.approx(np.log(9), abs=1e-6)
    assert likely.most == pytest.approx(0.9)


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_weights_are_of_signs_that_there_are(language: str) -> None:
    weights = load(language).tables["model"]
    signs = Likely([], np.zeros((0, 0), np.float32), {}).signs("site", None, 0, 0, by_model=False)
    assert set(weights["claim"]) == {"bias", *KINDS} | set(signs)
    assert set(weights["text"]) == {"bias", *signs_of_text({}, 1, [], [0.0])}
    assert weighed({"a": 2.0, "b": 5.0}, {"bias": -1.0, "a": 0.5}) == 0.5


def test_a_practice_is_told_from_a_case() -> None:
    values = np.array([[0.2, 0.8]], np.float32)
    columns = {"level:case": 0, "level:pattern": 1}
    assert Likely([Word(0, 4, (1,))], values, columns).told("level", 0, 4) == "pattern"
    assert Likely([Word(0, 4, (1,))], values[:, ::-1], columns).told("level", 0, 4) == "case"
    assert Likely([Word(0, 4, (1,))], values, {"kind:site": 0}).told("level", 0, 4) is None
    assert Likely([Word(0, 4, (1,))], values, columns).told("level", 5, 9) is None


def test_what_is_found_and_not_believed_is_left_out_by_rules_and_by_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    text = STATEMENT.read_text(encoding="utf-8")
    some = {p.claim.id for p in extract(text).proposals}
    monkeypatch.setattr("safeconduct.extract.likely.RIGHT", 0.0)
    by_rules = {p.claim.id for p in extract(text).proposals}
    assert some < by_rules
    monkeypatch.setattr("safeconduct.extract.likely.SURE", 0.0)
    assert by_rules < {p.claim.id for p in extract(text).proposals}


def test_the_model_tells_texts_on_the_subject_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    text = STATEMENT.read_text(encoding="utf-8")
    monkeypatch.setattr("safeconduct.extract.guard.READ", 1.0)
    assert extract(text).proposals == ()
    short = "Germany closed the secret Chinese police station in Berlin last week."
    assert extract(short).proposals, "so few sentences tell too little"


def test_a_text_that_only_the_model_takes_for_one_on_the_subject_must_be_likelier(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(load("en"), "")
    reading.sentences = 12
    monkeypatch.setattr("safeconduct.extract.guard.weighed", lambda *_: 0.8)
    assert not reading.told_by_model(["site"] * 6, [0.5])
    reading.found.update({"station": 3, "foreign-station": 3, "surely": 3})
    assert reading.told_by_model(["site"] * 6, [0.5])


def test_a_claim_by_an_expert_is_read_however_much_else_there_is() -> None:
    filler = "The ministry spoke at length about its letters and its telephones that day. " * 12
    told = "According to Safeguard Defenders, China has set up 54 police service stations in 30 countries."
    assert extract(f"{told} {filler}").proposals
    assert extract(f"The ministry set up 54 stations of its postal service. {filler}").proposals == ()
