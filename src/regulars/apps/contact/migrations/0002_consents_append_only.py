"""What people said can only be added to: the database itself refuses the rest.

What it lets through: an erasure, which empties the proof; an address that is no more, where it
was asked for; and the deletion of what a run of imports wrote, for as long as it can be undone.
The words that people were asked to agree to stay as they are.
"""

from django.db import migrations

REFUSED = "What somebody said is only added to: its proof may be emptied, an import undone."
FIXED = "A wording stays as it was shown: give another version."
KEPT = (
    "id", "customer_id", "purpose", "channel", "state", "basis", "wording", "language", "at",
    "recorded_at", "actor",
)
CHANGED = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)
IMPORTED = (
    "EXISTS (SELECT 1 FROM journal_written AS written "
    "WHERE written.kind = 'contact.consentevent' AND written.number = OLD.id)"
)

SQLITE = [
    f"""
CREATE TRIGGER contact_consentevent_changed BEFORE UPDATE ON contact_consentevent
WHEN {CHANGED}
  OR (NEW.proof IS NOT OLD.proof AND NEW.proof IS NOT '{{}}')
  OR (NEW.address_id IS NOT OLD.address_id AND NEW.address_id IS NOT NULL)
BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
""",
    f"""
CREATE TRIGGER contact_consentevent_deleted BEFORE DELETE ON contact_consentevent
WHEN NOT {IMPORTED}
BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
""",
    f"""
CREATE TRIGGER contact_wording_changed BEFORE UPDATE ON contact_wording
BEGIN SELECT RAISE(ABORT, '{FIXED}'); END
""",
    f"""
CREATE TRIGGER contact_wording_deleted BEFORE DELETE ON contact_wording
BEGIN SELECT RAISE(ABORT, '{FIXED}'); END
""",
]

POSTGRESQL = [
    f"""
CREATE FUNCTION contact_consentevent_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF {IMPORTED} THEN
      RETURN OLD;
    END IF;
  ELSIF ({", ".join(f'NEW."{name}"' for name in KEPT)}) IS NOT DISTINCT FROM
        ({", ".join(f'OLD."{name}"' for name in KEPT)})
        AND (NEW.proof = OLD.proof OR NEW.proof = '{{}}'::jsonb)
        AND (NEW.address_id IS NULL OR NEW.address_id IS NOT DISTINCT FROM OLD.address_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE TRIGGER contact_consentevent_kept BEFORE UPDATE OR DELETE ON contact_consentevent
FOR EACH ROW EXECUTE FUNCTION contact_consentevent_is_kept()
""",
    f"""
CREATE FUNCTION contact_wording_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation';
END $$
""",
    """
CREATE TRIGGER contact_wording_kept BEFORE UPDATE OR DELETE ON contact_wording
FOR EACH ROW EXECUTE FUNCTION contact_wording_is_kept()
""",
]

REMOVED = {
    "sqlite": [
        "DROP TRIGGER contact_consentevent_changed",
        "DROP TRIGGER contact_consentevent_deleted",
        "DROP TRIGGER contact_wording_changed",
        "DROP TRIGGER contact_wording_deleted",
    ],
    "postgresql": [
        "DROP TRIGGER contact_consentevent_kept ON contact_consentevent",
        "DROP FUNCTION contact_consentevent_is_kept()",
        "DROP TRIGGER contact_wording_kept ON contact_wording",
        "DROP FUNCTION contact_wording_is_kept()",
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
        ('contact', '0001_initial'),
        ('journal', '0003_written'),
    ]

    operations = [
        migrations.RunPython(_guard, _unguard),
    ]
