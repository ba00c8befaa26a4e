"""Days, moments and countries as options of commands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, written 2022-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2022-12-31.", param, ctx)


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A moment, written 2022-12-31 (its end) or 2022-12-31T14:00:00Z; without a zone it is UTC."""

    name = "timestamp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            if len(value) == 10:
                return f"{date.fromisoformat(value).isoformat()}T23:59:59.999999Z"
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment; write it as 2022-12-31T14:00:00Z.", param, ctx)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


as_of_option = click.option("--as-of", type=Day(), help="What had been said up to this day; default: today (UTC).")
proposed_option = click.option("--include-proposed", is_flag=True, help="Also claims that nobody has decided on.")


def country_of(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from safeconduct.claims import country_code
    from safeconduct.claims.places import is_country

    if value is None or is_country(value.upper()):
        return value.upper() if value else None
    code = country_code(value)
    if code is None:
        raise click.BadParameter(f"{value!r} is no country; give an ISO code such as NL.")
    return code
