"""Every address of the console."""

from django.urls import include, path

from regulars.interfaces.console.home import choose_language, home
from regulars.interfaces.console.orders import order, orders

urlpatterns = [
    path("", home, name="home"),
    path("language", choose_language, name="language"),
    path("", include("regulars.interfaces.console.customers.urls")),
    path("orders", orders, name="orders"),
    path("orders/<int:number>", order, name="order"),
    path("", include("regulars.interfaces.console.imports.urls")),
    path("", include("regulars.interfaces.console.writing.urls")),
    path("", include("regulars.interfaces.console.contact.urls")),
    path("", include("regulars.interfaces.console.signing_in.urls")),
    path("", include("regulars.interfaces.console.settings.urls")),
]
