from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.capture import CaptureError, read

TEXTS = {
    "en": "The ministry said on Tuesday that the “service station” in the old town had closed — nobody answered at the café.",
    "de": "Die Behörde erklärte, das Büro in der Straße sei längst geschlossen; Zeugen hätten dort noch im März Männer gehört.",
    "es": "La policía española abrió una investigación después de que un vecino denunciara llamadas de acoso y vigilancia.",
    "zh-Hans": "当地警方表示，他们正在调查这间办公室。邻居说，去年冬天还有人在这里办理证件，后来突然关门了。",
    "zh-Hant": "當地警方表示，他們正在調查這間辦公室。鄰居說，去年冬天還有人在這裡辦理證件，後來突然關門了。",
    "ru": "Полиция сообщила, что помещение закрыто ещё весной, а соседи рассказали о странных звонках по ночам.",
}
ENCODINGS = {
    "en": ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"],
    "de": ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"],
    "es": ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"],
    "zh-Hans": ["utf-8", "gb2312", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
    "zh-Hant": ["utf-8", "big5", "big5hkscs", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
    "ru": ["utf-8", "cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"],
}
DECLARED = [
    None,
    "utf-8",
    "gb2312",
    "big5",
    "iso-8859-1",
    "windows-1251",
    "utf-16",
    "no-such-charset",
    "rot13",
    "utf-7",
]
CASES = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]


def read_text(data: bytes, declared: str | None = None):
    headers = (("Content-Type", f"text/plain; charset={declared}"),) if declared else ()
    return read(data, media_type="text/plain", headers=headers)


@pytest.mark.parametrize(("language", "encoding"), CASES)
@pytest.mark.parametrize("length", [40, 1500])
def test_declared_right_wrong_or_not_at_all(language: str, encoding: str, length: int) -> None:
    text = (TEXTS[language] * 40)[:length]
    for declared in [encoding.replace("cp125", "windows-125"), *DECLARED]:
        got = read_text(text.encode(encoding), declared).text
        assert got.removeprefix("\ufeff") == text, f"declared {declared}"


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_found(language: str) -> None:
    reading = read_text((TEXTS[language] * 3).encode())
    assert reading.language == language
    assert reading.methods["language"].startswith("pycld2/")
    assert (reading.title, reading.author, reading.publisher, reading.published) == (None, None, None, None)


def test_a_contradicted_declaration_is_noted_and_a_right_one_is_not() -> None:
    chinese = TEXTS["zh-Hans"]
    assert read_text(chinese.encode("utf-8"), "gb2312").notes == (
        "declared charset gb2312 contradicted; read as utf-8",
    )
    assert read_text(chinese.encode("gbk"), "gb2312").notes == ()
    assert read_text(chinese.encode("gbk"), "gb2312").encoding == "gb18030"
    assert read_text(b"plain ASCII", "gb2312").notes == ()


def test_characters_outside_gb2312_and_big5_survive_their_labels() -> None:
    gb = "镕、㐂、𠮷：" + TEXTS["zh-Hans"]
    assert read_text(gb.encode("gb18030"), "gb2312").text == gb
    hong_kong = "有人話佢哋喺嗰間舖頭冚晒啲嘢。" + TEXTS["zh-Hant"]
    assert read_text(hong_kong.encode("big5hkscs"), "big5").text == hong_kong


def test_a_meta_declaration_counts_and_may_be_wrong() -> None:
    body = "".join(f"<p>{TEXTS['zh-Hant']}</p>" for _ in range(5))
    for declared, encoding in [("big5", "big5"), ("gb2312", "big5"), ("utf-8", "big5"), ("big5", "utf-8")]:
        html = f'<!doctype html><html><head><meta charset="{declared}"></head><body>{body}</body></html>'
        assert TEXTS["zh-Hant"] in read(html.encode(encoding), media_type="text/html").text


def test_one_bad_byte_does_not_spoil_a_page() -> None:
    good = TEXTS["zh-Hans"] * 3
    data = good.encode() + b"\xe4\xb8" + good.encode()
    reading = read_text(data, "utf-8")
    assert reading.text.replace("\ufffd", "") == good + good
    assert any("could not be decoded" in note for note in reading.notes)


def test_line_ends_and_byte_order_mark_are_kept() -> None:
    data = b"\xef\xbb\xbfone\r\ntwo\rthree\n\n\tfour  \x0cfive\xcc\x81 \xc3\xa9\r\n"
    assert read_text(data).text == "\ufeffone\r\ntwo\rthree\n\n\tfour  \x0cfive\u0301 é\r\n"
    assert read_text("\ufeffone\r\n".encode("utf-16-le")).text == "\ufeffone\r\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ["联通", "a", "é", "Я"])
def test_a_byte_order_mark_decides_even_for_one_character(text: str, encoding: str) -> None:
    assert read_text(text.encode(encoding), "big5").text == "\ufeff" + text


def test_utf7_never_turns_ascii_into_markup() -> None:
    assert read_text(b"+ADw-script+AD4-", "utf-7").text == "+ADw-script+AD4-"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 100, b"abc\x00\x00\x00\x00\xff\xfe\xfd" * 50]
)
def test_binary_junk_is_no_text(data: bytes) -> None:
    with pytest.raises(CaptureError, match="not text in any encoding"):
        read_text(data)


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), st.sampled_from(DECLARED)
)
def test_any_utf8_text_reads_back_unchanged(text: str, declared: str | None) -> None:
    assert read_text(text.encode(), declared).text == text


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.sampled_from(DECLARED))
def test_any_bytes_give_text_or_a_sentence(data: bytes, declared: str | None) -> None:
    try:
        read_text(data, declared)
    except CaptureError as e:
        assert ";" in str(e)
