"""Answers compared: equal, but for the last digits of a float."""

import pytest


def assert_alike(one: object, other: object, place: str = "") -> None:
    """The same keys and values at every place; figures to nine digits."""
    if isinstance(one, float) and isinstance(other, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9), place
    elif isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys(), place
        for key in one:
            assert_alike(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), place
        for number, pair in enumerate(zip(one, other, strict=True)):
            assert_alike(*pair, f"{place}[{number}]")
    else:
        assert one == other, place
