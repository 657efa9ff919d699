"""Writes what of `apos_client` follows from the contract, or checks that it is fresh.

    python clients/python/generate.py [--check]

`_models.py` has the models, which are read. `_keywords.py` has what methods take: lists of words and typed dictionaries. They are
two modules because the command has to know the words of an option before it loads pydantic, which takes longer than all else.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datamodel_code_generator import GenerateConfig, InputFileType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import DatetimeClassType, Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

from generation.contract import Contract, Schema
from generation.keywords import keyword_schemas
from generation.models import Models
from generation.names import FIELDS

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parents[1] / "openapi" / "apos.json"
PACKAGE = HERE / "apos_client"
HEADER = '"""{}\n\nGenerated from openapi/apos.json by `make openapi`; do not edit it.\n"""'
COMMON: dict[str, Any] = {
    "input_file_type": InputFileType.OpenAPI,
    "target_python_version": PythonVersion.PY_311,
    "formatters": [Formatter.BUILTIN],
    "strict_nullable": True,
    "use_schema_description": True,
    "use_inline_field_description": True,
    "use_field_description": True,
    "use_single_line_docstring": True,
}


def modules() -> dict[Path, str]:
    """The text of every generated module, from the committed contract."""
    contract = Contract(json.loads(CONTRACT.read_text(encoding="utf-8")))
    models = Models(contract)
    return {
        PACKAGE / "_models.py": _models(models),
        PACKAGE / "_keywords.py": _keywords(keyword_schemas(contract), models),
    }


def _models(models: Models) -> str:
    text = _generated(
        {**models.schemas(), "Figure": {"type": "string"}},
        custom_file_header=HEADER.format("The models of what the service answers, and of what is sent whole."),
        output_model_type=DataModelType.PydanticV2BaseModel,
        output_datetime_class=DatetimeClassType.Datetime,
        disable_future_imports=True,
        use_annotated=True,
        base_class="apos_client._base.Answer",
        base_class_map={name: f"apos_client._base.{base}" for name, base in models.bases().items()},
        type_overrides={"Figure": "apos_client._base.Figure"},
        aliases=FIELDS,
    )
    # A model never changes, and so neither do its lists.
    text = re.sub(r"Annotated\[(list\[\w+\]), Field\(validate_default=True\)\]", r"\1", text)
    return _formatted(re.sub(r"\blist\[(\w+)\]", r"tuple[\1, ...]", text).replace("] = []", "] = ()"))


def _keywords(schemas: Mapping[str, Schema], models: Models) -> str:
    named = models.schemas()
    text = _generated(
        {**schemas, **{name: {"type": "object"} for name in named}, "Day": {"type": "string"}},
        custom_file_header=HEADER.format(
            "What methods take: lists of words, filters, and keywords that add or change."
        ),
        output_model_type=DataModelType.TypingTypedDict,
        enum_field_as_literal=LiteralType.All,
        use_type_alias=True,
        use_generic_container_types=True,
        use_standard_primitive_types=True,
        additional_imports=["typing.TYPE_CHECKING"],
        type_overrides={**{name: f"apos_client._models.{name}" for name in named}, "Day": "datetime.date"},
    )
    # The models, and pydantic with them, are imported for type checkers only.
    imported = "from apos_client._models import"
    return _formatted(text.replace(imported, f"if TYPE_CHECKING:\n    {imported}"))


def _generated(schemas: Mapping[str, Schema], **options: Any) -> str:
    document = {"openapi": "3.1.0", "info": {"title": "APOS", "version": "1"}, "paths": {}}
    config = GenerateConfig(**COMMON, **options)
    text = generate(json.dumps({**document, "components": {"schemas": schemas}}), config=config)
    if not isinstance(text, str):
        raise TypeError("the generator made several modules instead of one")
    return text


def _formatted(text: str) -> str:
    """The text as `make format` would leave it."""
    for command in (["check", "--fix-only", "--select=I"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--stdin-filename", str(PACKAGE / "_models.py"), "-"]
        text = subprocess.run(ruff, input=text, capture_output=True, encoding="utf-8", check=True).stdout
    return text


def main() -> int:
    """Ends with 1 where a generated module is not fresh."""
    stale = {file: text for file, text in modules().items() if not file.exists() or file.read_text("utf-8") != text}
    if "--check" not in sys.argv:
        for file, text in stale.items():
            file.write_text(text, encoding="utf-8")
        return 0
    for file in stale:
        print(
            f"clients/python/apos_client/{file.name} is not what the contract says; run `make openapi`", file=sys.stderr
        )
    if not stale:
        print("models of the client: fresh")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
