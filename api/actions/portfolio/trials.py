"""Writes of trials and test sites: the rows they name must exist."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.actions.registers.facts import references_of
from api.store.ledger import Write
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.trials import Trial, check_subjects
from domain.registers import Organisation, Source, TestSite


async def add_test_site(write: Write, site: TestSite) -> TestSite:
    """Adds a site whose partners exist."""
    await _check_site(write, site)
    return await write.ledger.add(site)


async def change_test_site(write: Write, before: TestSite, values: Mapping[str, Any]) -> TestSite:
    """Changes a site; its partners must exist after the change too."""
    await _check_site(write, TestSite(**{**before.model_dump(), **values}))
    return await write.update_if_changed(before, values)


async def add_trial(write: Write, trial: Trial) -> Trial:
    """Adds a trial of challenges and lots that exist."""
    await _check_trial(write, trial, site_id=trial.site_id)
    return await write.ledger.add(trial)


async def change_trial(write: Write, before: Trial, values: Mapping[str, Any]) -> Trial:
    """Changes a trial; the challenges and lots it names must exist after the change too, and a site that it moves to."""
    after = Trial(**{**before.model_dump(), **values})
    await _check_trial(write, after, site_id=None if after.site_id == before.site_id else after.site_id)
    return await write.update_if_changed(before, values)


async def _check_site(write: Write, site: TestSite) -> None:
    partners = references_of("partnerIds", Organisation, site.partner_ids)
    await write.check_references({"/source": (Source, "key", site.source), **partners})


async def _check_trial(write: Write, trial: Trial, *, site_id: UUID | None) -> None:
    """`site_id` is the site that it newly names: it may keep one that has been withdrawn since."""
    check_subjects(challenge_ids=trial.challenge_ids, lot_ids=trial.lot_ids)
    await write.check_references(
        {
            "/source": (Source, "key", trial.source),
            "/siteId": (TestSite, "id", site_id),
            **references_of("challengeIds", Challenge, trial.challenge_ids),
            **references_of("lotIds", Lot, trial.lot_ids),
        }
    )
