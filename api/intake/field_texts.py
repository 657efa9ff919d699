"""The help text of each field of a component, in English and Dutch, as in the templates.

The headings under which suppliers' own tables have a field do not belong here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.declarations.definitions import CONTROL, MADE_IN
from domain.scoring.inputs import EvidenceLevel


@dataclass(frozen=True, slots=True)
class FieldText:
    """Help about a field in English and Dutch, and an example."""

    english: str
    dutch: str
    example: str


FIELD_TEXTS: Mapping[str, FieldText] = {
    "key": FieldText(
        "Your own name or number for this line; use each only once in the table",
        "Uw eigen naam of nummer voor deze regel; gebruik elk maar één keer in de tabel",
        "R1",
    ),
    "parentKey": FieldText(
        "Key of the sub-assembly it is part of; empty: of the system itself",
        "Sleutel van de samenstelling waar het deel van uitmaakt; leeg: van het systeem zelf",
        "autopilot",
    ),
    "name": FieldText(
        "What it is",
        "Wat het is",
        "Autopilot board",
    ),
    "partNumber": FieldText(
        "The maker's own number of the part",
        "Het nummer dat de maker eraan geeft",
        "AP-7",
    ),
    "manufacturer": FieldText(
        "Who makes it, not who sells it",
        "Wie het maakt, niet wie het verkoopt",
        "Example Avionics",
    ),
    "functionGroup": FieldText(
        "Name of a function group of the scoring profile",
        "Naam van een functiegroep van het scoreprofiel",
        "control",
    ),
    "quantity": FieldText(
        "How many there are in one delivered system, not per sub-assembly",
        "Hoeveel er in één geleverd systeem zitten, niet per samenstelling",
        "4",
    ),
    "unitValue": FieldText(
        "Value of one piece in euros, without the euro sign; empty: unknown",
        "Waarde van één stuk in euro's, zonder euroteken; leeg: onbekend",
        "12.50",
    ),
    "countryOfManufacture": FieldText(
        f"Country where it is made, as a two-letter code; empty: unknown. Made in is {MADE_IN.english}",
        f"Land waar het is gemaakt, als code van twee letters; leeg: onbekend. Gemaakt in is {MADE_IN.dutch}",
        "NL",
    ),
    "countryOfControl": FieldText(
        f"Country of control over its maker, as a two-letter code; empty: unknown. Control is {CONTROL.english}",
        f"Land van zeggenschap over de maker, als code van twee letters; leeg: onbekend. Zeggenschap is {CONTROL.dutch}",
        "NL",
    ),
    "licenceCountry": FieldText(
        "Country of the licence holder, NONE if there is no foreign licence; empty: unknown",
        "Land van de licentiehouder, NONE als er geen buitenlandse licentie is; leeg: onbekend",
        "NONE",
    ),
    "exportRegime": FieldText(
        "Country whose export rules apply to it, NONE if no foreign ones do; empty: unknown",
        "Land waarvan de exportregels gelden, NONE als er geen buitenlandse gelden; leeg: onbekend",
        "NONE",
    ),
    "secondSourceCountry": FieldText(
        "Country where a replacement is made, as a two-letter code; empty: none, or unknown",
        "Land waar een vervanger wordt gemaakt, als code van twee letters; leeg: geen, of onbekend",
        "DE",
    ),
    "stockWeeks": FieldText(
        "For how many weeks of production there is stock",
        "Voor hoeveel weken productie er voorraad is",
        "12",
    ),
    "leadTimeWeeks": FieldText(
        "In how many weeks it is delivered",
        "In hoeveel weken het wordt geleverd",
        "8",
    ),
    "evidence.level": FieldText(
        f"How well this is proven: {', '.join(level.value for level in EvidenceLevel)}",
        "Hoe goed dit is bewezen: none (niet), selfDeclared (eigen verklaring), document, audited (gecontroleerd)",
        "document",
    ),
    "evidence.expiresOn": FieldText(
        "Last day on which the evidence is valid, written as 2028-06-30",
        "Laatste dag waarop het bewijs geldig is, geschreven als 2028-06-30",
        "2028-06-30",
    ),
    "evidence.uri": FieldText(
        "Where the evidence is found",
        "Waar het bewijs te vinden is",
        "https://example.org/certificate.pdf",
    ),
    "evidence.sha256": FieldText(
        "SHA-256 of the evidence: 64 hexadecimal digits",
        "SHA-256 van het bewijs: 64 hexadecimale cijfers",
        "0" * 64,
    ),
    "statementId": FieldText(
        "Id of a component statement that the maker itself made and shares with you",
        "Id van een onderdeelverklaring die de maker zelf heeft afgelegd en met u deelt",
        "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
    ),
}
"""The texts of every field of a component."""
