"""The service: REST calls, the stream and the page, over HTTP. Only this package knows FastAPI."""
