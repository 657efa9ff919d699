"""The ids that occur in paths, such as `/lots/{lotId}`."""

from typing import Annotated

from fastapi import Path

from api.schemas.bodies import Identifier

SourceId = Annotated[Identifier, Path(alias="sourceId")]
OrganisationId = Annotated[Identifier, Path(alias="organisationId")]
ProgrammeId = Annotated[Identifier, Path(alias="programmeId")]
SettingsId = Annotated[Identifier, Path(alias="settingsId")]
LotId = Annotated[Identifier, Path(alias="lotId")]
PartnerId = Annotated[Identifier, Path(alias="partnerId")]
ChallengeId = Annotated[Identifier, Path(alias="challengeId")]
EntrantId = Annotated[Identifier, Path(alias="entrantId")]
MilestoneId = Annotated[Identifier, Path(alias="milestoneId")]
AssessmentId = Annotated[Identifier, Path(alias="assessmentId")]
RebaselineId = Annotated[Identifier, Path(alias="rebaselineId")]
SupplierId = Annotated[Identifier, Path(alias="supplierId")]
KeyId = Annotated[Identifier, Path(alias="keyId")]
SchemeId = Annotated[Identifier, Path(alias="schemeId")]
PublicationId = Annotated[Identifier, Path(alias="publicationId")]
SimulationId = Annotated[Identifier, Path(alias="simulationId")]
DeclarationId = Annotated[Identifier, Path(alias="declarationId")]
SubmissionId = Annotated[Identifier, Path(alias="submissionId")]
WaiverId = Annotated[Identifier, Path(alias="waiverId")]
ReviewId = Annotated[Identifier, Path(alias="reviewId")]
StatementId = Annotated[Identifier, Path(alias="statementId")]
TestSiteId = Annotated[Identifier, Path(alias="testSiteId")]
TrialId = Annotated[Identifier, Path(alias="trialId")]
TargetId = Annotated[Identifier, Path(alias="targetId")]
BudgetLineId = Annotated[Identifier, Path(alias="budgetLineId")]
DependencyId = Annotated[Identifier, Path(alias="dependencyId")]
SafeguardId = Annotated[Identifier, Path(alias="safeguardId")]
CommitmentId = Annotated[Identifier, Path(alias="commitmentId")]
TemplateId = Annotated[str, Path(alias="templateId", max_length=80, examples=["components"])]
CriticalComponentId = Annotated[Identifier, Path(alias="criticalComponentId")]
ConsentId = Annotated[Identifier, Path(alias="consentId")]
ConfirmationId = Annotated[Identifier, Path(alias="confirmationId")]
