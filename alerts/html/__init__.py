"""The digest as one file that any browser shows, on a desk, on a phone and on paper."""
