"""Metadata goes out of pictures, and the pictures stay as they were: the same points, the same way up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from . import pictures
from .chromium import chromium
from .pictures import CANARY
from .script_kit import bundled, node


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page()


def strip(folder: Path, files: dict[str, bytes], tmp: Path) -> dict[str, str | None]:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    done = node(bundled("pictures.mjs", tmp), str(folder))
    assert done.returncode == 0, done.stderr.decode()
    said: dict[str, str | None] = json.loads(done.stdout)
    return said


def test_what_is_hidden_goes_and_the_picture_stays(page: Page, tmp_path: Path) -> None:
    plain = pictures.drawn(page)
    files = {f"{turned}.jpg": pictures.jpeg(plain["jpg"], turned, "<>"[turned % 2]) for turned in range(1, 9)}
    files |= {f"{turned}.png": pictures.png(plain["png"], turned) for turned in (1, 6)}
    files |= {f"{turned}.webp": pictures.webp(plain["webp"], turned) for turned in (1, 6)}
    files |= {"moving.gif": pictures.gif(), "plain.jpg": plain["jpg"], "plain.png": plain["png"], "plain.webp": plain["webp"]}
    said = strip(tmp_path / "in", files, tmp_path)
    kinds = {"jpg": "jpeg", "png": "png", "webp": "webp", "gif": "gif"}
    for name, data in files.items():
        kind = kinds[name.split(".")[1]]
        assert said[name] == f"image/{kind}", name
        clean = (tmp_path / "in" / f"{name}.stripped").read_bytes()
        assert (b"CANARY" not in clean and len(clean) < len(data)) or name.startswith("plain"), name
        for trace in (b"ICC_PROFILE", b"iCCP", b"ICCP", b"http://", b"8BIM", b"JFXX", b"MPF", b"tIME"):
            assert trace not in clean, (name, trace)
        before, after = pictures.pixels(page, data, kind), pictures.pixels(page, clean, kind)
        assert before[:2] == after[:2], name
        assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 2, name
    turned = pictures.pixels(page, (tmp_path / "in" / "6.jpg.stripped").read_bytes(), "jpeg")
    assert turned[:2] == [40, 64], "the sixth way up is a quarter turn"


def test_stripping_twice_changes_nothing_more(page: Page, tmp_path: Path) -> None:
    plain = pictures.drawn(page)
    files = {
        "a.jpg": pictures.jpeg(plain["jpg"], 6), "a.png": pictures.png(plain["png"], 6),
        "a.webp": pictures.webp(plain["webp"], 6), "a.gif": pictures.gif(),
    }  # fmt: skip
    strip(tmp_path / "in", files, tmp_path)
    once = {name: (tmp_path / "in" / f"{name}.stripped").read_bytes() for name in files}
    strip(tmp_path / "again", once, tmp_path)
    assert {name: (tmp_path / "again" / f"{name}.stripped").read_bytes() for name in files} == once


def test_a_picture_that_was_cut_off_is_cleaned_or_left_alone(page: Page, tmp_path: Path) -> None:
    plain = pictures.drawn(page)
    whole = {
        "jpg": pictures.jpeg(plain["jpg"], 3),
        "png": pictures.png(plain["png"], 3),
        "webp": pictures.webp(plain["webp"], 3),
    }
    whole["gif"] = pictures.gif()
    files = {f"{kind}-{at}.{kind}": data[: len(data) * at // 40] for kind, data in whole.items() for at in range(1, 40)}
    said = strip(tmp_path / "in", files, tmp_path)
    assert set(said) == set(files), "no file stops the others"
    for name in files:
        made = tmp_path / "in" / f"{name}.stripped"
        if made.exists():
            assert CANARY[:6] not in made.read_bytes(), name


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    files = {
        "a.pdf": b"%PDF-1.7",
        "empty": b"",
        "a.heic": b"\0\0\0\x18ftypheic" + bytes(20),
        "a.mp4": b"\0\0\0\x18ftypmp42" + bytes(9),
    }
    assert set(strip(tmp_path / "in", files, tmp_path).values()) == {None}
