from django.db import migrations

from regulars.apps.contact.rules.addresses import address_key
from regulars.apps.contact.rules.purposes import Channel


def take_over(apps, _editor):
    """Have letters to staff that wait go out as deliveries: their own table is about to go."""
    Batch = apps.get_model("contact", "Batch")
    Delivery = apps.get_model("contact", "Delivery")
    waiting = apps.get_model("accounts", "Mail").objects.filter(state="waiting")
    for mail in waiting.order_by("pk").iterator():
        batch = Batch.objects.create(
            sender="accounts",
            dedupe_key=f"mail {mail.pk}",
            purpose="service",
            channels=["email"],
            content={"plain": {"subject": mail.subject, "text": mail.text}},
            secret=True,
            made_at=mail.made_at,
        )
        Delivery.objects.create(
            batch=batch,
            purpose="service",
            priority=110,
            destination=mail.address,
            key=address_key(Channel.EMAIL, mail.address),
            made_at=mail.made_at,
            due_at=mail.due_at,
            valid_until=mail.until,
        )


class Migration(migrations.Migration):

    dependencies = [("contact", "0002_consents_append_only"), ("accounts", "0003_ways_in")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
