"""The one table of the ledger."""

from django.db import models


class Row(models.Model):
    """One record, in the order of recording.

    ``seq`` counts from 1 without gaps. ``record`` is the SHA-256 of ``body``, the record's canonical bytes. ``subject`` is
    what the record is about, for looking it up. ``chain`` is SHA-256 over the previous chain value, ``record`` and
    ``recorded_at`` (UTC, RFC 3339, microseconds), each on a line of its own.
    """

    seq = models.BigIntegerField(primary_key=True)
    record = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=16)
    subject = models.CharField(max_length=64)
    body = models.TextField()
    recorded_at = models.CharField(max_length=27)
    chain = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger"
        indexes = (models.Index(fields=["subject", "type"], name="ledger_subject"),)
