"""The media types of the service, and the names of files that have them."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CYCLONEDX = "application/vnd.cyclonedx+json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {".csv": CSV, ".tsv": "text/tab-separated-values", ".xlsx": XLSX, ".json": JSON}
"""The media type of a file, by the end of its name."""
