"""The platform as a firm runs it: its own processes, its own folder, its own outbox."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path
from types import TracebackType
from typing import Self

REGULARS = str(Path(sys.executable).with_name("regulars"))
_WITHIN = 60.0


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Platform:
    """``regulars up`` in a folder, until the end of the ``with`` block."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.surroundings = {
            name: text for name, text in os.environ.items() if "REGULARS" not in name
        } | variables
        self.address = ""
        self.link = ""

    def __enter__(self) -> Self:
        """Start it and wait until it has said how to get in."""
        port = str(free_port())
        with (self.folder / "log").open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [REGULARS, "up", "--data", str(self.folder), "--port", port],
                env=self.surroundings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        while not self.link:
            line = self._process.stdout.readline()
            assert line, (self.folder / "log").read_text()
            found = re.search(r"http://localhost:\d+/sign-in/link/\S+", line)
            self.link = found.group() if found else ""
        self.address = f"http://localhost:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ask it to stop."""
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=60)

    def run(self, *words: str) -> str:
        """What a command prints."""
        done = subprocess.run(  # noqa: S603 - our own command
            [REGULARS, *words, "--data", str(self.folder)],
            env=self.surroundings,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def letters(self, address: str) -> list[str]:
        """The texts that somebody was written, the oldest first."""
        files = sorted((self.folder / "outbox").glob("*.eml"), key=lambda it: int(it.stem))
        letters = [message_from_bytes(it.read_bytes(), policy=policy.default) for it in files]
        texts = [it.get_content() for it in letters if it["To"] == address]
        return [text.replace("\r\n", "\n") for text in texts]

    def next_letter(self, address: str, known: int) -> str:
        """The letter that comes after so many that are known."""
        until = time.monotonic() + _WITHIN
        while len(texts := self.letters(address)) <= known:
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.1)
        return texts[known]
