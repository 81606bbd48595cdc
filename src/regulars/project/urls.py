"""Every address of the platform."""

from django.urls import include, path

from regulars.interfaces.api import shown
from regulars.interfaces.api.entry import api
from regulars.interfaces.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", shown.page),
    path("api/v1/reference.css", shown.stylesheet),
    path("api/v1/", api.urls),
    path("provider/", include("regulars.interfaces.providers.urls")),
    path("", include("regulars.interfaces.pages.urls")),
    path("", include("regulars.interfaces.console.urls")),
]

handler400 = "regulars.interfaces.errors.unusable"
handler403 = "regulars.interfaces.errors.refused"
handler404 = "regulars.interfaces.errors.not_found"
handler500 = "regulars.interfaces.errors.broken"
