"""The wire: bounds on connections, heads, bodies and messages, in front of what uvicorn parses."""
