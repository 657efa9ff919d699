"""The CycloneDX properties for the fields of a declaration that the standard has no field for.

Reading and writing share these names. Properties of other namespaces are ignored; an unknown one in our own namespace is
refused as a mistake. A property without a value, or with an empty one, means unknown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.declarations.component_columns import COLUMNS
from domain.scoring.inputs import DimensionName

Path = tuple[str, ...]
"""The path to a value in a body, name by name."""

OWN_PREFIX = "apos:"
QUANTITY = "cdx:device:quantity"
"""The name in the CycloneDX taxonomy for the total number of a component, which is the quantity in one delivered system."""
PARENT_KEY = f"{OWN_PREFIX}parentKey"
KEY = f"{OWN_PREFIX}key"
OWN_QUANTITY = f"{OWN_PREFIX}quantity"
MADE_IN = f"{OWN_PREFIX}countryOfManufacture"
_PROOF = ("level", "expiresOn", "uri", "sha256")

_IN_THE_STANDARD = ("name", "manufacturer")
"""The fields of a component that CycloneDX has fields of its own for, and no property is read for."""
OF_COMPONENT: Mapping[str, Path] = {
    KEY: ("key",),
    PARENT_KEY: ("parentKey",),
    QUANTITY: ("quantity",),
    OWN_QUANTITY: ("quantity",),
    **{
        f"{OWN_PREFIX}{column.field}": column.path
        for column in sorted(COLUMNS, key=lambda column: column.nested_in is not None)
        if column.field not in _IN_THE_STANDARD
    },
}
"""The properties of a component, and the field of a declared component that each of them is; nested fields come last."""

_AUTHORITY = "designAuthority"
OF_SYSTEM: Mapping[str, Path] = {
    f"{OWN_PREFIX}finalAssemblyCountry": ("system", "finalAssemblyCountry"),
    f"{OWN_PREFIX}totalComponentCost": ("totalComponentCost", "amount"),
    f"{OWN_PREFIX}price": ("price", "amount"),
    f"{OWN_PREFIX}{_AUTHORITY}.level": (_AUTHORITY, "level"),
    f"{OWN_PREFIX}{_AUTHORITY}.country": (_AUTHORITY, "country"),
    **{f"{OWN_PREFIX}{_AUTHORITY}.evidence.{name}": (_AUTHORITY, "evidence", name) for name in _PROOF},
    **{f"{OWN_PREFIX}{name}": (name,) for name in ("supplierId", "lotId", "challengeId", "revises")},
    **{
        f"{OWN_PREFIX}dimension.{dimension}.{part}": ("dimensions", dimension, *part.split("."))
        for dimension in DimensionName
        for part in ("dependence", "country", *(f"evidence.{name}" for name in _PROOF))
    },
}
"""The properties of the system as a whole, and the field of a declaration that each of them is.

A dimension, or the design authority, of which nothing is known is given as its first property without a value.
"""
PRESENCE_MARKS: Mapping[str, Path] = {
    f"{OWN_PREFIX}{_AUTHORITY}.level": (_AUTHORITY,),
    **{f"{OWN_PREFIX}dimension.{dimension}.dependence": ("dimensions", dimension) for dimension in DimensionName},
}
"""The properties that without a value say that an object of the declaration exists, and the path to that object."""


def is_ours(name: str) -> bool:
    """Whether a property is in this service's namespace; capitals do not matter, so that a misspelt one is not ignored."""
    return name == QUANTITY or name.casefold().startswith(OWN_PREFIX)


def own_names(names: Iterable[str]) -> str:
    """Those of these names in this service's namespace, as a list in text, with one dimension as example for all."""
    listed = [name for name in names if name.startswith(OWN_PREFIX)]
    one = f"{OWN_PREFIX}dimension.{next(iter(DimensionName))}."
    return ", ".join(name for name in listed if not name.startswith(f"{OWN_PREFIX}dimension.") or name.startswith(one))


def put(body: dict[str, Any], path: Path, value: str) -> None:
    """Puts a value into a body at a path, and creates the objects on the way."""
    inside(body, path[:-1])[path[-1]] = value


def inside(body: dict[str, Any], path: Path) -> dict[str, Any]:
    """The object at a path in a body, created where it does not exist yet."""
    for step in path:
        body = body.setdefault(step, {})
    return body
