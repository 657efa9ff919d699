"""Countries as people write them: codes of two or three letters, and names in English, Dutch, German, French and Chinese.

Names come from the translations of pycountry. Only a whole name is read, also beside its own code (Germany (DE)); a text that
can name several countries, or a union of them, is refused. An empty cell is unknown; it is never filled in from another column.
"""

import gettext
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

import pycountry

from api.intake.tables.rows import UnreadableCell
from api.schemas.bodies import COUNTRIES

MESSAGE_COUNTRY = "is not a country that can be read; write its ISO 3166-1 code of two letters, such as NL"
MESSAGE_UNION = "names several countries: write the one that is meant, as its ISO 3166-1 code of two letters"
MESSAGE_EITHER = "can be {}: write the one that is meant, as its ISO 3166-1 code of two letters"
LANGUAGES = ("nl", "de", "fr", "zh_CN")
_UNIONS = (
    *("EU", "Europe", "Europa", "European Union", "Europese Unie", "EEA", "EER", "EWR", "EEE", "Europäische Union"),
    *("Union européenne", "UE", "欧盟", "欧洲"),
)
_AMBIGUOUS = {
    "KR or KP": ("Korea", "Corée", "Corea"),
    "CG or CD": ("Congo", "Kongo", "刚果"),
    "CN or TW": ("Republic of China", "Republiek China", "Republik China", "République de Chine", "Taiwan, China"),
    "VG or VI": ("Virgin Islands", "Maagdeneilanden", "Jungferninseln", "Îles Vierges"),
}
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates", "VAE", "EAU", "Verenigde Arabische Emiraten"),
    "BA": ("Bosnia", "Bosnië", "Bosnien", "Bosnie"),
    "BY": ("Belarus", "Weißrussland", "Biélorussie", "Wit-Rusland"),
    "CD": ("DR Congo", "DRC", "Congo-Kinshasa", "Kongo-Kinshasa", "RD Congo", "DR Kongo"),
    "CG": ("Congo-Brazzaville", "Kongo-Brazzaville"),
    "CI": ("Ivory Coast", "Elfenbeinküste"),
    "CN": (
        *("PRC", "PR China", "PR of China", "People's Republic of China", "Mainland China", "China PRC", "China PR"),
        *("China, People's Republic of", "China Mainland", "VR China", "China VR", "RP Chine", "RP de Chine"),
        *("Chine populaire", "中国大陆"),
    ),
    "CZ": ("Czech Republic", "Czech Rep", "Tsjechische Republiek", "Tschechei", "Rép. tchèque"),
    "DE": (
        *(
            "BRD",
            "Bundesrepublik Deutschland",
            "Federal Republic of Germany",
            "FR Germany",
            "Germany, Federal Republic of",
        ),
        *("Bondsrepubliek Duitsland", "RFA"),
    ),
    "GB": (
        *("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland", "Groot-Brittannië"),
        *("Engeland", "Schotland", "Noord-Ierland", "Großbritannien", "Schottland", "Nordirland", "Grande-Bretagne"),
        *("Angleterre", "Écosse", "Pays de Galles", "Irlande du Nord"),
    ),
    "HK": ("Hong Kong", "Hong Kong SAR", "Hong Kong, China", "China Hong Kong", "中国香港"),
    "KP": (
        "North Korea",
        "Korea, North",
        "Korea North",
        "DPRK",
        "Noord-Korea",
        "N-Korea",
        "Nordkorea",
        "Corée du Nord",
    ),
    "KR": (
        *(
            "South Korea",
            "Korea, South",
            "Korea South",
            "S. Korea",
            "Republic of Korea",
            "Rep. of Korea",
            "Korea, Republic",
        ),
        *(
            "Korea, Rep",
            "Korea, Rep. of",
            "Korea Republic",
            "ROK",
            "Zuid-Korea",
            "Z-Korea",
            "Republiek Korea",
            "Südkorea",
        ),
        *("Republik Korea", "Corée du Sud", "République de Corée"),
    ),
    "LA": ("Laos",),
    "MD": ("Moldova", "Republic of Moldova", "Moldawien"),
    "MK": ("Macedonia", "Macedonië", "Mazedonien", "Macédoine"),
    "MM": ("Burma", "Birma", "Birmanie"),
    "MO": ("Macau", "Macao", "Macau SAR", "中国澳门"),
    "NL": ("Holland", "The Netherlands", "Netherland", "Niederland", "Hollande", "de Nederlanden"),
    "RU": ("Russia", "Russian Fed", "Russische Federatie", "Rusland", "Russland", "Russie"),
    "SK": ("Slovak Republic", "Slowaakse Republiek", "Slowakische Republik", "République slovaque"),
    "SY": ("Syria", "Syrië", "Syrien", "Syrie"),
    "TR": ("Turkey", "Turkiye", "Turkije", "Türkei", "Turquie"),
    "TW": (
        *("Taiwan ROC", "Taiwan Republic of China", "Republic of China (Taiwan)", "ROC Taiwan", "Chinese Taipei"),
        *("Taiwan, Province of China", "中国台湾"),
    ),
    "TZ": ("Tanzania",),
    "US": (
        *("USA", "United States of America", "the United States", "the USA", "US of America", "VS", "VSA"),
        *("Verenigde Staten van Amerika", "Vereinigte Staaten von Amerika", "Etats-Unis d'Amérique", "EUA"),
    ),
    "VN": ("Vietnam",),
}
"""Common names that pycountry lacks."""
_LONGEST_NAME = 200
"""Characters, more than any name has with its code beside it; a longer text is not searched for them."""
_INITIALS = re.compile(r"(?:[A-Za-z]\.\s?){2,3}|(?:[A-Za-z]\.\s?){1,2}[A-Za-z]")
_BESIDE_CODE = (
    re.compile(r"(?P<name>.+?)\s*(?:[(\[]\s*(?P<other>[^()\[\]]+?)\s*[)\]])"),
    re.compile(r"(?P<other>[A-Z]{2,3})\s*[-–:]\s*(?P<name>[^-–:].*)"),  # noqa: RUF001  # whichever dash was typed
    re.compile(r"(?P<name>.*[^-–:\s])\s+[-–:]\s*(?P<other>[A-Z]{2,3})"),  # noqa: RUF001  # as above
    re.compile(r"\(?(?P<other>[A-Z]{2})\)?\s+(?P<name>[^\W\d_]{4}.*)"),
    re.compile(r"(?P<name>[^\W\d_]{4}.*?),?\s+(?P<other>[A-Z]{2})"),
)
"""A name and its code side by side: Germany (DE), DE - Germany, Germany - DE, DE Germany, Germany DE."""


def country_code(text: str) -> str:
    """The two-letter code of the country that a text names. Raises UnreadableCell."""
    upper = text.upper()
    if upper in COUNTRIES:
        return upper
    if len(text) > _LONGEST_NAME or is_doubtful(text):
        raise UnreadableCell(MESSAGE_COUNTRY)
    found = _named(text)
    if found is None:
        found = next(filter(None, map(_agreed, _side_by_side(text))), None)
    if found is None:
        raise UnreadableCell(MESSAGE_COUNTRY)
    if len(found) != 2:
        raise UnreadableCell(found)
    return found


def is_doubtful(text: str) -> bool:
    """Whether a question mark, a percentage or a number qualifies a text, as in `NL?` or `NL 60%`."""
    return any(char in "?%‰" or char.isdigit() for char in unicodedata.normalize("NFKC", text))


def _named(text: str) -> str | None:
    """The code of the country with this name or code, or why the name is refused; None where it is no known name."""
    if _INITIALS.fullmatch(text) and (initials := _folded(text).upper()) in COUNTRIES:
        return initials
    return _names().get(_folded(text))


def _side_by_side(text: str) -> Iterator[tuple[str, str]]:
    for pattern in _BESIDE_CODE:
        if found := pattern.fullmatch(text):
            yield found["name"], found["other"]


def _agreed(names: tuple[str, str]) -> str | None:
    """The code that two texts beside each other both stand for; None where they do not."""
    codes = {text.upper() if text.upper() in COUNTRIES else _named(text) for text in names}
    code = codes.pop()
    return code if not codes and code is not None and len(code) == 2 else None


def _folded(text: str) -> str:
    """Only the letters, without accents and case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalpha())


def _spelled_out(name: str) -> str:
    """A German name with its umlauts in two letters: Oesterreich."""
    for letter, letters in zip("äöüÄÖÜ", ("ae", "oe", "ue", "Ae", "Oe", "Ue"), strict=True):
        name = name.replace(letter, letters)
    return name


@cache
def _names() -> dict[str, str]:
    """What every folded name stands for: a code of two letters, or why it is refused."""
    languages = [
        gettext.NullTranslations(),
        *(gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language]) for language in LANGUAGES),
    ]
    names: dict[str, str] = {}
    for country in pycountry.countries:
        names[country.alpha_3.lower()] = country.alpha_2
        for attribute in ("name", "common_name", "official_name"):
            if english := getattr(country, attribute, None):
                for language in languages:
                    name = language.gettext(english)
                    names |= {_folded(each): country.alpha_2 for each in (name, _spelled_out(name))}
    for code, others in _OTHER_NAMES.items():
        names |= {_folded(each): code for name in others for each in (name, _spelled_out(name))}
    for either, others in _AMBIGUOUS.items():
        names |= dict.fromkeys(map(_folded, others), MESSAGE_EITHER.format(either))
    return names | dict.fromkeys(map(_folded, _UNIONS), MESSAGE_UNION)
