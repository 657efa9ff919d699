"""The ids that stand in paths."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

SourceId = Annotated[UUID, Path(alias="sourceId")]
OrganisationId = Annotated[UUID, Path(alias="organisationId")]
ProgrammeId = Annotated[UUID, Path(alias="programmeId")]
SettingsId = Annotated[UUID, Path(alias="settingsId")]
LotId = Annotated[UUID, Path(alias="lotId")]
PartnerId = Annotated[UUID, Path(alias="partnerId")]
ChallengeId = Annotated[UUID, Path(alias="challengeId")]
EntrantId = Annotated[UUID, Path(alias="entrantId")]
MilestoneId = Annotated[UUID, Path(alias="milestoneId")]
AssessmentId = Annotated[UUID, Path(alias="assessmentId")]
RebaselineId = Annotated[UUID, Path(alias="rebaselineId")]
SupplierId = Annotated[UUID, Path(alias="supplierId")]
KeyId = Annotated[UUID, Path(alias="keyId")]
