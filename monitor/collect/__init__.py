"""Hearing: feeds on a schedule (`feeds`), files on demand (`files`), one way into the database (`ingest`)."""
