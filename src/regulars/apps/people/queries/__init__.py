"""Reads: customers by any id, who is the same person, and everything on a person's card."""

from regulars.apps.people.queries.attributes import (
    AttributeRow,
    attribute_kinds,
    list_attributes,
)
from regulars.apps.people.queries.card import (
    CustomerCard,
    NoteRow,
    RecordRow,
    find_note,
    get_customer_card,
    list_notes,
    notes_before,
)
from regulars.apps.people.queries.customers import CustomerRow, find_customer, list_customers
from regulars.apps.people.queries.erasures import Erased, list_erasures
from regulars.apps.people.queries.identity import (
    API,
    IdentityRow,
    canonical_ids,
    external_ids,
    get_number,
    list_identities,
    numbers_of,
    same_person,
)
from regulars.apps.people.queries.names import NameRow, count_persons, names_of
from regulars.apps.people.queries.people import (
    ANYBODY,
    Only,
    PersonRow,
    Sort,
    count_people,
    list_people,
)
from regulars.apps.people.queries.persons import (
    Person,
    all_records,
    persons_of,
    unknown_numbers,
)
from regulars.apps.people.queries.seen import of_seen
from regulars.apps.people.queries.suggestions import (
    AlikeRow,
    Suggestion,
    list_merge_suggestions,
)
from regulars.apps.people.queries.told import ids_of, tell_customers

__all__ = [
    "ANYBODY",
    "API",
    "AlikeRow",
    "AttributeRow",
    "CustomerCard",
    "CustomerRow",
    "Erased",
    "IdentityRow",
    "NameRow",
    "NoteRow",
    "Only",
    "Person",
    "PersonRow",
    "RecordRow",
    "Sort",
    "Suggestion",
    "all_records",
    "attribute_kinds",
    "canonical_ids",
    "count_people",
    "count_persons",
    "external_ids",
    "find_customer",
    "find_note",
    "get_customer_card",
    "get_number",
    "ids_of",
    "list_attributes",
    "list_customers",
    "list_erasures",
    "list_identities",
    "list_merge_suggestions",
    "list_notes",
    "list_people",
    "names_of",
    "notes_before",
    "numbers_of",
    "of_seen",
    "persons_of",
    "same_person",
    "tell_customers",
    "unknown_numbers",
]
