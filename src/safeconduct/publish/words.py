"""Claims in words: one attributed, careful English sentence for each.

An allegation is worded as one, a denial as a denial; nothing is said in the register's own voice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from safeconduct.claims import PUBLISHER, Claim, asserter_name, speaks_as_many, the_country
from safeconduct.register import Source, Statement

from . import labels
from .names import authority, capital, in_country, party_words
from .when import when_phrase


class Amount(str):
    """A number as it is written in a sentence; ``value`` is the number itself."""

    value: int | float
    __slots__ = ("value",)

    def __new__(cls, value: int | float) -> Amount:
        whole = int(value) if float(value).is_integer() else value
        self = super().__new__(cls, f"{whole:,}")
        self.value = whole
        return self


Parts = list[str]  # pieces of a sentence; those that are an Amount are numbers
_QUALIFIERS = {**labels.QUALIFIERS, "exact": ""}
_MEASURES: dict[str, tuple[str, str, str]] = {  # before the number, after it in the singular, in the plural
    "stations": ("there {be} ", "station", "stations"),
    "stations_new": ("there {be} ", "newly reported station", "newly reported stations"),
    "stations_multiple": ("more than one station is found in ", "place", "places"),
    "countries": ("", "country is affected", "countries are affected"),
    "continents": ("", "continent is affected", "continents are affected"),
    "cities": ("", "city is affected", "cities are affected"),
    "jurisdictions": ("", "police jurisdiction is involved", "police jurisdictions are involved"),
    "provinces": ("", "province is involved", "provinces are involved"),
    "staff": ("", "person is on the staff of such stations", "people are on the staff of such stations"),
    "persons_returned": ("", "person was persuaded or forced to return", "people were persuaded or forced to return"),
    "persons_targeted": ("", "person was targeted", "people were targeted"),
    "incidents": ("there {be} ", "incident of transnational repression", "incidents of transnational repression"),
    "plots": ("there {be} ", "plot", "plots"),
    "origin_states": ("", "state is behind such acts", "states are behind such acts"),
    "countries_investigating": ("", "country is investigating", "countries are investigating"),
}
_ACTIONS = {  # what "authorities of X" did; {n} is replaced by the people concerned
    "statement_of_concern": "expressed concern", "diplomatic_contact": "raised it through diplomatic channels",
    "summons": "summoned a diplomatic representative", "protest_note": "sent a note of protest",
    "information_request": "asked for information", "monitoring": "kept the matter under watch",
    "investigation": "opened or led an investigation", "search": "carried out a search",
    "no_wrongdoing_found": "found no wrongdoing", "no_response": "had given no public response",
    "cease_and_desist": "demanded that activities cease", "closure_order": "ordered a closure",
    "arrest": "made an arrest", "charge": "brought charges", "no_charge": "brought no charges",
    "guilty_plea": "obtained a guilty plea", "conviction": "obtained a conviction", "expulsion": "carried out an expulsion",
    "sanctions": "imposed sanctions", "cooperation_suspended": "suspended cooperation",
    "legislation": "took up or passed legislation", "hearing": "held a hearing",
    "protective_measure": "took a protective measure",
}
_POSITIONS = {  # what the party does, and the content that another may reject
    "denial": ("deny the allegations", "the allegations are false"),
    "administrative_services": (
        "say that only administrative services were offered", "only administrative services were offered",
    ),
    "pandemic_measure": ("say that this was a measure during the pandemic", "this was a measure during the pandemic"),
    "volunteers": ("say that the people involved are volunteers", "the people involved are volunteers"),
    "smear_accusation": ("call the allegations a smear", "the allegations are a smear"),
    "not_acknowledged": ("have not acknowledged what is alleged", "what is alleged need not be acknowledged"),
    "promise_to_close": ("promise that the places will close", "the places will close"),
    "claims_closed": ("say that the places have closed", "the places have closed"),
    "admission": ("admit acts of the kind alleged", "acts of the kind alleged took place"),
    "unaware": ("say that they were unaware", "they were unaware"),
    "lawful_conduct": ("say that they act within the law", "they act within the law"),
    "defends_cooperation": (
        "defend their cooperation with the other state", "their cooperation with the other state is justified",
    ),
}
_METHODS = {
    "killing": "killed", "attempted_killing": "the target of an attempted killing", "abduction": "abducted",
    "coerced_return": "pressed or forced to return", "detention": "detained", "assault": "assaulted",
    "threat_to_family": "threatened through their family", "threat": "threatened", "intimidation": "intimidated",
    "surveillance": "put under surveillance", "digital_attack": "attacked digitally",
    "mobility_control": "kept from moving freely",
}
_PEOPLE = {
    None: ("person", "people"), "dissidents": ("dissident", "dissidents"), "journalists": ("journalist", "journalists"),
    "diaspora": ("member of a diaspora", "members of a diaspora"),
    "suspects": ("person under suspicion at home", "people under suspicion at home"), "family": ("relative", "relatives"),
    "officials": ("official", "officials"), "students": ("student", "students"),
}
_AGREEMENTS = {
    "joint_patrols": "agreed on joint police patrols", "joint_policing": "agreed on joint policing",
    "security_agreement": "made a security agreement", "pilot_station": "agreed on a pilot station",
    "extradition": "made an agreement on extradition",
}
_ACTORS = {
    "police_authority": ("the police authority of {}", "a police authority"),
    "provincial_authority": ("the provincial authority of {}", "a provincial authority"),
    "central_authority": ("a central authority ({})", "a central authority"),
    "party_body": ("a body of the ruling party ({})", "a body of the ruling party"),
    "intelligence_service": ("an intelligence service ({})", "an intelligence service"),
    "diaspora": ("people of the diaspora ({})", "people of the diaspora"),
    "hired_staff": ("hired staff ({})", "hired staff"), "volunteers": ("volunteers ({})", "volunteers"),
    "host_state": ("the host state ({})", "the host state"),
}
_PLURAL_ACTORS = ("diaspora", "hired_staff", "volunteers")
_ROLES = {
    "established": ("set up", "set up"), "runs": ("runs", "run"), "mandated": ("gave the mandate for", "gave the mandate for"),
    "staffs": ("works at", "work at"), "enables": ("lets others run", "let others run"),
}


def _where(place: str | None, code: str | None) -> str:
    if place and code and code != "world":
        return f"in {place}, {the_country(code)}"
    return f"in {place}" if place else in_country(code) if code else ""


def _figure(s: Any, when: str | None) -> Parts:
    before, one, many = _MEASURES[s.measure]
    single = s.value == 1 and s.qualifier == "exact"
    past = bool(when) and s.measure in ("incidents", "plots")
    verb = ("was" if single else "were") if past else ("is" if single else "are")
    status = f"{s.status} " if s.status else ""
    parts = [before.format(be=verb), f"{_QUALIFIERS[s.qualifier]} ".lstrip(), Amount(s.value)]
    parts.append(f" {status}{one if single else many} {_where(s.place, s.scope)}")
    if s.operator:
        parts.append(f" (counting those of: {authority(s.operator)})")
    return parts


def _site(s: Any, when: str | None) -> Parts:
    where = _where(s.place, s.country)
    form = f" in the form of: {labels.FORMS[s.form]}" if s.form else ""
    first = {
        "active": f"there is an active station or presence {where}",
        "closed": f"the station or presence {where} is closed",
        "ordered_closed": f"the station or presence {where} has been ordered to close",
        "unknown": f"there is a station or presence {where}",
    }[s.status]
    opened = f", said to exist {_since(s.opened)}" if s.opened else ""
    return [first + form + opened + (f", linked to {authority(s.operator)}" if s.operator else "")]


def _since(opened: str) -> str:
    return when_phrase(opened) if "/" in opened else "since " + when_phrase(opened).partition(" ")[2]


def _response(s: Any, when: str | None) -> Parts:
    body = f" ({s.body})" if s.body else ""
    parts = [f"{party_words(s.country)}{body} {_ACTIONS[s.action]}"]
    if s.place:
        parts.append(f" in {s.place}")
    if s.count:
        parts += [" (", Amount(s.count), " person)" if s.count == 1 else " people)"]
    parts.append(f", concerning {the_country(s.about)}" if s.about != s.country else "")
    return [*parts, f" and {s.target}" if s.target and s.about != s.country else f", concerning {s.target}" if s.target else ""]


def _position(s: Any, when: str | None) -> Parts:
    return [f"{party_words(s.party)} {_POSITIONS[s.position][0]}"]


def _incident(s: Any, when: str | None) -> Parts:
    one, many = _PEOPLE[s.target]
    if s.count:
        parts = [Amount(s.count), f" {one} was " if s.count == 1 else f" {many} were "]
    elif s.level == "pattern":
        parts = [f"in a pattern of such acts, {many} were "]
    else:
        parts = [f"in one case, one or more {many} were "]
    method = _METHODS[s.method]
    if s.method == "threat_to_family" and s.count != 1:
        method = "threatened through their families"
    if s.method == "threat_to_family" and s.target == "family":
        method = "threatened"
    if s.method == "attempted_killing" and s.count != 1:
        method = "targets of an attempted killing"
    parts.append(" ".join(filter(None, [method, _where(s.place, s.host)])))
    if s.origin:
        parts.append(f", by or on behalf of {the_country(s.origin)}")
    if s.also:
        parts.append(f"; also named: {', '.join(labels.METHODS[m] for m in s.also)}")
    return parts


def _agreement(s: Any, when: str | None) -> Parts:
    names = [the_country(p) for p in s.parties]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return [f"{joined} {_AGREEMENTS[s.type]}" + (f", covering {', '.join(s.places)}" if s.places else "")]


def _operator(s: Any, when: str | None) -> Parts:
    named, plain = _ACTORS[s.actor]
    actor = named.format(authority(s.name)) if s.name else plain
    return [f"{actor} {_ROLES[s.role][s.actor in _PLURAL_ACTORS]} stations {in_country(s.scope)}"]


def _recommendation(s: Any, when: str | None) -> Parts:
    return [f"{s.addressee or 'states'} should be called on {labels.ASKS[s.ask]}"]


def _report(s: Any, when: str | None) -> Parts:
    out = f" {when_phrase(s.published)}" if s.published else ""
    return [f"{asserter_name(s.author)} published {f'“{s.title}”' if s.title else 'a report'}{out}"]


_CLAUSES: dict[str, Callable[[Any, str | None], Parts]] = {
    "figure": _figure, "site": _site, "response": _response, "position": _position, "incident": _incident,
    "agreement": _agreement, "operator": _operator, "recommendation": _recommendation, "report": _report,
}
_OWN_WORD = {"response": "country", "position": "party", "report": "author"}  # slot that names who acts
_ACTS = ("response", "position", "report")  # worded as acts: the asserter follows
_ALLEGED = ("incident", "operator")  # worded as allegations unless the asserter speaks of itself


def publisher_of(source: Source) -> str | None:
    """The publisher's name; without one, the source's title stands for it."""
    if source.publisher or not source.title:
        return source.publisher
    title = source.title if len(source.title) <= 60 else source.title[:60].rsplit(" ", 1)[0] + " …"
    return f"the publisher of “{title}”"


def clause(claim: Claim) -> Parts:
    """What the claim says, in the indicative, without who says it and without a full stop."""
    parts = _CLAUSES[claim.kind](claim.slots, claim.when)
    if claim.when and claim.kind != "site":
        parts = [*parts, f", {when_phrase(claim.when)}"]
    return [p for p in parts if p]


def sentence_parts(claim: Claim, publisher: str | None = None) -> Parts:
    """The attributed sentence in pieces, so that a page can mark the numbers (``Amount``) in it."""
    asserter = claim.attribution.asserted_by
    name, plural = asserter_name(asserter, publisher), speaks_as_many(asserter)
    chain = " and ".join(asserter_name(v, publisher) for v in claim.attribution.via)
    via = f", as reported by {chain}" if chain else ""
    s: Any = claim.slots
    if claim.attribution.stance == "denies":
        if claim.kind == "position":
            content = _POSITIONS[s.position][1]
            when = f", {when_phrase(claim.when)}" if claim.when else ""
            verb = "reject" if plural else "rejects"
            parts = [f"{name} {verb} what {party_words(s.party)} say, namely that {content}{when}"]
        else:
            parts = [f"{name} {'deny' if plural else 'denies'} that ", *clause(claim)]
    elif claim.kind == "recommendation":
        parts = [f"{name} {'call' if plural else 'calls'} on {s.addressee or 'states'} {labels.ASKS[s.ask]}"]
    elif claim.kind in _ACTS:
        own = getattr(s, _OWN_WORD[claim.kind])
        parts = clause(claim)
        if claim.kind == "report" and asserter in (own, PUBLISHER) and own in (asserter, PUBLISHER):
            parts = [p.replace("the source itself", name, 1) for p in parts]
        elif asserter == f"state:{own}":
            parts += ["" if claim.kind == "position" else ", by their own account"]
        elif asserter != own:
            parts += [f", according to {name}"]
    elif claim.kind in _ALLEGED and not _speaks_of_itself(asserter, s):
        parts = [f"{name} {'allege' if plural else 'alleges'} that ", *clause(claim)]
    else:
        parts = [f"According to {name}, ", *clause(claim)]
    parts = [p for p in [*parts, via, "."] if p]
    if not isinstance(parts[0], Amount):
        parts[0] = capital(parts[0])
    return parts


def _speaks_of_itself(asserter: str, slots: Any) -> bool:
    origin = getattr(slots, "origin", None)
    return bool(origin) and asserter == f"state:{origin}"


def statement_in_words(statement: Statement) -> str:
    """One attributed English sentence for a statement, such as "According to Safeguard Defenders, there are 54 stations
    worldwide." Numbers, names and dates are those of the claim; nothing is added."""
    return "".join(sentence_parts(statement.claim, publisher_of(statement.source)))


def badge(statement: Statement) -> tuple[str, str, str]:
    """Shape, words and style name of the badge: "○ alleged by …", "◇ denied by …", "○ reported by …"."""
    claim = statement.claim
    name = asserter_name(claim.attribution.asserted_by, publisher_of(statement.source))
    denial = claim.kind == "position" and getattr(claim.slots, "position", "") == "denial"
    if claim.attribution.stance == "denies":
        return "◇", f"{'rejected' if claim.kind == 'position' else 'denied'} by {name}", "denied"
    if denial and claim.attribution.asserted_by.startswith("state:"):
        return "◇", f"denied by {name}", "denied"
    if denial:
        return "◇", f"denial, reported by {name}", "denied"
    verb = {"position": "stated", "recommendation": "asked", "response": "reported", "report": "reported",
            "agreement": "reported"}.get(claim.kind, "alleged")
    return "○", f"{verb} by {name}", "alleged"
