"""Every address of the platform."""

from django.urls import path

from regulars.interfaces.api.entry import api

urlpatterns = [path("api/v1/", api.urls)]
