"""A process beside the service for work that would keep everything else in it waiting."""
