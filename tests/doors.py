"""Who comes where: the one table of the platform's addresses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

from regulars.apps.accounts.rules import Permission

type Method = Literal["GET", "POST"]
METHODS: tuple[Method, ...] = ("GET", "POST")


@dataclass(frozen=True)
class Door:
    """Who may come through an address.

    Attributes:
        who: ``anybody``, ``staff`` (whoever signed in), ``strangers`` (whoever did not: others
            are sent on), or the right that it takes.
        post: The right that writing takes, where it is another.
        only: The methods that it knows.
    """

    who: Literal["anybody", "staff", "strangers"] | Permission
    post: Permission | None = None
    only: tuple[Method, ...] = METHODS

    def needs(self, method: Method) -> Permission | None:
        """The right that a method takes."""
        if method == "POST" and self.post is not None:
            return self.post
        return self.who if isinstance(self.who, Permission) else None


GET: tuple[Method, ...] = ("GET",)
POST: tuple[Method, ...] = ("POST",)
READS, WRITES = Permission.READ_SETTINGS, Permission.WRITE_SETTINGS

DOORS: Mapping[str, Door] = {
    "": Door("staff", only=GET),
    "language": Door("anybody", only=POST),
    "customers": Door(Permission.READ_CUSTOMERS, only=GET),
    "customers/new": Door(Permission.WRITE_CUSTOMERS),
    "customers/merges": Door(Permission.WRITE_CUSTOMERS, only=GET),
    "customers/<int:number>": Door(Permission.READ_CUSTOMERS, only=GET),
    "customers/<int:number>/edit": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/contact-person": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/export": Door(Permission.EXPORT_CUSTOMERS, only=GET),
    "customers/<int:number>/erase": Door(Permission.ERASE_CUSTOMERS),
    "customers/<int:number>/ids/add": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/ids/remove": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/addresses/add": Door(Permission.WRITE_CONTACTS),
    "customers/<int:number>/addresses/<int:address>": Door(Permission.WRITE_CONTACTS),
    "customers/<int:number>/addresses/<int:address>/first": Door(
        Permission.WRITE_CONTACTS, only=POST
    ),
    "customers/<int:number>/addresses/<int:address>/remove": Door(Permission.WRITE_CONTACTS),
    "customers/<int:number>/consents": Door(Permission.READ_CONTACTS, only=GET),
    "customers/<int:number>/consents/add": Door(Permission.WRITE_CONTACTS),
    "customers/<int:number>/notes": Door(Permission.WRITE_CUSTOMERS, only=POST),
    "customers/<int:number>/notes/<int:note>": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/notes/<int:note>/remove": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/merge": Door(Permission.WRITE_CUSTOMERS, only=GET),
    "customers/<int:number>/merge/<int:other>": Door(Permission.WRITE_CUSTOMERS),
    "customers/<int:number>/apart/<int:other>": Door(Permission.WRITE_CUSTOMERS, only=POST),
    "customers/<int:number>/part": Door(Permission.WRITE_CUSTOMERS),
    "orders": Door(Permission.READ_ORDERS, only=GET),
    "orders/<int:number>": Door(Permission.READ_ORDERS, only=GET),
    "customers/<int:number>/messages": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox/<int:number>": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox/<int:number>/preview": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox/<int:number>/cancel": Door(Permission.WRITE_DELIVERIES),
    "outbox/batches": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox/batches/<int:number>": Door(Permission.READ_DELIVERIES, only=GET),
    "outbox/batches/<int:number>/pause": Door(Permission.WRITE_DELIVERIES, only=POST),
    "outbox/batches/<int:number>/resume": Door(Permission.WRITE_DELIVERIES, only=POST),
    "outbox/batches/<int:number>/stop": Door(Permission.WRITE_DELIVERIES),
    "outbox/suppression": Door(Permission.READ_DELIVERIES),
    "outbox/suppression/add": Door(Permission.WRITE_DELIVERIES),
    "outbox/suppression/<int:number>/lift": Door(Permission.WRITE_DELIVERIES),
    "imports": Door(Permission.READ_IMPORTS, only=GET),
    "imports/new": Door(Permission.WRITE_IMPORTS),
    "imports/<int:number>": Door(Permission.READ_IMPORTS, only=GET),
    "imports/<int:number>/start": Door(Permission.WRITE_IMPORTS, only=POST),
    "imports/<int:number>/mended": Door(Permission.WRITE_IMPORTS),
    "imports/<int:number>/rejects": Door(Permission.READ_IMPORTS, only=GET),
    "imports/<int:number>/undo": Door(Permission.WRITE_IMPORTS),
    "imports/<int:number>/retry": Door(Permission.WRITE_IMPORTS, only=POST),
    "imports/sources": Door(Permission.READ_IMPORTS, only=GET),
    "imports/sources/new": Door(WRITES),
    "imports/sources/<int:number>/pause": Door(Permission.WRITE_IMPORTS, only=POST),
    "imports/sources/<int:number>/remove": Door(Permission.WRITE_IMPORTS),
    "templates": Door(Permission.READ_TEMPLATES, only=GET),
    "templates/new": Door(Permission.WRITE_TEMPLATES),
    "templates/<int:number>": Door(Permission.READ_TEMPLATES, post=Permission.WRITE_TEMPLATES),
    "templates/<int:number>/rename": Door(Permission.WRITE_TEMPLATES),
    "templates/<int:number>/remove": Door(Permission.WRITE_TEMPLATES),
    "templates/<int:number>/preview": Door(Permission.READ_TEMPLATES, only=GET),
    "templates/<int:number>/mail": Door(Permission.READ_TEMPLATES, only=GET),
    "templates/<int:number>/test": Door(Permission.WRITE_TEMPLATES, only=POST),
    "sign-in": Door("strangers"),
    "sign-in/code": Door("strangers"),
    "sign-in/code/show": Door("strangers"),
    "sign-in/second-step": Door("strangers"),
    "sign-in/passkey": Door("strangers"),
    "sign-in/closed": Door("anybody", only=GET),
    "sign-in/link/<str:secret>": Door("anybody"),
    "sign-in/password": Door("anybody"),
    "sign-in/password/code": Door("anybody"),
    "sign-in/password/new": Door("anybody"),
    "sign-in/password/done": Door("anybody", only=GET),
    "sign-out": Door("anybody"),
    "me": Door("staff"),
    "me/again": Door("staff"),
    "me/again/code": Door("staff"),
    "me/again/passkey": Door("staff"),
    "me/password": Door("staff"),
    "me/password/first": Door("staff"),
    "me/app": Door("staff"),
    "me/app/remove": Door("staff"),
    "me/passkeys/add": Door("staff"),
    "me/passkeys/<int:pk>": Door("staff"),
    "me/passkeys/<int:pk>/remove": Door("staff"),
    "me/recovery-codes": Door("staff"),
    "me/recovery-codes/new": Door("staff"),
    "me/sessions/end": Door("staff", only=POST),
    "me/sessions/<str:session>/end": Door("staff", only=POST),
    "settings": Door(READS, only=GET),
    "settings/company": Door(READS, post=WRITES),
    "settings/mail": Door(READS, only=GET),
    "settings/messages": Door(READS, post=WRITES),
    "settings/retention": Door(READS, only=GET),
    "settings/retention/<str:kind>": Door(WRITES),
    "settings/trail": Door(Permission.READ_TRAIL, only=GET),
    "settings/staff": Door(READS, only=GET),
    "settings/staff/invite": Door(WRITES),
    "settings/staff/second-step": Door(WRITES),
    "settings/staff/<int:staff_id>": Door(READS, post=WRITES),
    "settings/staff/<int:staff_id>/name": Door(WRITES),
    "settings/staff/<int:staff_id>/close": Door(WRITES),
    "settings/staff/<int:staff_id>/open": Door(WRITES),
    "settings/staff/<int:staff_id>/link": Door(WRITES),
    "settings/staff/<int:staff_id>/lost": Door(WRITES),
    "settings/keys": Door(READS, only=GET),
    "settings/keys/new": Door(WRITES),
    "settings/keys/<int:key_id>/end": Door(WRITES),
    "provider/<str:provider>": Door("anybody", only=POST),
    "settings/webhooks": Door(READS, only=GET),
    "settings/webhooks/new": Door(WRITES),
    "settings/webhooks/<int:number>": Door(READS, only=GET),
    "settings/webhooks/<int:number>/edit": Door(WRITES),
    "settings/webhooks/<int:number>/pause": Door(WRITES, only=POST),
    "settings/webhooks/<int:number>/secret": Door(WRITES),
    "settings/webhooks/<int:number>/test": Door(WRITES, only=POST),
    "settings/webhooks/<int:number>/again": Door(WRITES),
    "settings/webhooks/<int:number>/remove": Door(WRITES),
    "settings/webhooks/<int:number>/deliveries/<int:delivery>": Door(READS, post=WRITES),
    "my/unsubscribe/<str:token>": Door("anybody"),
    "my/preferences/<str:token>": Door("anybody"),
    "my/preferences/<str:token>/data": Door("anybody"),
    "my/confirm/<str:token>": Door("anybody"),
    "my/data/<str:token>": Door("anybody"),
    "my/data/<str:token>/erase": Door("anybody"),
    "healthz": Door("anybody"),
    "readyz": Door("anybody"),
}
"""The one table: who comes where. Addresses below ``api/`` have their own."""
FILLED = {"<int:": "999999", "<str:secret>": "nothing", "<str:kind>": "answers", "<str:": "0" * 16}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address that the platform answers to."""
    for it in resolver.url_patterns:
        path = before + (str(it.pattern) if isinstance(it.pattern, RoutePattern) else "^")
        if isinstance(it, URLPattern):
            yield path
        else:
            yield from routes(it, path)


def address(route: str) -> str:
    """An address of that route, of something that is not there."""
    parts = []
    for part in route.split("/"):
        filled = next((text for start, text in FILLED.items() if part.startswith(start)), part)
        parts.append(filled)
    return "/" + "/".join(parts)
