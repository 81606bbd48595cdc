"""Writes: customers are made, changed, merged and parted, annotated, exported and erased."""

from regulars.apps.people.operations.attributes import put_attribute, remove_attribute
from regulars.apps.people.operations.customers import (
    CUSTOMERS,
    CustomerData,
    assign_contact_person,
    ensure_customers,
    import_customers,
    put_customers,
)
from regulars.apps.people.operations.erasing import (
    count_quiet,
    erase_person,
    erase_quiet,
    export_person,
    replay_erasures,
)
from regulars.apps.people.operations.identities import add_identity, remove_identity
from regulars.apps.people.operations.languages import change_language
from regulars.apps.people.operations.living import lock_living
from regulars.apps.people.operations.merges import (
    dismiss_suggestion,
    merge_customers,
    merge_records,
    part_customers,
    part_records,
)
from regulars.apps.people.operations.notes import add_note, change_note, remove_note
from regulars.apps.people.operations.registry import (
    Privacy,
    Tables,
    note_erasures,
    register_privacy,
    registered,
)

__all__ = [
    "CUSTOMERS",
    "CustomerData",
    "Privacy",
    "Tables",
    "add_identity",
    "add_note",
    "assign_contact_person",
    "change_language",
    "change_note",
    "count_quiet",
    "dismiss_suggestion",
    "ensure_customers",
    "erase_person",
    "erase_quiet",
    "export_person",
    "import_customers",
    "lock_living",
    "merge_customers",
    "merge_records",
    "note_erasures",
    "part_customers",
    "part_records",
    "put_attribute",
    "put_customers",
    "register_privacy",
    "registered",
    "remove_attribute",
    "remove_identity",
    "remove_note",
    "replay_erasures",
]
