"""Media types: what bodies come in, and what they are answered as."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CSV = "text/csv"
TSV = "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CYCLONEDX = "application/vnd.cyclonedx+json"
