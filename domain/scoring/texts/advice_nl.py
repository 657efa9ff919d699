"""The sentences of knock-outs and improvements in Dutch, with the terms of the letters to parliament and of the glossary.

They address the supplier, in words that a buyer understands too: what excludes the system, and what can be done.
"""

from domain.scoring.texts.advice import AUTHORITY, COMPONENT, DIMENSION, Sentences
from domain.scoring.texts.causes_nl import DIMENSIONS, weeks_of

DUTCH = Sentences(
    knock_outs={
        "countryOfConcern": "van {componentKey}, in een kritieke groep, ligt de fabricage, de zeggenschap, de licentie of het"
        " exportregime in een zorgwekkend land",
        "decisiveOnConcern": "voor {dimension} is het systeem in beslissende mate afhankelijk van een zorgwekkend land",
        "unknownOrigin": "van {componentKey}, in een kritieke groep, is het land van fabricage, zeggenschap of licentie of het"
        " exportregime onbekend; verklaar het",
        "noFunctionGroup": "{componentKey} heeft geen functiegroep en kan in een kritieke groep horen; vul de groep in",
        "dimensionUnknown": "de afhankelijkheid voor {dimension}, of het land waarvan het systeem afhangt, is niet"
        " verklaard; verklaar die",
        "emptyCriticalGroup": "{functionGroup} is een kritieke groep zonder onderdelen; verklaar de onderdelen die erin horen",
        "residual": "te veel van de totale componentkosten is door geen enkel onderdeel verklaard; verklaar wat ontbreekt",
        "totalMissing": "de totale componentkosten ontbreken; verklaar die",
        "primeNotEu": "de hoofdaannemer moet in de EU zitten, de ontwerpautoriteit hebben en componenten uit derde landen mogen"
        " vervangen",
    },
    improvements={
        "prove.document": "bewijs {what} met een document",
        "prove.audited": "laat {what} bevestigen door een audit",
        "renew.document": "bewijs {what} opnieuw met een document; het vorige is verlopen",
        "renew.audited": "laat {what} opnieuw bevestigen door een audit; de vorige is verlopen",
        "answer.countryOfManufacture": "zoek uit en verklaar waar {key} gemaakt wordt; dit is de winst als dat in de EU of de EER"
        " is",
        "answer.countryOfControl": "zoek uit en verklaar vanuit welk land de maker van {key} uiteindelijk wordt bestuurd; dit is"
        " de winst als dat in de EU of de EER ligt",
        "answer.licenceCountry": "zoek uit en verklaar onder wiens licentie {key} wordt gemaakt; dit is de winst als er geen"
        " buitenlandse licentie is",
        "answer.exportRegime": "zoek uit en verklaar onder welk exportregime {key} valt; dit is de winst als er geen buitenlands"
        " regime is",
        "replace.countryOfManufacture": "betrek {key} uit een fabriek in de EU of de EER in plaats van in {before}",
        "replace.countryOfControl": "betrek {key} van een maker waarover de zeggenschap in de EU of de EER ligt in plaats van in"
        " {before}",
        "replace.licenceCountry": "betrek {key} onder licentie uit de EU of de EER in plaats van uit {before}",
        "replace.exportRegime": "betrek {key} onder het exportregime van een land in de EU of de EER in plaats van dat van"
        " {before}",
        "add.secondSourceCountry": "regel voor {key} een tweede leverancier in de EU of de EER, of verklaar wie dat al is",
        "replace.secondSourceCountry": "regel voor {key} een tweede leverancier in de EU of de EER in plaats van in {before}",
        "stock.stockWeeks": "houd voor {key} een voorraad aan van {after}, de levertijd, in plaats van {before}",
        "answer.stockWeeks": "zoek uit en verklaar de voorraad van {key}; dit is de winst bij {after}, de levertijd",
        "answer.leadTimeWeeks": "zoek uit en verklaar de levertijd van {key}; dit is de winst als de voorraad, van {after}, die"
        " dekt",
        "answer.supply": "zoek uit en verklaar voorraad en levertijd van {key}; dit is de winst als de voorraad de levertijd"
        " dekt",
        "answer.dependence": "verklaar de afhankelijkheid voor {key}; dit is de winst als die er niet is en u dat ten minste"
        " zelf verklaart",
        "answer.country": "zoek uit en verklaar van welk land het systeem afhangt voor {key}; dit is de winst als dat in de EU"
        " of de EER ligt",
        "replace.country": "maak het systeem voor {key} afhankelijk van een land in de EU of de EER in plaats van {before}",
        "reduce.dependence": "maak het systeem voor {key} {after} in plaats van {before}",
        "answer.level": "verklaar wie de ontwerpautoriteit heeft; dit is de winst als de hoofdaannemer in de EU zit en {after},"
        " en u dat ten minste zelf verklaart",
        "answer.primeCountry": "verklaar het land van de hoofdaannemer; dit is de winst als dat in de EU ligt",
        "obtain.level": "regel dat de hoofdaannemer {after}",
    },
    subjects={
        COMPONENT: "de verklaring over {key}",
        DIMENSION: "de verklaring over afhankelijkheid voor {key}",
        AUTHORITY: "de verklaring over de ontwerpautoriteit",
    },
    dimensions=DIMENSIONS,
    dependences={
        "none": "niet afhankelijk",
        "partial": "gedeeltelijk afhankelijk",
        "decisive": "in beslissende mate afhankelijk",
    },
    levels={
        "both": "de ontwerpautoriteit heeft en componenten uit derde landen mag vervangen",
        "one": "de ontwerpautoriteit heeft of componenten uit derde landen mag vervangen",
        "neither": "de ontwerpautoriteit niet heeft en componenten uit derde landen niet mag vervangen",
    },
    weeks=weeks_of,
)
