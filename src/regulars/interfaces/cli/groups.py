"""Options that many commands share, declared once as a dataclass."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import Parameter
from typing import Any


def with_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take dataclasses whose fields become options of the command line.

    Typer reads the options off a function's signature; here a parameter that is annotated with a
    dataclass is replaced by the dataclass's fields, and built from them when the command runs.

    Args:
        command: A function whose parameters are Typer options, arguments and option groups.

    Returns:
        The function with the flat signature that Typer reads.
    """
    parameters = inspect.signature(command).parameters
    groups: dict[str, type[Any]] = {
        name: parameter.annotation
        for name, parameter in parameters.items()
        if isinstance(parameter.annotation, type) and is_dataclass(parameter.annotation)
    }

    @functools.wraps(command)
    def flat(**given: Any) -> None:  # noqa: ANN401 - whatever types the options have
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    options = [
        option
        for name, parameter in parameters.items()
        for option in (_options_of(groups[name]) if name in groups else [parameter])
    ]
    _show_signature(flat, options)
    return flat


def _options_of(group: type[Any]) -> list[Parameter]:
    return [_option(field) for field in fields(group)]


def _option(field: Field[Any]) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=field.type)


def _show_signature(function: Callable[..., None], parameters: list[Parameter]) -> None:
    keywords = [parameter.replace(kind=Parameter.KEYWORD_ONLY) for parameter in parameters]
    # Typer looks at both, and would find the command's own signature through __wrapped__.
    function.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
    function.__annotations__ = {option.name: option.annotation for option in keywords}
    del function.__wrapped__  # type: ignore[attr-defined]
