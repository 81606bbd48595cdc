"""Tables of staff, keys, sessions and sign-in links."""

from importlib import import_module
from typing import ClassVar, override

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from regulars.apps.accounts.rules import Role

_ROLES = [(role.value, role.value) for role in Role]
_ROLE_KNOWN = Q(role__in=[role.value for role in Role])


class Staff(AbstractBaseUser):
    """A person who works for the firm."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=10, choices=_ROLES)
    language = models.CharField(max_length=10, default="en")
    every_store = models.BooleanField(default=False)
    sees_contacts = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects: ClassVar = BaseUserManager["Staff"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="staff_email_lower"),
            models.CheckConstraint(condition=_ROLE_KNOWN, name="staff_role"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class StaffStore(models.Model):
    """A store that a person of the staff may see."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="stores")
    store = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "store"], name="staff_store")
        ]

    @override
    def __str__(self) -> str:
        return self.store


class ApiKey(models.Model):
    """A program's way in. Only a hash of the secret is kept."""

    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, choices=_ROLES)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)
    scopes = models.JSONField(null=True)
    """Of the role's permissions those that the key has; null for all of them."""

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=_ROLE_KNOWN, name="key_role")]

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class Session(AbstractBaseSession):
    """A browser, and who has signed in there."""

    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=200, default="")

    @override
    def __str__(self) -> str:
        return f"{self.staff_id} since {self.began_at}"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The class that reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore  # type: ignore[no-any-return]


class SignInLink(models.Model):
    """A link that lets somebody in once. Only a hash of its secret is kept."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"link of {self.staff_id} until {self.expires_at}"


class SecondStep(models.Model):
    """A role that has to show more than one factor to sign in."""

    role = models.CharField(max_length=10, choices=_ROLES, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ROLE_KNOWN, name="second_step_role")
        ]

    @override
    def __str__(self) -> str:
        return self.role


class Remembered(models.Model):
    """What all processes remember for a while, such as how often somebody tried to sign in.

    Django's database cache reads and writes it; it is made here so that it comes with the tables.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_remembered"

    @override
    def __str__(self) -> str:
        return self.cache_key
