"""The addresses of the settings."""

from django.urls import path

from regulars.interfaces.console.settings import company, index, keys, me, staff, trail

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
    path("me", me.me, name="me"),
    path("me", me.me, name="mfa_index"),  # allauth comes back to these names
    path("me", me.me, name="mfa_list_webauthn"),
    path("me/sessions/end", me.end_others, name="end_sessions"),
    path("me/sessions/<str:session>/end", me.end_one, name="end_session"),
]
