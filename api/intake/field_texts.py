"""The help text of each field of a component, and the headings under which suppliers' own tables have it.

Help texts are in English and Dutch, as in the templates; headings, which come from real bills of materials, also in Chinese.
A field's own name is always a heading too. How headings and cells are read does not belong here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.scoring.inputs import EvidenceLevel


@dataclass(frozen=True, slots=True)
class FieldText:
    """Help about a field in English and Dutch, an example, and other headings that people write for it."""

    english: str
    dutch: str
    example: str
    headings: tuple[str, ...]


FIELD_TEXTS: Mapping[str, FieldText] = {
    "key": FieldText(
        "Your own name or number for this line; use each only once in the table",
        "Uw eigen naam of nummer voor deze regel; gebruik elk maar één keer in de tabel",
        "R1",
        ("sleutel", "component key", "line key", "regelsleutel"),
    ),
    "parentKey": FieldText(
        "Key of the sub-assembly it is part of; empty: of the system itself",
        "Sleutel van de samenstelling waar het deel van uitmaakt; leeg: van het systeem zelf",
        "autopilot",
        (
            *("parent", "parent assembly", "assembly", "sub-assembly", "subassembly", "part of"),
            *("next higher assembly", "samenstelling", "subsamenstelling", "onderdeel van", "bovenliggend onderdeel"),
            *("hoort bij", "上级", "父项"),
        ),
    ),
    "name": FieldText(
        "What it is",
        "Wat het is",
        "Autopilot board",
        (
            *("description", "part description", "part name", "component", "component name", "item description"),
            *("omschrijving", "beschrijving", "benaming", "naam", "onderdeel", "artikelomschrijving", "描述", "名称"),
            *("品名",),
        ),
    ),
    "partNumber": FieldText(
        "The maker's own number of the part",
        "Het nummer dat de maker eraan geeft",
        "AP-7",
        (
            *("part no", "part nr", "part #", "p/n", "pn", "mpn", "manufacturer part number", "manufacturer part no"),
            *("manufacturer part #", "mfr p/n", "mfr part number", "mfr part no", "mfr part #", "mfr pn", "mfg p/n"),
            *("mfg pn", "mfg part number", "mfg part no", "artikelnummer", "artikelnr", "artikel nr"),
            *("onderdeelnummer", "onderdeelnr", "fabrikant onderdeelnummer", "onderdeelnummer fabrikant"),
            *("artikelnummer fabrikant", "onderdeelnummer van de fabrikant", "fabrikantnummer", "typenummer", "型号"),
            *("料号", "制造商型号", "制造商料号", "厂家型号", "规格型号"),
        ),
    ),
    "manufacturer": FieldText(
        "Who makes it, not who sells it",
        "Wie het maakt, niet wie het verkoopt",
        "Example Avionics",
        (
            *("mfr", "mfg", "mfr name", "mfg name", "manufacturer name", "maker", "fabrikant", "fabrikantnaam"),
            *("producent", "maakbedrijf", "制造商", "厂家", "生产厂家", "厂商"),
        ),
    ),
    "functionGroup": FieldText(
        "Name of a function group of the scoring profile",
        "Naam van een functiegroep van het scoreprofiel",
        "control",
        ("functional group", "functiegroep", "functionele groep", "功能组"),
    ),
    "quantity": FieldText(
        "How many there are in one delivered system, not per sub-assembly",
        "Hoeveel er in één geleverd systeem zitten, niet per samenstelling",
        "4",
        ("qty", "q'ty", "quant", "aantal", "hoeveelheid", "stuks", "aantal stuks", "数量", "用量"),
    ),
    "unitValue": FieldText(
        "Value of one piece in euros, without the euro sign; empty: unknown",
        "Waarde van één stuk in euro's, zonder euroteken; leeg: onbekend",
        "12.50",
        (
            *("unit price", "unit cost", "price per unit", "cost per unit", "price each", "cost each"),
            *("price per piece", "prijs per stuk", "prijs/stuk", "stukprijs", "stuksprijs", "eenheidsprijs"),
            *("prijs per eenheid", "kostprijs per stuk", "waarde per stuk", "stukwaarde", "单价"),
        ),
    ),
    "countryOfManufacture": FieldText(
        "Country where it is made, as a two-letter code; empty: unknown",
        "Land waar het is gemaakt, als code van twee letters; leeg: onbekend",
        "NL",
        (
            *("country of origin", "origin country", "origin", "coo", "made in", "country of production"),
            *("manufacturing country", "land van oorsprong", "oorsprong", "oorsprongsland", "land van herkomst"),
            *("herkomst", "land van vervaardiging", "land van fabricage", "productieland", "gemaakt in", "原产国"),
            *("原产地", "产地"),
        ),
    ),
    "countryOfControl": FieldText(
        "Country from which its maker is ultimately controlled, as a two-letter code; empty: unknown",
        "Land van uiteindelijke zeggenschap over de maker, als code van twee letters; leeg: onbekend",
        "NL",
        ("country of ultimate control", "controlling country", "land van zeggenschap", "zeggenschap", "控制国"),
    ),
    "licenceCountry": FieldText(
        "Country of the licence holder, NONE if there is no foreign licence; empty: unknown",
        "Land van de licentiehouder, NONE als er geen buitenlandse licentie is; leeg: onbekend",
        "NONE",
        (
            *("license country", "country of licence", "country of license", "licence holder country", "licentieland"),
            *("land van licentie", "land van de licentiehouder", "land van licentiehouder", "land licentiehouder"),
        ),
    ),
    "exportRegime": FieldText(
        "Country whose export rules apply to it, NONE if no foreign ones do; empty: unknown",
        "Land waarvan de exportregels gelden, NONE als er geen buitenlandse gelden; leeg: onbekend",
        "NONE",
        (
            *("export control", "export control regime", "export control country", "exportregime", "exportcontrole"),
            *("land van exportcontrole", "exportcontroleregime"),
        ),
    ),
    "secondSourceCountry": FieldText(
        "Country where a replacement is made, as a two-letter code; empty: none, or unknown",
        "Land waar een vervanger wordt gemaakt, als code van twee letters; leeg: geen, of onbekend",
        "DE",
        (
            *("second source", "country of second source", "alternative source country", "tweede bron"),
            *("land tweede bron", "land van tweede bron", "land van de tweede bron", "alternatieve bron"),
        ),
    ),
    "stockWeeks": FieldText(
        "For how many weeks of production there is stock",
        "Voor hoeveel weken productie er voorraad is",
        "12",
        ("voorraadweken", "weken voorraad", "weeks of stock"),
    ),
    "leadTimeWeeks": FieldText(
        "In how many weeks it is delivered",
        "In hoeveel weken het wordt geleverd",
        "8",
        ("levertijdweken", "levertijd weken"),
    ),
    "evidence.level": FieldText(
        f"How well this is proven: {', '.join(level.value for level in EvidenceLevel)}",
        "Hoe goed dit is bewezen: none (niet), selfDeclared (eigen verklaring), document, audited (gecontroleerd)",
        "document",
        ("evidence", "level of evidence", "bewijs", "bewijsniveau", "niveau van bewijs", "bewijskracht"),
    ),
    "evidence.expiresOn": FieldText(
        "Last day on which the evidence is valid, written as 2028-06-30",
        "Laatste dag waarop het bewijs geldig is, geschreven als 2028-06-30",
        "2028-06-30",
        (
            *("evidence expires", "evidence expiry", "evidence expiry date", "evidence valid until"),
            *("bewijs geldig tot", "bewijs verloopt op", "vervaldatum bewijs", "expires on", "expiry date"),
            *("valid until", "geldig tot", "vervaldatum"),
        ),
    ),
    "evidence.uri": FieldText(
        "Where the evidence is found",
        "Waar het bewijs te vinden is",
        "https://example.org/certificate.pdf",
        (
            *("evidence url", "evidence link", "link to evidence", "bewijslink", "link naar bewijs", "certificate url"),
            *("vindplaats bewijs",),
        ),
    ),
    "evidence.sha256": FieldText(
        "SHA-256 of the evidence: 64 hexadecimal digits",
        "SHA-256 van het bewijs: 64 hexadecimale cijfers",
        "0" * 64,
        ("sha256", "sha-256", "evidence hash", "evidence checksum"),
    ),
    "statementId": FieldText(
        "Id of a component statement that the maker itself made and shares with you",
        "Id van een onderdeelverklaring die de maker zelf heeft afgelegd en met u deelt",
        "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
        ("statement", "component statement", "verklaring", "verklaring van de maker"),
    ),
}
"""The texts of every field of a component."""
