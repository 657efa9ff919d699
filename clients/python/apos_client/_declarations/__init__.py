"""Declarations: origin declarations, component statements, and what helps to fill them in."""
