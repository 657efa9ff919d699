"""What reading one file may take, and what is answered where it takes more."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
CURE = "save it again from the program that made it, without what is not about the components, or divide it into smaller files"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one file may take while it is read: megabytes of address space, seconds of processor time, and seconds in all."""

    address_space_mb: int
    cpu_seconds: int
    wall_seconds: int

    @property
    def memory_detail(self) -> str:
        """What to answer where the address space did not suffice."""
        return f"reading the file takes more than {self.address_space_mb} MB of memory; {CURE}"

    @property
    def cpu_detail(self) -> str:
        """What to answer where the processor time did not suffice."""
        return f"reading the file takes more than {self.cpu_seconds} seconds of processor time; {CURE}"

    @property
    def wall_detail(self) -> str:
        """What to answer where the file was not read in time."""
        return f"reading the file takes longer than {self.wall_seconds} seconds; {CURE}"


class FileLimitPassed(Exception):
    """Reading a file took more than a file may take, or ended its process; the detail says which limit was passed."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ReadingCancelled(Exception):
    """Nobody waits for the file any more."""


class NoProcess(Exception):
    """No process can be started to read a file, as where the system has no more memory or no folder for temporary files."""
