"""The media types of the service, and the names of files that have them."""

from typing import Literal

CsvDialect = Literal["rfc4180", "excel-nl"]
"""How CSV is written: by RFC 4180, which is the default, or as a Dutch Excel opens it, with semicolons and decimal commas."""
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CYCLONEDX = "application/vnd.cyclonedx+json"
CSV = "text/csv"
CYCLONEDX_XML = "application/vnd.cyclonedx+xml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {
    ".csv": CSV,
    ".tsv": "text/tab-separated-values",
    ".xlsx": XLSX,
    ".ods": ODS,
    ".xls": XLS,
    ".json": JSON,
    ".xml": CYCLONEDX_XML,
}
"""The media type of a file, by the end of its name."""
