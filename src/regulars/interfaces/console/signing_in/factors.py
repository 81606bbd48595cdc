"""Secrets of second factors are kept encrypted, with a key that comes from the installation's."""

import base64
import hashlib
from typing import override

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from regulars.interfaces.console.words import spoken
from regulars.kernel.wording import say


class FactorAdapter(DefaultMFAAdapter):
    """The hooks of allauth's second factors."""

    @override
    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,
    ) -> str:
        known = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(spoken(say("Passkey {n}", n=known + 1)))

    @override
    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    @override
    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # the installation's secret is another one: no code fits, and a command helps
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
