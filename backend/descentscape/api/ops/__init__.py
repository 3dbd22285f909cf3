"""The running of the service: settings, limits, memory, metrics, security, worker threads, refusals."""
