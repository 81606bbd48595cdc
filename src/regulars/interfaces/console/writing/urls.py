"""The addresses of templates."""

from django.urls import path

from regulars.interfaces.console.writing import editing, listing, previewing

urlpatterns = [
    path("templates", listing.templates, name="templates"),
    path("templates/new", listing.new_template, name="new_template"),
    path("templates/<int:number>", editing.template, name="template"),
    path("templates/<int:number>/rename", listing.rename, name="rename_template"),
    path("templates/<int:number>/remove", listing.remove, name="remove_template"),
    path("templates/<int:number>/preview", previewing.preview, name="template_preview"),
    path("templates/<int:number>/mail", previewing.mail, name="template_mail"),
    path("templates/<int:number>/test", previewing.test, name="test_template"),
]
