"""Where providers send their events."""

from django.urls import path

from regulars.interfaces.providers.receiving import receive

urlpatterns = [path("<str:provider>", receive, name="provider_events")]
