"""The definitions under which a declaration is signed (definities van herkomst): what made in and control mean.

Templates, pages and the contract give them in these words, in English and Dutch.
"""

from dataclasses import dataclass

DEFINITIONS = "origin-2026"
"""The name of this version of the definitions."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition in both languages, as part of a sentence."""

    english: str
    dutch: str


MADE_IN = Definition(
    "the country of the last substantial transformation of the component itself (where it got its essential properties, as in "
    "customs origin); assembling, labelling, testing or loading software elsewhere does not change it",
    "het land van de laatste ingrijpende bewerking van het onderdeel zelf (waar het zijn wezenlijke eigenschappen kreeg, zoals "
    "bij de douaneoorsprong); elders assembleren, etiketteren, testen of software laden verandert dat niet",
)
CONTROL = Definition(
    "the country of the natural persons, state or parent that ultimately decides over the maker",
    "het land van de natuurlijke personen, de staat of de moedermaatschappij die uiteindelijk over de maker beslissen",
)
