"""Countries as people write them: codes of two or three letters, and names in English, Dutch and Chinese.

Names come from the translations of pycountry. Only a whole name is read; a text that names several countries, or a union of
them, is refused. An empty cell is unknown; it is never filled in from another column of the row.
"""

import gettext
import unicodedata
from functools import cache

import pycountry

from api.intake.tables.rows import UnreadableCell
from api.schemas.bodies import COUNTRIES

MESSAGE_COUNTRY = "is not a country that can be read; write its ISO 3166-1 code of two letters, such as NL"
MESSAGE_UNION = "names several countries: write the one that is meant, as its ISO 3166-1 code of two letters"
LANGUAGES = ("nl", "zh_CN")
_UNIONS = frozenset({"eu", "europe", "europa", "europeanunion", "europeseunie", "eea", "eer", "欧盟", "欧洲"})
_OTHER_NAMES = {
    "uk": "GB",
    "greatbritain": "GB",
    "grootbrittannie": "GB",
    "verenigdestatenvanamerika": "US",
    "korearepublicof": "KR",
    "zuidkorea": "KR",
    "southkorea": "KR",
    "noordkorea": "KP",
    "northkorea": "KP",
    "taiwanroc": "TW",
    "prc": "CN",
    "peoplesrepublicofchina": "CN",
    "holland": "NL",
    "thenetherlands": "NL",
    "turkey": "TR",
    "vietnam": "VN",
    "russia": "RU",
    "belarus": "BY",
    "czechrepublic": "CZ",
    "tsjechischerepubliek": "CZ",
    "hongkong": "HK",
}
"""Common names that pycountry lacks."""


def country_code(text: str) -> str:
    """The two-letter code of the country that a text names. Raises UnreadableCell."""
    upper = text.upper()
    if upper in COUNTRIES:
        return upper
    if is_doubtful(text):
        raise UnreadableCell(MESSAGE_COUNTRY)
    name = _folded(text)
    if name in _UNIONS:
        raise UnreadableCell(MESSAGE_UNION)
    code = _OTHER_NAMES.get(name) or _names().get(name)
    if code is None:
        raise UnreadableCell(MESSAGE_COUNTRY)
    return code


def is_doubtful(text: str) -> bool:
    """Whether a question mark, a percentage or a number qualifies a text, as in `NL?` or `NL 60%`."""
    return any(char in "?%‰" or char.isdigit() for char in unicodedata.normalize("NFKC", text))


def _folded(text: str) -> str:
    """Only the letters, without accents and case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalpha())


@cache
def _names() -> dict[str, str]:
    """The two-letter code of every country, by its three-letter code and by its names, folded."""
    languages = [
        gettext.NullTranslations(),
        *(gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]) for language in LANGUAGES),
    ]
    names: dict[str, str] = {}
    for country in pycountry.countries:
        names[country.alpha_3.lower()] = country.alpha_2
        for attribute in ("name", "common_name", "official_name"):
            if english := getattr(country, attribute, None):
                names |= {_folded(language.gettext(english)): country.alpha_2 for language in languages}
    return names
