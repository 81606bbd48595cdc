from django.db import migrations


class Migration(migrations.Migration):

    # what waits there has become deliveries first
    dependencies = [("accounts", "0003_ways_in"), ("contact", "0003_letters")]

    operations = [migrations.DeleteModel(name="Mail")]
