"""The web server, and both processes together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.project.environment import METRICS_PORT

_LOOK = 0.1
_READY_WITHIN = 60.0
_STOP_WITHIN = 30.0


def serve(host: str, port: int) -> None:
    """Answer requests until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "regulars.project.web:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=8,
        websockets=False,
        workers_kill_timeout=int(_STOP_WITHIN),
        log_dictconfig=settings.LOGGING,
    ).serve()


def run_both(
    host: str,
    port: int,
    *,
    metrics_port: int | None,
    exit_when_ready: bool,
    tell: Callable[[str], None],
) -> int:
    """Run web server and worker side by side until one ends or a signal comes.

    Args:
        host: Where to listen.
        port: The port.
        metrics_port: Where the server's figures are; the worker's are on the next one.
        exit_when_ready: Stop as soon as the server answers.
        tell: Takes lines for whoever looks.

    Returns:
        The exit code: 0 where both were asked to stop.

    Raises:
        InputError: The server did not answer in time.
    """
    children = [
        _start("web", "--host", host, "--port", str(port), metrics_port=metrics_port),
        _start("worker", metrics_port=None if metrics_port is None else metrics_port + 1),
    ]
    asked: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        asked.append(number)

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, stop)
    try:
        _wait_until_ready(host, port, children)
        tell(f"http://{host}:{port}/")
        while not (asked or exit_when_ready or _ended(children)):
            time.sleep(_LOOK)
        code = 0 if asked or exit_when_ready else 1
    finally:
        _stop(children)
    return code


def _start(*words: str, metrics_port: int | None) -> subprocess.Popen[bytes]:
    # What they log is no result. Ctrl-C reaches this process alone, which then asks each to stop.
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "regulars.project", *words],
        env=os.environ | {METRICS_PORT: "" if metrics_port is None else str(metrics_port)},
        stdout=sys.stderr,
        start_new_session=True,
    )


def _wait_until_ready(host: str, port: int, children: Sequence[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + _READY_WITHIN
    while not _answers(host, port):
        if _ended(children) or time.monotonic() > until:
            raise InputError(
                say("Nothing answers at {host}:{port}.", host=host, port=str(port)),
                accepted=say("Look at what was printed above; another port may be free."),
            )
        time.sleep(_LOOK)


def _answers(host: str, port: int) -> bool:
    name = settings.ALLOWED_HOSTS[0].lstrip(".*") or host
    question = Request(f"http://{host}:{port}/readyz", headers={"Host": name})
    try:
        with urlopen(question, timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP says so
    except (URLError, OSError):
        return False


def _ended(children: Sequence[subprocess.Popen[bytes]]) -> bool:
    return any(child.poll() is not None for child in children)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
