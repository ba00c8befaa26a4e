"""The Spanish pack: a sentence or two for each class of expression, worded for these tests."""

from __future__ import annotations

import pytest

from safeconduct.extract import Context, extract

from .helpers import claims, has

NGO = "org:safeguard-defenders"
PRESS = """Ciudad de México, 20 de enero de 2023

China mantiene al menos cuatro comisarías clandestinas en México, denunció Safeguard Defenders en un informe difundido en
diciembre de 2022.

La Secretaría de Relaciones Exteriores pidió explicaciones a la embajada china. «No existen tales comisarías; son voluntarios
que ayudan a renovar licencias de manejo», respondió el portavoz de la embajada.

La policía detuvo a dos ciudadanos chinos acusados de hostigar a disidentes.

Las oficinas fueron creadas por la policía de Qingtian y operan sin autorización del Gobierno mexicano. México y China firmaron
en 2019 un tratado de extradición.

La comisaría de Valencia sigue abierta, según confirmó la ONG.
"""
WIRE = """LIMA, 9 de mayo de 2023.- La organización Freedom House contabilizó más de doscientos incidentes de represión
transnacional en 2022, según su último informe.

El Ministerio de Relaciones Exteriores convocó ayer al embajador ruso por las amenazas contra una periodista exiliada. La
embajada de Rusia en Lima desmintió las acusaciones y las tachó de calumnias.

Dos agentes iraníes fueron expulsados por Dinamarca, informó la cancillería danesa. La Audiencia Nacional condenó en marzo a
tres hombres por espiar a opositores turcos en Madrid.

Según la Fiscalía, agentes bielorrusos secuestraron a un disidente en Vilna en 2021.

Amnistía Internacional exigió al Gobierno peruano que investigue los hechos y que proteja a los refugiados. Si se comprobara,
Perú podría expulsar al embajador.
"""


def test_the_text_is_read_as_spanish() -> None:
    assert extract(PRESS).languages == ("es",)


def test_figures_with_qualifier_and_scope() -> None:
    has(PRESS, "figure", by=NGO, measure="stations", value=4, qualifier="at_least", scope="MX")
    has(WIRE, "figure", by="org:freedom-house", measure="incidents", value=200, qualifier="more_than", scope="world")


def test_sites_with_status() -> None:
    has(PRESS, "site", by=NGO, country="ES", place="Valencia", status="active")


def test_responses() -> None:
    has(PRESS, "response", country="MX", action="information_request", about="CN")
    has(PRESS, "response", country="MX", action="arrest", count=2)
    has(WIRE, "response", country="PE", action="summons", about="RU")
    has(WIRE, "response", by="state:DK", country="DK", action="expulsion", count=2)
    has(WIRE, "response", country="ES", action="conviction", count=3)


def test_positions() -> None:
    has(PRESS, "position", by="state:CN", party="CN", position="denial")
    has(PRESS, "position", by="state:CN", party="CN", position="volunteers")
    has(PRESS, "position", by="state:CN", party="CN", position="administrative_services")
    has(WIRE, "position", by="state:RU", party="RU", position="denial")
    has(WIRE, "position", by="state:RU", party="RU", position="smear_accusation")


def test_incidents() -> None:
    has(WIRE, "incident", method="abduction", host="LT", origin="BY", level="case", target="dissidents", when="2021")
    has(WIRE, "incident", method="surveillance", host="ES", origin="TR", place="Madrid")


def test_agreement_operator_report() -> None:
    has(PRESS, "agreement", parties=("CN", "MX"), type="extradition", when="2019")
    has(PRESS, "operator", actor="police_authority", name="qingtian", role="established")
    has(PRESS, "operator", actor="host_state", role="enables", stance="denies")
    has(PRESS, "report", author=NGO, published="2022-12")


def test_recommendations() -> None:
    has(WIRE, "recommendation", by="org:amnesty-international", ask="investigate")
    has(WIRE, "recommendation", by="org:amnesty-international", ask="protect")


def test_what_is_only_possible_is_no_claim() -> None:
    assert not [c for c in claims(WIRE, "response") if c.slots.as_json()["country"] == "PE" and "expulsar" in c.quote]


@pytest.mark.parametrize("words, value, qualifier", [
    ("treinta y dos", 32, "exact"), ("unas 50", 50, "approx"), ("cerca de 1.200", 1200, "approx"),
    ("dos mil trescientas", 2300, "exact"), ("casi una docena de", 12, "approx"), ("hasta tres decenas de", 30, "up_to"),
])  # fmt: skip
def test_numbers(words: str, value: int, qualifier: str) -> None:
    text = f"Según Safeguard Defenders, China opera {words} comisarías clandestinas en el extranjero."
    has(text, "figure", by=NGO, measure="stations", value=value, qualifier=qualifier)


@pytest.mark.parametrize("phrase, edtf", [
    ("El 16 de enero", "2023-01-16"), ("A finales de octubre de 2022", "2022-10"), ("El mes pasado", "2023-01"),
    ("El martes", "2023-02-14"), ("Ayer", "2023-02-13"),
])  # fmt: skip
def test_dates(phrase: str, edtf: str) -> None:
    text = f"{phrase}, la policía belga detuvo a dos agentes rusos que vigilaban a un disidente exiliado en Bruselas."
    has(text, "response", published="2023-02-14", country="BE", action="arrest", when=edtf)


@pytest.mark.parametrize("text", [
    "La comisaría del distrito abrirá una oficina de denuncias. La policía detuvo a cinco personas por robo en Sevilla.",
    "El consulado general de Perú en Barcelona atendió a 300 ciudadanos y renovó sus pasaportes el sábado.",
    "¿Secuestraron los agentes rusos a un disidente en Berlín?",
    "Colombia y Ecuador realizan patrullas conjuntas en la frontera contra el narcotráfico.",
])  # fmt: skip
def test_nothing_to_find(text: str) -> None:
    assert claims(text) == []


def test_small_letters_tell_a_demonym_from_a_country() -> None:
    text = "La embajada china en la Argentina negó la existencia de comisarías clandestinas en China y en suelo argentino."
    has(text, "position", by="state:CN", party="CN", position="denial")


@pytest.mark.parametrize("text", [
    "Dos agentes rusos envenenaron en 2018 a un exespía y a su hija en Salisbury. Londres expulsó a 23 diplomáticos rusos.",
    "Las autoridades tayikas presionan a los familiares de los opositores exiliados en Polonia.",
])  # fmt: skip
def test_brief_texts_are_read_as_spanish(text: str) -> None:
    assert extract(text).languages == ("es",)
    assert extract("Vilna expulsó a dos diplomáticos.", Context(language="es")).languages == ("es",)


def test_an_adjective_behind_a_known_organ_tells_its_state() -> None:
    text = "El Tribunal Supremo danés condenó a un hombre por espiar a refugiados iraníes para Teherán."
    has(text, "response", country="DK", action="conviction", about="IR")


def test_a_denied_deed_is_no_incident() -> None:
    text = "Ruanda niega haber ordenado el asesinato de un opositor exiliado en Sudáfrica."
    has(text, "position", party="RW", position="denial")
    assert not claims(text, "incident")


@pytest.mark.parametrize("text, kind, wanted", [
    ("LIMA.- Se abrió una investigación penal sobre las comisarías chinas clandestinas de Lima.",
     "response", {"country": "PE", "action": "investigation"}),
    ("MADRID.- La Fiscalía española ha abierto diligencias por las comisarías chinas clandestinas de Madrid.",
     "response", {"country": "ES", "action": "investigation", "body": "Fiscalía"}),
    ("Convoca Chile al embajador chino por las comisarías clandestinas de Santiago.",
     "response", {"country": "CL", "action": "summons", "about": "CN"}),
    ("Las 54 comisarías clandestinas las montó la policía de Fuzhou, sostiene Safeguard Defenders.",
     "operator", {"by": NGO, "actor": "police_authority", "name": "fuzhou", "role": "established"}),
    ("MADRID.- La Fiscalía chilena acusa a Venezuela de haber ordenado el asesinato de un disidente refugiado en Santiago.",
     "incident", {"by": "state:CL", "method": "killing", "origin": "VE", "host": "CL"}),
    ("NUEVA YORK.- Dos hombres fueron detenidos en Nueva York acusados de operar una comisaría china clandestina.",
     "response", {"country": "US", "action": "arrest", "count": 2}),
    ("MADRID.- Safeguard Defenders ha identificado 102 comisarías chinas en 53 países, nueve de ellas en España.",
     "figure", {"by": NGO, "measure": "stations", "value": 9, "scope": "ES"}),
])  # fmt: skip
def test_a_verb_before_its_subject_and_nobody_named(text: str, kind: str, wanted: dict[str, object]) -> None:
    has(text, kind, **wanted)


def test_a_line_with_names_from_elsewhere_stays_spanish() -> None:
    from safeconduct.extract.language import passages

    line = "Brooklyn, Manhattan, Queens: el Department of Justice dice que la oficina de New York fue cerrada por el FBI."
    assert passages(line, ("en", "es"))["es"] == line
