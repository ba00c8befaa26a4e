"""Files with which Tor offers the line as an onion service, and a look whether a real tor takes them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .refusals import LineError

TORRC = """\
# The onion service of this line. Start with: tor -f {torrc}
# Tor keeps the service's key in {keys}: whoever has it can pose as this address. Back it up offline.
DataDirectory {data}
SocksPort 0
HiddenServiceDir {keys}
HiddenServiceVersion 3
HiddenServicePort 80 unix:{socket}
# Flooding is met with work before a connection exists, too.
HiddenServicePoWDefensesEnabled 1
HiddenServiceEnableIntroDoSDefense 1
# Nothing about clients in logs.
SafeLogging 1
Log err stderr
AvoidDiskWrites 1
DisableDebuggerAttachment 1
"""
UNITS = {
    "safeconduct-line.service": """\
[Unit]
Description=Notes
After=network.target

[Service]
User=safeconduct
ExecStart={program} line serve {folder} --unix {socket}
Restart=always
LimitCORE=0
UMask=0077
StandardOutput=null
StandardError=journal
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths={folder}
MemoryMax=512M

[Install]
WantedBy=multi-user.target
""",
    "safeconduct-onion.service": """\
[Unit]
Description=Notes (onion)
After=network-online.target safeconduct-line.service

[Service]
User=safeconduct
ExecStart=/usr/bin/tor -f {torrc}
Restart=always
LimitCORE=0
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={onion}

[Install]
WantedBy=multi-user.target
""",
}


@dataclass(frozen=True)
class Onion:
    """What was written: the configuration of Tor, the systemd units, and the socket on which the line is to be served."""

    torrc: Path
    units: list[Path]
    socket: Path

    @property
    def hostname(self) -> Path:
        """The file in which Tor writes the address when it starts for the first time."""
        return self.torrc.parent / "keys" / "hostname"


def write(folder: Path, program: str = "safeconduct") -> Onion:
    """Write ``onion/`` into a line's folder.

    Raises:
        LineError: the folder's path holds what cannot stand in such files.
    """
    folder = folder.resolve()
    if any(c.isspace() or c in "%\"'#\\" for c in str(folder)):
        raise LineError(f"The path {folder} holds spaces or signs that tor and systemd read differently; use a plainer one.")
    onion = folder / "onion"
    for place in (onion, onion / "data", onion / "keys"):
        place.mkdir(mode=0o700, exist_ok=True)
    torrc = onion / "torrc"
    names = {
        "folder": folder, "onion": onion, "torrc": torrc, "data": onion / "data", "keys": onion / "keys",
        "socket": onion / "socket", "program": shutil.which(program) or program,
    }  # fmt: skip
    torrc.write_text(TORRC.format(**names), encoding="utf-8")
    for name, text in UNITS.items():
        (onion / name).write_text(text.format(**names), encoding="utf-8")
    return Onion(torrc, [onion / name for name in UNITS], onion / "socket")


def check(torrc: Path) -> str:
    """What the installed tor says of the configuration.

    Raises:
        LineError: there is no tor, or it refuses the configuration.
    """
    tor = shutil.which("tor")
    if tor is None:
        raise LineError("There is no tor to check with; install it (Debian: apt-get install tor).")
    done = subprocess.run([tor, "--verify-config", "-f", str(torrc)], capture_output=True, text=True, timeout=60)  # noqa: S603
    if done.returncode:
        raise LineError(f"tor refuses {torrc}: {(done.stdout + done.stderr).strip().splitlines()[-1]}")
    return next((line for line in done.stdout.splitlines() if "valid" in line), "valid")
