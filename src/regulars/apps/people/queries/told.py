"""What programs are told of customers: ids, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence

from regulars.apps.journal.webhooks.registry import Facts, Part
from regulars.apps.people.models import Identity


def ids_of(numbers: Iterable[int]) -> Mapping[int, Facts]:
    """Customers by their numbers: the number, and the ids that sources know them by."""
    ids: dict[int, list[Facts]] = {number: [] for number in numbers}
    found = Identity.objects.filter(customer__in=list(ids)).order_by("source", "external_id")
    for number, source, id_ in found.values_list("customer_id", "source", "external_id"):
        ids[number].append({"source": source, "id": id_})
    return {number: {"number": number, "ids": known} for number, known in ids.items()}


def tell_customers(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, whose it is; null where it is nobody's."""
    known = ids_of(part.customer for part in parts if part.customer is not None)
    return [
        {"customer": None if part.customer is None else known[part.customer]} for part in parts
    ]
