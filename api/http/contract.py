"""The contract: FastAPI's OpenAPI document, rewritten to obey the Dutch API Design Rules.

FastAPI's own 422 is removed, problems and headers are added, nullable fields become plain types, and every operation gets
an example. What is added to an operation is derived from its `Operation`, the same value that the route runs by.
"""

import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.contract_answers import describe_answers_as_stored
from api.http.negotiation import CSV, CYCLONEDX, CYCLONEDX_XML, JSON, MERGE_PATCH, ODS, TSV, XLS, XLSX
from api.http.operation import Operation
from api.http.problems import MEDIA_TYPE, Problem
from api.http.route import routes_of
from api.settings import Settings

VERSION = "1.7.0"
ABOUT = (
    "Lots, challenges and milestones of the Dutch action plan for the production security of unmanned systems. Every change"
    " is recorded; every status is shown against the original and the current baseline. Suppliers declare what their"
    " systems are made of, and read what their bonus-malus score rests on."
)
_BAD_INPUT = {
    "type": "/problems/bad-input",
    "title": "The request is not valid",
    "status": 400,
    "detail": "1 thing is wrong with the request; see errors",
    "errors": [
        {
            "pointer": "/window/end",
            "detail": "is before the start of the window, 2026-07-01; give that day or a later one",
        }
    ],
}
RETRYABLE_STATUSES = (409, 429, 503)
"""Statuses whose answer may carry Retry-After; 409 only while the same request is being answered."""


def describe(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The contract of the application as OpenAPI 3.1, as it is served and committed."""
    document = get_openapi(
        title="APOS portfolio",
        version=VERSION,
        openapi_version="3.1.0",
        summary="Where the action plan for unmanned systems stands, against what was first promised.",
        description=ABOUT,
        routes=routes_of(app),
        servers=[{"url": "/v1", "description": "This server"}],
        contact={
            "name": settings.contact_name,
            "email": settings.contact_email,
            "url": settings.contact_url,
        },
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(_problem_schemas())
    document["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `apos_...`"}
    }
    document["components"]["headers"] = _headers()
    document["components"]["responses"] = {
        str(status): _problem_response(status)
        for status in (400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 415, 422, 428, 429, 500, 503, 507)
    }
    document["security"] = [{"apiKey": []}]
    for operation in (route.operation for route in routes_of(app)):
        _describe_operation(document["paths"][operation.path][operation.method.lower()], operation)
    flat: dict[str, Any] = _flatten(document)
    describe_answers_as_stored(flat)
    _add_examples(flat)
    return flat


def _describe_operation(described: dict[str, Any], operation: Operation) -> None:
    summary, _, _ = (described.get("description") or "").partition("\n")
    described["summary"] = summary.rstrip(".")
    success = {status: answer for status, answer in described["responses"].items() if status.startswith("2")}
    problems = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _problems_of(operation)}
    if operation.may_be_running and "201" in success:
        success["202"] = {**success["201"], "description": "It is still being worked on; read it at Location"}
    described["responses"] = {**success, **problems}
    for status, answer in success.items():
        _describe_success(described, status, answer, operation)
    _add_parameters(described, operation)
    _describe_body(described, operation)


def _describe_body(described: dict[str, Any], operation: Operation) -> None:
    body = described.get("requestBody", {}).get("content", {})
    if JSON in body:
        body |= {media: _content_of(media, body[JSON]) for media in operation.accepts if media != JSON}
    if operation.reports:
        described["responses"]["400"] = _refusal_with_report()


def _content_of(media: str, as_json: dict[str, Any]) -> dict[str, Any]:
    """How a body that is not plain JSON is described: a merge patch as the JSON is, any other as a file."""
    copied: dict[str, Any] = json.loads(json.dumps(as_json))
    return copied if media == MERGE_PATCH else {"schema": dict(_FILES[media])}


_FILES: dict[str, dict[str, Any]] = {
    CSV: {"type": "string", "examples": ["key,name,quantity\r\nradio,Radio,1\r\n"]},
    TSV: {"type": "string", "examples": ["key\tname\tquantity\r\nradio\tRadio\t1\r\n"]},
    XLSX: {"type": "string", "contentMediaType": XLSX, "description": "A workbook", "examples": ["UEsDBA=="]},
    ODS: {"type": "string", "contentMediaType": ODS, "description": "An OpenDocument sheet", "examples": ["UEsDBA=="]},
    XLS: {
        "type": "string",
        "contentMediaType": XLS,
        "description": "A workbook of Excel 97 to 2003",
        "examples": ["0M8R4A=="],
    },
    CYCLONEDX: {
        "type": "object",
        "description": "CycloneDX 1.4 to 1.7 as JSON; see docs/cyclonedx.md",
        "examples": [{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": []}],
    },
    CYCLONEDX_XML: {
        "type": "string",
        "contentMediaType": CYCLONEDX_XML,
        "description": "CycloneDX 1.4 to 1.7 as XML; see docs/cyclonedx.md",
        "examples": ['<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components/></bom>'],
    },
}


def _refusal_with_report() -> dict[str, Any]:
    """The 400 for a refused file: a problem that contains the intake report, unless the file could not be read at all."""
    report = {"properties": {"report": {"$ref": "#/components/schemas/IntakeReport"}}}
    refused = _problem_response(400)
    problem = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "object", **report}]}
    return {**refused, "content": {MEDIA_TYPE: {"schema": problem}}}


def _problems_of(operation: Operation) -> list[int]:
    statuses = [400, 401, 406, 413, 429, 500, 503, *operation.problems]
    if operation.permissions:
        statuses.append(403)
    if "{" in operation.path:
        statuses.append(404)
    if operation.accepts:
        statuses += [408, 415]
    if operation.writes:
        statuses.append(409)
    if operation.writes or operation.reads_large_body:
        statuses.append(507)
    if operation.takes_idempotency_key:
        statuses.append(422)
    if operation.needs_if_match:
        statuses += [412, 428]
    return sorted(set(statuses))


def _describe_success(described: dict[str, Any], status: str, answer: dict[str, Any], operation: Operation) -> None:
    content = answer.setdefault("content", {})
    content |= {media: dict(form) for media, form in operation.formats.items() if media != JSON}
    names = ["API-Version"]
    names += ["Link"] if operation.is_list else []
    names += ["ETag"] if operation.answers_not_modified or not operation.is_list else []
    if operation.takes_idempotency_key:
        names += ["Location", "Idempotent-Replayed"]
    if operation.may_be_running and status != "201":
        names.append("Retry-After")
    varying = _varying_headers(operation)
    answer["headers"] = _header_references([*names, *varying])
    if operation.answers_not_modified:
        described["responses"]["304"] = {
            "description": "It has not changed since the ETag in If-None-Match",
            "headers": _header_references(["API-Version", "ETag", *varying]),
        }


def _varying_headers(operation: Operation) -> list[str]:
    """The headers of an answer that depends on Accept or Accept-Language."""
    language = ["Content-Language"] if operation.answers_in_language else []
    return [*language, "Vary"] if language or len(operation.formats) > 1 else []


def _header_references(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _add_parameters(described: dict[str, Any], operation: Operation) -> None:
    wanted = {
        "Accept-Language": operation.answers_in_language,
        "If-Match": operation.needs_if_match,
        "If-None-Match": operation.answers_not_modified,
        "Idempotency-Key": operation.takes_idempotency_key,
        "Change-Reason": operation.writes,
    }
    extra = [_header(name, *_REQUEST_HEADERS[name]) for name, is_wanted in wanted.items() if is_wanted]
    if extra:
        described["parameters"] = [*described.get("parameters", []), *extra]


_REQUEST_HEADERS = {
    "Accept-Language": ("Language of the texts: `nl` or `en`, which is the default", "nl, en;q=0.5"),
    "If-Match": ("ETag of the resource as you read it, or `*`", '"v1-0123456789abcdef"'),
    "If-None-Match": ("ETag you have; 304 when it still holds", '"v1-0123456789abcdef"'),
    "Idempotency-Key": ("Makes it safe to send the same request again, for 24 hours", "8e03978e-40d5"),
    "Change-Reason": ("Why, for the audit trail", "Quarterly review"),
}


def _header(name: str, description: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 1000}
    if name == "Idempotency-Key":
        schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return {
        "name": name,
        "in": "header",
        "required": name == "If-Match",
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
        "Vary": ("What the answer depends on besides its address", "Accept, Accept-Language"),
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
    headers = ["API-Version", "Retry-After"] if status in RETRYABLE_STATUSES else ["API-Version"]
    return {
        "description": "A problem; `detail` and `errors` say what to do",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _flatten(node: Any) -> Any:
    """Rewrites `anyOf [X, null]` as X with `type: [x, "null"]`, so that the linter's rules about dates apply to it.

    Titles that pydantic generated from a property's name are removed.
    """
    if isinstance(node, list):
        return [_flatten(item) for item in node]
    if not isinstance(node, dict):
        return node
    flat = {name: _flatten(value) for name, value in node.items() if name != "title" or not _is_generated_title(node)}
    kinds = flat.get("anyOf")
    if isinstance(kinds, list) and len(kinds) == 2 and kinds[1] == {"type": "null"} and "type" in kinds[0]:
        del flat["anyOf"]
        inner = dict(kinds[0])
        if "enum" in inner:
            inner["enum"] = [*inner["enum"], None]
        return {**inner, **flat, "type": [inner["type"], "null"]}
    return flat


def _is_generated_title(node: dict[str, Any]) -> bool:
    """Whether a schema's title is one that pydantic generates from the name of a property."""
    return isinstance(node["title"], str) and ("type" in node or "anyOf" in node) and "properties" not in node


def _add_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            successes = {status: r for status, r in operation["responses"].items() if status.startswith("2")}
            for status, body in {"": operation.get("requestBody", {}), **successes}.items():
                for media, content in body.get("content", {}).items():
                    if media not in (CSV, XLSX, ODS, XLS):
                        whole = example_of(content["schema"], schemas)
                        content["example"] = _while_running(whole, content, schemas) if status == "202" else whole
    inline = [o["responses"]["400"] for each in document["paths"].values() for o in each.values()]
    for response in (*document["components"]["responses"].values(), *inline):
        if "content" in response:
            response["content"][MEDIA_TYPE]["example"] = _BAD_INPUT


def _while_running(example: dict[str, Any], content: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The example of a resource that is still worked on: what is not known yet is null."""
    fields = schemas[content["schema"]["$ref"].rpartition("/")[2]]["properties"]
    unknown = {name: None for name, field in fields.items() if "null" in field.get("type", ())}
    return {**example, **unknown, "status": "running"}


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
