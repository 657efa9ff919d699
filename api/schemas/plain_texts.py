"""Validators of text in bodies: composed, and refused where it holds what cannot be seen, before its length is looked at."""

from pydantic import BeforeValidator

from domain.texts import plain_text


def _one_line(value: object) -> object:
    return plain_text(value) if isinstance(value, str) else value


def _lines(value: object) -> object:
    return plain_text(value, has_lines=True) if isinstance(value, str) else value


PlainLine, PlainText = BeforeValidator(_one_line), BeforeValidator(_lines)
