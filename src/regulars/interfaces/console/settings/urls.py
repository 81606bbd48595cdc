"""The addresses of the settings."""

from django.urls import path

from regulars.interfaces.console.settings import (
    company,
    index,
    keys,
    me,
    staff,
    trail,
    webhook_deliveries,
    webhooks,
)

urlpatterns = [
    path("settings", index.settings, name="settings"),
    path("settings/company", company.company, name="company"),
    path("settings/retention", company.retention, name="retention"),
    path("settings/retention/<str:kind>", company.period, name="period"),
    path("settings/trail", trail.trail, name="trail"),
    path("settings/staff", staff.staff, name="staff"),
    path("settings/staff/invite", staff.invite, name="invite"),
    path("settings/staff/second-step", staff.second_step, name="second_step"),
    path("settings/staff/<int:staff_id>", staff.colleague, name="colleague"),
    path("settings/staff/<int:staff_id>/name", staff.rename, name="rename_colleague"),
    path("settings/staff/<int:staff_id>/close", staff.close, name="close_colleague"),
    path("settings/staff/<int:staff_id>/open", staff.reopen, name="open_colleague"),
    path("settings/staff/<int:staff_id>/link", staff.link, name="link_colleague"),
    path("settings/staff/<int:staff_id>/lost", staff.lost, name="lost_colleague"),
    path("settings/keys", keys.keys, name="keys"),
    path("settings/keys/new", keys.new_key, name="new_key"),
    path("settings/keys/<int:key_id>/end", keys.end_key, name="end_key"),
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/new", webhooks.new_webhook, name="new_webhook"),
    path("settings/webhooks/<int:number>", webhook_deliveries.webhook, name="webhook"),
    path("settings/webhooks/<int:number>/edit", webhooks.edit_webhook, name="edit_webhook"),
    path("settings/webhooks/<int:number>/pause", webhooks.pause, name="pause_webhook"),
    path("settings/webhooks/<int:number>/secret", webhooks.rotate, name="rotate_webhook"),
    path("settings/webhooks/<int:number>/test", webhooks.test, name="test_webhook"),
    path(
        "settings/webhooks/<int:number>/again", webhook_deliveries.send_again, name="again_webhook"
    ),
    path("settings/webhooks/<int:number>/remove", webhooks.remove, name="remove_webhook"),
    path(
        "settings/webhooks/<int:number>/deliveries/<int:delivery>",
        webhook_deliveries.webhook_delivery,
        name="webhook_delivery",
    ),
    path("me", me.me, name="me"),
    path("me", me.me, name="mfa_index"),  # allauth comes back to these names
    path("me", me.me, name="mfa_list_webauthn"),
    path("me/sessions/end", me.end_others, name="end_sessions"),
    path("me/sessions/<str:session>/end", me.end_one, name="end_session"),
]
