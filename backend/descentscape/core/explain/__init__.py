"""Why a network does what it does: every number behind the explanations, from the engine itself.

Each function takes objectives and parameters, and returns a frozen dataclass of arrays and short texts.
"""
