"""Spanish sentences behind the two that tell what a text is about: what is read in each, and who says it."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers import claims, has

BEFORE = """Una ONG denuncia comisarías chinas clandestinas en el exterior

La organización Safeguard Defenders publicó en septiembre de 2022 un informe según el cual China mantiene 54 comisarías
clandestinas en 30 países, desde las que se hostiga a disidentes.

"""
NGO = "org:safeguard-defenders"
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("Safeguard Defenders asegura haber localizado nueve centros en España: tres en Madrid y dos en Valencia.",
     "figure", {"by": NGO, "measure": "stations", "value": 2, "place": "Valencia", "scope": "ES"}),
    ("Según la ONG con sede en Madrid, Pekín mantiene al menos 102 comisarías en 53 países.",
     "figure", {"by": NGO, "value": 102, "qualifier": "at_least", "scope": "world"}),
    ("Según el informe, 230.000 personas fueron «persuadidas» de regresar a China.",
     "figure", {"by": NGO, "measure": "persons_returned", "value": 230000}),
    ("En Serbia operaban dos oficinas, una en Belgrado y otra en Novi Sad, de acuerdo con el mismo informe.",
     "figure", {"by": NGO, "value": 1, "place": "Novi Sad", "scope": "RS"}),
    ("Praga cerró las dos comisarías que operaban en la capital.",
     "figure", {"value": 2, "scope": "CZ", "status": "closed"}),
    ("La policía neerlandesa ordenó el cierre inmediato de las dos oficinas, situadas en Ámsterdam y Róterdam.",
     "site", {"country": "NL", "place": "Róterdam", "status": "ordered_closed"}),
    ("La policía canadiense dio por desmanteladas las de Toronto, Vancouver y Montreal.",
     "site", {"by": "state:CA", "country": "CA", "place": "Vancouver", "status": "closed"}),
    ("Los de Praga dejaron de funcionar, según el ministro de Exteriores.",
     "site", {"by": "state:CZ", "place": "Praga", "status": "closed"}),
    ("El de Rosario, en Argentina, funciona en un almacén mayorista.",
     "site", {"country": "AR", "place": "Rosario", "status": "active", "form": "shop"}),
    ("El FBI detuvo en abril a dos hombres por dirigir la de Manhattan.", "site", {"country": "US", "place": "Manhattan"}),
    ("La comisaría de Milán, abierta en mayo de 2016 por la policía de Wenzhou, fue la primera de Europa.",
     "site", {"country": "IT", "place": "Milán", "opened": "2016-05", "operator": "wenzhou"}),
    ("El Ministerio del Interior español investiga desde octubre la existencia de estas oficinas.",
     "response", {"country": "ES", "action": "investigation", "body": "Ministerio del Interior", "when": "2022-10/.."}),
    ("Irlanda exigió a la embajada china que clausurara la oficina de Dublín.",
     "response", {"country": "IE", "action": "closure_order", "place": "Dublín"}),
    ("El FBI detuvo en abril a dos hombres acusados de operar una comisaría secreta en Manhattan.",
     "response", {"country": "US", "action": "arrest", "count": 2, "when": "2022-04"}),
    ("La Fiscalía de Brooklyn acusó a 44 agentes chinos de acosar a disidentes.",
     "response", {"country": "US", "action": "charge", "count": 44}),
    ("Los fiscales de Brooklyn acusaron a dos hombres de acosar a disidentes.",
     "response", {"country": "US", "action": "charge", "count": 2}),
    ("Canadá convocó al embajador chino en varias ocasiones.", "response", {"country": "CA", "action": "summons"}),
    ("Ecuador no ha respondido a las preguntas de la organización.", "response", {"country": "EC", "action": "no_response"}),
    ("Japón pidió explicaciones a China por vía diplomática.", "response", {"country": "JP", "action": "information_request"}),
    ("El Reino Unido, Canadá, Alemania y Países Bajos investigan las oficinas.",
     "response", {"country": "NL", "action": "investigation"}),
    ("La ministra portuguesa de Justicia confirmó que la Fiscalía investiga tres centros en Lisboa y Oporto.",
     "response", {"by": "state:PT", "country": "PT", "action": "investigation", "body": "Fiscalía"}),
    ("Pekín niega que se trate de comisarías y sostiene que son centros atendidos por voluntarios.",
     "position", {"by": "state:CN", "party": "CN", "position": "volunteers"}),
    ("El portavoz de Exteriores chino calificó la información de «calumnia sin fundamento».",
     "position", {"by": "state:CN", "position": "smear_accusation"}),
    ("La embajada china en Praga afirmó que los dos locales ya estaban cerrados.",
     "position", {"by": "state:CN", "position": "claims_closed"}),
    ("La embajada china aseguró que los dos locales cerrarán antes de fin de año.",
     "position", {"by": "state:CN", "position": "promise_to_close"}),
    ("La embajada anunció que la oficina dejaría de funcionar.",
     "position", {"by": "state:CN", "position": "promise_to_close"}),
    ("Las autoridades chinas admiten que las oficinas están en manos de asociaciones de paisanos.",
     "position", {"by": "state:CN", "position": "admission"}),
    ("El Gobierno húngaro niega que haya comisarías chinas en su territorio.",
     "position", {"by": "state:HU", "party": "HU", "position": "denial"}),
    ("Las oficinas dependen de las autoridades policiales de Fuzhou y Qingtian.",
     "operator", {"actor": "police_authority", "name": "qingtian", "role": "runs"}),
    ("En Turín funcionaba, en los altos de una agencia de viajes, un centro de contacto atendido por la policía de Fuzhou.",
     "operator", {"actor": "police_authority", "name": "fuzhou", "role": "staffs", "scope": "IT"}),
    ("Italia firmó en 2015 un acuerdo de patrullas conjuntas con China, que suspendió en diciembre de 2022.",
     "agreement", {"parties": ("CN", "IT"), "type": "joint_patrols", "when": "2015"}),
    ("Un periodista iraní exiliado en Londres fue apuñalado a la puerta de su casa en marzo de 2024.",
     "incident", {"method": "attempted_killing", "host": "GB", "origin": "IR", "place": "Londres", "when": "2024-03"}),
    ("Rusia envenenó a un exagente en Salisbury, según el Gobierno británico.",
     "incident", {"by": "state:GB", "host": "GB", "origin": "RU", "place": "Salisbury"}),
    ("La organización recomienda a los gobiernos que revisen los acuerdos de cooperación policial con China.",
     "recommendation", {"by": NGO, "ask": "investigate"}),
    ("Pidió al Parlamento Europeo que investigue las actividades policiales chinas en suelo comunitario.",
     "recommendation", {"by": NGO, "ask": "investigate", "addressee": "EU"}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "kind", "wanted"), CASES, ids=[s[:40] for s, *_ in CASES])
def test_what_a_sentence_tells(sentence: str, kind: str, wanted: dict[str, Any]) -> None:
    has(BEFORE + sentence + "\n", kind, "2023-02-14", **wanted)


def test_what_is_said_to_be_closed_is_no_promise() -> None:
    text = BEFORE + "La embajada china en Praga afirmó que los dos locales ya estaban cerrados.\n"
    assert [c for c in claims(text, "position") if getattr(c.slots, "position", None) == "promise_to_close"] == []
