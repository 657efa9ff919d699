"""The contract: FastAPI's document turned into one that obeys the Dutch API Design Rules.

FastAPI's own 422 goes, problems and headers come in, nullable fields become plain types, and every operation carries an
example. What a route can answer is derived from how it is built, so that a new route is described by being written.
"""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.auth import guards_of, writes
from api.http.media import CSV, CYCLONEDX, JSON, MERGE_PATCH, TSV, XLSX
from api.http.problems import MEDIA_TYPE, Problem
from api.http.route import Route, routes_of
from api.settings import Settings

VERSION = "1.4.0"
ABOUT = (
    "Lots, challenges and milestones of the Dutch action plan for the production security of unmanned systems. Every change"
    " is recorded; every status is shown against the original and the current baseline. Suppliers declare what their"
    " systems are made of, and read what their bonus-malus score rests on."
)
_BAD_INPUT = {
    "type": "/problems/bad-input",
    "title": "The request is not right",
    "status": 400,
    "detail": "1 thing is wrong with the request; see errors",
    "errors": [{"pointer": "/window/end", "detail": "ends before it starts"}],
}
MAY_BE_ASKED_AGAIN = (409, 429, 503)
"""Problems that can say when to come back; of the conflicts, a twin in flight."""


def describe(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The contract of the application, as it is served and committed."""
    document = get_openapi(
        title="APOS portfolio",
        version=VERSION,
        openapi_version="3.1.0",
        summary="Where the action plan for unmanned systems stands, against what was first promised.",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": "/v1", "description": "This server"}],
        contact={
            "name": settings.contact_name,
            "email": settings.contact_email,
            "url": settings.contact_url,
        },
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    schemas = document["components"]["schemas"]
    for own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(own, None)
    schemas.update(_problem_schemas())
    document["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `apos_...`"}
    }
    document["components"]["headers"] = _headers()
    document["components"]["responses"] = {
        str(status): _problem_response(status)
        for status in (400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503)
    }
    document["security"] = [{"apiKey": []}]
    routes = {(method.lower(), route.path): route for route in routes_of(app) for method in route.methods or ()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _describe_operation(operation, method, routes[method, path])
    flat: dict[str, Any] = _flatten(document)
    _add_examples(flat)
    return flat


def _describe_operation(operation: dict[str, Any], method: str, route: Route) -> None:
    summary, _, _ = (operation.get("description") or "").partition("\n")
    operation["summary"] = summary.rstrip(".")
    for own in ("x-formats", "x-problems", "x-accepts", "x-reports"):
        operation.pop(own, None)
    responses = operation["responses"]
    responses.pop("422", None)
    needs_match, is_told = (_depends_on(route, name) for name in ("_if_match", "_spoken"))
    for status in _problems_of(route, method, needs_match=needs_match):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    for status, response in list(responses.items()):
        if status.startswith("2"):
            _describe_success(operation, response, method, stores=writes(route.dependant))
            response["headers"] |= _told_headers() if is_told else {}
    if is_told:
        operation["parameters"] = [*operation.get("parameters", []), _accept_language()]
        if "304" in responses:
            responses["304"]["headers"] |= _told_headers()
    _add_parameters(operation, method, needs_match=needs_match, stores=writes(route.dependant))
    _describe_body(operation, route)


def _describe_body(operation: dict[str, Any], route: Route) -> None:
    body = operation.get("requestBody", {}).get("content", {})
    if JSON in body:
        body |= {media: _content_of(media, body[JSON]) for media in route.content_types if media != JSON}
    if (route.openapi_extra or {}).get("x-reports"):
        operation["responses"]["400"] = _reported()


def _content_of(media: str, as_json: dict[str, Any]) -> dict[str, Any]:
    """A body of another content type than JSON: the same one as a merge patch, else a file."""
    copied: dict[str, Any] = json.loads(json.dumps(as_json))
    return copied if media == MERGE_PATCH else {"schema": dict(_FILES[media])}


_FILES: dict[str, dict[str, Any]] = {
    CSV: {"type": "string", "examples": ["key,name,quantity\r\nradio,Radio,1\r\n"]},
    TSV: {"type": "string", "examples": ["key\tname\tquantity\r\nradio\tRadio\t1\r\n"]},
    XLSX: {"type": "string", "contentMediaType": XLSX, "description": "A workbook", "examples": ["UEsDBA=="]},
    CYCLONEDX: {
        "type": "object",
        "description": "CycloneDX 1.4 to 1.7 as JSON; see docs/cyclonedx.md",
        "examples": [{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": []}],
    },
}


def _reported() -> dict[str, Any]:
    """400 where a file is refused: a problem with the intake report in it, unless the file cannot be read at all."""
    report = {"properties": {"report": {"$ref": "#/components/schemas/IntakeReport"}}}
    refused = _problem_response(400)
    problem = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", **report}]}
    return {**refused, "content": {MEDIA_TYPE: {"schema": problem}}}


def _depends_on(route: Route, name: str) -> bool:
    """Whether a route takes something from a dependency of this name."""
    return any(getattr(inner.call, "__name__", "") == name for inner in route.dependant.dependencies)


def _told_headers() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("Content-Language", "Vary")}


def _accept_language() -> dict[str, Any]:
    return _header(
        "Accept-Language", "Language of the texts: `nl` or `en`, which is the default", example="nl, en;q=0.5"
    )


def _problems_of(route: Route, method: str, *, needs_match: bool) -> list[int]:
    statuses = [400, 401, 406, 413, 429, 500, 503]
    if guards_of(route.dependant):
        statuses.append(403)
    if "{" in route.path:
        statuses.append(404)
    stores = writes(route.dependant)
    if route.body_field is not None:
        statuses.append(415)
    if stores:
        statuses.append(409)
    if method == "post" and stores:
        statuses.append(422)
    if needs_match:
        statuses += [412, 428]
    return sorted([*statuses, *(route.openapi_extra or {}).get("x-problems", [])])


def _describe_success(operation: dict[str, Any], response: dict[str, Any], method: str, *, stores: bool) -> None:
    headers = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    schema = response.get("content", {}).get(JSON, {}).get("schema", {})
    is_list = "Page" in json.dumps(schema)
    if schema and not is_list:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if is_list:
        headers["Link"] = {"$ref": "#/components/headers/Link"}
    if method == "post" and stores:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
        headers["Idempotent-Replayed"] = {"$ref": "#/components/headers/Idempotent-Replayed"}
    response["headers"] = headers
    if method == "get" and schema and not is_list:
        operation["responses"]["304"] = {
            "description": "It has not changed since the ETag in If-None-Match",
            "headers": {name: headers[name] for name in ("API-Version", "ETag")},
        }


def _add_parameters(operation: dict[str, Any], method: str, *, needs_match: bool, stores: bool) -> None:
    extra = []
    if needs_match:
        extra.append(
            _header(
                "If-Match",
                "ETag of the resource as you read it, or `*`",
                required=True,
                example='"v1-0123456789abcdef"',
            )
        )
    if method == "get" and "304" in operation["responses"]:
        extra.append(
            _header("If-None-Match", "ETag you have; 304 when it still holds", example='"v1-0123456789abcdef"')
        )
    if method == "post" and stores:
        extra.append(
            _header(
                "Idempotency-Key", "Makes it safe to send the same request again, for 24 hours", example="8e03978e-40d5"
            )
        )
    if stores:
        extra.append(_header("Change-Reason", "Why, for the audit trail", example="Quarterly review"))
    if extra:
        operation["parameters"] = [*operation.get("parameters", []), *extra]


def _header(name: str, description: str, *, example: str, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 1000}
    if name == "Idempotency-Key":
        schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _headers() -> dict[str, Any]:
    texts = {
        "API-Version": ("Version of the contract", VERSION),
        "ETag": ("Version and digest of what you read", '"v1-0123456789abcdef"'),
        "Idempotent-Replayed": ("`true` where an earlier answer to the same Idempotency-Key is given again", "true"),
        "Content-Language": ("Language of the texts", "nl"),
        "Vary": ("What the answer depends on beside its address", "Accept-Language"),
        "Link": ("The next page, where there is one", '</v1/lots?cursor=abc>; rel="next"'),
        "Retry-After": ("Seconds after which to ask again, where that can help", "5"),
        "Location": ("Where the new resource is", "/v1/lots/01a1fd21-9384-76b9-bb16-d38cd1af38c8"),
    }
    return {
        name: {"description": text, "schema": {"type": "string"}, "example": example}
        for name, (text, example) in texts.items()
    }


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs")
    return {"Problem": schema, "FaultView": inner["FaultView"]}


def _problem_response(status: int) -> dict[str, Any]:
    headers = ["API-Version", "Retry-After"] if status in MAY_BE_ASKED_AGAIN else ["API-Version"]
    return {
        "description": "A problem; `detail` and `errors` say what to do",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _flatten(node: Any) -> Any:
    """`anyOf [X, null]` as X with `type: [x, "null"]`, which the rules about dates can look into."""
    if isinstance(node, list):
        return [_flatten(item) for item in node]
    if not isinstance(node, dict):
        return node
    flat = {name: _flatten(value) for name, value in node.items() if name != "title" or not _is_made_up(node)}
    kinds = flat.get("anyOf")
    if isinstance(kinds, list) and len(kinds) == 2 and kinds[1] == {"type": "null"} and "type" in kinds[0]:
        del flat["anyOf"]
        inner = dict(kinds[0])
        if "enum" in inner:
            inner["enum"] = [*inner["enum"], None]
        return {**inner, **flat, "type": [inner["type"], "null"]}
    return flat


def _is_made_up(node: dict[str, Any]) -> bool:
    """Whether a schema's title is only its name again, as pydantic makes one for every property."""
    return isinstance(node["title"], str) and ("type" in node or "anyOf" in node) and "properties" not in node


def _add_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {})]
            bodies += [r for status, r in operation["responses"].items() if status.startswith("2")]
            for body in bodies:
                for media, content in body.get("content", {}).items():
                    if media not in (CSV, XLSX):
                        content["example"] = example_of(content["schema"], schemas)
    inline = [o["responses"]["400"] for each in document["paths"].values() for o in each.values()]
    for response in (*document["components"]["responses"].values(), *inline):
        if "content" in response:
            response["content"][MEDIA_TYPE]["example"] = _BAD_INPUT


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that a schema allows, from its own examples where it has them."""
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return example_of(schema[several][0], schemas)
    kind = schema.get("type", "string")
    return _EXAMPLES[kind if isinstance(kind, str) else kind[0]](schema, schemas)


def _example_object(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    return {name: example_of(inner, schemas) for name, inner in schema.get("properties", {}).items()}


def _example_string(schema: dict[str, Any], _schemas: dict[str, Any]) -> str:
    formats = {
        "uuid": "01a1fd21-9384-76b9-bb16-d38cd1af38c8",
        "date": "2026-11-20",
        "date-time": "2026-11-20T08:00:00Z",
    }
    return formats.get(schema.get("format", ""), "text" if len("text") <= schema.get("maxLength", 99) else "NL")


_EXAMPLES: dict[str, Callable[[dict[str, Any], dict[str, Any]], Any]] = {
    "object": _example_object,
    "array": lambda schema, schemas: [example_of(schema["items"], schemas)] if "items" in schema else [],
    "string": _example_string,
    "integer": lambda schema, _: max(1, schema.get("minimum", 1)),
    "number": lambda schema, _: max(1, schema.get("minimum", 1)),
    "boolean": lambda *_: True,
    "null": lambda *_: None,
}
