"""The ledger's table, and triggers that refuse to change or remove a row."""

from django.db import migrations, models

SQLITE = [
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()",
]


def protect(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Row",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record", models.CharField(max_length=64, unique=True)),
                ("type", models.CharField(max_length=16)),
                ("subject", models.CharField(max_length=64)),
                ("body", models.TextField()),
                ("recorded_at", models.CharField(max_length=27)),
                ("chain", models.CharField(max_length=64)),
            ],
            options={"db_table": "ledger"},
        ),
        migrations.AddIndex("row", models.Index(fields=["subject", "type"], name="ledger_subject")),
        migrations.RunPython(protect, migrations.RunPython.noop),
    )
