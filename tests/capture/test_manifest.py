from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.capture import CaptureError, ManifestRow, read_manifest


def manifest(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "manifest.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_rows_with_empty_cells(tmp_path: Path, encoding: str) -> None:
    text = 'file,title,published,language,url\na.txt,"Ja, 用户",2022-11,zh-Hans,https://a.example/\nsub/b.pdf,,,,\n\n'
    assert read_manifest(manifest(tmp_path, text, encoding)) == [
        ManifestRow("a.txt", title="Ja, 用户", published="2022-11", language="zh-Hans", url="https://a.example/"),
        ManifestRow("sub/b.pdf"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "file,colour\na.txt,red\n",
            "unknown column 'colour'; the known ones are file, title, publisher, author, published",
        ),
        ("title\nA\n", "no column 'file'"),
        ("", "no column 'file'"),
        ("file,file\na,b\n", "column 'file' twice"),
        ("file,published\na.txt,2022-02-30\n", "line 2 .* '2022-02-30'"),
        ("file,published\na.txt,2022\nb.txt,last week\n", "line 3 .* 'last week'"),
        ("file,published\na.txt,05.12.2022\n", "2022-11-02"),
        ("file\na.txt\na.txt\n", "line 3 .* a second time"),
        ("file\na.txt\n./a.txt\n", "a second time"),
        ("file\n/etc/passwd\n", "leads outside the folder"),
        ("file\n../secret.txt\n", "leads outside the folder"),
        ("file\nsub/../../secret.txt\n", "leads outside the folder"),
        ("file\nsub\\..\\..\\secret.txt\n", "leads outside the folder"),
        ("file\nC:\\secret.txt\n", "leads outside the folder"),
        ("file\nlink/secret.txt\n", "leads outside the folder"),
        ("file,title\na.txt\n", "line 2 .* 1 cells instead of 2"),
        ("file,title\n,Nothing\n", "names no file"),
        ('file\n"a.txt\n', "valid CSV"),
    ],
)
def test_what_is_refused_names_the_place(tmp_path: Path, text: str, words: str) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(CaptureError, match=words):
        read_manifest(manifest(folder, text))


def test_not_utf8_and_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="save it as UTF-8"):
        read_manifest(manifest(tmp_path, "file,title\na.txt,Büro\n", "cp1252"))
    with pytest.raises(CaptureError, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")
