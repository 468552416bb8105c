"""The service: settings, models, HTTP API, command line and local engine."""
