"""Merge patches (RFC 7396): the patch itself is validated first, then the whole resource with the patch applied."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, GetCoreSchemaHandler, ValidationError, create_model
from pydantic_core import CoreSchema, core_schema

from api.schemas.bodies import Body, View

BodyModel = TypeVar("BodyModel", bound=Body)


class MergePatch:
    """Marks a body as a merge patch of a model: its fields are validated on arrival, the whole by `merged`."""

    def __init__(self, model: type[Body]) -> None:
        self.partial = _partial(model)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(document: Any, inner: Any) -> Any:
            inner(document)
            return document

        return core_schema.no_info_wrap_validator_function(check, handler.generate_schema(self.partial))


def _nested(annotation: Any) -> type[BaseModel] | None:
    """The model that a field holds, None for lists and plain values."""
    kinds = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
    models = [kind for kind in kinds if issubclass(kind, BaseModel)]
    return models[0] if models and get_origin(annotation) is not list else None


@cache
def _partial(model: type[BaseModel]) -> type[BaseModel]:
    """The model with every field optional and nullable, also within nested models."""
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        nested = _nested(info.annotation)
        kind: Any = (
            _partial(nested)
            if nested
            else Annotated[(info.annotation, *info.metadata)]
            if info.metadata
            else info.annotation
        )
        fields[name] = (kind | None, Field(default=None, description=info.description, examples=info.examples))
    return create_model(f"{model.__name__.removesuffix('Body')}Patch", __base__=model, **fields)


def merged(model: type[BodyModel], view: View, patch: Mapping[str, Any]) -> BodyModel:
    """What a resource would be with a merge patch applied, as a whole body; null removes a field.

    Raises RequestValidationError, with pointers, where the result is not a valid body.
    """
    current = view.model_dump(mode="json", by_alias=True, include=set(model.model_fields), exclude_none=True)
    try:
        return model.model_validate(_merge(current, patch))
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error


def _merge(target: Any, patch: Any) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merge(result.get(name), value)
    return result
