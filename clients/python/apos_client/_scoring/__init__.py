"""Scoring: profiles, rankings, previews, schemes, and evidence that expires."""
