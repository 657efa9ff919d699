"""Portfolio: programmes, lots, challenges, milestones, suppliers, trials, and the status of all of it."""
