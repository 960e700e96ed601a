"""Alerts: sends messages to the services that people read."""
