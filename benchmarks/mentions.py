"""Made-up mentions of sites and bodies with the truth beside them: the same seed and size give the same mentions.

    python benchmarks/mentions.py 9000 > mentions.jsonl

Written before anything was tuned to it. A *site* is a station of a Chinese city's or county's police force in a city
abroad; cities have one to four of them, run by forces that may be namesakes in Latin letters (泰州, 台州), and now and then a
second one of the same force, opened in another year. Sources name the city and the force in English, Chinese (simplified,
traditional), pinyin, Wade-Giles or postal spelling, with or without the bureau, the province, the country, now and then
misspelt; they leave city, force or year out, or tell the year wrong. A *body* is an organ of a town or a state, an
organisation, an association abroad; it goes by full names, abbreviations and names in other languages.

``cleaned`` gives what somebody who links with other tools would make of a mention first: romanised, folded, organ words apart.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from babel import Locale
from generator import HOSTS, low, towns
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

SITES = 2 / 3  # of the mentions
MISSPELT, NO_CITY, NO_FORCE, NO_YEAR, WRONG_YEAR = 0.015, 0.07, 0.15, 0.6, 0.03
LOCAL = {  # city as GeoNames has it → what it is called there, or was
    "Milan": "Milano", "Rome": "Roma", "Florence": "Firenze", "Naples": "Napoli", "Turin": "Torino", "Venice": "Venezia",
    "Vienna": "Wien", "Munich": "München", "Köln": "Cologne", "Prague": "Praha", "Lisbon": "Lisboa", "Brussels": "Bruxelles",
    "Warsaw": "Warszawa", "Geneva": "Genève", "Zürich": "Zurich", "Göteborg": "Gothenburg", "Copenhagen": "København",
    "The Hague": "Den Haag", "Sevilla": "Seville", "Bucharest": "București", "Belgrade": "Београд", "Athens": "Αθήνα",
    "Antwerpen": "Antwerp", "Kraków": "Cracow", "Moscow": "Москва", "Kyiv": "Kiev", "Mexico City": "Ciudad de México",
    "Ho Chi Minh City": "Saigon", "Yangon": "Rangoon", "Almaty": "Алматы", "New York City": "New York", "Tokyo": "東京",
}  # fmt: skip
POSTAL = {
    "福州": "Foochow", "温州": "Wenchow", "宁波": "Ningpo", "厦门": "Amoy", "汕头": "Swatow", "广州": "Canton",
    "杭州": "Hangchow", "苏州": "Soochow", "南京": "Nanking", "青岛": "Tsingtao", "天津": "Tientsin",
    "重庆": "Chungking", "桂林": "Kweilin", "泉州": "Chuanchow", "北京": "Peking", "济南": "Tsinan",
    "西安": "Sian", "绍兴": "Shaohing", "湖州": "Huchow", "金华": "Kinhwa", "惠州": "Waichow",
    "南通": "Nantung", "扬州": "Yangchow", "镇江": "Chinkiang", "徐州": "Suchow", "江门": "Kongmoon",
}  # fmt: skip
FORCE = (  # how a force is named; h: 温州, t: traditional, e: 市 or 县, p: pinyin, l: City or County, v: 浙江, q: Zhejiang
    ("{p}", 22), ("{p_low}", 6), ("{p} PSB", 8), ("{p} Public Security Bureau", 8), ("{p} {l} Public Security Bureau", 5),
    ("{p} Municipal Public Security Bureau", 3), ("Public Security Bureau of {p}", 3), ("{p}, {q}", 5), ("{p} police", 5),
    ("{h}", 8), ("{h}{e}", 5), ("{h}{e}公安局", 8), ("{h}公安局", 4), ("{v}{h}", 2), ("{v}省{h}{e}公安局", 3),
    ("{t}{e}公安局", 3), ("{w}", 4), ("{w} Public Security Bureau", 1), ("{s}", 3),
)  # fmt: skip
CITY = (("{n}", 52), ("{c}", 20), ("{t}", 6), ("{local}", 8), ("{ascii}", 5), ("{n}, {land}", 5), ("{upper}", 1), ("{c}市", 3))
OFFICES = {  # bodies of a town: English, Chinese, short, in pinyin
    "psb": ("{p} {l} Public Security Bureau|{p} Public Security Bureau|{p} PSB|Public Security Bureau of {p} {l}|{h}{e}公安局|"
            "{h}公安局|{w} Public Security Bureau|{p} police"),
    "united-front": ("{p} {l} United Front Work Department|United Front Work Department of {p}|{p} UFWD|中共{h}{e}委统战部|"
                     "{h}{e}委统战部|{h}统战部"),
    "court": "{p} Intermediate People's Court|{p} {l} Intermediate People's Court|{h}{e}中级人民法院|{h}中院",
    "procuratorate": "{p} {l} People's Procuratorate|{p} Procuratorate|{h}{e}人民检察院|{h}检察院",
    "overseas": ("{p} Overseas Chinese Affairs Office|Overseas Chinese Affairs Office of {p} {l}|{p} OCAO|{h}{e}侨办|"
                 "{h}侨务办公室"),
}  # fmt: skip
MINISTRIES = {  # bodies of a state: {n} its name, {c} in Chinese, {a} its adjective
    "foreign": "Ministry of Foreign Affairs of {n}|{n} Ministry of Foreign Affairs|{a} Foreign Ministry|{n} MFA|{c}外交部",
    "interior": "Ministry of the Interior of {n}|{a} Interior Ministry|{n} Interior Ministry|{c}内政部",
    "justice": "Ministry of Justice of {n}|{a} Ministry of Justice|{a} Justice Ministry|{c}司法部",
    "embassy": "Embassy of China in {n}|Chinese Embassy in {n}|PRC Embassy, {n}|中国驻{c}大使馆|中华人民共和国驻{c}大使馆",
}
ADJECTIVES = {
    "US": "US", "GB": "British", "DE": "German", "FR": "French", "NL": "Dutch", "CA": "Canadian", "AU": "Australian",
    "IT": "Italian", "ES": "Spanish", "SE": "Swedish", "TR": "Turkish", "GR": "Greek", "TH": "Thai", "JP": "Japanese",
    "CH": "Swiss", "BE": "Belgian", "AT": "Austrian", "CZ": "Czech", "PL": "Polish", "IE": "Irish", "PT": "Portuguese",
    "NO": "Norwegian", "FI": "Finnish", "DK": "Danish", "HU": "Hungarian", "RU": "Russian", "UA": "Ukrainian", "RS": "Serbian",
    "KZ": "Kazakh", "UZ": "Uzbek", "VN": "Vietnamese", "IR": "Iranian", "BR": "Brazilian", "AR": "Argentine", "CL": "Chilean",
}  # fmt: skip
ASSOCIATIONS = {  # of people from a town, in a town abroad
    "association": "{p} Association of {n}|{n} {p} Association|{c}{h}同乡会|Associazione {p} di {n}|The {p} Association of {n}",
    "chamber": "{p} Chamber of Commerce in {n}|{n} {p} Chamber of Commerce|{c}{h}商会|{c}{h}总商会",
}
KNOWN = """
Safeguard Defenders|Safeguard Defenders (NGO)|保护卫士
Human Rights Watch|HRW|人权观察|Human Rights Watch (HRW)
Amnesty International|Amnesty|国际特赦组织|大赦国际
Freedom House|自由之家|Freedom House (US)
Reporters Without Borders|RSF|Reporters sans frontières|无国界记者
Committee to Protect Journalists|CPJ|保护记者委员会
Citizen Lab|The Citizen Lab|公民实验室
Uyghur Human Rights Project|UHRP|维吾尔人权项目
World Uyghur Congress|WUC|世界维吾尔代表大会
International Campaign for Tibet|ICT|国际声援西藏运动
Hong Kong Watch|香港监察
Ministry of Public Security|MPS|公安部|Chinese Ministry of Public Security|Gong'anbu
Ministry of State Security|MSS|国家安全部|国安部|Chinese Ministry of State Security
Central Commission for Discipline Inspection|CCDI|中央纪律检查委员会|中纪委
United Front Work Department|UFWD|中共中央统战部|Central United Front Work Department
Supreme People's Procuratorate|SPP|最高人民检察院|最高检
Federal Bureau of Investigation|FBI|联邦调查局|the FBI
Federal Security Service|FSB|ФСБ|Федеральная служба безопасности
Islamic Revolutionary Guard Corps|IRGC|Revolutionary Guards|伊斯兰革命卫队
National Intelligence Organization|MIT|Millî İstihbarat Teşkilatı|土耳其国家情报局
Royal Canadian Mounted Police|RCMP|加拿大皇家骑警
Europol|European Union Agency for Law Enforcement Cooperation|欧洲刑警组织
Interpol|International Criminal Police Organization|国际刑警组织|ICPO
Xinhua|Xinhua News Agency|新华社|新华通讯社
Global Times|环球时报|Huanqiu Shibao
People's Daily|人民日报|Renmin Ribao
Radio Free Asia|RFA|自由亚洲电台
Voice of America|VOA|美国之音
Deutsche Welle|DW|德国之声
British Broadcasting Corporation|BBC|BBC News|英国广播公司
Associated Press|AP|The Associated Press|美联社
Reuters|Thomson Reuters|路透社
"""
_ORGAN = re.compile(
    r"\b(?:public security bureau|intermediate people's court|people's procuratorate|psb|police|municipal|city|county|"
    r"of|the|in|united front work department|ufwd|overseas chinese affairs office|ocao|gong an ju|gonganju)\b"
)
_HAN_ORGAN = re.compile(r"公安局|省|市|县|区|中共|委统战部|中级人民法院|人民检察院")


@dataclass(frozen=True)
class Mention:
    """One mention; ``of`` is what it truly names. Sites have country, place, operator and year, bodies a name (and the
    country in which they were named, where that is known)."""

    id: str
    of: str
    kind: str
    country: str | None = None
    place: str | None = None
    operator: str | None = None
    opened: str | None = None
    name: str | None = None


def cleaned(text: str | None, organs: bool = False) -> str | None:
    """``text`` in Latin letters, folded, without punctuation; with ``organs`` what it says beside the kind of organ."""
    if not text:
        return None
    text = _simplified().convert(text)
    if organs:
        text = _HAN_ORGAN.sub("", text) or text
    if re.search(r"[\u4e00-\u9fff]", text):
        text = "".join(lazy_pinyin(text))
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    plain = plain.replace("-", "") if organs else plain
    if organs:
        plain = plain.partition(",")[0]
        plain = _ORGAN.sub(" ", plain) if _ORGAN.sub(" ", plain).strip() else plain
    return " ".join(re.findall(r"\w+", plain.replace("'", ""))) or None


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def _drawn(rng: Random, shares: Sequence[tuple[str, int]]) -> str:
    sums = list(accumulate(w for _, w in shares))
    return rng.choices([v for v, _ in shares], cum_weights=sums)[0]


def _misspelt(rng: Random, text: str) -> str:
    if rng.random() >= MISSPELT or len(text) < 5 or not text.isascii():
        return text
    at = rng.randrange(1, len(text) - 2)
    head, letter, tail = text[:at], text[at], text[at + 1 :]
    return rng.choice((head + tail, head + tail[0] + letter + tail[1:], head + letter + letter + tail))


@cache
def forces() -> list[dict[str, str]]:
    """Cities and counties of China with what they are called; those from which most people left come first."""
    data = files("safeconduct.resolve") / "data"
    provinces = [r.split("\t") for r in (data / "provinces.tsv").read_text("utf-8").splitlines() if r and r[0] != "#"]
    english = {han: name for han, name, *_ in provinces}
    counties = [r.split("\t") for r in (data / "counties.tsv").read_text("utf-8").splitlines() if r and r[0] != "#"]
    rows = [(p, "市", "City", t) for p, _, _, names in provinces for t in names.split()]
    rows += [(p, "县", "County", t) for p, _, names in counties for t in names.split()]
    found = []
    for province, ending, level, token in rows:
        han, _, spelt = token.partition("=")
        if len(han) > 3 or ending == han[-1] or not province:
            continue
        wade = "-".join(lazy_pinyin(han, style=Style.WADEGILES)).capitalize().replace("yv", "yü").replace("v", "ü")
        pinyin = spelt.partition("/")[0]
        found.append({
            "h": han, "e": ending, "l": level, "p": pinyin, "p_low": pinyin.casefold(), "v": province, "q": english[province],
            "w": wade, "t": _traditional().convert(han), "s": POSTAL.get(han, wade.replace("'", "")),
        })  # fmt: skip
    first = ("福建", "浙江", "江苏", "广东")
    return sorted(found, key=lambda f: (f["v"] not in first, f["v"], f["e"], f["h"]))


@dataclass(frozen=True)
class _Site:
    name: str
    country: str
    town: tuple[str, ...]
    force: dict[str, str]
    year: int
    month: int


def _stations(rng: Random, number: int) -> list[_Site]:
    found: list[_Site] = []
    there: set[tuple[object, ...]] = set()
    times, visited = 1 + number // 10_000, Counter[tuple[str, str]]()  # of very many sites more are in one city
    while len(found) < number:
        country = HOSTS[low(rng, len(HOSTS))]
        town = towns()[country][low(rng, len(towns()[country]))]
        visited[country, town[0]] += 1
        if visited[country, town[0]] > times:
            continue
        for _ in range(rng.choices((1, 2, 3, 4), (60, 22, 12, 6))[0]):
            force = forces()[low(rng, len(forces()))]
            years = [rng.randrange(2010, 2023)]
            if rng.random() < 0.03:
                years.append(years[0] + rng.choice((-3, 2, 4)))
            for year in years:
                if (town, force["v"], force["h"], year) not in there:
                    there.add((town, force["v"], force["h"], year))
                    found.append(_Site(f"site-{len(found)}", country, town, force, year, rng.randrange(1, 13)))
    return found[:number]


def _site_mention(rng: Random, s: _Site, n: int) -> Mention:
    land = str(Locale("en").territories[s.country])
    name = s.town[0]
    chinese = s.town[1 + low(rng, len(s.town) - 1)] if len(s.town) > 1 else name
    ascii_ = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    place = _drawn(rng, CITY).format(
        n=name, c=chinese, t=_traditional().convert(chinese), local=LOCAL.get(name, name), ascii=ascii_, land=land,
        upper=name.upper(),
    )  # fmt: skip
    place = place.removesuffix("市") if chinese == name else place
    force = _drawn(rng, FORCE).format(**s.force)
    year = s.year + (rng.choice((-1, 1)) if rng.random() < WRONG_YEAR else 0)
    opened = None if rng.random() < NO_YEAR else f"{year}-{s.month:02}" if rng.random() < 0.3 else str(year)
    bare = rng.random()
    return Mention(
        f"m{n}", s.name, "site", s.country,
        None if bare < NO_CITY else _misspelt(rng, place),
        None if NO_CITY <= bare < NO_CITY + NO_FORCE else _misspelt(rng, force), opened,
    )  # fmt: skip


def _bodies(rng: Random, number: int) -> list[tuple[str, str | None, list[str]]]:
    """Name, country in which it is spoken of, and names."""
    known: list[tuple[str, str | None, list[str]]] = [
        (line.partition("|")[0], None, line.split("|")) for line in KNOWN.split("\n") if line
    ]
    rest: list[tuple[str, str | None, list[str]]] = []
    for country in HOSTS:
        n, c = (str(Locale(lang).territories[country]) for lang in ("en", "zh"))
        for kind, names in MINISTRIES.items():
            told = [t.format(n=n, c=c, a=ADJECTIVES.get(country, n)) for t in names.split("|")]
            rest.append((f"{country} {kind}", country, told))
    for force in forces()[:160]:
        for kind, names in OFFICES.items():
            rest.append((f"{force['v']}{force['h']} {kind}", "CN", [t.format(**force) for t in names.split("|")]))
    for _ in range(200):
        force, country = forces()[low(rng, 120)], HOSTS[low(rng, len(HOSTS))]
        town = towns()[country][low(rng, min(40, len(towns()[country])))]
        for kind, names in ASSOCIATIONS.items():
            told = [t.format(**force, n=town[0], c=town[-1]) for t in names.split("|") if len(town) > 1 or "{c}" not in t]
            rest.append((f"{country} {town[0]} {force['v']}{force['h']} {kind}", country, told))
    rest = list({b[0]: b for b in rest}.values())
    rng.shuffle(rest)
    return [*known, *rest][:number]


def _counted(rng: Random, things: int, mentions: int) -> Iterator[int]:
    """Which thing each mention is of: few are mentioned often, most now and then, each at least once."""
    yield from range(min(things, mentions))
    weights = list(accumulate(min(rng.paretovariate(1.4), 12) for _ in range(things)))
    yield from rng.choices(range(things), cum_weights=weights, k=max(0, mentions - things)) if things else ()


def mentions(number: int, seed: int = 1, sites_share: float = SITES) -> Iterator[Mention]:
    """``number`` mentions, sites first."""
    rng = Random(seed)
    of_sites = round(number * sites_share)
    stations = _stations(rng, max(1, of_sites // 6))
    for n, which in enumerate(_counted(rng, len(stations), of_sites)):
        yield _site_mention(rng, stations[which], n)
    bodies = _bodies(rng, max(1, (number - of_sites) // 6)) if number > of_sites else []
    for n, which in enumerate(_counted(rng, len(bodies), number - of_sites), of_sites):
        true, country, names = bodies[which]
        known = country if rng.random() < 0.6 else None
        yield Mention(f"m{n}", true, "body", known, name=_misspelt(rng, names[low(rng, len(names))]))


def main(arguments: Sequence[str]) -> None:
    for mention in mentions(int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1):
        print(json.dumps({k: v for k, v in asdict(mention).items() if v is not None}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
