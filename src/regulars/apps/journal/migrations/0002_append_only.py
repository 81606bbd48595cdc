"""Entries of the trail can only be added: the database itself refuses the rest.

What it lets through: an erasure, which empties what was written about a person and leaves that
something was done, when and by whom; and the deletion of entries older than 90 days.
"""

from django.db import migrations, models

REFUSED = "The trail is only added to: data may be emptied, entries of 90 days deleted."

SQLITE = [
    f"""
CREATE TRIGGER journal_entry_changed BEFORE UPDATE ON journal_entry
WHEN NEW.data <> '{{}}' OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
  OR NEW.actor IS NOT OLD.actor OR NEW.verb IS NOT OLD.verb OR NEW.subject IS NOT OLD.subject
BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
""",
    f"""
CREATE TRIGGER journal_entry_deleted BEFORE DELETE ON journal_entry
WHEN OLD.at >= datetime('now', '-90 days')
BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
""",
]

POSTGRESQL = [
    f"""
CREATE FUNCTION journal_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '90 days' THEN
    RETURN OLD;
  ELSIF TG_OP = 'UPDATE' AND NEW.data = '{{}}'::jsonb AND
        (NEW.id, NEW.at, NEW.actor, NEW.verb, NEW.subject) IS NOT DISTINCT FROM
        (OLD.id, OLD.at, OLD.actor, OLD.verb, OLD.subject) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE TRIGGER journal_entry_kept BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_entry_is_kept()
""",
]

REMOVED = {
    "sqlite": ["DROP TRIGGER journal_entry_changed", "DROP TRIGGER journal_entry_deleted"],
    "postgresql": [
        "DROP TRIGGER journal_entry_kept ON journal_entry",
        "DROP FUNCTION journal_entry_is_kept()",
    ],
}


def _guard(_apps, editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]
    for statement in statements:
        editor.execute(statement)


def _unguard(_apps, editor):
    for statement in REMOVED[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['actor', '-id'], name='entry_actor'),
        ),
        migrations.RunPython(_guard, _unguard),
    ]
