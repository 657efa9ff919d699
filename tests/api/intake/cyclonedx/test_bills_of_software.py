"""What generators of bills of software write: components without a bom-ref, files of the system itself, odd serial numbers."""

import pytest

from api.intake.cyclonedx.file import MESSAGE_SERIAL
from tests.api.intake.boms import a_bom, a_part, bodies, read


def test_a_purl_is_the_key_of_a_component_without_a_bom_ref() -> None:
    assert [body["key"] for body in bodies(a_part(None, purl="pkg:generic/muster@1"))] == ["pkg:generic/muster@1"]
    assert [body["key"] for body in bodies(a_part("radio", purl="pkg:generic/muster@1"))] == ["radio"]


@pytest.mark.parametrize(
    ("purls", "is_refused"),
    [
        (
            [
                "pkg:cargo/muster@1?download_url=file://.#src/lib.rs",
                "pkg:cargo/muster@1?download_url=file://.#src/main.rs",
            ],
            False,
        ),
        (["pkg:cargo/muster@1?download_url=file://.#src/lib.rs", "pkg:cargo/other@1"], True),
        (["pkg:cargo/muster@2#src/lib.rs"], True),
        (["pkg:cargo/muster@1?download_url=file://."], True),
        ([None], True),
    ],
)
def test_files_of_the_system_itself_are_no_parts_of_it(purls: list[str | None], is_refused: bool) -> None:
    nested = [a_part(f"bin-{at}", **({} if purl is None else {"purl": purl})) for at, purl in enumerate(purls)]
    system = {
        "type": "library",
        "name": "muster",
        "purl": "pkg:cargo/muster@1?download_url=file://.",
        "components": nested,
    }
    bom, _ = read(a_bom(a_part(), metadata={"component": system}))
    assert [each.column for each in bom.refused] == ["/metadata/component/components"] * is_refused


def test_a_serial_number_of_another_form_is_refused_with_the_form() -> None:
    bom, _ = read(a_bom(a_part(), serialNumber="urn:uuid:muster-1"))
    assert [(each.column, each.detail) for each in bom.refused] == [("/serialNumber", MESSAGE_SERIAL)]
