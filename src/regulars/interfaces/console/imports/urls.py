"""The addresses of imports."""

from django.urls import path

from regulars.interfaces.console.imports import asking, listing, one, sources

urlpatterns = [
    path("imports", listing.imports, name="imports"),
    path("imports/new", asking.new_import, name="new_import"),
    path("imports/<int:number>", one.one_import, name="import"),
    path("imports/<int:number>/start", asking.start, name="start_import"),
    path("imports/<int:number>/mended", asking.mended, name="mend_import"),
    path("imports/<int:number>/rejects", one.rejects, name="rejects"),
    path("imports/<int:number>/undo", one.undo, name="undo_import"),
    path("imports/<int:number>/retry", one.retry, name="retry_import"),
    path("imports/sources", sources.sources, name="sources"),
    path("imports/sources/new", sources.new_source, name="new_source"),
    path("imports/sources/<int:number>/pause", sources.pause, name="pause_source"),
    path("imports/sources/<int:number>/remove", sources.remove, name="remove_source"),
]
