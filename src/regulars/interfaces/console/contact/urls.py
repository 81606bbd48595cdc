"""The addresses of the door out."""

from django.urls import path

from regulars.interfaces.console.contact import batches, delivery, suppression
from regulars.interfaces.console.contact.believed import believed
from regulars.interfaces.console.contact.outbox import outbox
from regulars.interfaces.console.contact.policy import policy

urlpatterns = [
    path("outbox", outbox, name="outbox"),
    path("outbox/<int:number>", delivery.delivery, name="delivery"),
    path("outbox/<int:number>/preview", delivery.preview, name="preview_delivery"),
    path("outbox/<int:number>/cancel", delivery.cancel, name="cancel_delivery"),
    path("outbox/batches", batches.batches, name="batches"),
    path("outbox/batches/<int:number>", batches.batch, name="batch"),
    path("outbox/batches/<int:number>/pause", batches.pause, name="pause_batch"),
    path("outbox/batches/<int:number>/resume", batches.resume, name="resume_batch"),
    path("outbox/batches/<int:number>/stop", batches.stop, name="stop_batch"),
    path("outbox/suppression", suppression.suppression, name="suppression"),
    path("outbox/suppression/add", suppression.add, name="suppress"),
    path("outbox/suppression/<int:number>/lift", suppression.lift, name="lift_suppression"),
    path("settings/messages", policy, name="policy"),
    path("settings/mail", believed, name="believed"),
]
