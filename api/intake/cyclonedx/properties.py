"""The properties in which CycloneDX carries what a declaration says and the standard has no field for.

Reading and writing share these names. Properties of other namespaces are nobody's business here; one of ours that is not known
is a mistake, and is told as one. A property without a value, or with an empty one, is unknown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.declarations.component_columns import COLUMNS
from domain.scoring.inputs import DimensionName

Path = tuple[str, ...]
"""Where a value stands in a body, name by name."""

OURS = "apos:"
QUANTITY = "cdx:device:quantity"
"""What the taxonomy of CycloneDX calls the total number of a component, which is the quantity in one delivered system."""
PARENT_KEY = f"{OURS}parentKey"
KEY = f"{OURS}key"
OWN_QUANTITY = f"{OURS}quantity"
MADE_IN = f"{OURS}countryOfManufacture"
_PROOF = ("level", "expiresOn", "uri", "sha256")

_IN_THE_STANDARD = ("name", "manufacturer")
"""The fields of a component that CycloneDX has fields of its own for, and no property is read for."""
OF_COMPONENT: Mapping[str, Path] = {
    KEY: ("key",),
    PARENT_KEY: ("parentKey",),
    QUANTITY: ("quantity",),
    OWN_QUANTITY: ("quantity",),
    **{
        f"{OURS}{column.field}": column.path
        for column in sorted(COLUMNS, key=lambda column: column.nested_in is not None)
        if column.field not in _IN_THE_STANDARD
    },
}
"""The properties of a component, and the field of a declared component that each of them is; nested fields come last."""

_AUTHORITY = "designAuthority"
OF_SYSTEM: Mapping[str, Path] = {
    f"{OURS}finalAssemblyCountry": ("system", "finalAssemblyCountry"),
    f"{OURS}totalComponentCost": ("totalComponentCost", "amount"),
    f"{OURS}price": ("price", "amount"),
    f"{OURS}{_AUTHORITY}.level": (_AUTHORITY, "level"),
    f"{OURS}{_AUTHORITY}.country": (_AUTHORITY, "country"),
    **{f"{OURS}{_AUTHORITY}.evidence.{name}": (_AUTHORITY, "evidence", name) for name in _PROOF},
    **{f"{OURS}{name}": (name,) for name in ("supplierId", "lotId", "challengeId", "revises")},
    **{
        f"{OURS}dimension.{dimension}.{part}": ("dimensions", dimension, *part.split("."))
        for dimension in DimensionName
        for part in ("dependence", "country", *(f"evidence.{name}" for name in _PROOF))
    },
}
"""The properties of the system as a whole, and the field of a declaration that each of them is.

A dimension, or the design authority, of which nothing is known stands there by its first property without a value.
"""
MARKS: Mapping[str, Path] = {
    f"{OURS}{_AUTHORITY}.level": (_AUTHORITY,),
    **{f"{OURS}dimension.{dimension}.dependence": ("dimensions", dimension) for dimension in DimensionName},
}
"""The properties that say without a value that an object of the declaration is there, and where."""


def is_ours(name: str) -> bool:
    """Whether a property is one of this service, be it misspelt: a slip in capitals is no reason to pass it over."""
    return name == QUANTITY or name.casefold().startswith(OURS)


def known(names: Iterable[str]) -> str:
    """The properties of this service among these, in words; of the many of dimensions the first shows the rest."""
    listed = [name for name in names if name.startswith(OURS)]
    one = f"{OURS}dimension.{next(iter(DimensionName))}."
    return ", ".join(name for name in listed if not name.startswith(f"{OURS}dimension.") or name.startswith(one))


def put(body: dict[str, Any], path: Path, value: str) -> None:
    """Puts a value into a body, in the objects that its path names."""
    inside(body, path[:-1])[path[-1]] = value


def inside(body: dict[str, Any], path: Path) -> dict[str, Any]:
    """The object that a path names in a body, made where it is not there yet."""
    for step in path:
        body = body.setdefault(step, {})
    return body
