from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0003_fill_names")]

    operations = [
        migrations.AddField("customer", "greetings", models.JSONField(default=dict)),
    ]
