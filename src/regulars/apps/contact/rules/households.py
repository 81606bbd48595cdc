"""Who lives together: people joined by the addresses that they share."""

from collections.abc import Collection, Iterable, Mapping

MOST_SHARING = 12
"""An address that more people share is that of an office, and joins nobody."""
MOST_OF_A_HOUSEHOLD = 50
"""More people than so many, joined one to the next, are no household: each is on his own."""


class Households:
    """People joined while their neighbours become known.

    Both bounds ask the same of everybody whom they are about, so that it does not matter from
    whom one starts: all of a household are told the same.

    >>> found = Households([3])
    >>> while people := found.take_open():
    ...     found.share({"a": {2, 3}, "b": {1, 2}})
    >>> found.stands_for(3), found.stands_for(1)
    (1, 1)
    """

    def __init__(self, people: Iterable[int]) -> None:
        self._above = {person: person for person in people}
        self._size = dict.fromkeys(self._above, 1)
        self._open = set(self._above)

    def take_open(self) -> set[int]:
        """People whose neighbours are still to be told, each of them once."""
        taken = {it for it in self._open if self._size[self._root(it)] <= MOST_OF_A_HOUSEHOLD}
        self._open = set()
        return taken

    def share(self, by_address: Mapping[str, Collection[int]]) -> None:
        """Join the people who share an address, for some addresses."""
        for people in by_address.values():
            if 1 < len(people) <= MOST_SHARING:
                first, *others = sorted(people)
                for other in others:
                    self._join(first, other)

    def stands_for(self, person: int) -> int:
        """Who stands for somebody's household."""
        root = self._root(person)
        return person if self._size[root] > MOST_OF_A_HOUSEHOLD else root

    def _join(self, first: int, second: int) -> None:
        for person in (first, second):
            if person not in self._above:
                self._above[person], self._size[person] = person, 1
                self._open.add(person)
        small, large = sorted((self._root(first), self._root(second)))
        if small != large:
            self._above[large] = small
            self._size[small] += self._size[large]

    def _root(self, person: int) -> int:
        path = []
        while (above := self._above[person]) != person:
            path.append(person)
            person = above
        self._above.update(dict.fromkeys(path, person))
        return person
