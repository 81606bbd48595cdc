"""How much a form may carry: files are taken from those alone who may import them."""

from typing import Any, override

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from regulars.apps.accounts.rules import Permission

_BESIDE = 1024 * 1024
"""Bytes of a form beside its file."""


class BoundedUploads(TemporaryFileUploadHandler):
    """Takes the files of a form, refused by their announced length before a byte is read.

    Without it a stranger could fill the disk by a form that has no place for a file.
    """

    @override
    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse a form that is larger than whoever sends it may send.

        Raises:
            RequestDataTooBig: It is.
        """
        if content_length > (most := _most(self.request)):
            raise RequestDataTooBig(f"The form has {content_length} bytes, of at most {most}.")


def _most(request: HttpRequest | None) -> int:
    staff = getattr(request, "staff", None)
    if staff is not None and staff.may(Permission.WRITE_IMPORTS):
        return int(settings.LARGEST_UPLOAD) + _BESIDE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
