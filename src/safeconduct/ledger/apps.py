"""The ledger as a Django application, so that the desk can stand beside it on the same data layer."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "safeconduct.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
