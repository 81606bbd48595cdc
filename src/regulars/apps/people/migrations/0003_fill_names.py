from django.db import migrations

from regulars.apps.people.rules import name_key, name_words, searchable

_AT_ONCE = 1000


def fill(apps, _editor):
    """Keep what customers are found by, of those who were there before."""
    Customer = apps.get_model("people", "Customer")
    NameWord = apps.get_model("people", "NameWord")
    last = 0
    while rows := list(
        Customer.objects.filter(pk__gt=last).exclude(name="").order_by("pk")[:_AT_ONCE]
    ):
        last = rows[-1].pk
        for row in rows:
            row.search, row.name_key = searchable(row.name), name_key(row.name)
        Customer.objects.bulk_update(rows, ["search", "name_key"])
        NameWord.objects.bulk_create(
            NameWord(customer=row, word=word) for row in rows for word in sorted(name_words(row.name))
        )


class Migration(migrations.Migration):

    dependencies = [("people", "0002_names_notes_erasures")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
