"""Bodies of many lines: read in a thread, and before a transaction begins.

A declaration of a hundred thousand components takes seconds to read; on the way in that would stop everybody else, and
within a write it would hold the database. A route takes such a body as `Annotated[Body, document(Body)]`.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body as Payload
from fastapi import Depends
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from api.problems import misshapen


def document(model: type[BaseModel], make: Callable[[Any], Any] | None = None) -> Any:
    """A dependency that reads a body as a model in a thread; `make` makes something of it there, too."""
    adapter = TypeAdapter(model)

    def read(raw: bytes) -> Any:
        try:
            body = adapter.validate_json(raw)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            raise misshapen([{**found, "loc": ("body", *found["loc"])} for found in errors]) from None
        return body if make is None else make(body)

    async def parse(raw: Annotated[Any, Payload(), _Unread(model)]) -> Any:
        return await asyncio.to_thread(read, raw)

    parse.takes_document = True  # type: ignore[attr-defined]  # how a route knows that its body is not to be read yet
    return Depends(parse)


def takes_document(dependant: Any) -> bool:
    """Whether a route takes its body as a document, from its dependencies."""
    return any(getattr(inner.call, "takes_document", False) for inner in dependant.dependencies)


class _Unread:
    """Marks a body that is described as a model and handed on as bytes."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        described = handler.generate_schema(self._model)
        return core_schema.json_or_python_schema(json_schema=described, python_schema=core_schema.any_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema)
