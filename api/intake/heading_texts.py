"""The headings under which bills of materials have each field of a component: a table by meaning and by language or tool.

Case, accents, spaces and punctuation do not matter, so one spelling of each is enough. A field's own name is always a heading
too. How headings are told apart, and which column a field is read from, does not belong here.
"""

from collections.abc import Mapping
from enum import StrEnum


class ColumnRole(StrEnum):
    """What a column can be besides a field of a component."""

    DESIGNATOR = "designator"
    ITEM = "item"
    COMPONENT = "component"
    DESCRIPTION = "description"
    VALUE = "value"
    COMMENT = "comment"
    PART = "part"
    LEVEL = "level"
    NOT_FITTED = "notFitted"
    FITTED = "fitted"
    SYSTEM_QUANTITY = "systemQuantity"
    PARTIAL_QUANTITY = "partialQuantity"
    ORDER_QUANTITY = "orderQuantity"
    CURRENCY = "currency"
    ITEM_NAME = "itemName"
    """An item that is named in words, told from an item number by what the column holds."""


HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "key": {"en": ("component key", "line key"), "nl": ("sleutel", "regelsleutel"), "de": ("Schlüssel",)},
    "parentKey": {
        "en": ("parent", "parent assembly", "assembly", "sub-assembly", "subassembly", "part of", "next higher assembly"),
        "nl": (
            *("samenstelling", "subsamenstelling", "onderdeel van", "bovenliggend onderdeel", "hoort bij"),
            "bovenliggende samenstelling",
        ),
        "de": ("Baugruppe", "Unterbaugruppe", "übergeordnete Baugruppe", "Oberbaugruppe", "Teil von", "gehört zu"),
        "fr": ("ensemble", "sous-ensemble", "assemblage", "sous-assemblage", "ensemble parent", "fait partie de"),
        "zh": ("上级", "父项"),
    },
    "name": {
        "en": (
            *("part name", "component name", "item name", "designation", "title", "what", "name of component"),
            *("name of part", "name of the part", "name of item"),
        ),
        "nl": ("benaming", "naam", "onderdeelnaam", "artikelnaam", "wat", "naam onderdeel"),
        "de": ("Bezeichnung", "Benennung", "Teilebezeichnung", "Artikelbezeichnung", "Bauteilbezeichnung", "Bauteilname"),
        "fr": ("désignation", "nom", "libellé", "intitulé", "dénomination", "nom du composant", "nom de la pièce"),
        "zh": ("名称", "品名", "元件名称", "物料名称", "模块名称", "器件名称", "材料名称", "部件名称", "零件名称", "产品名称"),
        "pl, es, it, pt": ("nazwa", "nazwa części", "nazwa elementu", "nome", "denominación", "denominazione", "designação"),
    },
    ColumnRole.COMPONENT: {
        "en": ("component",),
        "nl": ("onderdeel",),
        "de": ("Bauteil", "Komponente"),
        "fr": ("composant", "pièce"),
    },
    ColumnRole.DESCRIPTION: {
        "en": ("description", "part description", "item description", "component description", "desc", "descr"),
        "nl": ("omschrijving", "beschrijving", "artikelomschrijving", "onderdeelomschrijving"),
        "de": ("Beschreibung", "Artikelbeschreibung", "Teilebeschreibung", "Bauteilbeschreibung"),
        "fr": ("descriptif", "description de la pièce", "description du composant"),
        "zh": ("描述", "物料描述"),
        "pl, es, it, pt": ("opis", "descripción", "descrizione", "descrição"),
    },
    ColumnRole.VALUE: {
        "en": ("value", "val", "component value", "part value"),
        "nl": ("waarde",),
        "de": ("Wert",),
        "fr": ("valeur",),
        "zh": ("值", "参数"),
    },
    ColumnRole.COMMENT: {"Altium, JLCPCB, EasyEDA": ("comment",), "de": ("Kommentar",), "fr": ("commentaire",)},
    ColumnRole.PART: {"OrCAD, KiBoM": ("part", "cmp name"), "de": ("Teil",), "fr": ("article",), "nl": ("artikel",)},
    "partNumber": {
        "en": (
            *("part no", "part nr", "part #", "part num", "p/n", "pn", "mpn", "mpn #", "manufacturer part number"),
            *("manufacturer part no", "manufacturer part nr", "manufacturer part #", "manufacturer part", "manufacturer pn"),
            *("manufacturer p/n", "manufacturer number", "manufacturer #", "manufacturer's part number", "maker part number"),
            *("manufacture part number", "manufacture part no", "manufacture part", "manufacturers part number"),
            *("mfr p/n", "mfr part number", "mfr part no", "mfr part #", "mfr part", "mfr pn", "mfr #", "mfr no", "mfr number"),
            *("mfg p/n", "mfg pn", "mfg part number", "mfg part no", "mfg part #", "mfg part", "mfg #", "mfg no", "mfg number"),
            *("mfgr part number", "mfgr part no", "mfgr p/n", "mfgr pn", "mfgr part #", "mfr. part numbers", "oem part number"),
            *("manf #", "manf part number", "component part number", "part code", "manufacturer part code"),
            *("manufacturer part num", "man part no", "man part number", "mfr part num", "mfg part num", "mfr code"),
        ),
        "nl": (
            *("artikelnummer", "artikelnr", "artikel nr", "onderdeelnummer", "onderdeelnr", "fabrikant onderdeelnummer"),
            *("onderdeelnummer fabrikant", "artikelnummer fabrikant", "onderdeelnummer van de fabrikant", "typenummer"),
            *("fabrikantnummer", "fabrikantcode", "artikelnummer van de fabrikant", "fabrikant artikelnummer"),
        ),
        "de": (
            *("Herstellernummer", "Hersteller-Nr.", "Herstellerteilenummer", "Hersteller-Teilenummer", "Hersteller-Teile-Nr."),
            *("Herstellerteilenr.", "Herstellerartikelnummer", "Hersteller-Artikelnr.", "Hersteller Art.-Nr.", "Herstellertyp"),
            *("Herstellerbezeichnung", "Hersteller-Bestellnummer", "Teilenummer", "Teile-Nr.", "Teilenr.", "Artikel-Nr."),
            *("Art.-Nr.", "Artikelnummer Hersteller", "Teilenummer Hersteller", "Typnummer", "Typennummer", "Typenbezeichnung"),
            *("Typbezeichnung", "Sachnummer", "Bauteilnummer"),
        ),
        "fr": (
            *("n° de fab.", "n° fab.", "n° fabricant", "numéro fabricant", "numéro de fabricant", "numéro du fabricant"),
            *("référence fabricant", "référence du fabricant", "réf. fabricant", "réf. fab.", "réf fab", "code fabricant"),
            *("numéro de pièce", "n° de pièce", "numéro de pièce fabricant", "numéro de pièce du fabricant", "numéro d'article"),
            *("n° d'article", "référence constructeur", "n° de pièce fabricant", "référence pièce", "numéro de référence"),
        ),
        "zh": (
            *("型号", "料号", "制造商型号", "制造商料号", "厂家型号", "规格型号", "制造商零件编号", "制造商编号", "厂商料号"),
            *("元件型号", "器件型号", "型号规格", "型号/规格"),
        ),
        "pl": ("numer części", "nr części", "numer producenta", "numer katalogowy producenta"),
        "es, it, pt": (
            *("número de pieza", "número de parte", "referencia del fabricante", "codice produttore"),
            *("codice del produttore", "número da peça", "código do fabricante"),
        ),
    },
    "manufacturer": {
        "en": (
            *("mfr", "mfg", "mfgr", "manf", "mfr name"),
            *("mfg name", "manufacturer name", "maker", "manufacture", "manufacturers", "oem", "part manufacturer"),
        ),
        "nl": ("fabrikant", "fabrikantnaam", "naam fabrikant", "producent", "maakbedrijf"),
        "de": ("Hersteller", "Herstellername", "Name des Herstellers", "Produzent", "Fabrikat"),
        "fr": ("fabricant", "nom du fabricant", "nom fabricant", "constructeur", "fab."),
        "zh": ("制造商", "厂家", "生产厂家", "厂商", "生产商", "品牌厂商"),
        "pl, es, it, pt": ("producent", "fabricante", "produttore", "costruttore"),
    },
    "functionGroup": {
        "en": ("functional group",),
        "nl": ("functiegroep", "functionele groep"),
        "de": ("Funktionsgruppe",),
        "fr": ("groupe fonctionnel", "groupe de fonctions"),
        "zh": ("功能组",),
    },
    "quantity": {
        "en": (
            *("qty", "q'ty", "quan", "quant", "qnty", "qtty"),
            *("quantities", "count", "number of pieces", "no. of pieces", "pieces", "pcs"),
        ),
        "nl": ("aantal", "hoeveelheid", "stuks", "aantal stuks", "aant."),
        "de": ("Menge", "Anzahl", "Stückzahl", "Stück", "Stk", "Stck", "Anz.", "Mge"),
        "fr": ("quantité", "qté", "nombre", "nbre", "nb", "nombre de pièces", "quant."),
        "zh": ("数量", "用量", "个数"),
        "pl, es, it, pt": ("ilość", "liczba", "sztuk", "szt", "cantidad", "cant", "quantità", "quantidade", "qtd", "qtde"),
    },
    ColumnRole.SYSTEM_QUANTITY: {
        "en": ("quantity per system", "qty per system", "qty/system", "quantity in system", "quantity per delivered system"),
        "nl": ("aantal per systeem", "aantal per geleverd systeem", "aantal in systeem"),
        "de": ("Menge pro System", "Anzahl pro System", "Menge je System", "Anzahl je System"),
        "fr": ("quantité par système", "qté par système"),
    },
    ColumnRole.PARTIAL_QUANTITY: {
        "en": (
            *("quantity per pcb", "qty per pcb", "qty/pcb", "quantity per board", "qty per board", "qty/board", "board qty"),
            *("quantity per assembly", "qty per assembly", "qty/assembly", "qty per assy", "qty/assy", "qpa", "quantity per"),
            *("qty per", "quantity per unit", "qty per unit", "qty/unit", "unit qty", "unit quantity", "quantity per parent"),
        ),
        "nl": ("aantal per print", "aantal per samenstelling", "aantal per stuk"),
        "de": ("Menge pro Baugruppe", "Menge je Baugruppe", "Anzahl pro Baugruppe", "Menge pro Leiterplatte"),
        "fr": ("quantité par carte", "quantité par ensemble", "qté par carte", "quantité par sous-ensemble"),
    },
    ColumnRole.ORDER_QUANTITY: {
        "en": (
            *("order qty", "order quantity", "ordered qty", "qty ordered", "quantity ordered", "requested quantity"),
            *("requested qty", "purchase quantity", "purchase qty", "buy qty", "qty to order", "quantity to order"),
            *("build quantity", "build qty", "total qty", "total quantity", "qty total", "quantity total", "qty required"),
            "qty needed",
        ),
        "nl": ("bestelaantal", "bestelhoeveelheid", "aantal besteld", "totaal aantal", "aantal totaal"),
        "de": ("Bestellmenge", "Bestellte Menge", "Gesamtmenge", "Gesamtanzahl", "Gesamtstückzahl"),
        "fr": ("quantité commandée", "qté commandée", "quantité à commander", "quantité totale", "qté totale"),
        "zh": ("订购数量", "订单数量", "采购数量", "总数量"),
    },
    "unitValue": {
        "en": (
            *("unit price", "unit cost", "price per unit", "cost per unit", "price each", "cost each", "each price"),
            *("price per piece", "price/unit", "cost/unit", "price/pc", "price/piece", "cost per piece", "price per pc"),
            "price ea",
        ),
        "nl": (
            *("prijs per stuk", "prijs/stuk", "stukprijs", "stuksprijs", "eenheidsprijs", "prijs per eenheid", "prijs p/st"),
            *("kostprijs per stuk", "waarde per stuk", "stukwaarde", "kosten per stuk", "prijs p.st."),
        ),
        "de": (
            *("Einzelpreis", "EP", "Stückpreis", "Preis pro Stück", "Preis/Stück", "Preis je Stück", "Einheitspreis", "E-Preis"),
            *("Preis pro Einheit", "Stückkosten", "Einzelkosten", "Kosten pro Stück", "Preis/Stk", "Preis pro Stk"),
        ),
        "fr": (
            *("prix unitaire", "prix unit.", "p.u.", "coût unitaire", "prix à l'unité", "prix par pièce", "prix/pièce"),
            *("prix par unité", "prix à la pièce"),
        ),
        "zh": ("单价",),
        "pl, es, it, pt": ("cena jednostkowa", "cena za sztukę", "precio unitario", "prezzo unitario", "preço unitário"),
    },
    ColumnRole.CURRENCY: {
        "en": ("currency", "currency code", "curr", "ccy", "price currency", "currency of price"),
        "nl": ("valuta", "munteenheid", "munt"),
        "de": ("Währung",),
        "fr": ("devise", "monnaie"),
        "zh": ("币种", "货币"),
        "pl, es, it, pt": ("waluta", "moneda", "divisa", "moeda"),
    },
    "countryOfManufacture": {
        "en": ("made in", "country of production", "manufacturing country", "country of fabrication", "manufactured in"),
        "nl": (
            *("land van vervaardiging", "land van fabricage", "land van productie"),
            *("productieland", "fabricageland", "gemaakt in"),
        ),
        "de": ("Herstellungsland", "Produktionsland", "Fertigungsland", "Land der Herstellung", "hergestellt in"),
        "fr": ("pays de fabrication", "pays de production", "fabriqué en", "lieu de fabrication"),
        "zh": ("产地", "制造国", "生产国"),
        "pl, es, it, pt": ("kraj produkcji", "país de fabricación", "paese di produzione", "país de fabricação"),
    },
    "countryOfControl": {
        "en": ("country of ultimate control", "controlling country"),
        "nl": ("land van zeggenschap", "zeggenschap", "land van uiteindelijke zeggenschap"),
        "de": ("Land der Kontrolle", "Land der Beherrschung", "beherrschendes Land"),
        "fr": ("pays de contrôle", "pays du contrôle"),
        "zh": ("控制国",),
    },
    "licenceCountry": {
        "en": ("license country", "country of licence", "country of license", "licence holder country", "license holder country"),
        "nl": (
            *("licentieland", "land van licentie"),
            *("land van de licentiehouder", "land van licentiehouder", "land licentiehouder"),
        ),
        "de": ("Lizenzland", "Land der Lizenz", "Land des Lizenzinhabers", "Land des Lizenzgebers"),
        "fr": ("pays de licence", "pays de la licence", "pays du titulaire de la licence"),
    },
    "exportRegime": {
        "en": ("export control", "export control regime", "export control country"),
        "nl": ("exportregime", "exportcontrole", "land van exportcontrole", "exportcontroleregime"),
        "de": ("Exportkontrolle", "Ausfuhrkontrolle", "Land der Exportkontrolle"),
        "fr": ("régime d'exportation", "contrôle des exportations", "contrôle à l'exportation"),
    },
    "secondSourceCountry": {
        "en": ("second source", "country of second source", "alternative source country"),
        "nl": ("tweede bron", "land tweede bron", "land van tweede bron", "land van de tweede bron", "alternatieve bron"),
        "de": ("Zweitquelle", "Land der Zweitquelle", "zweite Bezugsquelle"),
        "fr": ("seconde source", "deuxième source", "pays de la seconde source"),
    },
    "stockWeeks": {"en": ("weeks of stock",), "nl": ("voorraadweken", "weken voorraad"), "fr": ("semaines de stock",)},
    "leadTimeWeeks": {"nl": ("levertijdweken", "levertijd weken")},
    "evidence.level": {
        "en": ("evidence", "level of evidence"),
        "nl": ("bewijs", "bewijsniveau", "niveau van bewijs", "bewijskracht"),
        "de": ("Nachweis", "Nachweisstufe"),
        "fr": ("preuve", "niveau de preuve"),
    },
    "evidence.expiresOn": {
        "en": (
            *("evidence expires", "evidence expiry", "evidence expiry date"),
            *("evidence valid until", "expires on", "expiry date", "valid until"),
        ),
        "nl": ("bewijs geldig tot", "bewijs verloopt op", "vervaldatum bewijs", "geldig tot", "vervaldatum"),
        "de": ("gültig bis", "Nachweis gültig bis", "Ablaufdatum"),
        "fr": ("valable jusqu'au", "preuve valable jusqu'au", "date d'expiration"),
    },
    "evidence.uri": {
        "en": ("evidence url", "evidence link", "link to evidence", "certificate url"),
        "nl": ("bewijslink", "link naar bewijs", "vindplaats bewijs"),
        "de": ("Link zum Nachweis", "Nachweislink"),
        "fr": ("lien vers la preuve",),
    },
    "evidence.sha256": {"en": ("sha256", "sha-256", "evidence hash", "evidence checksum")},
    "statementId": {"en": ("statement", "component statement"), "nl": ("verklaring", "verklaring van de maker")},
    ColumnRole.DESIGNATOR: {
        "en": (
            *("reference designator", "reference designators", "ref designator", "ref designators", "ref des", "ref. des."),
            *("refdes", "ref desig", "designator", "designators", "reference", "references", "ref", "refs", "part reference"),
            *("part references", "component reference", "schematic reference", "reference(s)", "references list"),
        ),
        "Eagle": ("parts",),
        "nl": ("referentie-aanduiding", "referentie", "referenties"),
        "de": ("Referenz", "Referenzen", "Referenzbezeichner", "Bauteilreferenz", "Bezugszeichen", "Betriebsmittelkennzeichen"),
        "fr": ("référence schéma", "références schéma", "repères", "repère topologique", "référence topologique"),
        "zh": ("位号", "元件位号", "标号"),
        "pl": ("oznaczenie", "oznaczenia"),
    },
    ColumnRole.ITEM: {
        "en": (
            *("item", "items", "item no", "item nr", "item number", "item #", "item id", "line", "line no", "line nr", "line #"),
            *("line number", "line item", "find", "find no", "find number", "find #", "#", "no", "nr", "row", "row no", "row #"),
            *("row number", "index", "id", "seq", "seq no", "sequence", "s.no", "sl no", "sr no", "balloon", "bubble"),
            *("bom item id", "part id", "part ipn", "ipn", "internal part number"),
        ),
        "nl": (
            *("pos", "pos no", "pos nr", "positie", "positienummer"),
            *("posnummer", "postnummer", "regel", "regelnummer", "volgnummer", "volgnr"),
        ),
        "de": ("Position", "Positionsnummer", "Pos.-Nr.", "lfd. Nr.", "laufende Nummer", "Zeile", "Nummer"),
        "fr": ("n°", "numéro", "ligne", "n° de ligne", "poste", "repère", "rep.", "num."),
        "pl, es, it, pt": ("pozycja", "poz", "lp", "posición", "posizione", "posição"),
        "zh": ("序号", "项次", "编号"),
    },
    ColumnRole.LEVEL: {
        "en": (
            *("level", "lvl", "bom level", "structure level"),
            *("indent", "indent level", "indenture", "indenture level", "hierarchy level"),
        ),
        "nl": ("niveau", "stuklijstniveau"),
        "de": ("Ebene", "Stufe", "Stücklistenebene", "Strukturebene", "Dispositionsstufe"),
        "fr": ("niveau de nomenclature", "rang"),
        "zh": ("层级", "层次", "阶层"),
    },
    ColumnRole.NOT_FITTED: {
        "en": (
            *("dnp", "dnf", "dni", "dnm", "dns", "do not populate", "do not place", "do not fit", "do not install"),
            *("do not mount", "do not stuff", "not fitted", "not populated", "not placed", "not installed", "not mounted"),
            *("no stuff", "nostuff", "no pop", "nopop", "no load", "unpopulated", "unfitted", "exclude", "excluded"),
            *("exclude from bom", "excluded from bom", "exclude from board", "excluded from board"),
            "exclude from bill of materials",
        ),
        "nl": ("niet plaatsen", "niet geplaatst", "niet monteren", "niet gemonteerd", "uitgesloten"),
        "de": ("nicht bestückt", "nicht bestücken", "unbestückt", "ausgeschlossen"),
        "fr": ("non monté", "ne pas monter", "non implanté", "ne pas implanter", "exclu"),
        "zh": ("不贴", "不焊", "空贴"),
    },
    ColumnRole.FITTED: {
        "en": ("fitted", "populated", "populate", "placed", "mounted", "installed", "in bom", "include in bom", "add into bom"),
        "nl": ("geplaatst", "gemonteerd"),
        "de": ("bestückt", "bestücken", "montiert"),
        "fr": ("monté", "implanté"),
    },
}  # fmt: skip
"""The headings of each field and role, by language, or by the tool that writes them."""
ORIGIN: Mapping[str, tuple[str, ...]] = {
    "en": (
        "country of origin",
        "origin country",
        "origin",
        "coo",
        "country of origin (coo)",
        "coo (country of origin)",
    ),
    "nl": ("land van oorsprong", "oorsprong", "oorsprongsland", "land van herkomst", "herkomst", "herkomstland"),
    "de": ("Ursprungsland", "Ursprung", "Herkunftsland", "Herkunft", "Land des Ursprungs"),
    "fr": ("pays d'origine", "origine", "pays d'origine (coo)"),
    "zh": ("原产国", "原产地"),
    "pl, es, it, pt": ("kraj pochodzenia", "país de origen", "paese di origine", "paese d'origine", "país de origem"),
}
"""Headings that say where a part originates: they are read as the country of manufacture, with a note of what that is."""
IN_WEEKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "leadTimeWeeks": {
        "en": (
            *("lead time", "leadtime", "delivery time", "factory lead time", "manufacturer lead time"),
            *("mfg lead time", "mfr lead time", "manufacturer standard lead time"),
        ),
        "nl": ("levertijd", "doorlooptijd"),
        "de": ("Lieferzeit", "Vorlaufzeit", "Durchlaufzeit", "Wiederbeschaffungszeit", "Lieferfrist"),
        "fr": ("délai", "délai de livraison", "délai d'approvisionnement"),
        "zh": ("交期", "交货期"),
    },
    "stockWeeks": {
        "en": ("stock",),
        "nl": ("voorraad",),
        "de": ("Lagerbestand", "Bestand", "Vorrat", "Lager"),
        "fr": ("stocks",),
        "zh": ("库存",),
    },
}
"""Headings whose unit stands in the heading, or beside each number; a stock is as often counted in pieces as in weeks."""


GENERAL_NUMBERS: tuple[str, ...] = (
    *("part number", "part no", "part nr", "part #", "part num", "p/n", "pn", "component part number", "part code"),
    *(
        "artikelnummer",
        "artikelnr",
        "artikel nr",
        "onderdeelnummer",
        "onderdeelnr",
        "Teilenummer",
        "Teile-Nr.",
        "Teilenr.",
    ),
    *("Artikel-Nr.", "Art.-Nr.", "Sachnummer", "Bauteilnummer", "numéro de pièce", "n° de pièce", "numéro d'article"),
    *("n° d'article", "référence pièce", "numéro de référence", "料号"),
)
"""Headings of part numbers that do not say whose they are: beside one that is the maker's, they are somebody else's."""


ITEMS_IN_WORDS: tuple[str, ...] = ("item", "items", "line item", "Position", "positie", "poste")
"""Headings of item numbers under which many write what the item is."""


def headings_of(meaning: str) -> tuple[str, ...]:
    """All headings of a field or role, besides a field's own name."""
    own = [text for texts in HEADINGS.get(meaning, {}).values() for text in texts]
    if meaning == "countryOfManufacture":
        own += [text for texts in ORIGIN.values() for text in texts]
    return tuple(dict.fromkeys(own))
