"""Scoring profiles (scoreprofielen): what a lot or challenge scores declarations on. Set by Defence, never by a supplier."""

from typing import Any, TypeVar
from uuid import UUID

from apos_client._base import Resource
from apos_client._exchange import Exchange
from apos_client._lists import held, id_of
from apos_client._models import PublishedProfile, ScoringProfile

Parent = TypeVar("Parent", bound=Resource)


def profile_body(profile: ScoringProfile) -> dict[str, Any]:
    """A profile as it is sent, also one that was read."""
    return profile.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"version", "frozen_at"})


def read_profile(exchange: Exchange, path: str, kind: type[Parent], name: UUID | str) -> PublishedProfile:
    """The profile of the lot or challenge with this id or key."""
    return exchange.read(f"{path}/{id_of(exchange, path, kind, name)}/scoring-profile", PublishedProfile)


def publish_profile(
    exchange: Exchange,
    path: str,
    kind: type[Parent],
    name: UUID | str,
    profile: ScoringProfile,
    *,
    etag: str | None,
    reason: str | None,
) -> PublishedProfile:
    """Gives the lot or challenge with this id or key its profile; the ETag is that of the lot or challenge."""
    parent, etag = held(exchange, path, kind, name, etag=etag)
    place = f"{path}/{parent}/scoring-profile"
    return exchange.replace(place, profile_body(profile), PublishedProfile, etag=etag, reason=reason)
