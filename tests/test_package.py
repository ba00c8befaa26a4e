"""What pip installs is whole."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_all_that_the_program_reads(tmp_path: Path) -> None:
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    source = ROOT / "src" / "safeconduct"
    wanted = {f"safeconduct/{p.relative_to(source)}" for p in source.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    wanted |= {f"safeconduct/{p.relative_to(ROOT)}" for p in (ROOT / "examples").rglob("*") if p.is_file()}
    assert wanted <= names, sorted(wanted - names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
