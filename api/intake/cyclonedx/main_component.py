"""Reads the main component of a CycloneDX file, the system as a whole, as the body of a declaration without components.

It is in `metadata.component`: name and version in fields of their own, the rest in our own properties. The values are
checked later, by the same rules as a body in JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.intake.cyclonedx.properties import OF_COMPONENT, OF_SYSTEM, PRESENCE_MARKS, inside, is_ours, own_names, put

_AT = "/metadata/component"


def declaration_body(system: Mapping[str, Any], refuse: Callable[[str, str], None]) -> dict[str, Any]:
    """The main component as the body of a declaration; `refuse` is called with a pointer and what is wrong there."""
    body: dict[str, Any] = {"system": {}}
    for name in ("name", "version"):
        if (system.get(name) or "").strip():
            body["system"][name] = system[name]
    seen: set[str] = set()
    for place, given in enumerate(system.get("properties") or ()):
        name, value = given.get("name") or "", given.get("value") or ""
        if not is_ours(name):
            continue
        at = f"{_AT}/properties/{place}/name"
        if name not in OF_SYSTEM:
            which = "belongs to a component" if name in OF_COMPONENT else "is not known"
            refuse(at, f"{name[:100]} {which}; the system as a whole can have: {own_names(OF_SYSTEM)}")
        elif name in seen:
            refuse(at, f"{name} is listed twice; keep one of them")
        else:
            _put_or_mark(body, name, value.strip() and value)
        seen.add(name)
    if not all(_is_file_of(system, nested) for nested in system.get("components") or ()):
        refuse(f"{_AT}/components", "what the system is made of is read from /components; move them there")
    return _listed(body)


def _is_file_of(system: Mapping[str, Any], nested: Mapping[str, Any]) -> bool:
    """Whether a nested component is a file of the system itself, and no part: its purl is that of the system with a subpath."""
    own, within = system.get("purl") or "", nested.get("purl") or ""
    return bool(own) and within.partition("#")[0] == own.partition("#")[0] and "#" in within


def _put_or_mark(body: dict[str, Any], name: str, value: str) -> None:
    if value:
        put(body, OF_SYSTEM[name], value)
    elif name in PRESENCE_MARKS:
        inside(body, PRESENCE_MARKS[name])


def _listed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its dimensions as a list, in the order in which the file first names them."""
    if "dimensions" in body:
        body["dimensions"] = [{"dimension": name, **statement} for name, statement in body["dimensions"].items()]
    return body


def column_of(body: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """Where in the file a field of the body is: the pointer to a field of the main component, or the name of a property."""
    steps = [str(step) for step in path]
    if steps[:1] == ["dimensions"] and len(path) > 1:
        steps[1] = body["dimensions"][int(path[1])]["dimension"]
    names = [name for name, known_path in OF_SYSTEM.items() if list(known_path[: len(steps)]) == steps]
    if names:
        return names[0]
    return "/".join([_AT, *steps[1:]]) if steps[:1] == ["system"] else f"{_AT}/properties"
