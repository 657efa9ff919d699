"""Texts that say that something is not known, not specified or not applicable, in the languages of bills of materials.

Whether such a text leaves a field empty is for the reader of the field to decide; what is known to be absent (none, geen) is
not here.
"""

import re
import string
import unicodedata
from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("n/a", "not applicable", "unknown", "not known", "unk", "unspecified", "not specified", "undefined"),
        *("not defined", "not available", "undetermined", "not determined", "no data", "no information", "not given"),
        *("tbd", "tbc", "tba", "tbs", "to be determined", "to be defined", "to be decided", "to be confirmed"),
        *(
            "mixed values",
            "to be announced",
            "to be specified",
            "to be advised",
            "to be selected",
            "not provided",
            "not stated",
        ),
    ),
    "nl": (
        *("nvt", "niet van toepassing", "onbekend", "niet bekend", "nnb", "nog niet bekend", "ntb", "nog te bepalen"),
        *("nog te bevestigen", "niet gespecificeerd", "ongespecificeerd", "niet opgegeven", "niet beschikbaar"),
        *("niet ingevuld", "nog onbekend"),
    ),
    "de": (
        *("unbekannt", "nicht bekannt", "noch unbekannt", "keine Angabe", "keine Angaben", "k.A.", "nicht zutreffend"),
        *("entfällt", "nicht spezifiziert", "unspezifiziert", "nicht angegeben", "nicht verfügbar", "noch offen"),
        *("noch festzulegen", "noch zu klären", "wird noch festgelegt", "nicht definiert", "undefiniert"),
    ),
    "fr": (
        *("inconnu", "inconnue", "non connu", "non connue", "sans objet", "non applicable", "non spécifié"),
        *("non spécifiée", "non précisé", "non précisée", "non renseigné", "non renseignée", "indéterminé"),
        *("indéterminée", "non défini", "non définie", "à définir", "à déterminer", "à préciser", "à confirmer"),
        *("non disponible", "pas connu", "pas connue"),
    ),
    "other": ("desconocido", "desconocida", "sconosciuto", "sconosciuta", "no especificado", "non specificato"),
    "zh": ("未知", "不详", "未指定", "待定", "未定", "不明", "不适用", "未提供", "暂无", "未规定"),
}
"""The words, by language. Case, accents and punctuation do not matter."""
_NOT_WORDS = re.compile(r"[\W_]+")
_DASHES = re.compile(r"[-–—―?~.…]+")  # noqa: RUF001  # whichever dash was typed


def _letters_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_WORDS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


_UNKNOWN = frozenset(_letters_of(word) for words in WORDS.values() for word in words)
_LONGEST = 2 * max(map(len, _UNKNOWN))
SURELY_KNOWN = frozenset(string.ascii_letters + string.digits) - {
    letter for word in _UNKNOWN for letter in (word[0], word[0].upper())
}
"""First characters that no word for unknown begins with."""


def is_unknown(text: str) -> bool:
    """Whether a text says that something is not known, or not applicable."""
    if len(text) > _LONGEST or text[:1] in SURELY_KNOWN:
        return False
    return not text or _DASHES.fullmatch(text) is not None or _letters_of(text) in _UNKNOWN
