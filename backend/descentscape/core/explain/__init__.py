"""Why the network does what it does: every number behind the explanations, from the engine itself."""
