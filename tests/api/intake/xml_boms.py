"""Bills of materials in XML, written by hand from those in JSON, so that both forms of one bill can be compared."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

HOME = "http://cyclonedx.org/schema/bom/"
_ORDER = ("supplier", "manufacturer", "group", "name", "version", "description", "scope", "hashes", "licenses", "purl",
          "properties", "components")  # fmt: skip


def in_xml(document: dict[str, Any]) -> bytes:
    """A bill in JSON, written as XML by hand, in the order that the schema asks."""
    parts = [f'<?xml version="1.0"?>\n<bom xmlns="{HOME}{document["specVersion"]}" version="1">']
    metadata = document.get("metadata", {})
    if metadata:
        system = _component(metadata["component"]) if "component" in metadata else ""
        parts.append(f"<metadata>{system}{_properties(metadata.get('properties'))}</metadata>")
    parts.append(f"<components>{''.join(map(_component, document['components']))}</components>")
    for given in document.get("dependencies", ()):
        inner = "".join(f"<dependency ref={quoteattr(ref)}/>" for ref in given["dependsOn"])
        parts.append(f"<dependencies><dependency ref={quoteattr(given['ref'])}>{inner}</dependency></dependencies>")
    if "compositions" in document:
        parts.append(f"<compositions>{''.join(map(_composition, document['compositions']))}</compositions>")
    parts.append(_properties(document.get("properties")))
    return "\n".join([*parts, "</bom>"]).encode()


def _composition(given: dict[str, Any]) -> str:
    named = "".join(f"<assembly ref={quoteattr(ref)}/>" for ref in given["assemblies"])
    return f"<composition><aggregate>{given['aggregate']}</aggregate><assemblies>{named}</assemblies></composition>"


def _properties(given: list[dict[str, str]] | None) -> str:
    made = (
        f"<property name={quoteattr(each['name'])}>{escape(each.get('value', ''))}</property>" for each in given or ()
    )
    return f"<properties>{''.join(made)}</properties>" if given else ""


def _component(given: dict[str, Any]) -> str:
    attributes = f'type="{given["type"]}"'
    attributes += f" bom-ref={quoteattr(given['bom-ref'])}" if "bom-ref" in given else ""
    attributes += ' isExternal="true"' if given.get("isExternal") else ""
    return (
        f"<component {attributes}>{''.join(_child(name, given[name]) for name in _ORDER if name in given)}</component>"
    )


def _child(name: str, value: Any) -> str:
    if name == "properties":
        return _properties(value)
    if name == "components":
        return f"<components>{''.join(map(_component, value))}</components>"
    if name in ("supplier", "manufacturer"):
        return f"<{name}><name>{escape(value['name'])}</name></{name}>"
    if name == "hashes":
        return f"<hashes>{''.join(_hash(each) for each in value)}</hashes>"
    if name == "licenses":
        return "".join(["<licenses>", *(_licence(each) for each in value), "</licenses>"])
    return f"<{name}>{escape(value)}</{name}>"


def _licence(each: dict[str, Any]) -> str:
    return f"<license><id>{each['license']['id']}</id></license>"


def _hash(each: dict[str, str]) -> str:
    return f'<hash alg="{each["alg"]}">{each["content"]}</hash>'
