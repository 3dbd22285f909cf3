"""The REST calls, their payloads and the page's files: whatever one request asks and one response answers."""
