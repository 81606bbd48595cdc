"""The addresses of customers' pages."""

from django.urls import path

from regulars.interfaces.console.customers import (
    addresses,
    consents,
    editing,
    ids,
    merging,
    notes,
    privacy,
)
from regulars.interfaces.console.customers.card import contact_person, customer
from regulars.interfaces.console.customers.listing import customers
from regulars.interfaces.console.customers.messages import messages

urlpatterns = [
    path("customers", customers, name="customers"),
    path("customers/new", editing.new_customer, name="new_customer"),
    path("customers/merges", merging.merges, name="merges"),
    path("customers/<int:number>", customer, name="customer"),
    path("customers/<int:number>/messages", messages, name="messages"),
    path("customers/<int:number>/edit", editing.edit_customer, name="edit_customer"),
    path("customers/<int:number>/contact-person", contact_person, name="contact_person"),
    path("customers/<int:number>/export", privacy.export, name="export_customer"),
    path("customers/<int:number>/erase", privacy.erase, name="erase_customer"),
    path("customers/<int:number>/ids/add", ids.add, name="add_id"),
    path("customers/<int:number>/ids/remove", ids.remove, name="remove_id"),
    path("customers/<int:number>/addresses/add", addresses.add, name="add_address"),
    path(
        "customers/<int:number>/addresses/<int:address>", addresses.change, name="change_address"
    ),
    path(
        "customers/<int:number>/addresses/<int:address>/first",
        addresses.put_first,
        name="put_address_first",
    ),
    path(
        "customers/<int:number>/addresses/<int:address>/remove",
        addresses.remove,
        name="remove_address",
    ),
    path("customers/<int:number>/consents", consents.consents, name="consents"),
    path("customers/<int:number>/consents/add", consents.add, name="add_consent"),
    path("customers/<int:number>/notes", notes.add, name="add_note"),
    path("customers/<int:number>/notes/<int:note>", notes.change, name="change_note"),
    path("customers/<int:number>/notes/<int:note>/remove", notes.remove, name="remove_note"),
    path("customers/<int:number>/merge", merging.merge_search, name="merge_search"),
    path("customers/<int:number>/merge/<int:other>", merging.compare, name="compare"),
    path("customers/<int:number>/apart/<int:other>", merging.keep_apart, name="keep_apart"),
    path("customers/<int:number>/part", merging.part, name="part"),
]
