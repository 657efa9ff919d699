"""Days and windows as tests write them."""

from datetime import UTC, date, datetime

from domain.dates import Window


def a_day(text: str) -> date:
    """The day of `2026-11-21`."""
    return date.fromisoformat(text)


def a_moment(text: str) -> datetime:
    """The moment of `2026-11-21T09:00:00`, in UTC unless it says otherwise."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def a_window(text: str) -> Window:
    """The window of `2026-07-01..2027-03-31`."""
    start, _, end = text.partition("..")
    return Window(a_day(start), a_day(end))


def spread(prefix: str, window: Window | str | None) -> dict[str, date]:
    """The two columns a window fills, none where there is no window."""
    if window is None:
        return {}
    days = a_window(window) if isinstance(window, str) else window
    return {f"{prefix}_start": days.start, f"{prefix}_end": days.end}
