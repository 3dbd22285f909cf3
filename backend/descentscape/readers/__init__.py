"""Files that come in: tables and trained models, bounded before anything is unpacked."""
