"""Readable labels for every value of the codebook's closed lists, and the order of the response ladder."""

from __future__ import annotations

from safeconduct.register import LADDER as LADDER
from safeconduct.register import NO_STEP as NO_STEP
from safeconduct.register import OUTCOMES as OUTCOMES
from safeconduct.register import compared

Labels = dict[str, str]

KIND_NAMES: Labels = {
    "figure": "Figure", "site": "Site", "response": "Response", "operator": "Operator", "agreement": "Agreement",
    "incident": "Incident", "position": "Position", "recommendation": "Recommendation", "report": "Report",
}
MEASURES: Labels = {
    "stations": "Stations", "stations_new": "Newly reported stations",
    "stations_multiple": "Places with more than one station", "countries": "Countries", "continents": "Continents",
    "cities": "Cities", "jurisdictions": "Police jurisdictions", "provinces": "Provinces", "staff": "Staff",
    "persons_returned": "People made to return", "persons_targeted": "People targeted", "incidents": "Incidents",
    "plots": "Plots", "origin_states": "States of origin", "countries_investigating": "Countries investigating",
}
QUALIFIERS: Labels = {"exact": "exactly", **compared.QUALIFIERS}
FIGURE_STATUSES: Labels = {"active": "active", "closed": "closed"}
SITE_STATUSES: Labels = {
    "active": "active", "closed": "closed", "ordered_closed": "ordered to close", "unknown": "state not given",
}
FORMS: Labels = {
    "mobile": "mobile unit", "virtual": "online service", "service_centre": "service centre",
    "officers": "officers without an office", "apartment": "apartment", "handyman_business": "handyman business",
    "restaurant": "restaurant", "estate_agency": "estate agency", "travel_agency": "travel agency",
    "delivery_business": "delivery business", "law_office": "law office", "shop": "shop",
    "community_association": "community association", "office_building": "office building",
}
ACTIONS: Labels = {
    "statement_of_concern": "statement of concern", "diplomatic_contact": "diplomatic contact",
    "summons": "ambassador or envoy summoned", "protest_note": "note of protest",
    "information_request": "request for information", "monitoring": "monitoring", "investigation": "investigation",
    "search": "search", "no_wrongdoing_found": "no wrongdoing found", "no_response": "no public response",
    "cease_and_desist": "demand to cease", "closure_order": "closure order", "arrest": "arrest", "charge": "charges",
    "no_charge": "no charges brought", "guilty_plea": "guilty plea", "conviction": "conviction",
    "expulsion": "expulsion", "sanctions": "sanctions", "cooperation_suspended": "cooperation suspended",
    "legislation": "legislation", "hearing": "hearing", "protective_measure": "protective measure",
}
POSITIONS: Labels = {
    "denial": "denies the allegations", "administrative_services": "administrative services only",
    "pandemic_measure": "a pandemic measure", "volunteers": "staffed by volunteers",
    "smear_accusation": "calls the allegations a smear", "not_acknowledged": "does not acknowledge them",
    "promise_to_close": "promises to close them", "claims_closed": "says they are closed",
    "admission": "admits acts", "unaware": "was unaware", "lawful_conduct": "acts within the law",
    "defends_cooperation": "defends its cooperation",
}
METHODS: Labels = {
    "killing": "killing", "attempted_killing": "attempted killing", "abduction": "abduction",
    "coerced_return": "coerced return", "detention": "detention", "assault": "assault",
    "threat_to_family": "threats to family", "threat": "threats", "intimidation": "intimidation",
    "surveillance": "surveillance", "digital_attack": "digital attack", "mobility_control": "control of movement",
}
LEVELS: Labels = {"case": "one case", "pattern": "a pattern"}
TARGETS: Labels = {
    "dissidents": "dissidents", "journalists": "journalists", "diaspora": "members of a diaspora",
    "suspects": "people under suspicion at home", "family": "relatives", "officials": "officials",
    "students": "students",
}
AGREEMENTS: Labels = {
    "joint_patrols": "joint police patrols", "joint_policing": "joint policing",
    "security_agreement": "a security agreement", "pilot_station": "a pilot station",
    "extradition": "extradition",
}
ACTORS: Labels = {
    "police_authority": "a police authority", "provincial_authority": "a provincial authority",
    "central_authority": "a central authority", "party_body": "a body of the ruling party",
    "intelligence_service": "an intelligence service", "diaspora": "people of the diaspora",
    "hired_staff": "hired staff", "volunteers": "volunteers", "host_state": "the host state",
}
ROLES: Labels = {
    "established": "set up", "runs": "runs", "mandated": "gave the mandate for", "staffs": "staffs", "enables": "lets run",
}
ASKS: Labels = {
    "investigate": "to investigate", "broaden_scope": "to broaden the scope of inquiries",
    "take_action": "to take action", "protect": "to protect those at risk", "coordinate": "to coordinate",
    "close": "to close stations", "suspend_cooperation": "to suspend cooperation", "legislate": "to legislate",
    "sanction": "to impose sanctions", "disclose": "to disclose what is known",
}
LABELS: dict[tuple[str, str], Labels] = {
    ("figure", "measure"): MEASURES, ("figure", "qualifier"): QUALIFIERS, ("figure", "status"): FIGURE_STATUSES,
    ("site", "status"): SITE_STATUSES, ("site", "form"): FORMS, ("response", "action"): ACTIONS,
    ("position", "position"): POSITIONS, ("incident", "method"): METHODS, ("incident", "also"): METHODS,
    ("incident", "level"): LEVELS, ("incident", "target"): TARGETS, ("agreement", "type"): AGREEMENTS,
    ("operator", "actor"): ACTORS, ("operator", "role"): ROLES, ("recommendation", "ask"): ASKS,
}
EVENTS: Labels = {
    "opened": "opened", "reported": "first reported", "ordered_closed": "ordered to close",
    "claimed_closed": "said to be closed", "reported_active": "reported active",
    "reported_still_active": "reported still active",
}
STANDINGS: Labels = {
    "alleged": "alleged", "corroborated": "corroborated", "acknowledged": "acknowledged by the host state",
    "adjudicated": "found by a court", "retracted": "retracted",
}
STANDING_SHAPES: Labels = {"alleged": "○", "corroborated": "◎", "acknowledged": "◐", "adjudicated": "●", "retracted": "×"}
RELATIONS: Labels = {
    "conflict": "conflict", "update": "update", "incomplete": "incomplete", "attribution_shift": "attributed otherwise",
    "impossible": "impossible in time",
}
STANCES: Labels = {"asserts": "asserts", "denies": "denies"}
STATUSES: Labels = {"proposed": "proposed, not reviewed", "accepted": "accepted", "rejected": "rejected"}


def label(kind: str, slot: str, value: str) -> str:
    """The label of a closed-list value.

    Raises:
        KeyError: the slot has no closed list, or the value is not on it.
    """
    return LABELS[kind, slot][value]
