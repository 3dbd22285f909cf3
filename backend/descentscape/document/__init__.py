"""The experiment document: its models, bounds, rules and catalogue; nothing is computed here."""
