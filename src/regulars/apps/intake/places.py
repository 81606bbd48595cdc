"""Where the files of imports lie in the data folder."""

from pathlib import Path

from django.conf import settings


def imports_folder() -> Path:
    """The folder of every import's files; it is made where it is missing."""
    folder = Path(settings.DATA_FOLDER) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def uploads_folder() -> Path:
    """Where uploads are kept by their digests."""
    folder = imports_folder() / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def run_folder(run: int) -> Path:
    """Where a run keeps what it read and what it rejected; it may be missing."""
    return imports_folder() / f"run-{run}"


def rejects_file(run: int) -> Path:
    """The rows that a run rejected, one JSON object a line; it may be missing."""
    return run_folder(run) / "rejects.ndjson"
