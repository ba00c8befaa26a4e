"""The nine kinds of claim, their slots and closed value lists: codebook version 1.

Each kind is an immutable value. ``slot(...)`` says what a slot may hold, whether it is a key slot (two claims of a kind
speak of the same proposition when their key slots agree) and what the codebook page says of it. The JSON Schema and the
codebook page are generated from here (``schema.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, ClassVar, Literal, get_args

from .attribution import BODIES, check_asserter
from .dates import parse_edtf
from .places import REGIONS, is_country

CODEBOOK = "1"

Measure = Literal[
    "stations", "stations_new", "stations_multiple", "countries", "continents", "cities", "jurisdictions", "provinces",
    "staff", "persons_returned", "persons_targeted", "incidents", "plots", "origin_states", "countries_investigating",
]
Qualifier = Literal["exact", "at_least", "more_than", "approx", "up_to", "less_than"]
FigureStatus = Literal["active", "closed"]
SiteStatus = Literal["active", "closed", "ordered_closed", "unknown"]
Form = Literal[
    "mobile", "virtual", "service_centre", "officers", "apartment", "handyman_business", "restaurant", "estate_agency",
    "travel_agency", "delivery_business", "law_office", "shop", "community_association", "office_building",
]
Action = Literal[
    "statement_of_concern", "diplomatic_contact", "summons", "protest_note", "information_request", "monitoring",
    "investigation", "search", "no_wrongdoing_found", "no_response", "cease_and_desist", "closure_order", "arrest",
    "charge", "no_charge", "guilty_plea", "conviction", "expulsion", "sanctions", "cooperation_suspended",
    "legislation", "hearing", "protective_measure",
]
PositionTaken = Literal[
    "denial", "administrative_services", "pandemic_measure", "volunteers", "smear_accusation", "not_acknowledged",
    "promise_to_close", "claims_closed", "admission", "unaware", "lawful_conduct", "defends_cooperation",
]
Method = Literal[  # ordered: the most serious one named is the key, the others go to `also`
    "killing", "attempted_killing", "abduction", "coerced_return", "detention", "assault", "threat_to_family",
    "threat", "intimidation", "surveillance", "digital_attack", "mobility_control",
]
Level = Literal["case", "pattern"]
Target = Literal["dissidents", "journalists", "diaspora", "suspects", "family", "officials", "students"]
AgreementType = Literal["joint_patrols", "joint_policing", "security_agreement", "pilot_station", "extradition"]
Actor = Literal[
    "police_authority", "provincial_authority", "central_authority", "party_body", "intelligence_service", "diaspora",
    "hired_staff", "volunteers", "host_state",
]
Role = Literal["established", "runs", "mandated", "staffs", "enables"]
Ask = Literal[
    "investigate", "broaden_scope", "take_action", "protect", "coordinate", "close", "suspend_cooperation", "legislate",
    "sanction", "disclose",
]

Number = int | float
PLAIN = (str, int)  # types of what is remembered: 1, 1.0 and True are equal and do not all fit
REMEMBERED = 65_536  # values of a slot that are


def _country(value: object) -> str | None:
    if isinstance(value, str) and (is_country(value) or value in REGIONS or value == "EU"):
        return None
    return "an ISO 3166-1 alpha-2 code in capitals, EU, a continent in lower case, or world"


def _party(value: object) -> str | None:
    return None if value == "accused" or _country(value) is None else "an ISO code, or accused for a non-state party"


def _edtf(value: object) -> str | None:
    try:
        parse_edtf(value) if isinstance(value, str) else parse_edtf("")
    except ValueError:
        return "an EDTF date such as 2022-09 or 2021-04/2022-07"
    return None


def _author(value: object) -> str | None:
    try:
        check_asserter(str(value))
    except ValueError:
        return f"publisher, state:XX or one of {', '.join(b + ':…' for b in BODIES)}"
    return None


def _number(value: object) -> str | None:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**12
    return None if fine else "a number from 0 up"


def _count(value: object) -> str | None:
    return None if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "a whole number from 1 up"


def _text(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() and len(value) <= 300 else "a short text"


FORMS: dict[str, Callable[[object], str | None]] = {
    "text": _text, "number": _number, "count": _count, "date": _edtf, "country": _country, "party": _party,
    "author": _author,
}


def slot(form: Any, about: str, *, key: bool = False, many: bool = False, default: Any = None) -> Any:
    """Declare a slot.

    ``form`` is a name of FORMS or a closed list (a Literal). ``key`` marks a key slot, ``many`` a tuple of values.
    A slot without ``default`` may be empty (None, or ``()`` when ``many``); MISSING makes it required.
    """
    meta = {"form": form, "about": about, "key": key, "many": many}
    if default is None and many:
        default = ()
    return field(metadata=meta) if default is MISSING else field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True, eq=False)
class SlotSpec:
    """What a slot may hold: ``values`` is its closed list, or empty when ``form`` names a check of FORMS."""

    name: str
    form: str
    values: tuple[str, ...]
    about: str
    key: bool
    many: bool
    required: bool
    default: Any
    fitting: dict[Any, Any] = field(default_factory=dict, repr=False)  # found to fit before: one object for all that are equal

    def held(self, kind: str, value: Any) -> Any:
        """``value`` as a slot of that kind holds it: each of several values once, those of a key slot sorted.

        Raises:
            ValueError: it does not fit.
        """
        if not self.many:
            if wanted := self.problem(value):
                raise ValueError(f"{kind}.{self.name}: {value!r} should be {wanted}")
            if type(value) not in PLAIN:
                return value
            if len(self.fitting) >= REMEMBERED:
                self.fitting.clear()
            return self.fitting.setdefault(value, value)
        if not isinstance(value, tuple):
            raise ValueError(f"{kind}.{self.name}: give a list of values")
        if self.required and not value:
            raise ValueError(f"{kind}.{self.name}: give at least one value")
        for one in value:
            if wanted := self.problem(one):
                raise ValueError(f"{kind}.{self.name}: {one!r} should be {wanted}")
        return tuple(sorted(set(value))) if self.key else tuple(dict.fromkeys(value))

    def problem(self, value: object) -> str | None:
        """What a single ``value`` should have been, or None when it fits."""
        try:
            return _problem(self, value)
        except TypeError:  # no single value: a list or an object
            return f"one of {', '.join(self.values)}" if self.values else FORMS[self.form](value)


@lru_cache(maxsize=4_096, typed=True)  # typed: 1, 1.0 and True are equal and do not all fit
def _problem(spec: SlotSpec, value: object) -> str | None:
    if spec.values:
        return None if value in spec.values else f"one of {', '.join(spec.values)}"
    return FORMS[spec.form](value)


_SPECS: dict[str, tuple[SlotSpec, ...]] = {}
_put = object.__setattr__


def slot_specs(kind: type[Slots]) -> tuple[SlotSpec, ...]:
    """The slots of a kind in the order of the codebook."""
    if (known := _SPECS.get(kind.kind)) is not None:
        return known
    found = []
    for f in fields(kind):
        form, required = f.metadata["form"], f.default is MISSING
        named = isinstance(form, str)
        found.append(
            SlotSpec(
                f.name, form if named else "list", () if named else tuple(get_args(form)), f.metadata["about"],
                f.metadata["key"], f.metadata["many"], required, None if required else f.default,
            )
        )
    return _SPECS.setdefault(kind.kind, tuple(found))


@cache
def _key_of(kind: Any) -> Callable[[Slots], tuple[Any, ...]]:
    """What reads the values of the key slots of a kind, always as a tuple."""
    names = [spec.name for spec in slot_specs(kind) if spec.key]
    values: Callable[[Slots], Any] = attrgetter(*names)
    return values if len(names) > 1 else lambda slots: (values(slots),)


@dataclass(frozen=True, slots=True)
class Slots:
    """What a claim of one kind says. Subclasses are the nine kinds."""

    kind: ClassVar[str] = ""
    meaning: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for spec in slot_specs(type(self)):
            value = getattr(self, spec.name)
            if value is not None or spec.required:
                _put(self, spec.name, spec.held(self.kind, value))

    def as_json(self) -> dict[str, Any]:
        """Slot → value; empty slots left out except key slots, which stand as null. Lists of parties are sorted."""
        out: dict[str, Any] = {}
        for spec in slot_specs(type(self)):
            value = getattr(self, spec.name)
            if spec.many:
                value = list(value) or None
            if value is not None or spec.key:
                out[spec.name] = value
        return out

    def key(self) -> tuple[Any, ...]:
        """The values of the key slots: equal for two claims of a kind that speak of the same proposition."""
        return _key_of(type(self))(self)  # type: ignore[arg-type]  # a class is its own hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure(Slots):
    kind = "figure"
    meaning = "A number about the extent of the phenomenon."
    measure: Measure = slot(Measure, "what is counted", key=True, default=MISSING)
    value: Number = slot("number", "the number", key=True, default=MISSING)
    qualifier: Qualifier = slot(Qualifier, "how exactly the number is given", key=True, default="exact")
    scope: str = slot("country", "over which area the count runs", key=True, default="world")
    place: str | None = slot("text", "the city, when the count is tied to one", key=True)
    operator: str | None = slot("text", "whose stations, staff or acts are counted, when not all of them")
    status: FigureStatus | None = slot(FigureStatus, "when only active or only closed ones are counted")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site(Slots):
    kind = "site"
    meaning = "A station, or a presence of the accused state's police or services."
    country: str = slot("country", "the host", key=True, default=MISSING)
    place: str | None = slot("text", "the city or region", key=True)
    status: SiteStatus = slot(SiteStatus, "what is said of its state", key=True, default="unknown")
    form: Form | None = slot(Form, "what it looks like or hides behind", key=True)
    opened: str | None = slot("date", "since when it is said to exist", key=True)
    operator: str | None = slot("text", "the place of the authority said to be behind it")


@dataclass(frozen=True, kw_only=True, slots=True)
class Response(Slots):
    kind = "response"
    meaning = "What a state or one of its organs does."
    country: str = slot("country", "the state that acts", key=True, default=MISSING)
    action: Action = slot(Action, "the step", key=True, default=MISSING)
    body: str | None = slot("text", "the organ, or the office of its holder")
    about: str = slot("country", "the accused state", default="CN")
    place: str | None = slot("text", "the city concerned")
    count: int | None = slot("count", "people arrested, charged, expelled …")
    target: str | None = slot("text", "who is concerned")


@dataclass(frozen=True, kw_only=True, slots=True)
class Position(Slots):
    kind = "position"
    meaning = "What the accused or an involved party says of itself."
    party: str = slot("party", "who takes the position", key=True, default=MISSING)
    position: PositionTaken = slot(PositionTaken, "the position", key=True, default=MISSING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident(Slots):
    kind = "incident"
    meaning = "An act of repression, one case or a pattern. Never a person's name."
    method: Method = slot(Method, "the most serious method named", key=True, default=MISSING)
    host: str | None = slot("country", "where it happened", key=True)
    origin: str | None = slot("country", "the state said to be behind it", key=True)
    level: Level = slot(Level, "one case, or a pattern", key=True, default="case")
    also: tuple[Method, ...] = slot(Method, "further methods named", many=True)
    target: Target | None = slot(Target, "the group the people belong to")
    place: str | None = slot("text", "the city")
    count: int | None = slot("count", "people concerned")


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement(Slots):
    kind = "agreement"
    meaning = "An arrangement between an origin state and a partner."
    parties: tuple[str, ...] = slot("country", "the origin state and its partner", key=True, many=True, default=MISSING)
    type: AgreementType = slot(AgreementType, "what was agreed", key=True, default=MISSING)
    places: tuple[str, ...] = slot("text", "cities it covers", many=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator(Slots):
    kind = "operator"
    meaning = "Who sets up, runs, staffs or lets run, when more specific than the origin state."
    actor: Actor = slot(Actor, "what sort of body", key=True, default=MISSING)
    name: str | None = slot("text", "the place of the authority, in lower case", key=True)
    role: Role = slot(Role, "what it does", key=True, default=MISSING)
    scope: str = slot("country", "where", key=True, default="world")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation(Slots):
    kind = "recommendation"
    meaning = "What somebody asks states or others to do."
    ask: Ask = slot(Ask, "the request", key=True, default=MISSING)
    addressee: str | None = slot("text", "to whom")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report(Slots):
    kind = "report"
    meaning = "A publication by a named body, when a date or a title is given."
    author: str = slot("author", "the body", key=True, default=MISSING)
    published: str | None = slot("date", "when it came out", key=True)
    title: str | None = slot("text", "its title")


KINDS: dict[str, type[Slots]] = {
    k.kind: k for k in (Figure, Site, Response, Position, Incident, Agreement, Operator, Recommendation, Report)
}


def make_slots(kind: str, values: dict[str, Any]) -> Slots:
    """Slots of ``kind`` from a JSON object; null and absent mean the default.

    Raises:
        ValueError: unknown kind, unknown slot, a required slot left empty, or a value outside its list or form.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; use one of {', '.join(KINDS)}")
    type_, rows, names = _rows(kind)
    if not values.keys() <= names:
        unknown = next(name for name in values if name not in names)
        raise ValueError(f"{kind} has no slot {unknown!r}; it has {', '.join(row[0] for row in rows)}")
    made = object.__new__(type_)  # what the class itself does, without asking each value for twice
    get = values.get
    for name, put, spec, fitting, default in rows:
        value = get(name)
        if type(value) in PLAIN and (known := fitting.get(value)) is not None:
            put(made, known)
        elif value is None or value == []:
            if spec.required:
                raise ValueError(f"{kind}.{name} is required")
            put(made, default)
        else:
            put(made, spec.held(kind, tuple(value) if spec.many and isinstance(value, list) else value))
    return made


_Row = tuple[str, Callable[[Slots, Any], None], SlotSpec, dict[Any, Any], Any]


@cache
def _rows(kind: str) -> tuple[type[Slots], list[_Row], Set[str]]:
    """The class of a kind, and for each of its slots the name, what puts a value there, what it may hold, what was found to fit
    and the default."""
    type_ = KINDS[kind]
    specs = slot_specs(type_)
    rows = [(s.name, getattr(type_, s.name).__set__, s, s.fitting, s.default) for s in specs]
    return type_, rows, {s.name for s in specs}
