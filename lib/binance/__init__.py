"""Talks to Binance; nothing else knows its JSON."""
