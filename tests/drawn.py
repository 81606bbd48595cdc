"""Charts that are drawn once, where what is tested is the page around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace

import pytest
import vl_convert


@cache
def _drawn(spec: str) -> str:
    return vl_convert.vegalite_to_svg(spec)


@contextmanager
def drawn_once() -> Iterator[None]:
    """Draw a chart that was drawn in this process no second time."""
    with pytest.MonkeyPatch.context() as patch:
        drawing = SimpleNamespace(vegalite_to_svg=_drawn)
        patch.setattr("regulars.reports.drawing.vl_convert", drawing)
        yield
