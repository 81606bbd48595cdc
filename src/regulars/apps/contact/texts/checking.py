"""Words and plural forms of a text that are refused when it is saved."""

from collections.abc import Iterable, Iterator

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.filtered import Filter
from liquid.exceptions import UnknownFilterError
from liquid.template import BoundTemplate

from regulars.apps.contact.texts.errors import Place, TextError
from regulars.apps.contact.texts.figures import plural_forms
from regulars.apps.contact.texts.words import FILTERS, ROOTS, WORDS
from regulars.kernel.wording import say


def check_words(template: BoundTemplate, source: str, place: Place) -> None:
    """Refuse a word or filter that is none, and a plural without the forms of its language.

    Raises:
        TextError: Which, where, and what there is.
        UnknownFilterError: A filter is none of ours.
    """
    found = template.analyze()
    for name in ROOTS.intersection(found.locals):
        # the links at the foot would be others
        raise TextError(
            say("The word {word} is taken.", word=name),
            where=place.at(source, found.locals[name][0].span.index),
            accepted=say("Give what you assign another name."),
        )
    for name, uses in found.globals.items():
        for use in uses:
            word = ".".join(map(str, use.segments[:2]))
            if (name in ROOTS and word not in WORDS) or name in {"now", "today"}:
                known = sorted(it for it in WORDS if it.startswith(f"{name}."))
                raise TextError(
                    say("There is no word {word}.", word=word),
                    where=place.at(source, use.span.index),
                    accepted=say("There are {names}.", names=", ".join(known or sorted(WORDS))),
                )
    for filter_ in _filters(template.nodes):
        if filter_.name not in FILTERS:
            raise UnknownFilterError(f"unknown filter '{filter_.name}'", token=filter_.token)
        if filter_.name == "plural":
            _check_plural(filter_, source, place)


def _check_plural(filter_: Filter, source: str, place: Place) -> None:
    needed = plural_forms(place.language)
    given = {it.name for it in filter_.args if isinstance(it, KeywordArgument)}
    if lacking := [it for it in needed if it not in given]:
        raise TextError(
            say("The plural lacks {forms}.", forms=", ".join(lacking)),
            where=place.at(source, filter_.token.start_index),
            accepted=say(
                "Whole numbers take {forms} in this language: {example}.",
                forms=", ".join(needed),
                example=f"plural: {', '.join(f'{it}: "# …"' for it in needed)}",
            ),
        )


def _filters(nodes: Iterable[Node]) -> Iterator[Filter]:
    for node in nodes:
        for expression in node.expressions():
            if isinstance(expression, FilteredExpression):
                yield from expression.filters or ()
        yield from _filters(node.children(None))  # type: ignore[arg-type]
