"""What a CycloneDX file says of the system as a whole, as the body of a declaration without its components.

It stands in `metadata.component`: the name and version in their own fields, the rest in properties of our own. Whether the
values are right is asked where the same body is taken as JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.intake.cyclonedx.properties import MARKS, OF_COMPONENT, OF_SYSTEM, inside, is_ours, known, put

_AT = "/metadata/component"


def stated_of(system: Mapping[str, Any], refuse: Callable[[str, str], None]) -> dict[str, Any]:
    """The body that a file's main component is; `refuse` takes where something is wrong, and what would be right."""
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
            refuse(at, f"{name[:100]} {which}; the system as a whole can have: {known(OF_SYSTEM)}")
        elif name in seen:
            refuse(at, f"{name} is listed twice; keep one of them")
        else:
            _note(body, name, value.strip() and value)
        seen.add(name)
    if system.get("components"):
        refuse(f"{_AT}/components", "what the system is made of is read from /components; move them there")
    return _listed(body)


def _note(body: dict[str, Any], name: str, value: str) -> None:
    if value:
        put(body, OF_SYSTEM[name], value)
    elif name in MARKS:
        inside(body, MARKS[name])


def _listed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its dimensions as a list, in the order in which the file first names them."""
    if "dimensions" in body:
        body["dimensions"] = [{"dimension": name, **said} for name, said in body["dimensions"].items()]
    return body


def column_of_stated(stated: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """Where in the file a field of the body stands: a field of the main component, or the property that it is read from."""
    steps = [str(step) for step in path]
    if steps[:1] == ["dimensions"] and len(path) > 1:
        steps[1] = stated["dimensions"][int(path[1])]["dimension"]
    names = [name for name, known_path in OF_SYSTEM.items() if list(known_path[: len(steps)]) == steps]
    if names:
        return names[0]
    return "/".join([_AT, *steps[1:]]) if steps[:1] == ["system"] else f"{_AT}/properties"
