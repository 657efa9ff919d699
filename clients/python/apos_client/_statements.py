"""What is declared: a system, its components, where each comes from, and how well that is proven.

These are read and sent alike. What was never set is not sent; None says that it is unknown, which is never a guess.
"""

from datetime import date
from uuid import UUID

from apos_client._answers import Amount, Answer, Figure


class Proof(Answer):
    """How well a statement is proven (none, selfDeclared, document, audited), until when, and by which document."""

    level: str | None = None
    expires_on: date | None = None
    uri: str | None = None
    sha256: str | None = None


class Component(Answer):
    """A line of a declaration: a leaf carries value and origin, a line that others name as parent is a sub-assembly.

    `quantity` is that in one delivered system, not per parent. The licence country and the export regime may be NONE: there
    is no foreign one. `statement_id` is a statement that its maker shares with the supplier.
    """

    key: str
    parent_key: str | None = None
    name: str
    part_number: str | None = None
    manufacturer: str | None = None
    function_group: str | None = None
    quantity: Figure
    unit_value: Amount | None = None
    country_of_manufacture: str | None = None
    country_of_control: str | None = None
    licence_country: str | None = None
    export_regime: str | None = None
    second_source_country: str | None = None
    stock_weeks: Figure | None = None
    lead_time_weeks: Figure | None = None
    evidence: Proof | None = None
    statement_id: UUID | None = None


class System(Answer):
    """The system that is declared."""

    name: str
    version: str | None = None
    final_assembly_country: str | None = None


class DesignAuthority(Answer):
    """Who may change the design: `level` both, one or neither, and the prime's country."""

    level: str | None = None
    country: str | None = None
    evidence: Proof | None = None


class Dimension(Answer):
    """How far the system depends on somebody after delivery (none, partial, decisive), and in which country."""

    dimension: str
    dependence: str | None = None
    country: str | None = None
    evidence: Proof | None = None


class Statement(Answer):
    """All that is declared of a system, with its components; `total_component_cost` is T."""

    system: System
    total_component_cost: Amount | None = None
    design_authority: DesignAuthority | None = None
    dimensions: tuple[Dimension, ...] = ()
    components: tuple[Component, ...] = ()
