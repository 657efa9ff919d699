"""The sentences of knock-outs and improvements in English.

They address the supplier, in words that a buyer understands too: what excludes the system, and what can be done.
"""

from fractions import Fraction

from domain.scoring.texts.advice import AUTHORITY, COMPONENT, DIMENSION, Sentences


def _weeks(weeks: str) -> str:
    return "1 week" if Fraction(weeks) == 1 else f"{weeks} weeks"


ENGLISH = Sentences(
    knock_outs={
        "countryOfConcern": "{componentKey}, in a critical group, is made in, controlled from, licensed from or under the export"
        " regime of a country of concern",
        "decisiveOnConcern": "the dependence in {dimension} on a country of concern is decisive",
        "unknownOrigin": "{componentKey}, in a critical group, has an unknown country of manufacture, control, licence"
        " or export regime; declare it",
        "noFunctionGroup": "{componentKey} has no function group and may belong to a critical one; give it its group",
        "dimensionUnknown": "the dependence in {dimension}, or the country it is on, is not declared; declare it",
        "emptyCriticalGroup": "{functionGroup} is a critical group and no component is in it; declare those that belong there",
        "residual": "components do not account for enough of the total component cost; declare what is missing",
        "totalMissing": "the total component cost is missing; declare it",
        "primeNotEu": "the prime must be in the EU, hold the design authority and be allowed to replace third-country components",
    },
    improvements={
        "prove.document": "prove {what} with a document",
        "prove.audited": "have {what} audited",
        "renew.document": "prove {what} again with a document; the last one has expired",
        "renew.audited": "have {what} audited again; the last audit has expired",
        "answer.countryOfManufacture": "find out and declare where {key} is made; this is the gain if that is in the EU or EEA",
        "answer.countryOfControl": "find out and declare from where the maker of {key} is ultimately controlled; this is the gain"
        " if that is in the EU or EEA",
        "answer.licenceCountry": "find out and declare whose licence {key} is made under; this is the gain if there is no foreign"
        " licence",
        "answer.exportRegime": "find out and declare which export regime {key} falls under; this is the gain if there is no"
        " foreign one",
        "replace.countryOfManufacture": "take {key} from a factory in the EU or EEA instead of one in {before}",
        "replace.countryOfControl": "take {key} from a maker that is controlled from the EU or EEA instead of from {before}",
        "replace.licenceCountry": "take {key} under a licence from the EU or EEA instead of one from {before}",
        "replace.exportRegime": "take {key} under the export regime of an EU or EEA country instead of that of {before}",
        "add.secondSourceCountry": "arrange a second source of {key} in the EU or EEA, or declare the one there is",
        "replace.secondSourceCountry": "arrange a second source of {key} in the EU or EEA instead of in {before}",
        "stock.stockWeeks": "keep a stock of {key} for {after}, its lead time, instead of for {before}",
        "answer.stockWeeks": "find out and declare the stock of {key}; this is the gain if it is for {after}, its lead time",
        "answer.leadTimeWeeks": "find out and declare the lead time of {key}; this is the gain if the stock, of {after}, covers"
        " it",
        "answer.supply": "find out and declare stock and lead time of {key}; this is the gain if the stock covers the lead time",
        "answer.dependence": "declare the dependence in {key}; this is the gain if there is none, and you declare that"
        " yourself at least",
        "answer.country": "find out and declare on which country the dependence in {key} is; this is the gain if that is in the"
        " EU or EEA",
        "replace.country": "depend in {key} on a country in the EU or EEA instead of on {before}",
        "reduce.dependence": "reduce the dependence in {key} from {before} to {after}",
        "answer.level": "declare who holds the design authority; this is the gain if the prime, in the EU, {after},"
        " and you declare that yourself at least",
        "answer.primeCountry": "declare the prime's country; this is the gain if it is in the EU",
        "obtain.level": "arrange that the prime {after}",
    },
    subjects={
        COMPONENT: "what is declared of {key}",
        DIMENSION: "what is declared of {key}",
        AUTHORITY: "what is declared of the design authority",
    },
    dimensions={
        "operationalUse": "operational use",
        "softwareUpdates": "software updates",
        "spareParts": "spare parts",
        "cloudAccess": "cloud access",
        "ammunitionSupply": "ammunition supply",
    },
    dependences={"none": "none", "partial": "partial", "decisive": "decisive"},
    levels={
        "both": "holds the design authority and may replace third-country components",
        "one": "holds the design authority or may replace third-country components",
        "neither": "neither holds the design authority nor may replace third-country components",
    },
    weeks=_weeks,
)
