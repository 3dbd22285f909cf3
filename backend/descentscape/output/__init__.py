"""Results as pictures, files and bytes; no web, no computing."""
