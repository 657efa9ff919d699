"""Query parameters that may be given only once: given twice, the framework would take the last without a word."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from api.http.problems import HttpProblem, summary_of
from domain.errors import Fault

MESSAGE_REPEATED = "is given more than once, and only one value is read; give it once"


def single_parameters(dependant: Dependant) -> frozenset[str]:
    """The names of the query parameters of a route that are not lists."""
    own = frozenset(name for field in dependant.query_params for name in _singles(field))
    return own.union(*map(single_parameters, dependant.dependencies))


def _singles(field: Any) -> Iterator[str]:
    annotation = field.field_info.annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if not _is_list(info.annotation):
                yield info.alias or name
    elif not _is_list(annotation):
        yield field.alias


def _is_list(annotation: Any) -> bool:
    kinds = (annotation, *get_args(annotation))
    return any((get_origin(kind) or kind) in (list, set, tuple, frozenset) for kind in kinds)


def refuse_repeated_parameters(request: Request, single: frozenset[str]) -> None:
    """Raises 400 where a parameter that is not a list is given more than once."""
    if request.url.query.count("=") < 2:
        return
    given = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        Fault(f"/query/{name}", MESSAGE_REPEATED) for name, count in given.items() if count > 1 and name in single
    ]
    if faults:
        raise HttpProblem(400, summary_of(len(faults)), faults)
