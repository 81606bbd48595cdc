"""Every address of recipients' pages."""

from django.urls import path

from regulars.interfaces.pages.confirming import confirm
from regulars.interfaces.pages.own_data import ask_my_data, erase_my_data, my_data
from regulars.interfaces.pages.preferring import preferences
from regulars.interfaces.pages.unsubscribing import unsubscribe

urlpatterns = [
    path("my/unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
    path("my/preferences/<str:token>", preferences, name="preferences"),
    path("my/preferences/<str:token>/data", ask_my_data, name="ask_my_data"),
    path("my/confirm/<str:token>", confirm, name="confirm"),
    path("my/data/<str:token>", my_data, name="my_data"),
    path("my/data/<str:token>/erase", erase_my_data, name="erase_my_data"),
]
