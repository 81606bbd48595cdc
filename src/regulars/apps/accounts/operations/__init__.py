"""Writes: keys, staff and what they may do, ways in, sessions, and letters to staff."""

from regulars.apps.accounts.operations.keys import NewKey, make_key, mark_used, revoke_key
from regulars.apps.accounts.operations.links import Door, forget_links, make_link, use_link
from regulars.apps.accounts.operations.mail import post_letter, post_to_nobody
from regulars.apps.accounts.operations.sessions import (
    end_other_sessions,
    end_session,
    forget_sessions,
)
from regulars.apps.accounts.operations.staff import (
    Newcomer,
    add_staff,
    change_access,
    deactivate_staff,
    forget_factors,
    invite_staff,
    reactivate_staff,
    rename_staff,
    require_second_step,
    send_link,
    set_language,
    take_on,
)

__all__ = [
    "Door",
    "NewKey",
    "Newcomer",
    "add_staff",
    "change_access",
    "deactivate_staff",
    "end_other_sessions",
    "end_session",
    "forget_factors",
    "forget_links",
    "forget_sessions",
    "invite_staff",
    "make_key",
    "make_link",
    "mark_used",
    "post_letter",
    "post_to_nobody",
    "reactivate_staff",
    "rename_staff",
    "require_second_step",
    "revoke_key",
    "send_link",
    "set_language",
    "take_on",
    "use_link",
]
